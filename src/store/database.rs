//! The two databases that the store runs on, and all that differs between them: how a connection is set up, how a
//! transaction becomes the only one that writes, and the words of the schema.

use std::borrow::Cow;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AnyPool, ConnectOptions};
use tokio::time::timeout;

use super::{Connection, StoreError};

/// Connections that read.
const READERS: u32 = 4;

/// How long a connection that writes may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request waits for a connection that reads.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file, of one process.
    Sqlite,
    /// A server, for several replicas.
    Postgres,
}

/// Where the database is.
#[derive(Clone)]
pub(super) struct Database {
    pub(super) kind: Kind,
    /// Names this bridge among the replicas.
    pub(super) replica: String,
    options: AnyConnectOptions,
}

impl Database {
    /// The SQLite database in a file, which is made when there is none.
    pub(super) fn sqlite(path: &Path) -> Result<Self, StoreError> {
        let unusable = |error: std::io::Error| {
            StoreError::File(format!("cannot use the store {}: {error}", path.display()))
        };
        let path = std::path::absolute(path).map_err(unusable)?;
        let escaped = escaped(path.as_os_str().as_encoded_bytes());
        Self::at(Kind::Sqlite, &format!("sqlite://{escaped}?mode=rwc"))
    }

    /// The PostgreSQL database at an address.
    pub(super) fn postgres(url: &str, password: Option<&SecretString>) -> Result<Self, StoreError> {
        let mut options = PgConnectOptions::from_str(url)?.application_name("scim-bridge");
        if let Some(password) = password {
            options = options.password(password.expose_secret());
        }
        Self::at(Kind::Postgres, options.to_url_lossy().as_str())
    }

    /// The address, with the password.
    pub(super) fn url(&self) -> &str {
        self.options.database_url.as_str()
    }

    fn at(kind: Kind, url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(url)?;
        let options = options.disable_statement_logging();
        Ok(Self {
            kind,
            replica: uuid::Uuid::now_v7().to_string(),
            options,
        })
    }

    /// A connection that writes.
    pub(super) async fn connect(&self) -> Result<Connection, StoreError> {
        let connect = async {
            let mut connection = self.options.connect().await?;
            self.set_up(&mut connection, self.kind.writer_setup())
                .await?;
            Ok(connection)
        };
        let connected = timeout(CONNECT_TIMEOUT, connect).await;
        connected.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into()).into()))
    }

    /// Connections that read.
    pub(super) async fn readers(&self) -> Result<AnyPool, StoreError> {
        let database = self.clone();
        let pool = AnyPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| {
                let database = database.clone();
                Box::pin(async move {
                    let setup = database.kind.reader_setup();
                    sqlx::raw_sql(setup).execute(connection).await?;
                    Ok(())
                })
            });
        Ok(pool.connect_with(self.options.clone()).await?)
    }

    async fn set_up(
        &self,
        connection: &mut Connection,
        statements: &'static str,
    ) -> Result<(), StoreError> {
        sqlx::raw_sql(statements).execute(connection).await?;
        Ok(())
    }
}

impl Kind {
    /// FULL and `on`: a commit is on the disk before it is answered. A server ends the transaction of a replica that
    /// stopped in the middle of it, because all others wait for its turn to end.
    fn writer_setup(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 10000;"
            }
            Self::Postgres => {
                "set synchronous_commit = on; set statement_timeout = '30s'; \
                 set idle_in_transaction_session_timeout = '5s'; \
                 set default_transaction_isolation = 'read committed';"
            }
        }
    }

    fn reader_setup(self) -> &'static str {
        match self {
            Self::Sqlite => "pragma busy_timeout = 10000; pragma query_only = true;",
            Self::Postgres => {
                "set default_transaction_read_only = on; set statement_timeout = '30s';"
            }
        }
    }

    /// How long the writes that share a commit may take, before the server is taken for one that is not there any more: a
    /// machine that vanished says nothing. A file is always there.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Sqlite => Duration::MAX,
            Self::Postgres => Duration::from_mins(2),
        }
    }

    /// Begins a transaction. What it reads does not go stale before it ends, because no other writes meanwhile, here or in
    /// another replica: a write is as if it were alone.
    pub(super) fn begin_alone(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &["begin immediate"],
            // The number is the bridge's own; it means nothing.
            Self::Postgres => &["begin", "select pg_advisory_xact_lock(7643764411)"],
        }
    }

    /// The schema in the words of this database. Text compares by its bytes in SQLite and in the bridge, which the order
    /// of lists relies on.
    pub(super) fn schema(self, sql: &'static str) -> Cow<'static, str> {
        match self {
            Self::Sqlite => Cow::Borrowed(sql),
            Self::Postgres => {
                let sql = sql.replace(
                    "integer primary key autoincrement",
                    "bigint generated always as identity primary key",
                );
                Cow::Owned(sql.replace(" text", " text collate \"C\""))
            }
        }
    }
}

// The options have the password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The bytes of a path as they stand in an address.
fn escaped(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
