//! Questions to lists, and a naive way to answer them: rendered resources are read by hand, without the attribute table.

use std::cmp::Ordering;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::ENT;
use super::directory::word;

/// How values of an attribute compare.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Folded,
    Exact,
    Flag,
    Instant,
}

/// The attributes that are asked for, as they are written.
const ATTRIBUTES: &[(&str, Kind)] = &[
    ("userName", Kind::Folded),
    ("displayName", Kind::Folded),
    ("title", Kind::Folded),
    ("name.givenName", Kind::Folded),
    ("emails", Kind::Folded),
    ("emails.value", Kind::Folded),
    ("emails.type", Kind::Folded),
    ("emails.primary", Kind::Flag),
    ("active", Kind::Flag),
    ("id", Kind::Exact),
    ("externalId", Kind::Exact),
    ("groups.value", Kind::Exact),
    ("groups.display", Kind::Folded),
    ("members", Kind::Exact),
    ("members.value", Kind::Exact),
    ("members.display", Kind::Folded),
    ("meta.created", Kind::Instant),
    ("meta.lastModified", Kind::Instant),
    ("meta.resourceType", Kind::Exact),
    (
        "urn:ietf:params:scim:schemas:core:2.0:User:title",
        Kind::Folded,
    ),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        Kind::Folded,
    ),
];

#[derive(Debug, Clone)]
pub enum Filter {
    Present(&'static str),
    Compare(&'static str, Kind, &'static str, Value),
    Brackets(&'static str, Box<Filter>),
    Not(Box<Filter>),
    And(Vec<Filter>),
    Or(Vec<Filter>),
}

impl Filter {
    pub fn text(&self) -> String {
        let all = |filters: &[Filter], word: &str| {
            let texts: Vec<_> = filters
                .iter()
                .map(|filter| format!("({})", filter.text()))
                .collect();
            texts.join(word)
        };
        match self {
            Filter::Present(path) => format!("{path} pr"),
            Filter::Compare(path, _, operator, value) => format!("{path} {operator} {value}"),
            Filter::Brackets(path, filter) => format!("{path}[{}]", filter.text()),
            Filter::Not(filter) => format!("not ({})", filter.text()),
            Filter::And(filters) => all(filters, " and "),
            Filter::Or(filters) => all(filters, " or "),
        }
    }

    /// Whether the resource is selected; `loosely` compares `externalId` without case.
    pub fn selects(&self, resource: &Value, loosely: bool) -> bool {
        match self {
            Filter::Present(path) => !values(resource, path).is_empty(),
            Filter::Compare(path, kind, operator, value) => {
                let folds = loosely && *path == "externalId" && *operator == "eq";
                let kind = if folds { Kind::Folded } else { *kind };
                holds(kind, operator, value, &values(resource, path))
            }
            Filter::Brackets(path, filter) => {
                let elements = resource[*path].as_array().cloned().unwrap_or_default();
                elements
                    .iter()
                    .any(|element| filter.selects(element, loosely))
            }
            Filter::Not(filter) => !filter.selects(resource, loosely),
            Filter::And(filters) => filters
                .iter()
                .all(|filter| filter.selects(resource, loosely)),
            Filter::Or(filters) => filters
                .iter()
                .any(|filter| filter.selects(resource, loosely)),
        }
    }

    /// Whether every match must have a certain externalId.
    fn demands_external_id(&self) -> bool {
        match self {
            Filter::Compare("externalId", _, "eq", Value::String(_)) => true,
            Filter::And(filters) => filters.iter().any(Filter::demands_external_id),
            Filter::Present(_)
            | Filter::Compare(..)
            | Filter::Brackets(..)
            | Filter::Not(_)
            | Filter::Or(_) => false,
        }
    }

    /// The resources of one type that are selected. A single one that has the externalId but for its case is meant.
    pub fn select<'a>(&self, resources: &[&'a Value]) -> Vec<&'a Value> {
        let select = |loosely| -> Vec<&'a Value> {
            let selected = resources
                .iter()
                .filter(|resource| self.selects(resource, loosely));
            selected.copied().collect()
        };
        let loose = select(true);
        if self.demands_external_id() && loose.len() == 1 {
            loose
        } else {
            select(false)
        }
    }
}

