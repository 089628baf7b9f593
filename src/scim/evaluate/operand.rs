//! The right-hand side of a comparison, read by the type of the attribute on its left.

use crate::scim::fold;
use crate::scim::instant;
use crate::scim::quirks;
use crate::scim::schema::{Attribute, Type};
use jiff::Timestamp;
use scim_v2::filter::{CompValue, CompareOp};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A comparison value, ready to be compared with many.
#[derive(Debug)]
pub(super) enum Operand {
    Null,
    Boolean(bool),
    Instant(Timestamp),
    Text { text: String, case_exact: bool },
}

impl Operand {
    /// Reads `value` for a comparison with `attribute`. The error is the reason why there is no such comparison.
    pub(super) fn new(
        attribute: &Attribute,
        case_exact: bool,
        operator: &CompareOp,
        value: &CompValue,
    ) -> Result<Self, &'static str> {
        let relation = Relation::of(operator);
        match (attribute.kind, relation, value) {
            (_, Relation::Equality, CompValue::Null) => Ok(Self::Null),
            (_, _, CompValue::Null) => Err("null compares with eq and ne only"),
            (Type::Boolean, Relation::Equality, _) => boolean(value).map(Self::Boolean),
            (Type::Boolean, _, _) => Err("true and false compare with eq and ne only"),
            (Type::DateTime, Relation::Equality | Relation::Order, _) => {
                instant_of(value).map(Self::Instant)
            }
            (Type::Binary, Relation::Order, _) => Err("binary values have no order"),
            (Type::Complex, _, _) => Err("it has several parts; compare one of them"),
            (Type::String | Type::Reference | Type::Binary | Type::DateTime, _, _) => {
                Ok(text(value, case_exact))
            }
        }
    }

    /// Whether `actual operator self` holds for a value that is present.
    pub(super) fn compare(&self, operator: &CompareOp, actual: &Value) -> bool {
        let differs = *operator == CompareOp::Ne;
        match self {
            Self::Null => differs,
            Self::Boolean(wanted) => (actual.as_bool() == Some(*wanted)) != differs,
            Self::Instant(wanted) => match actual.as_str().and_then(instant::parse) {
                Some(actual) => is_ordered(operator, actual.cmp(wanted)),
                None => differs,
            },
            Self::Text { text, case_exact } => match actual.as_str() {
                Some(actual) => {
                    let actual = if *case_exact {
                        Cow::Borrowed(actual)
                    } else {
                        Cow::Owned(fold(actual))
                    };
                    match operator {
                        CompareOp::Co => actual.contains(text),
                        CompareOp::Sw => actual.starts_with(text),
                        CompareOp::Ew => actual.ends_with(text),
                        CompareOp::Eq
                        | CompareOp::Ne
                        | CompareOp::Gt
                        | CompareOp::Ge
                        | CompareOp::Lt
                        | CompareOp::Le => is_ordered(operator, actual.as_ref().cmp(text)),
                    }
                }
                None => differs,
            },
        }
    }
}

/// What an operator asks about two values.
#[derive(Clone, Copy)]
enum Relation {
    Equality,
    Order,
    Containment,
}

impl Relation {
    fn of(operator: &CompareOp) -> Self {
        match operator {
            CompareOp::Eq | CompareOp::Ne => Self::Equality,
            CompareOp::Gt | CompareOp::Ge | CompareOp::Lt | CompareOp::Le => Self::Order,
            CompareOp::Co | CompareOp::Sw | CompareOp::Ew => Self::Containment,
        }
    }
}

fn is_ordered(operator: &CompareOp, order: Ordering) -> bool {
    match operator {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

fn boolean(value: &CompValue) -> Result<bool, &'static str> {
    match value {
        CompValue::True => Some(true),
        CompValue::False => Some(false),
        CompValue::Str(text) => quirks::boolean(text),
        CompValue::Null | CompValue::Number(_) => None,
    }
    .ok_or("the attribute is true or false")
}

fn instant_of(value: &CompValue) -> Result<Timestamp, &'static str> {
    match value {
        CompValue::Str(text) => instant::parse(text),
        CompValue::True | CompValue::False | CompValue::Null | CompValue::Number(_) => None,
    }
    .ok_or("the value must be a date and time such as \"2026-01-31T08:00:00Z\"")
}

fn text(value: &CompValue, case_exact: bool) -> Operand {
    let text = match value {
        CompValue::Str(text) => text.clone(),
        CompValue::True | CompValue::False | CompValue::Null | CompValue::Number(_) => {
            value.to_string()
        }
    };
    Operand::Text {
        text: if case_exact { text } else { fold(&text) },
        case_exact,
    }
}
