//! The one state of a running sandbox, and the only lock.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{broadcast, watch};

use super::Options;
use super::api::Desk;
use super::contract;
use super::exchange::Incoming;
use super::faults::{FaultEngine, FaultRule, Faults};
use super::journal::{Call, Journal};
use super::lag::Lag;
use super::refusal::Refusal;
use super::reply::Answer;
use super::switches::{Health, Switches};
use super::token::Tokens;
use super::world::World;

/// Finished calls that a slow follower may lag behind before it misses some.
const FOLLOWED: usize = 4096;

pub(super) struct Shared {
    state: Mutex<State>,
    start: Options,
    faults_changed: watch::Sender<()>,
    closing: watch::Sender<bool>,
    finished: broadcast::Sender<Call>,
}

struct State {
    world: World,
    switches: Switches,
    faults: FaultEngine,
    tokens: Tokens,
    journal: Journal,
    lag: Lag,
}

impl Shared {
    pub(super) fn new(start: Options) -> io::Result<Self> {
        let mut world = match &start.state_file {
            Some(file) if file.exists() => read_state(file)?,
            _ => start.seed.clone(),
        };
        world.fill_ids();
        Ok(Self {
            state: Mutex::new(State {
                world,
                switches: start.switches.clone(),
                faults: FaultEngine::new(start.faults.clone()),
                tokens: Tokens::default(),
                journal: Journal::default(),
                lag: Lag::default(),
            }),
            start,
            faults_changed: watch::Sender::new(()),
            closing: watch::Sender::new(false),
            finished: broadcast::Sender::new(FOLLOWED),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an arrival; gives its number and the faults that act on it.
    pub(super) fn arrived(&self, call: Call, path: &str) -> (u64, Vec<FaultRule>) {
        let mut state = self.state();
        let rules = state.faults.decide(&call.method, path);
        (state.journal.arrived(call), rules)
    }

    pub(super) fn ended(&self, seq: u64, status: Option<u16>, note: String) {
        let call = self.state().journal.ended(seq, status, note);
        if let Some(call) = call {
            // An error only says that nobody follows.
            let _ = self.finished.send(call);
        }
    }

    /// Does what a call asks, all of it under the lock.
    pub(super) fn effect(&self, incoming: &Incoming) -> Answer {
        let mut guard = self.state();
        let state = &mut *guard;
        let authorization = incoming.authorization.as_deref();
        if incoming.is_token_request() {
            if incoming.method != "POST" {
                return Refusal::Method.into_answer(&state.switches, "issue a token");
            }
            let form = incoming.form();
            return state
                .tokens
                .grant(&state.world, &state.switches, &form, authorization);
        }
        if state.switches.health == Health::Open && incoming.is_read_of("/api/healthcheck") {
            return Answer::healthy();
        }
        if incoming.is_read_of(contract::PATH) {
            return contract::answer(&state.switches);
        }
        let body = incoming.json();
        let outcome = match state.tokens.admit(&state.world, authorization) {
            None => Err(Refusal::Unauthorized),
            Some(reseller) => Desk {
                world: &mut state.world,
                switches: &state.switches,
                lag: &mut state.lag,
                method: &incoming.method,
                path: &incoming.path,
                body: body.as_ref(),
            }
            .answer(&reseller),
        };
        let answer = outcome
            .unwrap_or_else(|refusal| refusal.into_answer(&state.switches, &incoming.intent()));
        if incoming.method != "GET" && answer.status.is_success() {
            self.save(&state.world);
        }
        answer
    }

    pub(super) fn switches(&self) -> Switches {
        self.state().switches.clone()
    }

    pub(super) fn set_switches(&self, switches: Switches) {
        self.state().switches = switches;
    }

    pub(super) fn faults(&self) -> Faults {
        self.state().faults.faults().clone()
    }

    pub(super) fn set_faults(&self, faults: Faults) {
        self.state().faults = FaultEngine::new(faults);
        self.faults_changed.send_replace(());
    }

    pub(super) fn forget_tokens(&self) {
        self.state().tokens.forget();
    }

    pub(super) fn world(&self) -> World {
        self.state().world.clone()
    }

    pub(super) fn edit<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let mut state = self.state();
        let result = change(&mut state.world);
        state.world.fill_ids();
        self.save(&state.world);
        result
    }

    pub(super) fn calls_since(&self, seq: u64) -> Vec<Call> {
        self.state().journal.since(seq)
    }

    pub(super) fn clear_calls(&self) {
        self.state().journal.clear();
    }

    /// Everything as at the first start: seed, switches, faults; no tokens, no calls.
    pub(super) fn reset(&self) {
        self.set_faults(self.start.faults.clone());
        self.set_switches(self.start.switches.clone());
        self.forget_tokens();
        self.clear_calls();
        self.state().lag = Lag::default();
        self.edit(|world| *world = self.start.seed.clone());
    }

    pub(super) fn follow(&self) -> broadcast::Receiver<Call> {
        self.finished.subscribe()
    }

    /// Ends when the rule is not among the faults.
    pub(super) async fn until_removed(&self, rule: &FaultRule) {
        let mut changed = self.faults_changed.subscribe();
        while self.state().faults.has(rule) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    pub(super) async fn closed(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }

    /// The result of the work, or `None` if the sandbox stops first.
    pub(super) async fn unless_closing<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            result = work => Some(result),
            () = self.closed() => None,
        }
    }

    /// Writes the state file beside its place first and moves it, so that it is always whole.
    ///
    /// The write blocks, under the lock: it is small, and the order of writes is the order of changes.
    fn save(&self, world: &World) {
        let Some(file) = &self.start.state_file else {
            return;
        };
        if let Err(error) = write_state(file, world) {
            tracing::warn!(file = %file.display(), %error, "the sandbox cannot write its state file");
        }
    }
}

fn read_state(file: &Path) -> io::Result<World> {
    let text = std::fs::read(file)?;
    serde_json::from_slice(&text).map_err(|error| {
        let file = file.display();
        io::Error::other(format!(
            "{file} is not a state file of the sandbox ({error}); move it away to start from the seed"
        ))
    })
}

fn write_state(file: &PathBuf, world: &World) -> io::Result<()> {
    let mut beside = file.clone().into_os_string();
    beside.push(".part");
    std::fs::write(&beside, serde_json::to_vec_pretty(world)?)?;
    std::fs::rename(&beside, file)
}
