//! Changes of a multi-valued attribute, on its elements.

use crate::scim::normalise::keep_one_primary;
use crate::scim::quirks::Quirk;
use crate::scim::reading::Deviations;
use crate::scim::schema::Attribute;
use crate::scim::{ScimError, evaluate, fold};
use scim_v2::filter::ValFilter;
use serde_json::{Map, Value};

/// The brackets of a path: which elements, and what an element must have to be one of them.
#[derive(Debug, Clone)]
pub(super) struct Selector {
    pub(super) filter: ValFilter,
    /// The parts of a new element that the filter selects; `None` if the filter does not tell.
    pub(super) seed: Option<Map<String, Value>>,
}

/// A change of a list.
#[derive(Debug, Clone)]
pub(super) enum ListChange {
    /// Exactly these elements.
    Set(Vec<Value>),
    /// These too.
    Add(Vec<Value>),
    /// These not.
    Drop(Vec<Value>),
    /// One part of the elements selected, or of all; `None` takes it away.
    Part {
        selector: Option<Selector>,
        sub: &'static Attribute,
        value: Option<Value>,
    },
    /// The elements selected: merged with or replaced by one; `None` takes them away.
    Elements {
        selector: Selector,
        element: Option<Map<String, Value>>,
        merge: bool,
    },
}

impl Selector {
    /// The parts of an element to be made, because the brackets select none.
    fn missing(
        self,
        attribute: &Attribute,
        met: &mut Deviations,
    ) -> Result<Map<String, Value>, ScimError> {
        let Some(seed) = self.seed else {
            return Err(ScimError::no_target(format!(
                "No value of {} matches the filter, and it does not tell what a new one would be.",
                attribute.name
            )));
        };
        met.note(Quirk::MissingElement);
        Ok(seed)
    }
}

/// Applies `change` to the elements of `attribute`.
pub(super) fn change(
    attribute: &'static Attribute,
    elements: &mut Vec<Value>,
    change: ListChange,
    met: &mut Deviations,
) -> Result<(), ScimError> {
    match change {
        ListChange::Set(wanted) => *elements = wanted,
        ListChange::Add(wanted) => wanted
            .into_iter()
            .for_each(|one| add(attribute, elements, one)),
        ListChange::Drop(unwanted) => {
            elements.retain(|element| !unwanted.iter().any(|one| covers(attribute, element, one)));
        }
        ListChange::Part {
            selector,
            sub,
            value,
        } => {
            let selected = selected(attribute, selector.as_ref(), elements);
            match value {
                Some(value) if selected.contains(&true) => {
                    set_part(elements, &selected, sub, &value)
                }
                Some(value) => {
                    let mut element = match selector {
                        Some(selector) => selector.missing(attribute, met)?,
                        None => Map::new(),
                    };
                    element.insert(sub.name.to_owned(), value);
                    add(attribute, elements, Value::Object(element));
                }
                // An element without its value is none.
                None if sub.name == "value" => remove(elements, &selected),
                None => remove_part(elements, &selected, sub),
            }
        }
        ListChange::Elements {
            selector,
            element,
            merge,
        } => {
            let selected = selected(attribute, Some(&selector), elements);
            match element {
                Some(wanted) if merge && selected.contains(&true) => {
                    merge_into(elements, &selected, wanted)
                }
                Some(wanted) => {
                    let seed = if selected.contains(&true) {
                        selector.seed.unwrap_or_default()
                    } else {
                        selector.missing(attribute, met)?
                    };
                    remove(elements, &selected);
                    add(
                        attribute,
                        elements,
                        Value::Object(seed.into_iter().chain(wanted).collect()),
                    );
                }
                None => remove(elements, &selected),
            }
        }
    }
    keep_one_primary(elements);
    Ok(())
}

/// For each element whether the brackets select it; without brackets all are.
fn selected(
    attribute: &'static Attribute,
    selector: Option<&Selector>,
    elements: &[Value],
) -> Vec<bool> {
    let is_selected = |element| {
        selector.is_none_or(|selector| evaluate::element(attribute, &selector.filter, element))
    };
    elements.iter().map(is_selected).collect()
}

fn parts_of<'a>(
    elements: &'a mut [Value],
    selected: &'a [bool],
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let chosen = elements
        .iter_mut()
        .zip(selected)
        .filter(|(_, selected)| **selected);
    chosen.filter_map(|(element, _)| element.as_object_mut())
}

fn set_part(elements: &mut [Value], selected: &[bool], sub: &Attribute, value: &Value) {
    if is_primary(sub.name, value) {
        demote_all(elements);
    }
    for parts in parts_of(elements, selected) {
        parts.insert(sub.name.to_owned(), value.clone());
    }
}

fn remove_part(elements: &mut [Value], selected: &[bool], sub: &Attribute) {
    for parts in parts_of(elements, selected) {
        parts.shift_remove(sub.name);
    }
}

fn merge_into(elements: &mut [Value], selected: &[bool], wanted: Map<String, Value>) {
    if wanted.iter().any(|(name, value)| is_primary(name, value)) {
        demote_all(elements);
    }
    for parts in parts_of(elements, selected) {
        parts.extend(wanted.clone());
    }
}

fn remove(elements: &mut Vec<Value>, selected: &[bool]) {
    let mut selected = selected.iter();
    elements.retain(|_| selected.next() != Some(&true));
}

/// Adds an element, or its parts to the element that has the same value already.
fn add(attribute: &Attribute, elements: &mut Vec<Value>, wanted: Value) {
    let parts = wanted.as_object().into_iter().flatten();
    if parts
        .into_iter()
        .any(|(name, value)| is_primary(name, value))
    {
        demote_all(elements);
    }
    let same = elements
        .iter_mut()
        .find(|element| is_same(attribute, element, &wanted));
    match (same, wanted) {
        (Some(Value::Object(parts)), Value::Object(wanted)) => parts.extend(wanted),
        (Some(element), wanted) => *element = wanted,
        (None, wanted) => elements.push(wanted),
    }
}

fn is_primary(name: &str, value: &Value) -> bool {
    name == "primary" && *value == Value::Bool(true)
}

fn demote_all(elements: &mut [Value]) {
    for primary in elements
        .iter_mut()
        .filter_map(|element| element.get_mut("primary"))
    {
        *primary = Value::Bool(false);
    }
}

/// Whether adding `wanted` beside `element` would say the same twice: it says nothing more, or has the same value and type.
fn is_same(attribute: &Attribute, element: &Value, wanted: &Value) -> bool {
    let has_value = wanted.get("value").is_some();
    let agrees = |name| is_equal(attribute, name, element.get(name), wanted.get(name));
    covers(attribute, element, wanted) || has_value && agrees("value") && agrees("type")
}

/// Whether `element` has all parts of `wanted`. Who is primary is no part of what a value is.
fn covers(attribute: &Attribute, element: &Value, wanted: &Value) -> bool {
    let mut parts = wanted
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "primary");
    parts.all(|(name, value)| is_equal(attribute, name, element.get(name), Some(value)))
}

fn is_equal(attribute: &Attribute, name: &str, one: Option<&Value>, other: Option<&Value>) -> bool {
    let case_exact = attribute.sub(name).is_none_or(|sub| sub.case_exact);
    match (one, other) {
        (Some(Value::String(one)), Some(Value::String(other))) if !case_exact => {
            fold(one) == fold(other)
        }
        (one, other) => one == other,
    }
}
