//! A look at Cloudmore after every account that is made: whether anybody ever has two.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use scim_bridge::sandbox::{Call, Sandbox, describe};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;

use super::cloudmore::impossible;

/// What was seen.
#[derive(Default)]
pub struct Seen {
    /// What must not be.
    pub wrong: Vec<String>,
    /// How many calls ended how.
    pub calls: BTreeMap<String, usize>,
}

pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl Watch {
    pub fn begin(sandbox: &Arc<Sandbox>) -> Self {
        let seen = Arc::<Mutex<Seen>>::default();
        let mut calls = sandbox.follow();
        let (noted, watched) = (Arc::clone(&seen), Arc::clone(sandbox));
        let task = tokio::spawn(async move {
            loop {
                match calls.recv().await {
                    Ok(call) => noted.lock().unwrap().note(&call, &watched),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        });
        Self { seen, task }
    }

    pub fn end(self) -> Seen {
        self.task.abort();
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

impl Seen {
    fn note(&mut self, call: &Call, sandbox: &Sandbox) {
        if call.note.starts_with("TRAP") {
            self.wrong.push(describe(call));
        }
        if call.note.starts_with("creates") || call.note.starts_with("assigns") {
            let wrong = impossible(&sandbox.snapshot());
            let told = wrong
                .into_iter()
                .map(|one| format!("after {}: {one}", describe(call)));
            self.wrong.extend(told);
        }
        let status = call
            .status
            .map_or("dropped".to_owned(), |status| status.to_string());
        let kind = kind(call);
        *self
            .calls
            .entry(format!("{} {kind} {status}", call.method))
            .or_default() += 1;
    }
}

fn kind(call: &Call) -> &'static str {
    let is = |part: &str| call.path.contains(part);
    if is("subscriptions") {
        "seats"
    } else if is("Users") {
        "people"
    } else if is("token") {
        "token"
    } else {
        "other"
    }
}
