//! Changes of a multi-valued attribute, on its elements.

use super::bounds::Bounds;
use crate::scim::elements::{self, Index};
use crate::scim::normalise::keep_one_primary;
use crate::scim::quirks::Quirk;
use crate::scim::reading::Deviations;
use crate::scim::schema::Attribute;
use crate::scim::{ScimError, evaluate};
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

impl ListChange {
    /// How often the change looks at each element.
    fn terms(&self) -> usize {
        let selector = match self {
            Self::Set(_) | Self::Add(_) | Self::Drop(_) => None,
            Self::Part { selector, .. } => selector.as_ref(),
            Self::Elements { selector, .. } => Some(selector),
        };
        let terms = selector.map_or(1, |selector| evaluate::terms(&selector.filter));
        usize::try_from(terms).unwrap_or(usize::MAX)
    }
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
    bounds: &mut Bounds,
    met: &mut Deviations,
) -> Result<(), ScimError> {
    let before = elements.len();
    bounds.spend(before.saturating_mul(change.terms()))?;
    match change {
        ListChange::Set(wanted) => *elements = wanted,
        ListChange::Add(wanted) => add(attribute, elements, wanted, bounds)?,
        ListChange::Drop(unwanted) => drop_all(attribute, elements, &unwanted, bounds)?,
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
                    add(attribute, elements, vec![Value::Object(element)], bounds)?;
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
                    let element = seed.into_iter().chain(wanted).collect();
                    add(attribute, elements, vec![Value::Object(element)], bounds)?;
                }
                None => remove(elements, &selected),
            }
        }
    }
    keep_one_primary(elements);
    bounds.grown(attribute.name, before, elements.len())
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

/// Adds elements, or the parts of each to the element that has the same value already.
fn add(
    attribute: &Attribute,
    elements: &mut Vec<Value>,
    wanted: Vec<Value>,
    bounds: &mut Bounds,
) -> Result<(), ScimError> {
    let mut index = Index::of(attribute, elements);
    for wanted in wanted {
        let parts = wanted.as_object();
        if parts.is_some_and(|parts| parts.iter().any(|(name, value)| is_primary(name, value))) {
            demote_all(elements);
        }
        let is_same = |element: &Value| elements::is_same(attribute, element, &wanted);
        let same = match index.candidates(&wanted) {
            Some(places) => {
                bounds.spend(places.len())?;
                let mut places = places.iter().copied();
                places.find(|at| elements.get(*at).is_some_and(is_same))
            }
            None => {
                bounds.spend(elements.len())?;
                elements.iter().position(is_same)
            }
        };
        match (same.and_then(|at| elements.get_mut(at)), wanted) {
            (Some(Value::Object(parts)), Value::Object(wanted)) => parts.extend(wanted),
            (Some(element), wanted) => *element = wanted,
            (None, wanted) => {
                index.note(&wanted);
                elements.push(wanted);
            }
        }
    }
    Ok(())
}

/// Takes away the elements that have all parts of one of `unwanted`.
fn drop_all(
    attribute: &Attribute,
    elements: &mut Vec<Value>,
    unwanted: &[Value],
    bounds: &mut Bounds,
) -> Result<(), ScimError> {
    let index = Index::of(attribute, unwanted);
    let mut selected = Vec::with_capacity(elements.len());
    for element in elements.iter() {
        let mut looked_at = 0;
        let mut candidates = index.part_candidates(element).inspect(|_| looked_at += 1);
        selected.push(candidates.any(|at| {
            let unwanted = unwanted.get(at);
            unwanted.is_some_and(|one| elements::covers(attribute, element, one))
        }));
        drop(candidates);
        bounds.spend(looked_at)?;
    }
    remove(elements, &selected);
    Ok(())
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
