//! Rewrites of filters and paths.

use super::Quirk;
use crate::scim::path::{self, Place};
use crate::scim::reading::Reading;
use crate::scim::schema::{Attribute, ENTERPRISE_USER, Schema};
use crate::scim::{ResourceKind, ScimError, normalise};
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, ValFilter};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// `emails[type eq "work"].value eq "x"`, and the same without `.value`: the element must also fulfil the comparison.
/// Entra matches so (Q008). `None` where the dialect does not have it.
pub(in crate::scim) fn value_path_comparison(
    filter: ValFilter,
    comparison: AttrExp,
    reading: &mut Reading<'_>,
) -> Option<ValFilter> {
    let meant = ValFilter::and(filter, ValFilter::Attr(comparison));
    reading.accepts(Quirk::ValuePathComparison).then_some(meant)
}

/// What an element must have for `filter` to select it, so that `add` and `replace` can make it where it is missing
/// (section 0.1, rule 7; Q038, Q040, Q059). `None` unless the filter is a plain equality, or several joined by `and`.
///
/// # Errors
/// 400 `invalidValue` for a value that the part cannot have.
pub(in crate::scim) fn seed(
    attribute: &Attribute,
    filter: &ValFilter,
    reading: &mut Reading<'_>,
) -> Result<Option<Map<String, Value>>, ScimError> {
    match filter {
        ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, value)) => {
            let Some(sub) = attribute.sub(&path.name) else {
                return Ok(None);
            };
            let value = match value {
                CompValue::True => Value::Bool(true),
                CompValue::False => Value::Bool(false),
                CompValue::Null => Value::Null,
                CompValue::Number(number) => Value::Number(number.clone()),
                CompValue::Str(text) => Value::String(text.clone()),
            };
            let value = normalise::read(Some(attribute), sub, &value, reading)?;
            Ok(Some(
                value
                    .map(|value| (sub.name.to_owned(), value))
                    .into_iter()
                    .collect(),
            ))
        }
        ValFilter::And(items) => {
            let mut parts = Map::new();
            for item in items {
                let Some(more) = seed(attribute, item, reading)? else {
                    return Ok(None);
                };
                parts.extend(more);
            }
            Ok(Some(parts))
        }
        ValFilter::Attr(_) | ValFilter::Or(_) | ValFilter::Not(_) => Ok(None),
    }
}

/// A comparison value without quotation marks: `True` and `NULL` are meant as JSON words, the rest as text (Q011). `None`
/// where the dialect does not have it.
pub(in crate::scim) fn bare_word(word: &str, reading: &mut Reading<'_>) -> Option<CompValue> {
    reading
        .accepts(Quirk::BareWord)
        .then(|| match word.to_ascii_lowercase().as_str() {
            "true" => CompValue::True,
            "false" => CompValue::False,
            "null" => CompValue::Null,
            _ => CompValue::Str(word.to_owned()),
        })
}

/// An attribute of an extension without its URN, such as `manager` (Q010, Q054).
pub(in crate::scim) fn short_extension_name(
    kind: ResourceKind,
    name: &str,
    reading: &mut Reading<'_>,
) -> Option<(Option<&'static Schema>, &'static Attribute)> {
    let found = kind.extensions().iter().find_map(|schema| {
        schema
            .attribute(name)
            .map(|attribute| (Some(*schema), attribute))
    })?;
    reading.accepts(Quirk::ShortExtensionName).then_some(found)
}

/// `urn:...:2.0:User.department`, with a dot for the last colon (section 2.7, jobs made before 2019).
pub(in crate::scim) fn dot_after_urn<'a>(
    kind: ResourceKind,
    path: &'a AttrPath,
    reading: &mut Reading<'_>,
) -> Cow<'a, AttrPath> {
    let (Some(uri), Some(name)) = (&path.uri, &path.sub_attr) else {
        return Cow::Borrowed(path);
    };
    let urn = format!("{uri}:{}", path.name);
    match path::schema(kind, &urn, reading) {
        Some(Place::Resource | Place::Extension(_)) if reading.accepts(Quirk::DotAfterUrn) => {
            Cow::Owned(AttrPath {
                uri: Some(urn),
                name: name.clone(),
                sub_attr: None,
            })
        }
        Some(_) | None => Cow::Borrowed(path),
    }
}

/// The enterprise URN without its last colon, as a published Entra sample has it (Q018).
pub(in crate::scim) fn misspelt_enterprise_urn<'a>(
    urn: &'a str,
    reading: &mut Reading<'_>,
) -> &'a str {
    if urn.eq_ignore_ascii_case("urn:ietf:params:scim:schemas:extension:enterprise:2.0User")
        && reading.accepts(Quirk::MisspeltEnterpriseUrn)
    {
        return ENTERPRISE_USER.urn;
    }
    urn
}
