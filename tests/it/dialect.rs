//! Dialects: every deviation from the standard has a name, is counted, and can be switched off.

mod kept;
mod limits;
mod quirks;
mod tenants;
