//! Administrators: what each role may do, and the console.

mod browser;
mod forms;
mod guessing;
mod headers;
mod oidc;
mod pages;
mod roles;
mod sessions;
pub mod visitor;

use crate::harness::operator::roles_section;
use crate::harness::{Bridge, Setup};

/// The cookie of a session.
const SESSION: &str = "scim-bridge";

/// A bridge with a token for each role, and more lines about the server before them.
async fn bridge(server: &str) -> Bridge {
    Bridge::with(setup(server)).await
}

fn setup(server: &str) -> Setup {
    Setup {
        server: format!("{server}\n{}", roles_section()).leak(),
        ..Setup::default()
    }
}
