//! The simulated Cloudmore, driven over HTTP: each behaviour, switch and fault.

mod boundaries;
mod contract;
mod control;
mod documentation;
mod faults;
mod field_names;
mod groups;
mod lists;
mod name_switches;
mod people;
mod person_switches;
mod positions;
mod promises;
mod role_switches;
mod rules;
mod seat_switches;
mod seats;
mod support;
mod switches;
mod tokens;
mod wire_switches;
