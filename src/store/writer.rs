//! The one writer: runs transactions in the order they come and lets those that wait together
//! share a commit, so that a burst of writes costs few syncs to disk.

use std::future::Future;
use std::io::ErrorKind;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tracing::{error, warn};

use super::database::{Database, Kind};
use super::identities::Identities;
use super::{Connection, StoreError, UserKey, replicas};

/// A boxed future, as transactions are passed around.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Most writes that one commit carries: bounds how long the first of them waits.
const COMMIT_MAX: usize = 64;

/// Writes that may wait; a caller beyond that waits to be let in.
const QUEUE: usize = 1024;

/// A running transaction. Its methods are the statements, one file per subject.
#[derive(Debug)]
pub struct Tx {
    pub(super) connection: Connection,
    /// Users whose cached identity is out of date once this commits.
    pub(super) changed: Vec<UserKey>,
}

/// Tells the caller how its write ended, once the commit is known.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, (bool, Answer)> + Send>;

/// How many writes were committed, in how many commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteCounts {
    /// Writes that were kept.
    pub writes: u64,
    /// Commits that carried them.
    pub commits: u64,
}

#[derive(Debug)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    writes: Arc<AtomicU64>,
    commits: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start(
        database: Database,
        connection: Connection,
        identities: Arc<Identities>,
    ) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writer = Self {
            jobs,
            writes: Arc::default(),
            commits: Arc::default(),
        };
        let counts = (Arc::clone(&writer.writes), Arc::clone(&writer.commits));
        let tx = Tx {
            connection,
            changed: Vec::new(),
        };
        tokio::spawn(run(database, tx, queue, identities, counts));
        writer
    }

    pub(super) fn counts(&self) -> WriteCounts {
        WriteCounts {
            writes: self.writes.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
        }
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let (outcome, waiting) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            Box::pin(async move {
                let result = work(tx).await;
                let keep = result.is_ok();
                let answer: Answer = Box::new(move |committed| {
                    // A caller that has gone away does not need the answer.
                    let _ = outcome.send(result.and_then(|value| {
                        committed?;
                        Ok(value)
                    }));
                });
                (keep, answer)
            })
        });
        let closed = |_| E::from(StoreError::Closed);
        self.jobs.send(job).await.map_err(|_| closed(()))?;
        waiting.await.map_err(|_| closed(()))?
    }
}

async fn run(
    database: Database,
    mut tx: Tx,
    mut queue: mpsc::Receiver<Job>,
    identities: Arc<Identities>,
    (writes, commits): (Arc<AtomicU64>, Arc<AtomicU64>),
) {
    while let Some(first) = queue.recv().await {
        let mut answers = Vec::new();
        let work = batch(&database, &mut tx, first, &mut queue, &mut answers);
        let committed = match timeout(database.kind.patience(), work).await {
            Ok(committed) => committed,
            Err(_) => {
                error!("The database does not answer: the writer turns to a new connection");
                renew(&database, &mut tx).await;
                Err(sqlx::Error::Io(ErrorKind::TimedOut.into()).into())
            }
        };
        if committed.is_ok() {
            writes.fetch_add(answers.len() as u64, Ordering::Relaxed);
            commits.fetch_add(1, Ordering::Relaxed);
        }
        // Whoever reads after the answer must see the write, so the cache forgets first. After a
        // failed commit it forgets too: the next read finds out what is true.
        identities.forget(tx.changed.drain(..)).await;
        for answer in answers {
            answer(committed.clone());
        }
    }
}

/// Runs the first job and those that wait behind it, and commits them together.
async fn batch(
    database: &Database,
    tx: &mut Tx,
    first: Job,
    queue: &mut mpsc::Receiver<Job>,
    answers: &mut Vec<Answer>,
) -> Result<(), StoreError> {
    let begun = begin(database, tx).await;
    let mut failed = begun.clone().err();
    let mut next = Some(first);
    while let Some(job) = next {
        if failed.is_none() {
            failed = one(tx, job, answers).await.err();
        }
        // Jobs that are not run are dropped, which their callers see as a closed store.
        next = (answers.len() < COMMIT_MAX && failed.is_none())
            .then(|| queue.try_recv().ok())
            .flatten();
    }
    let ended = match failed {
        None => commit(database, tx).await,
        Some(error) => Err(error),
    };
    if ended.is_err() && begun.is_ok() {
        // A commit that failed may have left the transaction open; the next one must start clean.
        let _ = execute(tx, "rollback").await;
    }
    ended
}

/// Leaves a connection that hangs. If there is no other one yet, the next transaction tries again.
async fn renew(database: &Database, tx: &mut Tx) {
    match database.connect().await {
        Ok(connection) => tx.connection = connection,
        Err(error) => warn!(error = %error, "The store cannot be connected to"),
    }
}

/// Begins a transaction, on a new connection if the server has ended the one that there was.
async fn begin(database: &Database, tx: &mut Tx) -> Result<(), StoreError> {
    if let Err(error) = begin_alone(database.kind, &mut tx.connection).await {
        warn!(error = %error, "The store is connected to again");
        tx.connection = database.connect().await?;
        begin_alone(database.kind, &mut tx.connection).await?;
    }
    Ok(())
}

async fn begin_alone(kind: Kind, connection: &mut Connection) -> Result<(), StoreError> {
    for statement in kind.begin_alone() {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn commit(database: &Database, tx: &mut Tx) -> Result<(), StoreError> {
    if database.kind == Kind::Postgres {
        replicas::tell(&database.replica, &mut tx.connection, &tx.changed).await?;
    }
    execute(tx, "commit").await
}

/// Runs one job inside a savepoint, so that its failure does not touch its neighbours.
async fn one(tx: &mut Tx, job: Job, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
    execute(tx, "savepoint job").await?;
    let known = tx.changed.len();
    let Ok((keep, answer)) = AssertUnwindSafe(job(tx)).catch_unwind().await else {
        // Its caller sees a closed store; the others must not.
        error!("A write broke down");
        tx.changed.truncate(known);
        execute(tx, "rollback to job").await?;
        return execute(tx, "release job").await;
    };
    if keep {
        answers.push(answer);
    } else {
        tx.changed.truncate(known);
        execute(tx, "rollback to job").await?;
        // Nothing of it is kept, so the outcome does not depend on the commit.
        answer(Ok(()));
    }
    execute(tx, "release job").await
}

async fn execute(tx: &mut Tx, statement: &'static str) -> Result<(), StoreError> {
    sqlx::query(statement).execute(&mut tx.connection).await?;
    Ok(())
}
