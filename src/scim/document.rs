//! The stored form of a resource: what the client said, normalised, without what the server adds to answers.

use super::quirks::Quirk;
use super::reading::Reading;
use super::schema::{Attribute, ENTERPRISE_USER, Type};
use super::{ResourceKind, ScimError, evaluate, grammar, members, normalise, path};
use path::{Place, Target};
use scim_v2::filter::PatchPath;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A resource as JSON: canonical names, real JSON types, extensions under their URN. It has no `id`, `meta`, `schemas`,
/// `groups`, `members` and `password`: those are known elsewhere or not kept at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(pub(super) Map<String, Value>);

impl Document {
    /// Reads the body of a POST of a user (RFC 7644 section 3.3). Without `active` the user is active.
    ///
    /// # Errors
    /// 400 for a body that is no user: no object, a value of the wrong type, no `userName`.
    pub fn user_from_create(body: &Value, reading: &mut Reading<'_>) -> Result<Self, ScimError> {
        Ok(Self::user_from_replace(body, reading)?.with_state(Some(&Value::Bool(true))))
    }

    /// Reads the body of a PUT of a user (RFC 7644 section 3.5.1).
    ///
    /// # Errors
    /// As for [`Document::user_from_create`].
    pub fn user_from_replace(
        body: &Value,
        reading: &mut Reading<'_>,
    ) -> Result<Replacement, ScimError> {
        let document = Self(normalise::resource(ResourceKind::User, body, reading)?);
        document.check(ResourceKind::User)?;
        Ok(Replacement(document))
    }

    /// Reads the body of a POST of a group. The ids of its members come apart, in order and without duplicates.
    ///
    /// # Errors
    /// 400 for a body that is no group: no object, a value of the wrong type, no `displayName`.
    pub fn group_from_create(
        body: &Value,
        reading: &mut Reading<'_>,
    ) -> Result<(Self, Vec<String>), ScimError> {
        let (document, members) = Self::group_from_replace(body, reading)?;
        // No client sends members with a new group, so that one which cannot be is a mistake in any dialect.
        if reading.met().quirks.contains(Quirk::NestedGroup) {
            return Err(members::nested());
        }
        Ok((document, members.unwrap_or_default()))
    }

    /// Reads the body of a PUT of a group. `None` for the members means that the body does not speak of them, by absence
    /// or `null`: the membership stays as it is. Only a list, if an empty one, replaces it.
    ///
    /// # Errors
    /// As for [`Document::group_from_create`].
    pub fn group_from_replace(
        body: &Value,
        reading: &mut Reading<'_>,
    ) -> Result<(Self, Option<Vec<String>>), ScimError> {
        let mut kept = normalise::resource(ResourceKind::Group, body, reading)?;
        let ids = match kept.shift_remove(members::NAME) {
            Some(Value::Array(ids)) => Some(ids),
            _ => None,
        };
        let document = Self(kept);
        document.check(ResourceKind::Group)?;
        let as_text = |id: Value| id.as_str().map(str::to_owned);
        let ids = ids.map(|ids| ids.into_iter().filter_map(as_text).collect());
        Ok((document, ids))
    }

    /// Refuses a document that lacks what its type requires, or has a name that could not be looked up or shown.
    pub(super) fn check(&self, kind: ResourceKind) -> Result<(), ScimError> {
        for attribute in kind
            .core()
            .attributes
            .iter()
            .filter(|attribute| attribute.required)
        {
            let text = self
                .0
                .get(attribute.name)
                .and_then(Value::as_str)
                .unwrap_or_default();
            if text.trim().is_empty() {
                return Err(ScimError::invalid_value(format!(
                    "{} is required and must not be blank.",
                    attribute.name
                )));
            }
        }
        for name in ["userName", "displayName", "externalId"] {
            let text = self.0.get(name).and_then(Value::as_str).unwrap_or_default();
            if text.chars().any(char::is_control) {
                return Err(ScimError::invalid_value(format!(
                    "{name} contains control characters; send one line of plain text."
                )));
            }
        }
        Ok(())
    }

    /// `userName` as sent; empty for a group.
    pub fn user_name(&self) -> &str {
        self.string("userName").unwrap_or_default()
    }

