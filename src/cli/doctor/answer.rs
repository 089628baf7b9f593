//! An answer, and what must be true of it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::check::Fault;

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Longer bodies are cut in the report.
const SHOWN: usize = 300;

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The media type; empty if none is said.
    pub(super) content_type: String,
    /// The `WWW-Authenticate` header.
    pub(super) challenge: Option<String>,
    /// The `ETag` header.
    pub(super) entity_tag: Option<String>,
    /// The body as it came.
    pub(super) text: String,
    /// The body as JSON; null if it is none.
    pub(super) json: Value,
}

impl Answer {
    /// What is true of every answer: SCIM's media type, JSON, and no body where there must be none.
    pub(super) fn well_formed(&self) -> Result<(), Fault> {
        if matches!(self.status, 204 | 304) {
            return if self.text.is_empty() {
                Ok(())
            } else {
                let expected = format!("no body with the status {}", self.status);
                Err(Fault::new(expected, self.shown()))
            };
        }
        let media_type = self.content_type.split(';').next().unwrap_or_default();
        let media_type = media_type.trim().to_ascii_lowercase();
        if !["application/scim+json", "application/json"].contains(&media_type.as_str()) {
            return Err(Fault::new(
                "Content-Type application/scim+json",
                format!("Content-Type \"{}\"", self.content_type),
            ));
        }
        if self.json.is_object() {
            Ok(())
        } else {
            Err(Fault::new("a JSON object", self.shown()))
        }
    }

    /// The status must be one of these.
    pub(super) fn status(&self, right: &[u16]) -> Result<(), Fault> {
        if right.contains(&self.status) {
            return Ok(());
        }
        let right: Vec<_> = right.iter().map(u16::to_string).collect();
        let found = match self.shown() {
            body if body.is_empty() => format!("status {}", self.status),
            body => format!("status {} with {body}", self.status),
        };
        Err(Fault::new(format!("status {}", right.join(" or ")), found))
    }

    /// A value must be this one.
    pub(super) fn is(&self, pointer: &str, expected: impl Into<Value>) -> Result<(), Fault> {
        let expected = expected.into();
        match self.json.pointer(pointer) {
            Some(found) if *found == expected => Ok(()),
            found => Err(Fault::new(
                format!("{} = {expected}", name(pointer)),
                self.said(pointer, found),
            )),
        }
    }

