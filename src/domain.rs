//! Rules over values: no I/O, no clock, no network, no SQL.

pub mod model;
