//! Reading the document: `OpenAPI` 3 (`components.schemas`) or Swagger 2 (`definitions`), as far as it is compared.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

/// References followed one after another, so that a circle of them ends.
const DEPTH: usize = 8;

/// What Cloudmore publishes about its API.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Method and path, in the form of [`folded`].
    addresses: BTreeSet<String>,
    schemas: Map<String, Value>,
}

/// A document that is no contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAContract {
    /// It cannot be parsed.
    #[error("it is not JSON")]
    Json,
    /// It has no schemas.
    #[error("it has neither `components.schemas` nor `definitions`")]
    Schemas,
    /// It has no paths.
    #[error("it has no `paths`")]
    Paths,
}

/// An object's properties, those of what it extends among them.
#[derive(Debug, Default)]
pub(super) struct Object {
    properties: Vec<(String, Kind)>,
    required: Vec<String>,
}

/// What a property is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
    /// With its schema.
    Object(Value),
    /// With the schema of its items.
    List(Value),
    /// The contract does not say.
    Unknown,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Flag => "yes or no",
            Self::Object(_) => "an object",
            Self::List(_) => "a list",
            Self::Unknown => "not described",
        })
    }
}

impl Contract {
    /// Reads a document.
    ///
    /// # Errors
    /// [`NotAContract`] for anything else.
    pub fn read(document: &[u8]) -> Result<Self, NotAContract> {
        let document = super::super::wire::json(document).ok_or(NotAContract::Json)?;
        let places = ["/components/schemas", "/definitions"];
        let mut schemas = places
            .iter()
            .filter_map(|place| document.pointer(place)?.as_object());
        let schemas = schemas.next().ok_or(NotAContract::Schemas)?.clone();
        let paths = document.get("paths").and_then(Value::as_object);
        let paths = paths.ok_or(NotAContract::Paths)?.iter();
        let base = document
            .get("basePath")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let base = base.trim_end_matches('/');
        let addresses = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flat_map(Map::keys);
            methods.map(move |method| folded(method, &format!("{base}{path}")))
        });
        Ok(Self {
            addresses: addresses.collect(),
            schemas,
        })
    }

    /// Whether there is this address, whatever its casing and whatever its ids are called.
    pub(super) fn has(&self, method: &str, path: &str) -> bool {
        self.addresses.contains(&folded(method, path))
    }

    /// The schema of this name, without regard to case and to the namespace before it.
    pub(super) fn schema(&self, name: &str) -> Option<Object> {
        let is_it = |theirs: &&String| {
            let last = theirs.rsplit('.').next().unwrap_or(theirs);
            last.eq_ignore_ascii_case(name)
        };
        let key = self.schemas.keys().find(is_it)?;
        Some(self.object(self.schemas.get(key)?))
    }

    /// What is inside an object or a list.
    pub(super) fn inside(&self, kind: &Kind) -> Option<Object> {
        match kind {
            Kind::Object(schema) | Kind::List(schema) => {
                let object = self.object(schema);
                (!object.properties.is_empty()).then_some(object)
            }
            Kind::Text | Kind::Number | Kind::Flag | Kind::Unknown => None,
        }
    }

    fn object(&self, schema: &Value) -> Object {
        let mut object = Object::default();
        self.collect(schema, &mut object, DEPTH);
        object
    }

    fn collect(&self, schema: &Value, object: &mut Object, depth: usize) {
        let Some(deeper) = depth.checked_sub(1) else {
            return;
        };
        if let Some(referred) = self.referred(schema) {
            self.collect(referred, object, deeper);
        }
        for part in list(schema, "allOf") {
            self.collect(part, object, deeper);
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            object
                .properties
                .push((name.clone(), self.kind(property, DEPTH)));
        }
        let required = list(schema, "required").filter_map(Value::as_str);
        object.required.extend(required.map(str::to_owned));
    }

    fn kind(&self, schema: &Value, depth: usize) -> Kind {
        let Some(deeper) = depth.checked_sub(1) else {
            return Kind::Unknown;
        };
        if let Some(referred) = self.referred(schema) {
            let kind = self.kind(referred, deeper);
            return if matches!(kind, Kind::Unknown) {
                Kind::Object(referred.clone())
            } else {
                kind
            };
        }
        // OpenAPI 3.1 may list types, `null` among them.
        let named = schema.get("type");
        let word = named.and_then(Value::as_str).or_else(|| {
            let mut words = list(schema, "type").filter_map(Value::as_str);
            words.find(|word| *word != "null")
        });
        match word {
            Some("string") => Kind::Text,
            Some("integer" | "number") => Kind::Number,
            Some("boolean") => Kind::Flag,
            Some("array") => Kind::List(schema.get("items").cloned().unwrap_or_default()),
            Some("object") => Kind::Object(schema.clone()),
            _ => {
                let parts = ["allOf", "oneOf", "anyOf"];
                let mut parts = parts.iter().flat_map(|key| list(schema, key));
                parts
                    .next()
                    .map_or(Kind::Unknown, |part| self.kind(part, deeper))
            }
        }
    }

    fn referred(&self, schema: &Value) -> Option<&Value> {
        let reference = schema.get("$ref")?.as_str()?;
        self.schemas.get(reference.rsplit('/').next()?)
    }
}

impl Object {
    pub(super) fn property(&self, name: &str) -> Option<&Kind> {
        let mut properties = self.properties.iter();
        let found = properties.find(|(theirs, _)| theirs.eq_ignore_ascii_case(name));
        found.map(|(_, kind)| kind)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &str> {
        self.required.iter().map(String::as_str)
    }
}

fn list<'v>(schema: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    schema
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// An address in lower case, with every id as `{}`.
fn folded(method: &str, path: &str) -> String {
    let parts = path.trim_end_matches('/').split('/').map(|part| {
        if part.starts_with('{') {
            "{}".to_owned()
        } else {
            part.to_lowercase()
        }
    });
    format!(
        "{} {}",
        method.to_lowercase(),
        parts.collect::<Vec<_>>().join("/")
    )
}
