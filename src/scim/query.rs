//! The parameters of a list request, and its answer (RFC 7644 sections 3.4.2 to 3.4.3).

use super::reading::Reading;
use super::{Filter, Projection, ScimError};
use scim_v2::schema_urns;
use serde_json::{Value, json};

/// What a client asks of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources; `None` is all.
    pub filter: Option<Filter>,
    /// The place of the first resource wanted, counted from 1.
    pub start_index: u64,
    /// How many at most; `None` leaves it to the server.
    pub count: Option<u64>,
    /// Which attributes of each.
    pub projection: Projection,
}

impl ListQuery {
    /// Reads the query part of an address, form encoded. Unknown keys are ignored. An index below 1 is 1 and a negative
    /// count is 0, as RFC 7644 section 3.4.2.4 has it.
    ///
    /// # Errors
    /// 400 `invalidValue` for a number that is none, a parameter given twice or broken encoding, `invalidFilter` for a
    /// filter that is empty or cannot be parsed: never a list of everything.
    pub fn parse(raw_query: Option<&str>, reading: &mut Reading<'_>) -> Result<Self, ScimError> {
        let parameters = parameters(raw_query.unwrap_or_default())?;
        let find = |name| parameter(&parameters, name);
        let number = |name| match find(name)? {
            Some(text) => whole_number(name, text).map(Some),
            None => Ok(None),
        };
        Ok(Self {
            filter: find("filter")?
                .map(|filter| Filter::parse(filter, reading))
                .transpose()?,
            start_index: number("startIndex")?.unwrap_or(1).max(1),
            count: number("count")?,
            projection: Projection::parse(
                find("attributes")?,
                find("excludedAttributes")?,
                reading,
            )?,
        })
    }
}

/// The answer to a list request: one page of `total` resources, whose first is number `start_index`.
pub fn list_response(resources: Vec<Value>, total: u64, start_index: u64) -> Value {
    json!({
        "schemas": [schema_urns::LIST_RESPONSE],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// Whether the query part of an address has a filter, whatever it says.
///
/// # Errors
/// 400 `invalidValue` for broken encoding.
pub fn has_filter(raw_query: Option<&str>) -> Result<bool, ScimError> {
    let parameters = parameters(raw_query.unwrap_or_default())?;
    Ok(parameters
        .iter()
        .any(|(key, _)| key.eq_ignore_ascii_case("filter")))
}

fn parameters(raw: &str) -> Result<Vec<(String, String)>, ScimError> {
    let pairs = raw.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(key)?, decode(value)?))
        })
        .collect()
}

/// The value of the parameter, whose name is read without regard to case.
fn parameter<'a>(
    parameters: &'a [(String, String)],
    name: &str,
) -> Result<Option<&'a str>, ScimError> {
    let mut values = parameters
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value);
    let value = values.next().map(String::as_str);
    match values.next() {
        Some(_) => Err(ScimError::invalid_value(format!(
            "{name} is given twice; send it once."
        ))),
        None => Ok(value),
    }
}

fn whole_number(name: &str, text: &str) -> Result<u64, ScimError> {
    let number: i64 = text.trim().parse().map_err(|_| {
        ScimError::invalid_value(format!("{name} must be a whole number, not '{text}'."))
    })?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// Form decoding: `+` is a blank, `%20` too.
fn decode(text: &str) -> Result<String, ScimError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (byte, tail) = escaped(tail).ok_or_else(|| undecodable(text))?;
                rest = tail;
                byte
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).map_err(|_| undecodable(text))
}

fn escaped(rest: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = rest.split_at_checked(2)?;
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    let byte = digit(0)? * 16 + digit(1)?;
    Some((u8::try_from(byte).ok()?, rest))
}

fn undecodable(text: &str) -> ScimError {
    ScimError::invalid_value(format!(
        "'{text}' in the address is not valid percent-encoded UTF-8."
    ))
}
