//! When two elements of a list say the same, and how to find such an element without looking at all of them.

use super::fold;
use super::schema::Attribute;
use serde_json::Value;
use std::collections::HashMap;

/// The elements of a list by their `value`.
#[derive(Debug)]
pub(super) struct Index<'a> {
    attribute: &'a Attribute,
    by_value: HashMap<String, Vec<usize>>,
    /// Those without a `value`.
    without: Vec<usize>,
    count: usize,
}

impl<'a> Index<'a> {
    /// The index of these elements of `attribute`.
    pub(super) fn of(attribute: &'a Attribute, elements: &[Value]) -> Self {
        let mut index = Self {
            attribute,
            by_value: HashMap::new(),
            without: Vec::new(),
            count: 0,
        };
        elements.iter().for_each(|element| index.note(element));
        index
    }

    /// Takes note of one more element, at the end of the list.
    pub(super) fn note(&mut self, element: &Value) {
        let places = match key(self.attribute, element) {
            Some(key) => self.by_value.entry(key).or_default(),
            None => &mut self.without,
        };
        places.push(self.count);
        self.count += 1;
    }

    /// The places of all elements that can say the same as `wanted`, or more: those of its value. `None` stands for every
    /// place, because `wanted` has none.
    pub(super) fn candidates(&self, wanted: &Value) -> Option<&[usize]> {
        let key = key(self.attribute, wanted)?;
        Some(self.by_value.get(&key).map_or(&[], Vec::as_slice))
    }

    /// The places of all elements that can say the same as `given`, or less.
    pub(super) fn part_candidates(&self, given: &Value) -> impl Iterator<Item = usize> {
        let same = self.candidates(given).unwrap_or_default().iter();
        same.chain(&self.without).copied()
    }
}

fn key(attribute: &Attribute, element: &Value) -> Option<String> {
    let value = element.get("value")?;
    let is_folded = attribute.sub("value").is_some_and(|sub| !sub.case_exact);
    Some(match value.as_str() {
        Some(text) if is_folded => fold(text),
        Some(text) => text.to_owned(),
        None => value.to_string(),
    })
}

/// The list with each value of a type once (RFC 7643 section 2.4). Of several the first counts, and is filled up.
pub(super) fn each_once(attribute: &Attribute, elements: Vec<Value>) -> Vec<Value> {
    let mut index = Index::of(attribute, &[]);
    let mut kept: Vec<Value> = Vec::with_capacity(elements.len());
    for element in elements {
        let mut places = index.candidates(&element).unwrap_or_default().iter();
        let same = places.find(|at| {
            kept.get(**at)
                .is_some_and(|known| is_same_value(attribute, known, &element))
        });
        match (same.and_then(|at| kept.get_mut(*at)), element) {
            (Some(Value::Object(known)), Value::Object(more)) => {
                for (name, value) in more {
                    let part = known.entry(name).or_insert(Value::Bool(false));
                    if *part == Value::Bool(false) {
                        *part = value;
                    }
                }
            }
            (_, element) => {
                index.note(&element);
                kept.push(element);
            }
        }
    }
    kept
}

/// Whether adding `wanted` beside `element` would say the same twice: it says nothing more, or has the same value and type.
pub(super) fn is_same(attribute: &Attribute, element: &Value, wanted: &Value) -> bool {
    covers(attribute, element, wanted) || is_same_value(attribute, element, wanted)
}

fn is_same_value(attribute: &Attribute, element: &Value, wanted: &Value) -> bool {
    let agrees = |name| is_equal(attribute, name, element.get(name), wanted.get(name));
    wanted.get("value").is_some() && agrees("value") && agrees("type")
}

/// Whether `element` has all parts of `wanted`. Who is primary is no part of what a value is.
pub(super) fn covers(attribute: &Attribute, element: &Value, wanted: &Value) -> bool {
    let mut parts = wanted
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "primary");
    parts.all(|(name, value)| is_equal(attribute, name, element.get(name), Some(value)))
}

/// Whether two values of `attribute` are the same one: of complex ones, whether their `value` is.
pub(super) fn is_value(attribute: &Attribute, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            is_equal(attribute, "value", one.get("value"), other.get("value"))
        }
        (one, other) => is_same_text(attribute.case_exact, Some(one), Some(other)),
    }
}

fn is_equal(attribute: &Attribute, name: &str, one: Option<&Value>, other: Option<&Value>) -> bool {
    let case_exact = attribute.sub(name).is_none_or(|sub| sub.case_exact);
    is_same_text(case_exact, one, other)
}

fn is_same_text(case_exact: bool, one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::String(one)), Some(Value::String(other))) if !case_exact => {
            fold(one) == fold(other)
        }
        (one, other) => one == other,
    }
}
