//! One binary for all tests: facts stated through the public doors.

mod cloudmore_client;
mod configuration;
mod sandbox_wire;
mod scim_core;
