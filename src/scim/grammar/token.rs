//! The words of the grammar: attribute paths and operators.

use scim_v2::filter::{AttrPath, CompareOp};

/// Splits `urn:...:name.sub` at its last colon and the dot behind it. What stands behind the last colon of a URN need be no
/// name, for the URN of an extension may end in its version.
pub(super) fn attribute_path(token: &str) -> Option<AttrPath> {
    let (uri, rest) = match token.rsplit_once(':') {
        Some((uri, rest)) => (Some(uri), rest),
        None => (None, token),
    };
    if uri.is_some_and(is_urn) && is_version(rest) {
        return Some(AttrPath {
            uri: uri.map(str::to_owned),
            name: rest.to_owned(),
            sub_attr: None,
        });
    }
    let (name, sub) = match rest.split_once('.') {
        Some((name, sub)) => (name, Some(sub)),
        None => (rest, None),
    };
    let is_valid =
        is_name(name) && sub.is_none_or(is_name) && uri.is_none_or(|uri| uri.contains(':'));
    is_valid.then(|| AttrPath {
        uri: uri.map(str::to_owned),
        name: name.to_owned(),
        sub_attr: sub.map(str::to_owned),
    })
}

fn is_urn(uri: &str) -> bool {
    uri.get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:"))
}

/// `2.0`, `2.0User`, `v1.5`
fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// `ATTRNAME` of RFC 7644 section 3.4.2.2, and `$ref`, which the grammar there forgets.
pub(in crate::scim) fn is_name(text: &str) -> bool {
    let bare = text.strip_prefix('$').unwrap_or(text);
    bare.starts_with(|c: char| c.is_ascii_alphabetic())
        && bare
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// The comparison operator of that name, in any case.
pub(super) fn operator(word: &str) -> Option<CompareOp> {
    const OPERATORS: [(&str, CompareOp); 9] = [
        ("eq", CompareOp::Eq),
        ("ne", CompareOp::Ne),
        ("co", CompareOp::Co),
        ("sw", CompareOp::Sw),
        ("ew", CompareOp::Ew),
        ("gt", CompareOp::Gt),
        ("ge", CompareOp::Ge),
        ("lt", CompareOp::Lt),
        ("le", CompareOp::Le),
    ];
    OPERATORS
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, operator)| operator)
}
