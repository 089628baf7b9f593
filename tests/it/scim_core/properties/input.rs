//! Strategies for bodies and filters.

use crate::scim_core::ENT;
use proptest::prelude::*;
use proptest::sample::select;
use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter, ValuePath};
use serde_json::{Value, json};

const WORDS: &[&str] = &["a", "B", "ab", "Ab", "work", "home", "é", "x y"];

pub fn any_json() -> impl Strategy<Value = Value> {
    let key = select(vec![
        "userName",
        "Operations",
        "op",
        "path",
        "value",
        "members",
        "emails",
        "name",
        "active",
        "x",
    ]);
    scalar().prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..4).prop_map(|parts| Value::Object(
                parts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            )),
        ]
    })
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        select(vec!["", "True", "false", "\u{0}", "a\nb", "work"]).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ]
}

pub(super) fn word() -> impl Strategy<Value = String> {
    select(WORDS).prop_map(str::to_owned)
}

pub(super) fn element() -> impl Strategy<Value = Value> {
    let kind = select(vec!["work", "home", "Work"]);
    (
        word(),
        prop::option::of(kind),
        prop::option::of(any::<bool>()),
    )
        .prop_map(|(value, kind, primary)| {
            let mut element = json!({"value": value});
            if let Some(kind) = kind {
                element["type"] = json!(kind);
            }
            if let Some(primary) = primary {
                element["primary"] = json!(primary);
            }
            element
        })
}

/// The body of a user that can be read.
pub(super) fn user_body() -> impl Strategy<Value = Value> {
    let title = prop::option::of(word());
    let given = prop::option::of(word());
    let department = prop::option::of(word());
    let emails = prop::collection::vec(element(), 0..4);
    (word(), title, given, department, emails, any::<bool>()).prop_map(
        |(name, title, given, department, emails, active)| {
            let mut body = json!({"userName": name, "active": active, "emails": emails});
            if let Some(title) = title {
                body["title"] = json!(title);
            }
            if let Some(given) = given {
                body["name"] = json!({"givenName": given});
            }
            if let Some(department) = department {
                body[ENT] = json!({"department": department, "manager": {"value": "m"}});
            }
            body
        },
    )
}

fn operator() -> impl Strategy<Value = CompareOp> {
    use CompareOp::{Co, Eq, Ew, Ge, Gt, Le, Lt, Ne, Sw};
    select(vec![Eq, Ne, Co, Sw, Ew, Gt, Ge, Lt, Le])
}

fn text_term(paths: Vec<AttrPath>) -> impl Strategy<Value = AttrExp> {
    prop_oneof![
        1 => select(paths.clone()).prop_map(AttrExp::Present),
        4 => (select(paths), operator(), word())
            .prop_map(|(path, operator, word)| AttrExp::Comparison(path, operator, CompValue::Str(word))),
    ]
}

fn flag_term(path: AttrPath) -> impl Strategy<Value = AttrExp> {
    let value = select(vec![CompValue::True, CompValue::False, CompValue::Null]);
    (select(vec![CompareOp::Eq, CompareOp::Ne]), value)
        .prop_map(move |(operator, value)| AttrExp::Comparison(path.clone(), operator, value))
}

/// A filter that can be evaluated on what `user_body` makes.
pub(super) fn tree() -> impl Strategy<Value = Filter> {
    let named = AttrPath::with_name;
    let department = AttrPath {
        uri: Some(ENT.to_owned()),
        name: "department".to_owned(),
        sub_attr: None,
    };
    let paths = vec![
        named("userName"),
        named("TITLE"),
        named("emails"),
        AttrPath::with_sub_attr("name", "givenName"),
        AttrPath::with_sub_attr("emails", "type"),
        department,
    ];
    let leaf = prop_oneof![
        4 => text_term(paths).prop_map(Filter::Attr),
        1 => flag_term(named("active")).prop_map(Filter::Attr),
        2 => brackets().prop_map(|filter| {
            Filter::ValuePath(ValuePath { attr: AttrPath::with_name("emails"), filter: Box::new(filter) })
        }),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Filter::Not(Box::new(inner))),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Filter::and(one, other)),
            (inner.clone(), inner).prop_map(|(one, other)| Filter::or(one, other)),
        ]
    })
}

fn brackets() -> impl Strategy<Value = ValFilter> {
    let leaf = prop_oneof![
        text_term(vec![
            AttrPath::with_name("value"),
            AttrPath::with_name("Type")
        ]),
        flag_term(AttrPath::with_name("primary")),
    ];
    leaf.prop_map(ValFilter::Attr)
        .prop_recursive(3, 8, 3, |inner| {
            prop_oneof![
                inner
                    .clone()
                    .prop_map(|inner| ValFilter::Not(Box::new(inner))),
                (inner.clone(), inner.clone()).prop_map(|(one, other)| ValFilter::and(one, other)),
                (inner.clone(), inner).prop_map(|(one, other)| ValFilter::or(one, other)),
            ]
        })
}

/// Pieces of filters in any order.
pub(super) fn text_like_a_filter() -> impl Strategy<Value = String> {
    let pieces = vec![
        "userName",
        "emails",
        "a.b",
        "urn:x:y:z",
        "urn:x:y:z.w",
        " eq ",
        " ne ",
        " CO ",
        " pr",
        " and ",
        " or ",
        " AND ",
        "not (",
        "not ",
        "(",
        ")",
        "[",
        "]",
        ".value",
        " ",
        "  ",
        "\"x\"",
        "\"\\u00e9\\n\"",
        "\"",
        "\\",
        "1",
        "-1.5e3",
        "01",
        "true",
        "False",
        "null",
        "$ref",
        "bare",
        ":",
        "\t",
    ];
    let soup = prop::collection::vec(select(pieces), 0..12).prop_map(|pieces| pieces.concat());
    // A term, optionally followed by another: far more of these are filters than of the soup.
    let path = select(vec![
        "userName",
        "name.givenName",
        "urn:a:b:C",
        "x-y_1",
        "emails[type eq \"w\"]",
        "emails[a pr and b pr]",
    ]);
    let rest = select(vec![
        " pr",
        "  Eq  \"x\"",
        " eq 1",
        " ne -0.5",
        " sw true",
        " le null",
        "",
        ".value eq \"x\"",
        " eq \"x\"",
    ]);
    let joint = select(vec![
        " and ",
        " or ",
        " And not (",
        " or (",
        ") and ",
        ")",
        "",
        " ",
    ]);
    let term = (joint, path, rest).prop_map(|(joint, path, rest)| format!("{joint}{path}{rest}"));
    let terms = (
        prop::sample::select(vec!["", "(", "not (", "(("]),
        prop::collection::vec(term, 1..5),
        "\\)?",
    )
        .prop_map(|(open, terms, close)| {
            let text = terms.concat();
            format!(
                "{open}{}{close}",
                text.trim_start_matches(" and ").trim_start_matches(" or ")
            )
        });
    prop_oneof![soup, terms]
}
