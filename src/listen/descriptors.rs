//! How many connections the machine lets the process have: each needs a file descriptor.

use rustix::process::{Resource, getrlimit, setrlimit};
use tracing::{debug, warn};

/// What the store, the log and the calls to Cloudmore need besides.
const OTHERS: usize = 256;

/// As many of the `wanted` connections as there can be. The process asks for all descriptors that it may have first.
pub(super) fn at_most(wanted: usize) -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        debug!(error = %error, "The limit of descriptors stays as it is");
    }
    let Some(descriptors) = getrlimit(Resource::Nofile).current else {
        return wanted;
    };
    let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
    let possible = descriptors.saturating_sub(OTHERS).max(descriptors / 2);
    if possible < wanted {
        warn!(
            descriptors,
            connections = possible,
            wanted,
            "The machine lets the process have fewer connections than are configured: raise its limit of open files"
        );
    }
    wanted.min(possible)
}
