//! What to enter in Entra ID and in Okta (`reference/idp-behaviour.md`, sections 2.4 and 3).

use reqwest::Url;
use serde_json::{Value, json};

use super::known::{Fact, Known};

/// Where an attribute comes from, and which SCIM attribute it becomes.
type Row = (&'static str, &'static str);

/// The provisioning job finds existing people by the first of these.
const ENTRA_USER: &[Row] = &[
    (
        "userPrincipalName (match objects, precedence 1)",
        "userName",
    ),
    (
        "Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")",
        "active",
    ),
    ("mailNickname", "externalId"),
    ("displayName", "displayName"),
    ("givenName", "name.givenName"),
    ("surname", "name.familyName"),
    ("mail", "emails[type eq \"work\"].value"),
    ("jobTitle", "title"),
    ("telephoneNumber", "phoneNumbers[type eq \"work\"].value"),
    ("mobile", "phoneNumbers[type eq \"mobile\"].value"),
    (
        "department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ),
];

const ENTRA_GROUP: &[Row] = &[
    ("displayName (match objects, precedence 1)", "displayName"),
    ("objectId", "externalId"),
    ("members", "members"),
];

const OKTA_USER: &[Row] = &[
    ("user.login (application username)", "userName"),
    ("user.firstName", "name.givenName"),
    ("user.lastName", "name.familyName"),
    ("user.email", "emails[type eq \"work\"].value"),
    ("user.displayName", "displayName"),
    ("user.title", "title"),
    ("user.mobilePhone", "phoneNumbers[type eq \"mobile\"].value"),
    (
        "user.department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ),
];

const TOKEN: &str = "the token that this run was given";

/// What to enter.
pub(super) struct Entries {
    base: String,
    secure: bool,
    entra_user: Vec<Row>,
    entra_group: Vec<Row>,
    okta_user: Vec<Row>,
}

impl Entries {
    /// The entries for the server at `base`, without attributes that it says it has not.
    pub(super) fn new(base: &Url, known: &Known) -> Self {
        let schemas = known.get(Fact::Schemas).ok().and_then(Value::as_array);
        let published = |rows: &[Row]| -> Vec<Row> {
            let rows = rows.iter().copied();
            rows.filter(|(_, target)| schemas.is_none_or(|schemas| has(schemas, target)))
                .collect()
        };
        Self {
            base: base.as_str().trim_end_matches('/').to_owned(),
            secure: base.scheme() == "https",
            entra_user: published(ENTRA_USER),
            entra_group: published(ENTRA_GROUP),
            okta_user: published(OKTA_USER),
        }
    }

    /// The entries for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if !self.secure {
            text.push_str("\nBoth clients demand https with a certificate of a public authority. Put a proxy that\nhas one before this address, and enter the proxy's address instead.\n");
        }
        let base = &self.base;
        text.push_str(&format!(
            "\nTo enter in Entra ID (enterprise application, Provisioning)\n  \
             Provisioning mode        Automatic\n  \
             Tenant URL               {base}\n  \
             Secret token             {TOKEN}\n  \
             User mappings\n{}  Group mappings\n{}",
            table(&self.entra_user),
            table(&self.entra_group),
        ));
        text.push_str(&format!(
            "\nTo enter in Okta (application, Provisioning, Integration)\n  \
             SCIM version             2.0\n  \
             Connector base URL       {base}\n  \
             Unique identifier field  userName\n  \
             Actions                  Push New Users, Push Profile Updates, Push Groups\n  \
             Authentication mode      HTTP Header, Authorization: {TOKEN}\n  \
             User mappings\n{}",
            table(&self.okta_user),
        ));
        text.trim_end().to_owned()
    }

    /// The entries as JSON.
    pub(super) fn json(&self) -> Value {
        json!({
            "entra": {
                "provisioningMode": "Automatic",
                "tenantUrl": self.base,
                "secretToken": TOKEN,
                "userMappings": listed(&self.entra_user),
                "groupMappings": listed(&self.entra_group),
            },
            "okta": {
                "scimVersion": "2.0",
                "connectorBaseUrl": self.base,
                "uniqueIdentifierField": "userName",
                "actions": ["Push New Users", "Push Profile Updates", "Push Groups"],
                "authenticationMode": "HTTP Header",
                "authorization": TOKEN,
                "userMappings": listed(&self.okta_user),
            },
        })
    }
}

/// Whether one of the schemas has what a path begins with.
fn has(schemas: &[Value], path: &str) -> bool {
    let (urn, attribute) = if path.starts_with("urn:") {
        path.rsplit_once(':').unwrap_or(("", path))
    } else {
        ("", path)
    };
    let attribute = attribute.split(['.', '[']).next().unwrap_or(attribute);
    // All resources have it; no schema lists it (RFC 7643 section 3.1).
    if attribute == "externalId" {
        return true;
    }
    let schemas = schemas.iter().filter(|schema| {
        let id = schema.get("id").and_then(Value::as_str).unwrap_or_default();
        urn.is_empty() || id.eq_ignore_ascii_case(urn)
    });
    let mut attributes = schemas.filter_map(|schema| schema.get("attributes")?.as_array());
    attributes.any(|attributes| {
        let mut names = attributes
            .iter()
            .filter_map(|each| each.get("name")?.as_str());
        names.any(|name| name.eq_ignore_ascii_case(attribute))
    })
}

fn table(rows: &[Row]) -> String {
    let widest = rows.iter().map(|(source, _)| source.len()).max();
    let width = widest.unwrap_or_default();
    let lines = rows
        .iter()
        .map(|(source, target)| format!("    {source:width$}  ->  {target}\n"));
    lines.collect()
}

fn listed(rows: &[Row]) -> Vec<Value> {
    let rows = rows.iter();
    rows.map(|(source, target)| json!({"source": source, "target": target}))
        .collect()
}