/// Sorts resources, which are in the order of types and ids.
pub fn sort(resources: &mut [&Value], path: &str, descending: bool) {
    resources.sort_by(|one, other| {
        let (one, other) = (key(one, path), key(other, path));
        match (one.is_empty(), other.is_empty()) {
            (false, false) if descending => other.cmp(&one),
            (false, false) => one.cmp(&other),
            (one, other) => one.cmp(&other),
        }
    });
    if descending {
        // Equal ones are in the order of ids, which is turned round with them.
        let mut rest = resources;
        while let Some(first) = rest.first() {
            let same = |resource: &&&Value| key(resource, path) == key(first, path);
            let equal = rest.iter().take_while(same).count();
            let (run, after) = rest.split_at_mut(equal);
            run.reverse();
            rest = after;
        }
    }
}

/// What is sorted by: nothing, or the primary value, or the first.
fn key(resource: &Value, path: &str) -> Vec<String> {
    let attribute = path.rsplit(':').next().unwrap().split('.').next().unwrap();
    let elements = resource[attribute].as_array().cloned().unwrap_or_default();
    let part = path.split_once('.').map_or("value", |(_, part)| part);
    let primary = elements
        .iter()
        .find(|element| element["primary"] == true && !element[part].is_null());
    let value = match primary {
        Some(element) => Some(element[part].clone()),
        None => values(resource, path).into_iter().next(),
    };
    let kind = kind_of(path);
    let text = value.map(|value| match (kind, value.as_str()) {
        (Kind::Folded, Some(text)) => text.to_lowercase(),
        (Kind::Instant, Some(text)) => {
            let instant: jiff::Timestamp = text.parse().unwrap();
            format!("{:020}", instant.as_microsecond())
        }
        (_, Some(text)) => text.to_owned(),
        (_, None) => value.to_string(),
    });
    text.into_iter().collect()
}

fn kind_of(path: &str) -> Kind {
    let of_path = |(written, _): &&(&str, Kind)| *written == path;
    ATTRIBUTES.iter().find(of_path).unwrap().1
}

/// The values that a path leads to.
fn values(resource: &Value, path: &str) -> Vec<Value> {
    let (holder, name) = match path.rsplit_once(':') {
        Some((ENT, name)) => (&resource[ENT], name),
        Some((_, name)) if resource["meta"]["resourceType"] == "User" => (resource, name),
        Some(_) => return Vec::new(),
        None => (resource, path),
    };
    let (attribute, part) = name.split_once('.').unwrap_or((name, "value"));
    let value = &holder[attribute];
    let found: Vec<Value> = if let Some(elements) = value.as_array() {
        let parts = elements.iter().map(|element| element[part].clone());
        parts.collect()
    } else if let Some(parts) = value.as_object() {
        parts.get(part).into_iter().cloned().collect()
    } else {
        vec![value.clone()]
    };
    found.into_iter().filter(|value| !value.is_null()).collect()
}

fn holds(kind: Kind, operator: &str, wanted: &Value, values: &[Value]) -> bool {
    match (wanted, operator) {
        (Value::Null, "eq") => values.is_empty(),
        (Value::Null, _) => !values.is_empty(),
        (_, "ne") if values.is_empty() => true,
        _ => values
            .iter()
            .any(|value| compares(kind, operator, value, wanted)),
    }
}

