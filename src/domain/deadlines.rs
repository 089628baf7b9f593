//! How long things may take, each within the next: a call to Cloudmore, a settle, a request to the bridge, a lease.
//!
//! The IdP's own limits come last: Okta closes the connection after 60 seconds, Entra publishes none
//! (`reference/idp-behaviour.md`, section 1). Whoever is cut off there does not know what became of the request.

use std::time::Duration;

/// An operation on Cloudmore, from its beginning to its end: waits, token and all its requests.
pub const CALL: Duration = Duration::from_secs(20);

/// The longest `settle_timeout` that a tenant may have.
pub const LONGEST_SETTLE: Duration = Duration::from_secs(20);

/// What a request to the bridge may wait for, all in all: its turn in the store, then Cloudmore.
pub const WORK: Duration = Duration::from_secs(23);

/// When a request to the bridge is answered at the latest, whatever hangs.
pub const ANSWER: Duration = Duration::from_secs(25);

/// How long a claim on a user lasts. Every record of a step extends it. It is also how long a user
/// is left alone after a call that may be under way still: Cloudmore carries it out some time, even
/// if the bridge was killed, and what is concluded or done before then may be overtaken by it. So a
/// start ends no claims.
pub const LEASE: Duration = Duration::from_secs(60);

/// A write is sent only while the lease has this long to go; an operation takes less. Cloudmore
/// cannot see our leases, so nothing may still be under way when another worker may begin.
pub const MARGIN: Duration = Duration::from_secs(30);

/// How long requests and steps may take to end when the bridge stops. A step that is cut off is
/// looked after at the next start.
pub const STOP: Duration = Duration::from_secs(25);

const OKTA: Duration = Duration::from_secs(60);

const _: () = {
    assert!(LONGEST_SETTLE.as_millis() < WORK.as_millis());
    assert!(WORK.as_millis() < ANSWER.as_millis() && ANSWER.as_millis() < OKTA.as_millis());
    assert!(CALL.as_millis() < MARGIN.as_millis() && MARGIN.as_millis() < LEASE.as_millis());
    assert!(CALL.as_millis() < STOP.as_millis());
};
