//! Environment variables laid over the file: `SCIM_BRIDGE__TENANT__0__ON_OUTAGE` is `tenant[0].on_outage`.

use std::collections::BTreeMap;

use super::environment::Environment;
use super::mistakes::{Place, Spotted};
use super::tree::{Node, Value};

const PREFIX: &str = "SCIM_BRIDGE__";

/// Puts every variable's value where its name says. A number names an item of a list, from 0; the number after the last
/// item adds one. Variables that name no place are returned.
pub(super) fn apply(root: &mut Node, environment: &Environment) -> Vec<Spotted> {
    let mut overrides: Vec<_> = environment
        .beginning_with(PREFIX)
        .map(|(name, rest, value)| {
            (
                rest.split("__").map(Step::of).collect::<Vec<_>>(),
                name,
                value,
            )
        })
        .collect();
    // Items are added in the order of their numbers, and a value comes before what lies inside it.
    overrides.sort();
    overrides
        .into_iter()
        .filter_map(|(steps, name, value)| {
            let place = Place::Variable(name.to_owned());
            let says = put(root, &steps, &place, value).err()?;
            Some(Spotted {
                place,
                key: path(&steps),
                says,
            })
        })
        .collect()
}

/// One part of a variable's name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Item(usize),
    Key(String),
}

impl Step {
    fn of(part: &str) -> Self {
        part.parse()
            .map_or_else(|_| Self::Key(part.to_ascii_lowercase()), Self::Item)
    }
}

fn put(node: &mut Node, steps: &[Step], place: &Place, value: &str) -> Result<(), String> {
    let Some((step, inner)) = steps.split_first() else {
        node.cover(place, Value::Text(value.to_owned()));
        return Ok(());
    };
    let child = match step {
        Step::Item(number) => item(node, *number, place)?,
        Step::Key(key) if key.is_empty() => {
            return Err(
                "the name has an empty part: keys are separated by two underscores".to_owned(),
            );
        }
        Step::Key(key) => entry(node, key, place)?,
    };
    put(child, inner, place, value)
}

/// The item of a list, which is begun or made one longer when need be.
fn item<'n>(node: &'n mut Node, number: usize, place: &Place) -> Result<&'n mut Node, String> {
    make_room(node, place, Value::List(Vec::new()))?;
    let Value::List(items) = &mut node.value else {
        return Err(format!(
            "{number} stands where a key's name belongs: this is not a list"
        ));
    };
    let length = items.len();
    if number == length {
        items.push(blank(place));
    }
    items.get_mut(number).ok_or_else(|| {
        format!("there is no item {number}: the list has {length}, and number {length} adds one")
    })
}

/// The entry of a table, which is begun when need be.
fn entry<'n>(node: &'n mut Node, key: &str, place: &Place) -> Result<&'n mut Node, String> {
    make_room(node, place, Value::Table(BTreeMap::new()))?;
    let Value::Table(entries) = &mut node.value else {
        return Err("a list's items are named by number, from 0".to_owned());
    };
    Ok(entries
        .entry(key.to_owned())
        .or_insert_with(|| blank(place)))
}

/// A single value gives way to a container, except when another variable says what it is.
fn make_room(node: &mut Node, place: &Place, container: Value) -> Result<(), String> {
    match (&node.value, &node.place) {
        (Value::List(_) | Value::Table(_), _) => {}
        (Value::Other, _) | (_, Place::File { .. }) => node.cover(place, container),
        (Value::Text(_) | Value::Integer(_) | Value::Flag(_), Place::Variable(other)) => {
            return Err(format!(
                "contradicts the variable {other}: unset one of them"
            ));
        }
    }
    Ok(())
}

fn blank(place: &Place) -> Node {
    Node {
        named: place.clone(),
        place: place.clone(),
        value: Value::Other,
        covered: None,
    }
}

fn path(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |path, step| match step {
        Step::Item(number) => format!("{path}[{number}]"),
        Step::Key(key) if path.is_empty() => key.clone(),
        Step::Key(key) => format!("{path}.{key}"),
    })
}
