//! From a written path to the attribute it means.

use super::ResourceKind;
use super::quirks;
use super::reading::Reading;
use super::schema::{Attribute, COMMON, Schema, find};
use scim_v2::filter::AttrPath;
use serde_json::{Map, Value};

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// An attribute or one of its parts.
    Attribute(Target),
    /// Everything of one extension.
    Extension(&'static Schema),
    /// The resource itself, written as the URN of its core schema.
    Resource,
}

impl Place {
    /// Whether this is the extension, or something in it.
    pub(super) fn is_in(&self, schema: &'static Schema) -> bool {
        match self {
            Self::Attribute(target) => target.extension == Some(schema),
            Self::Extension(whole) => *whole == schema,
            Self::Resource => false,
        }
    }
}

/// An attribute of a resource, or a sub-attribute of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Target {
    /// The extension that holds it; `None` for attributes at the top.
    pub(super) extension: Option<&'static Schema>,
    pub(super) attribute: &'static Attribute,
    pub(super) sub: Option<&'static Attribute>,
}

impl Target {
    /// Canonical spelling, for messages.
    pub(super) fn name(&self) -> String {
        match self.sub {
            Some(sub) => format!("{}.{}", self.attribute.name, sub.name),
            None => self.attribute.name.to_owned(),
        }
    }

    /// The attribute whose values a comparison with this path looks at.
    pub(super) fn comparable(&self) -> Option<&'static Attribute> {
        self.sub.unwrap_or(self.attribute).comparable()
    }

    /// The elements of the attribute in `resource`: of a list its members, else the value itself, if there is one.
    pub(super) fn elements<'a>(&self, resource: &'a Map<String, Value>) -> &'a [Value] {
        let holder = match self.extension {
            Some(schema) => resource.get(schema.urn).and_then(Value::as_object),
            None => Some(resource),
        };
        match holder.and_then(|holder| holder.get(self.attribute.name)) {
            Some(Value::Array(elements)) => elements,
            Some(value) => std::slice::from_ref(value),
            None => &[],
        }
    }

    /// The values that a comparison with this path looks at.
    pub(super) fn values<'a>(
        &self,
        resource: &'a Map<String, Value>,
    ) -> impl Iterator<Item = &'a Value> {
        let part = self.sub.or_else(|| self.attribute.sub("value"));
        self.elements(resource)
            .iter()
            .filter_map(move |element| match part {
                Some(part) => element.get(part.name),
                None => Some(element),
            })
    }
}

/// The place that `path` names in resources of `kind`; `None` if there is no such attribute.
pub(super) fn resolve(
    kind: ResourceKind,
    path: &AttrPath,
    reading: &mut Reading<'_>,
) -> Option<Place> {
    let path = quirks::dot_after_urn(kind, path, reading);
    let (extension, attribute) = match path.uri.as_deref() {
        Some(uri) => {
            // The grammar takes the last part of a URN that stands alone for an attribute name.
            if path.sub_attr.is_none()
                && let Some(whole) = schema(kind, &format!("{uri}:{}", path.name), reading)
            {
                return Some(whole);
            }
            match schema(kind, uri, reading)? {
                Place::Extension(schema) => (Some(schema), schema.attribute(&path.name)?),
                Place::Resource | Place::Attribute(_) => (None, top_level(kind, &path.name)?),
            }
        }
        None => match top_level(kind, &path.name) {
            Some(attribute) => (None, attribute),
            None => quirks::short_extension_name(kind, &path.name, reading)?,
        },
    };
    let sub = match path.sub_attr.as_deref() {
        Some(name) => Some(attribute.sub(name)?),
        None => None,
    };
    Some(Place::Attribute(Target {
        extension,
        attribute,
        sub,
    }))
}

/// The whole that a schema's URN names: the resource for the core schema, or an extension.
pub(super) fn schema(kind: ResourceKind, urn: &str, reading: &mut Reading<'_>) -> Option<Place> {
    if urn.eq_ignore_ascii_case(kind.core().urn) {
        return Some(Place::Resource);
    }
    let urn = quirks::misspelt_enterprise_urn(urn, reading);
    let found = kind
        .extensions()
        .iter()
        .find(|schema| schema.urn.eq_ignore_ascii_case(urn))?;
    Some(Place::Extension(found))
}

/// The attribute of that name outside all extensions.
pub(super) fn top_level(kind: ResourceKind, name: &str) -> Option<&'static Attribute> {
    kind.core().attribute(name).or_else(|| find(COMMON, name))
}