    /// A value must be absent or empty (RFC 7643 section 2.5).
    pub(super) fn lacks(&self, pointer: &str) -> Result<(), Fault> {
        let found = self.json.pointer(pointer);
        let empty = match found {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(list)) => list.is_empty(),
            Some(Value::Object(parts)) => parts.values().all(Value::is_null),
            Some(Value::Bool(_) | Value::Number(_)) => false,
        };
        if empty {
            Ok(())
        } else {
            let expected = format!("no {}", name(pointer));
            Err(Fault::new(expected, self.said(pointer, found)))
        }
    }

    /// The `value` of the only element of a list that has this type.
    pub(super) fn element_is(&self, list: &str, kind: &str, expected: &str) -> Result<(), Fault> {
        let elements = self.json.get(list).and_then(Value::as_array);
        let of_kind = |element: &&Value| element.get("type").and_then(Value::as_str) == Some(kind);
        let found: Vec<_> = elements.into_iter().flatten().filter(of_kind).collect();
        let values: Vec<_> = found.iter().filter_map(|each| each.get("value")).collect();
        if values == [expected] {
            return Ok(());
        }
        Err(Fault::new(
            format!("one element of {list} with the type {kind} and the value \"{expected}\""),
            self.said(&format!("/{list}"), self.json.get(list)),
        ))
    }

    /// The id that the server gave.
    pub(super) fn id(&self) -> Result<&str, Fault> {
        let id = self.json.get("id").and_then(Value::as_str);
        id.filter(|id| !id.is_empty())
            .ok_or_else(|| Fault::new("a text as id", self.said("/id", self.json.get("id"))))
    }

    /// The resources of a list with true counts.
    pub(super) fn list(&self) -> Result<&[Value], Fault> {
        self.has_schema(LIST)?;
        let resources = self.json.get("Resources").and_then(Value::as_array);
        let resources = resources.map_or(&[][..], Vec::as_slice);
        for count in ["totalResults", "itemsPerPage", "startIndex"] {
            let pointer = format!("/{count}");
            let found = self.json.get(count);
            // A list that is paged by cursors has no index.
            let by_cursor = count == "startIndex" && self.json.get("nextCursor").is_some();
            if !by_cursor && !found.is_some_and(Value::is_u64) {
                let expected = format!("a whole number as {count}");
                return Err(Fault::new(expected, self.said(&pointer, found)));
            }
        }
        self.is("/itemsPerPage", resources.len())?;
        if resources
            .iter()
            .all(|each| each.get("id").is_some_and(Value::is_string))
        {
            Ok(resources)
        } else {
            Err(Fault::new("a text as id of each resource", self.shown()))
        }
    }

    /// A list of so many hits.
    pub(super) fn total(&self, expected: usize) -> Result<(), Fault> {
        let resources = self.list()?;
        self.is("/totalResults", expected)?;
        if resources.len() == expected {
            Ok(())
        } else {
            let found = format!("{} Resources", resources.len());
            Err(Fault::new(format!("{expected} Resources"), found))
        }
    }

    /// A list whose only hit has this id.
    pub(super) fn only_hit(&self, id: &str) -> Result<(), Fault> {
        self.total(1)?;
        self.is("/Resources/0/id", id)
    }

    /// An error that a person can read (RFC 7644 section 3.12).
    pub(super) fn error(&self) -> Result<(), Fault> {
        self.has_schema(ERROR)?;
        self.is("/status", self.status.to_string())?;
        match self.json.get("detail") {
            Some(Value::String(detail)) if !detail.is_empty() => Ok(()),
            found => Err(Fault::new(
                "a sentence as detail",
                self.said("/detail", found),
            )),
        }
    }

    /// A group with exactly these members, each once.
    pub(super) fn members_are(&self, expected: &[&str]) -> Result<(), Fault> {
        let members = self.json.get("members").and_then(Value::as_array);
        let members: Vec<_> = members
            .into_iter()
            .flatten()
            .filter_map(|member| member.get("value").and_then(Value::as_str))
            .collect();
        let set: BTreeSet<_> = members.iter().copied().collect();
        if members.len() == expected.len() && set == expected.iter().copied().collect() {
            return Ok(());
        }
        let listed = |ids: &[&str]| match ids {
            [] => "no members".to_owned(),
            ids => format!("the members {}", ids.join(", ")),
        };
        Err(Fault::new(listed(expected), listed(&members)))
    }

    /// `schemas` must hold this URN.
    pub(super) fn has_schema(&self, urn: &str) -> Result<(), Fault> {
        let schemas = self.json.get("schemas");
        let list = schemas.and_then(Value::as_array);
        if list.is_some_and(|list| list.iter().any(|each| each == urn)) {
            Ok(())
        } else {
            let expected = format!("schemas with {urn}");
            Err(Fault::new(expected, self.said("/schemas", schemas)))
        }
    }

    fn said(&self, pointer: &str, found: Option<&Value>) -> String {
        match found {
            Some(value) => format!("{} = {}", name(pointer), cut(&value.to_string())),
            None if self.text.is_empty() => format!("status {} without a body", self.status),
            None if self.json.is_null() => format!("status {} with {}", self.status, self.shown()),
            None => format!("no {}", name(pointer)),
        }
    }

    fn shown(&self) -> String {
        cut(&self.text)
    }
}

/// A JSON pointer as people write it.
fn name(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    let mut short: String = line.chars().take(SHOWN).collect();
    short.push('…');
    short
}
