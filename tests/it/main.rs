//! One binary for all tests: facts stated through the public doors.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test that cannot go on should fail where it stands, and nothing outside uses this binary"
)]

mod account_data;
mod admission;
mod adoption;
mod bad_input;
mod bulk;
mod checking;
mod cloudmore_client;
mod conditional;
mod configuration;
mod conformance;
mod console;
mod contract;
mod converging;
mod credentials;
mod cursors;
mod demo;
mod dialect;
mod discovery;
mod doctor;
mod drift;
mod entra;
mod failed;
mod fair_shares;
mod fairness;
mod flood;
mod gates;
mod guard;
mod harness;
mod histories;
mod house;
mod isolation;
mod joiner_mover_leaver;
mod jwt;
mod large_groups;
mod leavers;
mod listening;
mod lists;
mod logging;
mod okta;
mod other_clients;
mod outage;
mod patching;
mod pausing;
mod planning;
mod quirk_table;
mod reading;
mod record;
mod recorded;
mod replicas;
mod rfc_examples;
mod roles;
mod sandbox_wire;
mod scim_core;
mod searching;
mod serving;
mod sorting;
mod stopping;
mod storing;
mod storm;
mod transfer;
mod watching;
