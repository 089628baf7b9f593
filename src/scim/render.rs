//! From the stored document to the resource that clients read.

use super::schema::{CLOUDMORE_USER, ENTERPRISE_USER};
use super::{Document, ResourceKind, entity_tag, instant};
use serde_json::{Map, Value, json};

/// What the server knows of a resource besides its document.
#[derive(Debug, Clone, Copy)]
pub struct Meta<'a> {
    /// The id that the server gave.
    pub id: &'a str,
    /// When it came into being, in Unix microseconds.
    pub created: i64,
    /// When it last changed, in Unix microseconds.
    pub modified: i64,
    /// Counts the changes; becomes the weak entity tag.
    pub version: i64,
    /// The base address of the tenant, such as `https://host/scim/acme/v2`.
    pub base: &'a str,
}

/// A group that a user is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRef {
    /// The group's id.
    pub id: String,
    /// The group's name.
    pub display: String,
}

/// A user who is in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRef {
    /// The user's id.
    pub id: String,
    /// The user's name for people, if there is one.
    pub display: Option<String>,
}

/// A user in full (RFC 7643 section 4.1), with the groups that the user is directly in, and with what is known of the
/// user's account, an object of the attributes of [`CLOUDMORE_USER`]. `None` leaves that extension out.
pub fn render_user(
    document: &Document,
    meta: &Meta<'_>,
    groups: &[GroupRef],
    account: Option<Value>,
) -> Value {
    let account = account.map(|account| (CLOUDMORE_USER.urn, account));
    let mut resource = head(ResourceKind::User, document, meta, account);
    if !groups.is_empty() {
        let groups = groups.iter().map(|group| {
            json!({
                "value": group.id,
                "$ref": location(ResourceKind::Group, meta.base, &group.id),
                "display": group.display,
                "type": "direct",
            })
        });
        resource.insert("groups".to_owned(), groups.collect());
    }
    finish(resource, ResourceKind::User, meta)
}

/// Completes the manager of a rendered user: the address, and the name if there is one. `manager` is known to be a user.
pub fn show_manager(user: &mut Value, manager: &MemberRef, base: &str) {
    let parts = user
        .get_mut(ENTERPRISE_USER.urn)
        .and_then(|extension| extension.get_mut("manager")?.as_object_mut());
    let Some(parts) = parts else { return };
    let address = location(ResourceKind::User, base, &manager.id);
    parts.insert("$ref".to_owned(), Value::from(address));
    if let Some(name) = &manager.display {
        parts.insert("displayName".to_owned(), Value::from(name.as_str()));
    }
}

/// A group in full (RFC 7643 section 4.2). `None` for the members leaves the attribute out.
pub fn render_group(document: &Document, meta: &Meta<'_>, members: Option<&[MemberRef]>) -> Value {
    let mut resource = head(ResourceKind::Group, document, meta, None);
    if let Some(members) = members {
        let members = members.iter().map(|each| member(each, meta.base));
        resource.insert("members".to_owned(), members.collect());
    }
    finish(resource, ResourceKind::Group, meta)
}

/// A member of a group, as the group shows it.
pub(super) fn member(member: &MemberRef, base: &str) -> Value {
    let mut reference = json!({
        "value": member.id,
        "$ref": location(ResourceKind::User, base, &member.id),
        "type": "User",
    });
    if let (Some(display), Some(parts)) = (&member.display, reference.as_object_mut()) {
        parts.insert("display".to_owned(), Value::from(display.as_str()));
    }
    reference
}

fn head(
    kind: ResourceKind,
    document: &Document,
    meta: &Meta<'_>,
    extension: Option<(&'static str, Value)>,
) -> Map<String, Value> {
    // Only the URN of an extension has a colon.
    let names = document.0.keys().map(String::as_str);
    let used = names.filter(|name| name.contains(':'));
    let schemas: Vec<&str> = std::iter::once(kind.core().urn)
        .chain(used)
        .chain(extension.as_ref().map(|(urn, _)| *urn))
        .collect();
    let mut resource = Map::with_capacity(document.0.len() + 5);
    resource.insert("schemas".to_owned(), Value::from(schemas));
    resource.insert("id".to_owned(), Value::from(meta.id));
    resource.extend(document.0.clone());
    resource.extend(extension.map(|(urn, value)| (urn.to_owned(), value)));
    resource
}

fn finish(mut resource: Map<String, Value>, kind: ResourceKind, meta: &Meta<'_>) -> Value {
    resource.insert(
        "meta".to_owned(),
        json!({
            "resourceType": kind.name(),
            "created": instant::format(meta.created),
            "lastModified": instant::format(meta.modified),
            "location": location(kind, meta.base, meta.id),
            "version": entity_tag(meta.version),
        }),
    );
    Value::Object(resource)
}

/// The address of a resource: its `meta.location`, and the `Location` of the answer that made it.
pub fn location(kind: ResourceKind, base: &str, id: &str) -> String {
    format!("{base}/{}/{id}", kind.endpoint())
}
