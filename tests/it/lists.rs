//! Lists: what they select, in which order, by which page, at which cost.

mod agreement;
mod budget;
mod directory;
mod keys;
mod question;
mod upgrade;

pub use directory::{Directory, group_id, install, user_id};

const ENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
