//! The parameters of a list request, and its answer (RFC 7644 sections 3.4.2 to 3.4.3).

use super::reading::Reading;
use super::{Filter, Projection, ScimError, Sort};
use scim_v2::schema_urns;
use serde_json::{Value, json};

/// What a client asks of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources; `None` is all.
    pub filter: Option<Filter>,
    /// In which order; `None` leaves it to the server.
    pub sort: Option<Sort>,
    /// Where the page begins.
    pub paging: Paging,
    /// How many at most; `None` leaves it to the server. At least 1 with a cursor.
    pub count: Option<u64>,
    /// Which attributes of each.
    pub projection: Projection,
}

/// The two ways to name a page. By index is the default (RFC 9865 section 2.3), which all clients understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// The place of the first resource wanted, counted from 1.
    Index(u64),
    /// A cursor as the client sent it. The empty one begins.
    Cursor(String),
}

impl ListQuery {
    /// Reads the query part of an address, form encoded. Unknown keys are ignored. An index below 1 is 1 and a negative
    /// count is 0, as RFC 7644 section 3.4.2.4 has it.
    ///
    /// # Errors
    /// 400 `invalidValue` for a number that is none, a parameter given twice, broken encoding, a sort that cannot be, and
    /// for a cursor with an index: they contradict each other, and RFC 9865 does not say which counts. `invalidCount` for a
    /// cursor with a count below 1, `invalidFilter` for a filter that is empty or cannot be parsed: never a list of
    /// everything.
    pub fn parse(raw_query: Option<&str>, reading: &mut Reading<'_>) -> Result<Self, ScimError> {
        let parameters = parameters(raw_query.unwrap_or_default())?;
        let text = |name| parameter(&parameters, name).map(|text| text.map(str::to_owned));
        let number = |name| match parameter(&parameters, name)? {
            Some(text) => whole_number(name, text).map(Some),
            None => Ok(None),
        };
        let cursor = text("cursor")?;
        let count = number("count").map_err(|error| match &cursor {
            Some(_) => ScimError::invalid_count(error.detail),
            None => error,
        });
        Given {
            filter: text("filter")?,
            sort_by: text("sortBy")?,
            sort_order: text("sortOrder")?,
            start_index: number("startIndex")?,
            count: count?,
            cursor,
            attributes: text("attributes")?,
            excluded: text("excludedAttributes")?,
        }
        .into_query(reading)
    }
}

/// The parameters as they came, from an address or a body.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) filter: Option<String>,
    pub(super) sort_by: Option<String>,
    pub(super) sort_order: Option<String>,
    pub(super) cursor: Option<String>,
    pub(super) start_index: Option<i64>,
    pub(super) count: Option<i64>,
    pub(super) attributes: Option<String>,
    pub(super) excluded: Option<String>,
}

impl Given {
    pub(super) fn into_query(self, reading: &mut Reading<'_>) -> Result<ListQuery, ScimError> {
        let count = self.count.map(|count| u64::try_from(count).unwrap_or(0));
        let paging = match (self.cursor, self.start_index) {
            (None, index) => {
                Paging::Index(index.map_or(1, |at| u64::try_from(at).unwrap_or(0)).max(1))
            }
            (Some(_), None) if count == Some(0) => {
                return Err(ScimError::invalid_count(
                    "count must be at least 1 with a cursor: an empty page leads nowhere.",
                ));
            }
            (Some(cursor), None) => Paging::Cursor(cursor),
            (Some(_), Some(_)) => {
                return Err(ScimError::invalid_value(
                    "cursor and startIndex are two ways to ask for a page; send one of them.",
                ));
            }
        };
        // Clients that fill in a form send parameters that say nothing. Only of a filter must that not pass for "all".
        let said = |text: &String| !text.trim().is_empty();
        let sort_order = self.sort_order.filter(said);
        let sort = self.sort_by.filter(said);
        let sort = sort.map(|by| Sort::parse(&by, sort_order.as_deref(), reading));
        let sort = sort.transpose()?;
        let filter = self.filter.as_deref();
        let filter = filter
            .map(|text| Filter::parse(text, reading))
            .transpose()?;
        Ok(ListQuery {
            filter,
            sort,
            paging,
            count,
            projection: Projection::parse(
                self.attributes.as_deref(),
                self.excluded.as_deref(),
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

/// The answer to a list request with a cursor (RFC 9865 section 2): the cursors of the pages after and before this one, if
/// there are such pages.
pub fn cursor_response(
    resources: Vec<Value>,
    total: u64,
    next: Option<String>,
    previous: Option<String>,
) -> Value {
    let mut response = json!({
        "schemas": [schema_urns::LIST_RESPONSE],
        "totalResults": total,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    for (name, cursor) in [("nextCursor", next), ("previousCursor", previous)] {
        if let (Some(cursor), Some(members)) = (cursor, response.as_object_mut()) {
            members.insert(name.to_owned(), Value::from(cursor));
        }
    }
    response
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

fn whole_number(name: &str, text: &str) -> Result<i64, ScimError> {
    text.trim().parse().map_err(|_| {
        ScimError::invalid_value(format!("{name} must be a whole number, not '{text}'."))
    })
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
