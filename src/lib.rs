//! scim-bridge: a SCIM 2.0 service provider in front of Cloudmore.

pub mod auth;
pub mod cloudmore;
pub mod config;
pub mod domain;

pub mod provision;
pub mod sandbox;
pub mod scim;
pub mod store;
