//! The simulated Cloudmore, driven over HTTP: each behaviour, switch and fault.

mod boundaries;
mod control;
mod faults;
mod groups;
mod lists;
mod people;
mod rules;
mod seats;
mod support;
mod switches;
mod tokens;
