//! Rules over values: what a user should have, what is known, and the steps between the two.
//! No I/O, no clock, no network, no SQL: time and chance come in as arguments.

pub mod account_data;
pub mod administrator;
pub mod adoption;
pub mod credential;
pub mod deadlines;
pub mod drift;
pub mod effect;
pub mod entitlement;
pub mod explain;
pub mod first_sync;
pub mod gate;
pub mod guard;
pub mod mapping;
pub mod model;
pub mod phone;
pub mod plan;
pub mod policy;
pub mod schedule;
pub mod sighting;
