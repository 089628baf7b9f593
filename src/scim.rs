//! SCIM 2.0 as pure functions over JSON: knows no tenant and no Cloudmore.
//!
//! The attribute table in [`schema`] is the one source that reading bodies, PATCH, filters, projection and rendering
//! consult. A resource is kept as a [`Document`]: normalised JSON, without what the server adds when it answers.

pub mod body;
pub mod bulk;
pub mod cursor;
pub mod dialect;
pub mod discovery;
pub mod document;
mod elements;
pub mod error;
mod evaluate;
pub mod filter;
mod grammar;
mod instant;
mod key;
mod members;
mod normalise;
pub mod patch;
mod path;
pub mod precondition;
pub mod projection;
pub mod query;
pub mod quirks;
pub mod reading;
pub mod render;
pub mod resource;
pub mod schema;
mod search;
pub mod sort;

pub use bulk::BulkRequest;
pub use cursor::{Cursor, CursorKey};
pub use dialect::{Dialect, Limits};
pub use document::{Document, Replacement, fold};
pub use error::{ScimError, ScimType};
pub use filter::Filter;
pub use instant::{format as format_instant, parse as parse_instant};
pub use key::{Key, Selection};
pub use members::{MemberChange, MemberFilter};
pub use patch::PatchRequest;
pub use precondition::{Precondition, entity_tag};
pub use projection::{Projection, View};
pub use query::{ListQuery, Paging, cursor_response, has_filter, list_response};
pub use quirks::{Profile, Quirk, QuirkSet};
pub use reading::{Deviations, Reading};
pub use render::{GroupRef, MemberRef, Meta, location, render_group, render_user, show_manager};
pub use resource::ResourceKind;
pub use search::search_request;
pub use sort::{Column, Position, Sort, SortValue};
