//! Sorting (RFC 7644 section 3.4.2.3): by which value of a resource, and which of two resources comes first.

use super::path::{self, Place, Target};
use super::reading::Reading;
use super::schema::{Returned, Schema, Type};
use super::{ResourceKind, ScimError, fold, grammar, instant};
use scim_v2::filter::{AttrPath, PatchPath};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Ordering;

/// `sortBy` and `sortOrder`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    path: AttrPath,
    is_descending: bool,
}

/// A value to sort by. All values of one attribute are of one kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortValue {
    /// `false` comes before `true`.
    Flag(bool),
    /// An instant in Unix microseconds.
    Instant(i64),
    /// Text in the form in which it compares: folded unless the attribute is `caseExact`. It is in the order of its
    /// code points: the RFC asks for an order that belongs to no locale.
    Text(String),
}

/// Where a resource stands in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The value that the list is sorted by; `None` for a resource without one, and in lists that are not sorted.
    pub value: Option<SortValue>,
    /// Its type.
    pub kind: ResourceKind,
    /// Its id.
    pub id: String,
}

/// A value that every resource has and that a store can sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// `id`.
    Id,
    /// A user's `userName` or a group's `displayName`, folded.
    Name,
    /// `meta.created`.
    Created,
    /// `meta.lastModified`.
    Modified,
}

impl Sort {
    /// Reads `sortBy`, an attribute path as filters have it, and `sortOrder`: `ascending`, which is the default, or
    /// `descending`.
    ///
    /// # Errors
    /// 400 `invalidValue`.
    pub fn parse(
        by: &str,
        order: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> Result<Self, ScimError> {
        let path = grammar::path(by, reading).map_err(|reason| {
            ScimError::invalid_value(format!("sortBy '{by}' is not an attribute: {reason}."))
        })?;
        let PatchPath::Attr(path) = path else {
            return Err(ScimError::invalid_value(format!(
                "sortBy '{by}' has brackets. Name an attribute or a part of one, such as 'emails.value'; the primary \
                 value counts, or else the first."
            )));
        };
        let is_descending = match order.unwrap_or("ascending") {
            order if order.eq_ignore_ascii_case("ascending") => false,
            order if order.eq_ignore_ascii_case("descending") => true,
            other => {
                return Err(ScimError::invalid_value(format!(
                    "sortOrder must be 'ascending' or 'descending', not '{other}'."
                )));
            }
        };
        Ok(Self {
            path,
            is_descending,
        })
    }

    /// Refuses what nothing can be sorted by: an attribute that no resource type has, one that is never returned, or one
    /// of several parts. An attribute that only another resource type has is fine: it has no value here, as in filters.
    ///
    /// RFC 7644 has no keyword for it (`invalidPath` is for PATCH alone), so that it is `invalidValue`: a value that
    /// does not go with the resource schema.
    ///
    /// # Errors
    /// 400 `invalidValue`.
    pub fn check(&self, reading: &mut Reading<'_>) -> Result<(), ScimError> {
        let path = &self.path;
        let refuse = |reason| {
            Err(ScimError::invalid_value(format!(
                "sortBy '{path}' {reason}."
            )))
        };
        let place = ResourceKind::ALL
            .iter()
            .find_map(|kind| path::resolve(*kind, path, reading));
        match place {
            None => refuse("is not an attribute of any resource"),
            Some(Place::Extension(_) | Place::Resource) => refuse("is a schema; add an attribute"),
            Some(Place::Attribute(target)) if target.attribute.returned == Returned::Never => {
                refuse("is never returned, and nothing is sorted by it")
            }
            Some(Place::Attribute(target)) if target.comparable().is_none() => {
                refuse("has several parts; name one of them, as in 'name.familyName'")
            }
            Some(Place::Attribute(_)) => Ok(()),
        }
    }

    /// Whether the largest value comes first.
    pub fn is_descending(&self) -> bool {
        self.is_descending
    }

    /// The column that holds exactly what resources of `kind` are sorted by, if there is one.
    pub fn column(&self, kind: ResourceKind) -> Option<Column> {
        let target = self.target(kind)?;
        let part = target.sub.map(|part| part.name);
        match (kind, target.attribute.name, part) {
            (_, "id", None) => Some(Column::Id),
            (ResourceKind::User, "userName", None) | (ResourceKind::Group, "displayName", None) => {
                Some(Column::Name)
            }
            (_, "meta", Some("created")) => Some(Column::Created),
            (_, "meta", Some("lastModified")) => Some(Column::Modified),
            _ => None,
        }
    }

    /// Whether the sort looks at this attribute, which the caller may otherwise leave unread.
    pub fn mentions(&self, attribute: &str) -> bool {
        self.path.name.eq_ignore_ascii_case(attribute)
    }

    /// Whether the sort looks at anything of this extension, which the caller may otherwise leave unread.
    pub fn mentions_extension(&self, kind: ResourceKind, schema: &'static Schema) -> bool {
        path::resolve(kind, &self.path, &mut Reading::default())
            .is_some_and(|place| place.is_in(schema))
    }

    /// What resources of `kind`, rendered in full, are sorted by. Of several values it is the primary one, or else the
    /// first.
    pub fn values(&self, kind: ResourceKind) -> impl Fn(&Value) -> Option<SortValue> + use<> {
        let target = self.target(kind);
        move |resource| value(target?, resource)
    }

    fn target(&self, kind: ResourceKind) -> Option<Target> {
        match path::resolve(kind, &self.path, &mut Reading::default())? {
            Place::Attribute(target) => Some(target),
            Place::Extension(_) | Place::Resource => None,
        }
    }
}

impl std::fmt::Display for Sort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let order = if self.is_descending {
            "descending"
        } else {
            "ascending"
        };
        write!(f, "{} {order}", self.path)
    }
}

