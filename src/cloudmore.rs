//! Cloudmore's REST API: the only room that knows its paths and field names.
//!
//! [`Client`] is one broker's connection (credentials, token, limits), [`Target`] is what a tenant is bound to: the users
//! of one organization, or the administrators of the broker. Every operation ends as a value that was read whole, or as a
//! [`Failure`] that says whether it may have had its effect.

mod answer;
mod breaker;
mod catalog;
mod client;
mod contract;
mod endpoints;
mod failure;
mod fields;
mod gate;
mod leaving;
mod limits;
mod listing;
mod missing;
mod operation;
mod password;
mod person;
mod record;
mod refusal;
mod sighting;
mod subscriptions;
mod target;
mod token;
mod wire;

pub use breaker::{Attempt, Breaker, Heard, Standing};
pub use catalog::{Organization, Role, Seat, Service, Subscription};
pub use client::{Client, ClientAuth, Scope, Settings, SettingsError};
pub use contract::{Contract, Difference, Mend, NotAContract, differences};
pub use endpoints::{ENDPOINTS, Endpoint};
pub use failure::{ApiError, Failure, FailureKind};
pub use fields::{CONTRACT, Field, Model, Schema, Usage, Wire};
pub use listing::Listing;
pub use person::{Person, PersonRow};
pub use target::{Kept, Target, Update};
