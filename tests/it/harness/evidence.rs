//! What a run of all tests leaves behind, to be searched for secrets by `tests/leaks`: the log of every bridge in full,
//! the files of every store, and the secrets that were used. Only where `SCIM_BRIDGE_TEST_EVIDENCE` names a folder for it.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Once};

use scim_bridge::domain::administrator::Role;
use scim_bridge::sandbox::seed;
use scim_bridge::telemetry::Lines;
use serde_json::Value;
use tempfile::TempDir;
use tracing_subscriber::EnvFilter;

use super::file::{ENCRYPTION_KEY, SPARE_SECRET};
use super::operator::{ADMIN_TOKEN, token_of};
use super::{BROKER_TOKEN, TOKEN};

/// Under these names an answer hands out a secret.
const HANDED_OUT: [&str; 3] = ["secret", "access_token", "password"];

/// The folder of this run.
pub fn kept_in() -> Option<PathBuf> {
    env::var_os("SCIM_BRIDGE_TEST_EVIDENCE").map(PathBuf::from)
}

/// A folder for a store: gone with the test, or kept to be searched.
pub fn folder() -> TempDir {
    let Some(kept_in) = kept_in() else {
        return TempDir::new().unwrap();
    };
    begin();
    let mut folder = TempDir::new_in(kept_in).unwrap();
    folder.disable_cleanup(true);
    folder
}

/// Says that a secret is in use, which must be found nowhere.
pub fn used(secret: &str) {
    if kept_in().is_some() {
        begin();
        note(secret);
    }
}

/// Says so of each secret that an answer of the bridge hands out.
pub fn handed_out(answer: &Value) {
    for name in HANDED_OUT {
        used(answer[name].as_str().unwrap_or_default());
    }
}

/// Keeps the log of all that runs in this process, in full, and the secrets that tests share.
fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let log = format!("{}.log", std::process::id());
        let log = Arc::new(File::create(kept_in().unwrap().join(log)).unwrap());
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new("debug,scim_bridge=trace"))
            .with_writer(move || Lines {
                to: Arc::clone(&log),
                personal_data: true,
            })
            .with_ansi(false)
            .init();
        let shared = [
            TOKEN,
            BROKER_TOKEN,
            SPARE_SECRET,
            ENCRYPTION_KEY,
            ADMIN_TOKEN,
            seed::API_PASSWORD,
            seed::API_SECRET,
        ];
        shared.into_iter().for_each(note);
        Role::ALL.map(token_of).iter().for_each(|token| note(token));
    });
}

/// One line for each; what is shorter than a secret of anybody would be found by chance.
fn note(secret: &str) {
    static SECRETS: Mutex<Option<File>> = Mutex::new(None);
    if secret.len() < 8 {
        return;
    }
    let mut secrets = SECRETS.lock().unwrap();
    let secrets = secrets.get_or_insert_with(|| {
        let all = OpenOptions::new().append(true).create(true).clone();
        all.open(kept_in().unwrap().join("secrets")).unwrap()
    });
    writeln!(secrets, "{secret}").unwrap();
}
