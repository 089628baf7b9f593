//! What the server says of itself (RFC 7643 sections 5 to 7, RFC 7644 section 4, RFC 9865 section 4): generated from the
//! attribute table and from what runs.

use super::ResourceKind;
use super::schema::{Attribute, Mutability, ROLE, Returned, Schema, Type, Uniqueness};
use scim_v2::schema_urns;
use serde_json::{Map, Value, json};

/// Where roles are listed.
const ROLES_ENDPOINT: &str = "Roles";

/// The optional parts of the protocol, as they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// Resources on a page when the client does not say.
    pub default_page_size: u64,
    /// Most resources on a page.
    pub max_page_size: u64,
    /// Lists can be sorted.
    pub sort: bool,
    /// Writes can be made conditional on the version, and reads too.
    pub etag: bool,
    /// Bulk requests are taken.
    pub bulk: Option<BulkLimits>,
    /// Lists can be paged by cursor; a cursor is good for this long, in seconds.
    pub cursor_timeout: Option<u64>,
}

/// How much a bulk request may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkLimits {
    /// Most operations.
    pub operations: usize,
    /// Largest body, in bytes.
    pub payload_bytes: usize,
}

/// The `ServiceProviderConfig` of the tenant at `base`. Every member is there whether the part runs or not, because some
/// clients take an absent one for a broken server (`reference/idp-behaviour.md`, section 4).
pub fn service_provider_config(features: &Features, base: &str) -> Value {
    let (operations, payload_bytes) = match features.bulk {
        Some(limits) => (limits.operations, limits.payload_bytes),
        None => (0, 0),
    };
    let mut pagination = json!({
        "cursor": features.cursor_timeout.is_some(),
        "index": true,
        "defaultPaginationMethod": "index",
        "defaultPageSize": features.default_page_size,
        "maxPageSize": features.max_page_size,
    });
    if let (Some(seconds), Some(parts)) = (features.cursor_timeout, pagination.as_object_mut()) {
        parts.insert("cursorTimeout".to_owned(), Value::from(seconds));
    }
    json!({
        "schemas": [schema_urns::SERVICE_PROVIDER_CONFIG],
        "patch": { "supported": true },
        "bulk": {
            "supported": features.bulk.is_some(),
            "maxOperations": operations,
            "maxPayloadSize": payload_bytes,
        },
        "filter": { "supported": true, "maxResults": features.max_page_size },
        "changePassword": { "supported": false },
        "sort": { "supported": features.sort },
        "etag": { "supported": features.etag },
        "pagination": pagination,
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token of the tenant in the header: Authorization: Bearer TOKEN.",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }, {
            "type": "httpbasic",
            "name": "HTTP Basic",
            "description": "A user name and a password of the tenant, for clients that cannot send a token.",
            "specUri": "https://www.rfc-editor.org/info/rfc7617",
        }],
        "meta": meta("ServiceProviderConfig", format!("{base}/ServiceProviderConfig")),
    })
}

/// All resource types of the tenant at `base`; roles only where there are any.
pub fn resource_types(base: &str, has_roles: bool) -> Vec<Value> {
    let kinds = ResourceKind::ALL.into_iter();
    let kinds = kinds.map(|kind| resource_type(kind, base));
    kinds
        .chain(has_roles.then(|| type_of(&ROLE, ROLES_ENDPOINT, Vec::new(), base)))
        .collect()
}

fn resource_type(kind: ResourceKind, base: &str) -> Value {
    // What the server alone writes is described in /Schemas only: clients take a listed extension for
    // one that they may write.
    let extensions = kind.extensions().iter();
    let extensions = extensions.filter(|schema| schema.is_writable());
    let extensions = extensions.map(|schema| json!({ "schema": schema.urn, "required": false }));
    type_of(kind.core(), kind.endpoint(), extensions.collect(), base)
}

fn type_of(schema: &Schema, endpoint: &str, extensions: Vec<Value>, base: &str) -> Value {
    json!({
        "schemas": [schema_urns::RESOURCE_TYPE],
        "id": schema.name,
        "name": schema.name,
        "description": schema.description,
        "endpoint": format!("/{endpoint}"),
        "schema": schema.urn,
        "schemaExtensions": extensions,
        "meta": meta("ResourceType", format!("{base}/ResourceTypes/{}", schema.name)),
    })
}

