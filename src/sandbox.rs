//! The simulated Cloudmore: a stateful stand-in for its REST API, organization and broker side, with faults and switches.
//!
//! It stands alone and speaks only the wire, so that a client's mistakes are not repeated here. What it answers
//! follows `reference/cloudmore-api.md`; what is not known about Cloudmore is a [`Switches`] setting.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

mod addresses;
mod api;
mod base64;
mod by_hand;
mod catalog;
mod connection;
mod contract;
mod control;
mod exchange;
mod faults;
mod field_names;
mod form;
mod groups;
mod journal;
mod lag;
mod lookup;
mod models;
mod people;
mod population;
mod refusal;
mod reply;
mod route;
mod rules;
mod seats;
pub mod seed;
mod state;
mod stored;
pub mod switches;
mod token;
mod validation;
mod view;
mod world;

pub use faults::{FaultAction, FaultRule, Faults, Matching};
pub use journal::{Call, describe};
pub use switches::{FieldNames, Switches};
pub use world::{
    ApiAccount, Assignment, CustomProperty, Organization, OrganizationGroup, Person, Reseller,
    Role, Seed, Service, Subscription, UserGroup, World,
};

use self::connection::{Cut, CuttableListener};
use self::state::Shared;

/// How a sandbox starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one. The control side has no credentials: stay on loopback.
    pub listen: SocketAddr,
    /// The state to begin with.
    pub seed: Seed,
    /// Answers to the open questions.
    pub switches: Switches,
    /// What goes wrong.
    pub faults: Faults,
    /// Where the state is kept. If the file exists it wins over the seed.
    pub state_file: Option<PathBuf>,
}

impl Default for Options {
    /// The demo seed on a free loopback port, without faults.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: Seed::demo(),
            switches: Switches::default(),
            faults: Faults::default(),
            state_file: None,
        }
    }
}

/// A running sandbox. It stops when this is dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    addr: SocketAddr,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Binds the address and serves in a task of its own.
    ///
    /// # Errors
    /// The address is taken, or the state file cannot be read.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared::new(options)?);
        let service = control::router()
            .fallback(exchange::exchange)
            .with_state(Arc::clone(&shared))
            .into_make_service_with_connect_info::<Cut>();
        let closing = Arc::clone(&shared);
        let server = axum::serve(CuttableListener(listener), service)
            .with_graceful_shutdown(async move { closing.closed().await });
        Ok(Self {
            shared,
            addr,
            server: tokio::spawn(server.into_future()),
        })
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base address for clients: `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// All API calls since the journal was last cleared, in the order of arrival. Control calls are not among them.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls_since(0)
    }

    /// The calls with a number above this one.
    pub fn calls_since(&self, seq: u64) -> Vec<Call> {
        self.shared.calls_since(seq)
    }

    /// Empties the journal; numbers go on counting.
    pub fn clear_calls(&self) {
        self.shared.clear_calls();
    }

    /// Every call from here on, each at the moment that it is answered or dropped.
    pub fn follow(&self) -> broadcast::Receiver<Call> {
        self.shared.follow()
    }

    /// The whole state as it is at this moment.
    pub fn snapshot(&self) -> World {
        self.shared.world()
    }

    /// Replaces the faults. Counters begin anew and calls held by a rule that is gone go on.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.set_faults(faults);
    }

    /// Replaces the switches.
    pub fn set_switches(&self, switches: Switches) {
        self.shared.set_switches(switches);
    }

    /// Forgets every token that was given out.
    pub fn expire_tokens(&self) {
        self.shared.forget_tokens();
    }

    /// Changes the state by hand, as somebody in Cloudmore's own pages would. People without an id get one.
    pub fn edit<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.shared.edit(change)
    }

    /// Gives another name to every role with this id, as Cloudmore does now and then; whether there is one.
    pub fn rename_role(&self, id: i64, name: &str) -> bool {
        self.edit(|world| world.rename_role(id, name))
    }

    /// Sets when the person with this login name last signed in (`2025-03-14T09:26:53Z`); whether there is one.
    pub fn set_last_accessed(&self, name: &str, date: Option<&str>) -> bool {
        self.edit(|world| world.set_last_accessed(name, date))
    }

    /// Stops listening and ends once the calls under way have ended; delayed and held ones are dropped.
    pub async fn stop(mut self) {
        self.shared.close();
        if let Err(error) = (&mut self.server).await {
            tracing::warn!(%error, "the sandbox did not stop cleanly");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.close();
    }
}
