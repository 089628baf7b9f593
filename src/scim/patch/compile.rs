//! From an operation as written to steps whose paths are resolved and whose values are normalised.

mod list;

use super::kept;
use super::step::{Edit, Step};
use super::{Operation, Verb, membership, parse_path};
use crate::scim::members;
use crate::scim::normalise;
use crate::scim::path::{self, Place, Target};
use crate::scim::quirks::{self, Quirk};
use crate::scim::reading::Reading;
use crate::scim::schema::{Attribute, Type};
use crate::scim::{ResourceKind, ScimError, evaluate};
use scim_v2::filter::{AttrPath, PatchPath};
use serde_json::Value;

/// Compiles one operation; `steps` receives what it does.
pub(super) fn operation(
    kind: ResourceKind,
    operation: &Operation<'_>,
    reading: &mut Reading<'_>,
    steps: &mut Vec<Step>,
) -> Result<(), ScimError> {
    let Operation { verb, path, value } = operation;
    let mut compiler = Compiler {
        kind,
        verb: *verb,
        by_path: path.is_some(),
        reading,
        steps,
    };
    match path {
        Some(path) => compiler.at(path, *value),
        None if *verb == Verb::Remove => Err(ScimError::no_target("remove needs a path.")),
        None => compiler.each_key(None, *value),
    }
}

struct Compiler<'a, 'd> {
    kind: ResourceKind,
    verb: Verb,
    /// Whether the operation has a path, so that what is unknown is the path's fault.
    by_path: bool,
    reading: &'a mut Reading<'d>,
    steps: &'a mut Vec<Step>,
}

impl Compiler<'_, '_> {
    /// An object whose keys are names or whole paths, under the schema `uri` if there is one.
    fn each_key(&mut self, uri: Option<&str>, value: Option<&Value>) -> Result<(), ScimError> {
        let Some(parts) = value.and_then(Value::as_object) else {
            return Err(ScimError::invalid_value(
                "The value must be an object of attributes, unless the path names one attribute.",
            ));
        };
        for (key, value) in parts {
            // Without a path `null` may be what a client writes for "not said", which must not empty a group.
            if value.is_null()
                && key.eq_ignore_ascii_case(members::NAME)
                && self.reading.accepts(Quirk::NullMembers)
            {
                continue;
            }
            let mut path = parse_path(key, self.reading)?;
            let is_schema = path::schema(self.kind, key, self.reading).is_some()
                || self.reading.kept(key).is_some();
            if key.contains([':', '.', '['])
                && !is_schema
                && !self.reading.accepts(Quirk::PathAsKey)
            {
                return Err(ScimError::invalid_value(format!(
                    "'{key}' is a path, not the name of an attribute: send it as \"path\"."
                )));
            }
            if let Some(uri) = uri {
                attribute_path(&mut path)
                    .uri
                    .get_or_insert_with(|| uri.to_owned());
            }
            self.at(&path, Some(value))?;
        }
        Ok(())
    }

    fn at(&mut self, path: &PatchPath, value: Option<&Value>) -> Result<(), ScimError> {
        let (attr, filter, sub) = match path {
            PatchPath::Attr(attr) => (attr, None, None),
            PatchPath::Value(value) => {
                (&value.attr, Some(&value.filter), value.sub_attr.as_deref())
            }
        };
        let target = match path::resolve(self.kind, attr, self.reading) {
            Some(Place::Attribute(target)) => target,
            Some(Place::Extension(schema)) if filter.is_none() => {
                return self.extension(schema.urn, schema.attributes, value);
            }
            Some(Place::Resource) if filter.is_none() && self.verb != Verb::Remove => {
                return self.each_key(None, value);
            }
            Some(Place::Extension(_) | Place::Resource) => {
                return Err(ScimError::invalid_path(format!(
                    "'{path}' does not name an attribute."
                )));
            }
            None => return self.outside(path, value),
        };
        let sub = match sub {
            None => target.sub,
            Some(_) if target.sub.is_some() => {
                return Err(ScimError::invalid_path(format!(
                    "'{path}' names two parts at once."
                )));
            }
            Some(name) => match target.attribute.sub(name) {
                Some(sub) => Some(sub),
                None => {
                    self.unknown(path);
                    return Ok(());
                }
            },
        };
        if !target.attribute.is_writable() || sub.is_some_and(|sub| !sub.is_writable()) {
            if self.reading.accepts(Quirk::ReadOnlyAttribute) {
                return Ok(());
            }
            return Err(ScimError::mutability(format!(
                "'{path}' is set by the server alone."
            )));
        }
        if filter.is_some() && !target.attribute.multi_valued {
            return Err(ScimError::invalid_path(format!(
                "{} is no list that brackets could select from.",
                target.attribute.name
            )));
        }
        if filter.is_some_and(|filter| !evaluate::knows_parts(target.attribute, filter)) {
            self.unknown(path);
            return Ok(());
        }
        if self.verb != Verb::Remove && value.is_none() {
            return Err(ScimError::invalid_value(format!(
                "The operation on '{path}' needs a value; null takes the attribute away."
            )));
        }
        let target = Target { sub, ..target };
        if *target.attribute == *members::attribute() {
            let change = membership::change(self.verb, filter, sub, value, self.reading)?;
            self.steps.push(Step::Members(change));
            return Ok(());
        }
        if target.attribute.multi_valued {
            self.list(target, filter, value)
        } else {
            self.single(target, value)
        }
    }