/// All schemas of the tenant at `base`: the core schemas first, then the extensions; that of roles only where there are
/// any.
pub fn schemas(base: &str, has_roles: bool) -> Vec<Value> {
    let all = published().chain(has_roles.then_some(&ROLE));
    all.map(|schema| describe(schema, base)).collect()
}

/// The roles of the tenant at `base`, in the form that Okta reads (`reference/idp-behaviour.md`, section 3.11). A role is
/// its name: there is nothing else to know it by.
pub fn role(name: &str, base: &str) -> Value {
    json!({
        "schemas": [ROLE.urn],
        "id": name,
        "displayName": name,
        "meta": meta(ROLE.name, format!("{base}/{ROLES_ENDPOINT}/{}", segment(name))),
    })
}

/// A text as one segment of an address (RFC 3986 section 2.1).
fn segment(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = text.bytes().map(|byte| match byte {
        plain if is_plain(plain) => char::from(plain).to_string(),
        other => format!("%{other:02X}"),
    });
    encoded.collect()
}

fn published() -> impl Iterator<Item = &'static Schema> {
    let core = ResourceKind::ALL.into_iter().map(ResourceKind::core);
    let extensions = ResourceKind::ALL
        .into_iter()
        .flat_map(ResourceKind::extensions);
    core.chain(extensions.copied())
}

fn describe(schema: &Schema, base: &str) -> Value {
    json!({
        "schemas": [schema_urns::SCHEMA],
        "id": schema.urn,
        "name": schema.name,
        "description": schema.description,
        "attributes": attributes(schema.attributes),
        "meta": meta("Schema", format!("{base}/Schemas/{}", schema.urn)),
    })
}

/// What nobody may read is not published: validators would write it and look for it afterwards.
fn attributes(attributes: &[Attribute]) -> Vec<Value> {
    let shown = attributes
        .iter()
        .filter(|attribute| attribute.returned != Returned::Never);
    shown.map(attribute).collect()
}

fn attribute(attribute: &Attribute) -> Value {
    let mut parts = Map::new();
    let mut put = |name: &str, value: Value| parts.insert(name.to_owned(), value);
    put("name", Value::from(attribute.name));
    put("type", Value::from(type_name(attribute.kind)));
    put("multiValued", Value::from(attribute.multi_valued));
    put("description", Value::from(attribute.description));
    put("required", Value::from(attribute.required));
    match attribute.kind {
        Type::String | Type::Reference | Type::Binary => {
            put("caseExact", Value::from(attribute.case_exact));
        }
        Type::Boolean | Type::DateTime | Type::Complex => {}
    }
    put(
        "mutability",
        Value::from(mutability_name(attribute.mutability)),
    );
    put("returned", Value::from(returned_name(attribute.returned)));
    put(
        "uniqueness",
        Value::from(uniqueness_name(attribute.uniqueness)),
    );
    let lists = [
        ("canonicalValues", attribute.canonical_values),
        ("referenceTypes", attribute.reference_types),
    ];
    for (name, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
        put(name, Value::from(values));
    }
    if attribute.kind == Type::Complex {
        put(
            "subAttributes",
            Value::from(attributes(attribute.sub_attributes)),
        );
    }
    Value::Object(parts)
}

fn type_name(kind: Type) -> &'static str {
    match kind {
        Type::String => "string",
        Type::Boolean => "boolean",
        Type::Binary => "binary",
        Type::DateTime => "dateTime",
        Type::Reference => "reference",
        Type::Complex => "complex",
    }
}

fn mutability_name(mutability: Mutability) -> &'static str {
    match mutability {
        Mutability::ReadOnly => "readOnly",
        Mutability::ReadWrite => "readWrite",
        Mutability::Immutable => "immutable",
        Mutability::WriteOnly => "writeOnly",
    }
}

fn returned_name(returned: Returned) -> &'static str {
    match returned {
        Returned::Always => "always",
        Returned::Default => "default",
        Returned::Request => "request",
        Returned::Never => "never",
    }
}

fn uniqueness_name(uniqueness: Uniqueness) -> &'static str {
    match uniqueness {
        Uniqueness::None => "none",
        Uniqueness::Server => "server",
    }
}

fn meta(resource_type: &str, location: String) -> Value {
    json!({ "resourceType": resource_type, "location": location })
}
