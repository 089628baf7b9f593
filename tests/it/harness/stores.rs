//! Where tests keep their stores: each in a file of its own folder or, if `SCIM_BRIDGE_TEST_STORE` is `postgres`, in a
//! database of its own on a PostgreSQL that the first of them starts.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock, mpsc};
use std::time::{Duration, Instant};
use std::{env, fs};

use super::evidence;

/// The address of the store that belongs to a folder.
pub fn url(folder: &Path) -> String {
    if on_postgres() {
        postgres(folder)
    } else {
        format!("sqlite://{}", folder.join("bridge.db").display())
    }
}

/// Whether this run of the tests is the one on PostgreSQL.
pub fn on_postgres() -> bool {
    match env::var("SCIM_BRIDGE_TEST_STORE").as_deref() {
        Ok("postgres") => true,
        Ok(other) => panic!("SCIM_BRIDGE_TEST_STORE is postgres or not set, not {other}"),
        Err(_) => false,
    }
}

/// The address of a PostgreSQL database that belongs to a folder; it is made when it is asked for first.
pub fn postgres(folder: &Path) -> String {
    static MADE: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let server = server();
    let name = name(folder);
    let mut made = MADE.lock().unwrap();
    if made.get_or_insert_default().insert(name.clone()) {
        server.psql(&format!("create database \"{name}\""));
    }
    format!(
        "postgres://postgres@localhost/{name}?host={}",
        server.sockets.display()
    )
}

/// Runs a statement in the PostgreSQL database that belongs to a folder.
pub fn query(folder: &Path, statement: &str) {
    let output = server()
        .client(&name(folder))
        .args(["-c", statement])
        .output()
        .unwrap();
    assert!(output.status.success(), "{statement}: {output:?}");
}

/// Ends all connections to the PostgreSQL database that belongs to a folder, as a restart of the server does.
pub fn end_connections(folder: &Path) {
    query(
        folder,
        "select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = current_database() and pid <> pg_backend_pid()",
    );
}

/// A client that has begun a write as a bridge does, and stops there.
pub fn stopped_writer(folder: &Path) -> Stopped {
    let mut client = server().client(&name(folder));
    let mut client = client
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let statements = "set idle_in_transaction_session_timeout = '5s'; begin; \
                      select pg_advisory_xact_lock(7643764411);\n";
    client
        .stdin
        .as_mut()
        .unwrap()
        .write_all(statements.as_bytes())
        .unwrap();
    // It has the turn once it answers.
    let mut answer = [0; 1];
    client
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut answer)
        .unwrap();
    Stopped(client)
}

/// Ends with the test.
pub struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn name(folder: &Path) -> String {
    let path = folder.display().to_string().to_lowercase();
    path.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

struct Server {
    programs: PathBuf,
    sockets: PathBuf,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        // The server is to end with the tests, and the kernel counts the thread that started it as its parent.
        let (started, wait) = mpsc::channel();
        std::thread::spawn(move || {
            let (server, mut child) = Server::start();
            started.send(server).unwrap();
            child.wait().unwrap();
        });
        wait.recv().unwrap()
    })
}

impl Server {
    fn start() -> (Self, Child) {
        remove_those_of_earlier_runs();
        let folder = evidence::kept_in().unwrap_or_else(env::temp_dir);
        let folder = folder.join(format!("{PREFIX}{}", std::process::id()));
        let server = Self {
            programs: programs(),
            sockets: folder.clone(),
        };
        fs::create_dir(&folder).unwrap();
        if is_root() {
            checked(Command::new("chown").arg("postgres:").arg(&folder));
        }
        let data = folder.join("data");
        // A collation that is not by bytes, as most servers have one.
        let mut initdb = server.program("initdb");
        initdb.arg("-D").arg(&data).args([
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale-provider=icu",
            "--icu-locale=en",
        ]);
        checked(&mut initdb);
        let mut postgres = server.program("postgres");
        postgres.arg("-D").arg(&data).arg("-k").arg(&folder);
        for setting in [
            "listen_addresses=",
            "fsync=off",
            "max_connections=400",
            "shared_buffers=64MB",
            "logging_collector=off",
            "log_min_messages=fatal",
        ] {
            postgres.arg("-c").arg(setting);
        }
        let child = postgres.stdout(Stdio::null()).stderr(Stdio::null());
        let child = child.spawn().unwrap();
        let begun = Instant::now();
        while !server.try_psql("select 1").status.success() {
            assert!(begun.elapsed() < Duration::from_secs(30), "no PostgreSQL");
            std::thread::yield_now();
        }
        (server, child)
    }

    /// A program of the server, as the user that it agrees to run as, ending when its parent does.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new("setpriv");
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command
            .args(["--pdeathsig", "INT"])
            .arg(self.programs.join(name));
        command.current_dir(env::temp_dir());
        command
    }

    fn psql(&self, statement: &str) {
        let output = self.try_psql(statement);
        assert!(output.status.success(), "{statement}: {output:?}");
    }

    fn try_psql(&self, statement: &str) -> Output {
        self.client("postgres")
            .args(["-c", statement])
            .output()
            .unwrap()
    }

    fn client(&self, database: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command.arg("-h").arg(&self.sockets);
        command.args([
            "-U",
            "postgres",
            "-d",
            database,
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
        ]);
        command
    }
}

const PREFIX: &str = "scim-bridge-postgres-";

fn remove_those_of_earlier_runs() {
    for entry in fs::read_dir(env::temp_dir()).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let Some(process) = name.strip_prefix(PREFIX) else {
            continue;
        };
        if !Path::new("/proc").join(process).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Where the newest PostgreSQL of the machine has its programs.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").map(|versions| versions.flatten());
    let versions = versions.expect("PostgreSQL is not installed: tests/run installs it");
    let newest = versions.map(|version| version.path()).max();
    newest.expect("a version of PostgreSQL").join("bin")
}

fn is_root() -> bool {
    fs::read_to_string("/proc/self/status")
        .unwrap()
        .lines()
        .any(|line| line.starts_with("Uid:\t0\t"))
}

fn checked(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}