fn compares(kind: Kind, operator: &str, actual: &Value, wanted: &Value) -> bool {
    let text = |value: &Value| match (kind, value) {
        (Kind::Folded, Value::String(text)) => text.to_lowercase(),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    };
    let (actual, wanted) = (text(actual), text(wanted));
    let order = if kind == Kind::Instant {
        let instant = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        instant(&actual).cmp(&instant(&wanted))
    } else {
        actual.cmp(&wanted)
    };
    match operator {
        "co" => actual.contains(&wanted),
        "sw" => actual.starts_with(&wanted),
        "ew" => actual.ends_with(&wanted),
        "eq" => order == Ordering::Equal,
        "ne" => order != Ordering::Equal,
        "gt" => order == Ordering::Greater,
        "ge" => order != Ordering::Less,
        "lt" => order == Ordering::Less,
        "le" => order != Ordering::Greater,
        other => unreachable!("{other}"),
    }
}

fn text() -> impl Strategy<Value = String> {
    let number = 0_usize..40;
    prop_oneof![
        3 => word(),
        2 => (word(), number.clone()).prop_map(|(word, number)| format!("{word}{number}")),
        1 => select(vec!["m1", "M1", "m4", "G2", "User", "Group"]).prop_map(str::to_owned),
        1 => number.clone().prop_map(super::directory::user_id),
        1 => number.prop_map(super::directory::group_id),
    ]
}

fn instant() -> impl Strategy<Value = String> {
    select(vec![
        "2026-01-01T00:00:00Z",
        "2026-01-01T01:00:00.5+01:00",
        "2026-01-01T00:00:01Z",
        "2026-01-01T00:00:01.0000005Z",
        "2026-01-01T00:00:02.5Z",
        "2020-01-01T00:00:00Z",
    ])
    .prop_map(str::to_owned)
}

fn comparison(path: &'static str, kind: Kind) -> BoxedStrategy<Filter> {
    let with = move |operators: Vec<&'static str>, value: BoxedStrategy<Value>| {
        (select(operators), value)
            .prop_map(move |(operator, value)| Filter::Compare(path, kind, operator, value))
    };
    match kind {
        Kind::Flag => with(
            vec!["eq", "ne"],
            any::<bool>().prop_map(Value::from).boxed(),
        )
        .boxed(),
        Kind::Instant => {
            let operators = vec!["eq", "ne", "gt", "ge", "lt", "le"];
            with(operators, instant().prop_map(Value::from).boxed()).boxed()
        }
        Kind::Folded | Kind::Exact => {
            let value = prop_oneof![9 => text().prop_map(Value::from), 1 => Just(json!(null))];
            prop_oneof![
                3 => with(vec!["eq"], value.clone().boxed()),
                2 => with(vec!["ne", "co", "sw", "ew", "gt", "ge", "lt", "le"], text().prop_map(Value::from).boxed()),
            ]
            .boxed()
        }
    }
}

fn term() -> impl Strategy<Value = Filter> {
    let plain = select(ATTRIBUTES).prop_flat_map(
        |(path, kind)| prop_oneof![1 => Just(Filter::Present(path)), 6 => comparison(path, kind)],
    );
    let parts = select(vec![
        ("value", Kind::Folded),
        ("type", Kind::Folded),
        ("primary", Kind::Flag),
    ]);
    let email = parts.prop_flat_map(|(path, kind)| comparison(path, kind));
    let emails =
        tree(email.boxed()).prop_map(|filter| Filter::Brackets("emails", Box::new(filter)));
    let member = comparison("value", Kind::Exact)
        .prop_map(|filter| Filter::Brackets("members", Box::new(filter)));
    prop_oneof![8 => plain, 2 => emails, 1 => member]
}

fn tree(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(3, 8, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            1 => inner.prop_map(|inner| Filter::Not(Box::new(inner))),
            3 => several.clone().prop_map(Filter::And),
            1 => several.prop_map(Filter::Or),
        ]
    })
    .boxed()
}

/// A filter on users, groups or both.
pub fn filter() -> impl Strategy<Value = Filter> {
    tree(term().boxed())
}

/// `sortBy` and whether it is descending.
pub fn order() -> impl Strategy<Value = (&'static str, bool)> {
    (select(ATTRIBUTES), any::<bool>()).prop_map(|((path, _), descending)| (path, descending))
}