impl Position {
    /// Whether this or the `other` comes first.
    ///
    /// Resources without a value come last in either order: they are what a person who sorts is not looking for. RFC
    /// 7644 section 3.4.2.3 lets `sortOrder` move them to the front in descending order; this is the one place to
    /// change for that. Equal values are in the order of types and ids, which a descending order turns round as well.
    pub fn compare(&self, other: &Self, is_descending: bool) -> Ordering {
        let by_value = match (&self.value, &other.value) {
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (one, other) => one.cmp(other),
        };
        let order = by_value.then_with(|| (self.kind, &self.id).cmp(&(other.kind, &other.id)));
        if is_descending {
            order.reverse()
        } else {
            order
        }
    }
}

fn value(target: Target, resource: &Value) -> Option<SortValue> {
    let attribute = target.comparable()?;
    let part = target.sub.or_else(|| target.attribute.sub("value"));
    let elements = target.elements(resource.as_object()?).iter();
    let mut values = elements.filter_map(|element| {
        let value = part.map_or(Some(element), |part| element.get(part.name));
        let value = comparable(attribute.kind, attribute.case_exact, value?)?;
        Some((element.get("primary") == Some(&Value::Bool(true)), value))
    });
    let (is_primary, first) = values.next()?;
    if is_primary {
        return Some(first);
    }
    let primary = values.find(|(is_primary, _)| *is_primary);
    Some(primary.map_or(first, |(_, value)| value))
}

fn comparable(kind: Type, case_exact: bool, value: &Value) -> Option<SortValue> {
    match (kind, value) {
        (Type::Boolean, Value::Bool(flag)) => Some(SortValue::Flag(*flag)),
        (Type::DateTime, Value::String(text)) => {
            instant::parse(text).map(|instant| SortValue::Instant(instant.as_microsecond()))
        }
        (Type::String | Type::Reference | Type::Binary, Value::String(text)) => (!text.is_empty())
            .then(|| SortValue::Text(if case_exact { text.clone() } else { fold(text) })),
        _ => None,
    }
}
