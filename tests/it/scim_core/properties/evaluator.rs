//! A naive filter evaluator for what `input::tree` makes: reads the rendered user by hand, without the attribute table.

use crate::scim_core::ENT;
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};
use serde_json::Value;

pub(super) fn selects(filter: &Filter, user: &Value) -> bool {
    match filter {
        Filter::Not(inner) => !selects(inner, user),
        Filter::And(items) => items.iter().all(|item| selects(item, user)),
        Filter::Or(items) => items.iter().any(|item| selects(item, user)),
        Filter::Attr(term) => holds(term, &read(path_of(term), user)),
        Filter::ValuePath(path) => {
            let elements = user["emails"].as_array().cloned().unwrap_or_default();
            elements
                .iter()
                .any(|element| selects_element(&path.filter, element))
        }
    }
}

fn selects_element(filter: &ValFilter, element: &Value) -> bool {
    match filter {
        ValFilter::Not(inner) => !selects_element(inner, element),
        ValFilter::And(items) => items.iter().all(|item| selects_element(item, element)),
        ValFilter::Or(items) => items.iter().any(|item| selects_element(item, element)),
        ValFilter::Attr(term) => {
            let name = path_of(term).name.to_lowercase();
            holds(
                term,
                &element.get(&name).cloned().into_iter().collect::<Vec<_>>(),
            )
        }
    }
}

fn path_of(term: &AttrExp) -> &AttrPath {
    match term {
        AttrExp::Present(path) | AttrExp::Comparison(path, _, _) => path,
    }
}

fn read(path: &AttrPath, user: &Value) -> Vec<Value> {
    let written = path.to_string();
    let parts = |part: &str| {
        let elements = user["emails"].as_array().cloned().unwrap_or_default();
        elements
            .iter()
            .map(|element| element[part].clone())
            .collect()
    };
    let values: Vec<Value> = match written.as_str() {
        "emails" => parts("value"),
        "emails.type" => parts("type"),
        "name.givenName" => vec![user["name"]["givenName"].clone()],
        "TITLE" => vec![user["title"].clone()],
        _ if written.starts_with(ENT) => vec![user[ENT]["department"].clone()],
        name => vec![user[name].clone()],
    };
    values
        .into_iter()
        .filter(|value| !value.is_null())
        .collect()
}

fn holds(term: &AttrExp, values: &[Value]) -> bool {
    let AttrExp::Comparison(_, operator, wanted) = term else {
        return !values.is_empty();
    };
    match (wanted, operator) {
        (CompValue::Null, CompareOp::Eq) => values.is_empty(),
        (CompValue::Null, _) => !values.is_empty(),
        (_, CompareOp::Ne) if values.is_empty() => true,
        (CompValue::Str(text), _) => {
            let wanted = text.to_lowercase();
            values
                .iter()
                .any(|value| compares(&value.as_str().unwrap().to_lowercase(), operator, &wanted))
        }
        (wanted, _) => {
            let wanted = *wanted == CompValue::True;
            values
                .iter()
                .any(|value| (value.as_bool().unwrap() == wanted) == (*operator == CompareOp::Eq))
        }
    }
}

fn compares(actual: &str, operator: &CompareOp, wanted: &str) -> bool {
    match operator {
        CompareOp::Eq => actual == wanted,
        CompareOp::Ne => actual != wanted,
        CompareOp::Co => actual.contains(wanted),
        CompareOp::Sw => actual.starts_with(wanted),
        CompareOp::Ew => actual.ends_with(wanted),
        CompareOp::Gt => actual > wanted,
        CompareOp::Ge => actual >= wanted,
        CompareOp::Lt => actual < wanted,
        CompareOp::Le => actual <= wanted,
    }
}
