//! scim-bridge: a SCIM 2.0 service provider in front of Cloudmore.

pub mod app;
pub mod auth;
pub mod cli;
pub mod cloudmore;
pub mod config;
pub mod console;
pub mod domain;
pub mod http;
pub mod listen;

pub mod provision;
pub mod sandbox;
pub mod scim;
pub mod store;
pub mod telemetry;
