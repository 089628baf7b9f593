//! One binary for all tests: facts stated through the public doors.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should fail where it stands"
)]

mod cloudmore_client;
mod configuration;
mod demo;
mod harness;
mod joiner_mover_leaver;
mod sandbox_wire;
mod scim_core;