    /// What no schema has: kept as it is if the tenant says so, else unknown.
    fn outside(&mut self, path: &PatchPath, value: Option<&Value>) -> Result<(), ScimError> {
        match kept::compile(self.verb, path, value, self.reading)? {
            Some(edit) => self.steps.push(Step::Kept(edit)),
            None => self.unknown(path),
        }
        Ok(())
    }

    fn unknown(&mut self, path: &PatchPath) {
        match self.by_path {
            true => self.reading.unknown_path(path.to_string()),
            false => self.reading.unknown(path.to_string()),
        }
    }

    fn extension(
        &mut self,
        urn: &'static str,
        attributes: &'static [Attribute],
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let clears = match value {
            Some(value) => normalise::says_nothing(value, self.reading)?,
            None => false,
        };
        if self.verb != Verb::Remove && !clears {
            return self.each_key(Some(urn), value);
        }
        if self.verb == Verb::Remove && !clears && value.is_some() {
            remove_with_value(self.reading)?;
            return self.each_key(Some(urn), value);
        }
        for attribute in attributes {
            let name = AttrPath {
                uri: Some(urn.to_owned()),
                name: attribute.name.to_owned(),
                sub_attr: None,
            };
            self.at(&PatchPath::Attr(name), Some(&Value::Null))?;
        }
        Ok(())
    }

    fn single(&mut self, target: Target, value: Option<&Value>) -> Result<(), ScimError> {
        let leaf = target.sub.unwrap_or(target.attribute);
        let holder = target.sub.is_some().then_some(target.attribute);
        let unwanted = value.filter(|value| !value.is_null() && *value != "" && !leaf.required);
        if let (Verb::Remove, Some(unwanted)) = (self.verb, unwanted) {
            remove_with_value(self.reading)?;
            if let Some(unwanted) = normalise::read(holder, leaf, unwanted, self.reading)? {
                self.steps.push(Step::Edit(Edit::Match(target, unwanted)));
            }
            return Ok(());
        }
        let value = value.filter(|_| self.verb != Verb::Remove);
        if let (Type::Complex, Some(value)) = (leaf.kind, value) {
            let value = quirks::fit_single(leaf, value, self.reading);
            if !normalise::says_nothing(&value, self.reading)? {
                return self.parts(target, &value);
            }
        }
        let value = match value {
            Some(value) => normalise::read(holder, leaf, value, self.reading)?,
            None => None,
        };
        // An empty value of `active` is a mistake in a mapping; only a plain removal takes it away.
        let state_by_mistake = leaf.name == "active" && self.verb != Verb::Remove;
        if value.is_none() && (leaf.required || state_by_mistake) {
            let detail = format!(
                "{} cannot be taken away; replace it with another value.",
                target.name()
            );
            return Err(match self.verb {
                Verb::Remove => ScimError::mutability(detail),
                Verb::Add | Verb::Replace => ScimError::invalid_value(detail),
            });
        }
        self.steps.push(Step::Edit(Edit::Value(target, value)));
        Ok(())
    }

    /// The parts of a complex value, each set by itself: what is not mentioned stays (RFC 7644 section 3.5.2.3).
    fn parts(&mut self, target: Target, value: &Value) -> Result<(), ScimError> {
        let Some(parts) = value.as_object() else {
            return Err(normalise::mistyped(None, target.attribute));
        };
        for (key, value) in parts {
            match target.attribute.sub(key) {
                Some(sub) if sub.is_writable() => {
                    self.single(
                        Target {
                            sub: Some(sub),
                            ..target
                        },
                        Some(value),
                    )?;
                }
                Some(_) => {}
                None => self
                    .reading
                    .unknown(format!("{}.{key}", target.attribute.name)),
            }
        }
        if let Some(id) = normalise::referred(target.attribute, parts) {
            let sub = target.attribute.sub("value");
            self.single(Target { sub, ..target }, Some(&id))?;
        }
        Ok(())
    }
}

/// `remove` with a value, which the standard does not have.
///
/// # Errors
/// 400 unless it narrows the removal to that value. It is never taken for a removal of everything.
pub(super) fn remove_with_value(reading: &mut Reading<'_>) -> Result<(), ScimError> {
    if reading.accepts(Quirk::RemoveWithValue) {
        return Ok(());
    }
    Err(ScimError::invalid_value(
        "remove takes no value: select what to remove with brackets in the path.",
    ))
}

fn attribute_path(path: &mut PatchPath) -> &mut AttrPath {
    match path {
        PatchPath::Attr(attr) => attr,
        PatchPath::Value(value) => &mut value.attr,
    }
}
