//! Places for connections. When there are none left, whoever has been idle for longest gives one up; a connection that is
//! served never does.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio_util::sync::CancellationToken;

use super::bounds::Bounds;
use super::peer::origin;

/// The number of a connection, or of the moment when one became idle.
type Count = u64;

/// All places of a listener.
pub(super) struct Places {
    most: usize,
    most_of_one: usize,
    proxies: Vec<IpNet>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    counted: Count,
    connections: HashMap<Count, Connection>,
    /// The idle ones in the order in which they became so.
    idle: BTreeMap<Count, Count>,
    origins: HashMap<IpAddr, Origin>,
}

/// One connection.
struct Connection {
    origin: Option<IpAddr>,
    idle_since: Option<Count>,
    give_up: CancellationToken,
}

/// The connections of one address.
#[derive(Default)]
struct Origin {
    connections: usize,
    idle: BTreeMap<Count, Count>,
}

/// A connection's place, free again when this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    id: Count,
    give_up: CancellationToken,
}

impl Places {
    pub(super) fn new(bounds: Bounds, proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self {
            most: bounds.connections,
            most_of_one: bounds.connections_per_address,
            proxies,
            held: Mutex::default(),
        })
    }

    /// A place for a connection from `address`, idle for the time being; `None` if all are served that would have to make
    /// room.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let canonical = address.to_canonical();
        let is_proxy = self.proxies.iter().any(|net| net.contains(&canonical));
        let origin = (!is_proxy).then(|| origin(address));
        let mut held = self.held();
        let of_one = origin.and_then(|origin| held.origins.get(&origin));
        if let Some(of_one) = of_one.filter(|of_one| of_one.connections >= self.most_of_one) {
            let oldest = of_one.idle.values().next().copied();
            held.end(oldest?);
        }
        if held.connections.len() >= self.most {
            let oldest = held.idle.values().next().copied();
            held.end(oldest?);
        }
        let id = held.next();
        let give_up = CancellationToken::new();
        let connection = Connection {
            origin,
            idle_since: None,
            give_up: give_up.clone(),
        };
        held.connections.insert(id, connection);
        if let Some(origin) = origin {
            held.origins.entry(origin).or_default().connections += 1;
        }
        held.becomes_idle(id);
        drop(held);
        let places = Arc::clone(self);
        Some(Place {
            places,
            id,
            give_up,
        })
    }

    /// Ends the connection that has been idle for longest, if there is one.
    pub(super) fn close_oldest(&self) {
        let mut held = self.held();
        let oldest = held.idle.values().next().copied();
        if let Some(oldest) = oldest {
            held.end(oldest);
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn next(&mut self) -> Count {
        self.counted += 1;
        self.counted
    }

    fn becomes_idle(&mut self, id: Count) {
        let since = self.next();
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        connection.idle_since = Some(since);
        self.idle.insert(since, id);
        let origin = connection.origin;
        if let Some(origin) = origin.and_then(|origin| self.origins.get_mut(&origin)) {
            origin.idle.insert(since, id);
        }
    }

    fn becomes_busy(&mut self, id: Count) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let Some(since) = connection.idle_since.take() else {
            return;
        };
        self.idle.remove(&since);
        let origin = connection.origin;
        if let Some(origin) = origin.and_then(|origin| self.origins.get_mut(&origin)) {
            origin.idle.remove(&since);
        }
    }

    /// Frees a place. Its connection hears of it, in case that it is not the one that says so.
    fn end(&mut self, id: Count) {
        self.becomes_busy(id);
        let Some(connection) = self.connections.remove(&id) else {
            return;
        };
        connection.give_up.cancel();
        let Some(address) = connection.origin else {
            return;
        };
        if let Some(origin) = self.origins.get_mut(&address) {
            origin.connections -= 1;
            if origin.connections == 0 {
                self.origins.remove(&address);
            }
        }
    }
}

impl Place {
    /// Nothing is asked on the connection any more.
    pub(super) fn becomes_idle(&self) {
        self.places.held().becomes_idle(self.id);
    }

    /// Something is asked.
    pub(super) fn becomes_busy(&self) {
        self.places.held().becomes_busy(self.id);
    }

    /// Waits until the place is needed for somebody else.
    pub(super) async fn needed(&self) {
        self.give_up.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.held().end(self.id);
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").finish_non_exhaustive()
    }
}