    /// `displayName` as sent.
    pub fn display_name(&self) -> Option<&str> {
        self.string("displayName")
    }

    /// `externalId` as sent.
    pub fn external_id(&self) -> Option<&str> {
        self.string("externalId")
    }

    /// Whether the user is active. A user's document says so from the beginning; when a client takes
    /// the attribute away, nobody vouches for the user any more.
    pub fn active(&self) -> bool {
        self.0
            .get("active")
            .and_then(Value::as_bool)
            .unwrap_or_default()
    }

    /// The first text at `path`, which has the form of a PATCH path: `title`, `name.givenName`,
    /// `emails[type eq "work"].value`, `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`. An
    /// attribute with a `value` part is read by that part. `None` if there is no value, and if there is no such attribute.
    pub fn text(&self, path: &str) -> Option<&str> {
        let path = grammar::path(path, &mut Reading::default()).ok()?;
        let (target, part, filter) = text_at(&path)?;
        let mut chosen = target.elements(&self.0).iter().filter(|element| {
            filter.is_none_or(|filter| evaluate::element(target.attribute, filter, element))
        });
        chosen.find_map(|element| match part {
            Some(part) => element.get(part.name)?.as_str(),
            None => element.as_str(),
        })
    }

    /// Whether [`Document::text`] can find anything at `path`: an attribute of a user that is text, or has a part that
    /// is.
    pub fn has_text_at(path: &str) -> bool {
        let path = grammar::path(path, &mut Reading::default());
        path.is_ok_and(|path| text_at(&path).is_some())
    }

    /// The address to write to: the primary one, else the first of type `work`, else the first.
    pub fn primary_email(&self) -> Option<&str> {
        [
            r"emails[primary eq true]",
            r#"emails[type eq "work"]"#,
            "emails",
        ]
        .into_iter()
        .find_map(|path| self.text(path))
    }

    /// Whether one of the user's `roles` has this value, without regard to case (RFC 7643 section 4.1.2).
    pub fn has_role(&self, value: &str) -> bool {
        let roles = self.0.get("roles").and_then(Value::as_array);
        let mut roles = roles.into_iter().flatten();
        roles.any(|role| {
            let theirs = role.get("value").and_then(Value::as_str);
            theirs.is_some_and(|theirs| fold(theirs) == fold(value))
        })
    }

    /// The id of the user's manager.
    pub fn manager(&self) -> Option<&str> {
        let extension = self.0.get(ENTERPRISE_USER.urn)?;
        extension.get("manager")?.get("value")?.as_str()
    }

    fn string(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }
}

/// What a path to text means: the attribute, the part of it that is text, and which elements.
fn text_at(
    path: &PatchPath,
) -> Option<(
    Target,
    Option<&'static Attribute>,
    Option<&scim_v2::filter::ValFilter>,
)> {
    let (attr, filter, sub) = match path {
        PatchPath::Attr(attr) => (attr, None, None),
        PatchPath::Value(value) => (&value.attr, Some(&value.filter), value.sub_attr.as_deref()),
    };
    let place = path::resolve(ResourceKind::User, attr, &mut Reading::default())?;
    let Place::Attribute(target) = place else {
        return None;
    };
    let part = match sub {
        Some(name) => Some(target.attribute.sub(name)?),
        None => target.sub.or_else(|| target.attribute.sub("value")),
    };
    let is_text = part.unwrap_or(target.attribute).kind != Type::Complex;
    is_text.then_some((target, part, filter))
}

/// The body of a PUT of a user. What is not in it is gone afterwards, except for `active`, which is state.
#[derive(Debug, Clone, PartialEq)]
pub struct Replacement(Document);

impl Replacement {
    /// The user as the replacement leaves it: without `active` in the body it keeps the state that `current` has.
    pub fn of(self, current: &Document) -> Document {
        self.with_state(current.0.get("active"))
    }

    fn with_state(self, active: Option<&Value>) -> Document {
        let Self(mut document) = self;
        if let Some(active) = active {
            let entry = document.0.entry("active");
            entry.or_insert_with(|| active.clone());
        }
        document
    }
}

/// The form in which names compare without regard to case: `userName`, a group's `displayName`, and every other attribute
/// that is not `caseExact`. Letters that merely look alike stay different.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).collect()
}
