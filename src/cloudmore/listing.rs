//! Lists that were read whole. A list that stopped early never becomes a [`Listing`], so absence can be concluded from one.

use reqwest::header::{HeaderMap, LINK};
use serde_json::{Map, Value};

use super::failure::Failure;
use super::fields::Names;
use super::record::{Lacks, Record};
use super::wire;

/// All rows of a list. It only exists when Cloudmore's answer was read to its end and did not speak of more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T>(Vec<T>);

impl<T> Listing<T> {
    /// The rows, in Cloudmore's order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The rows, in Cloudmore's order.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> IntoIterator for Listing<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Listing<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// What a list can hold.
pub(super) trait Row: Sized {
    /// What a row is called in messages.
    const WHAT: &'static str;

    /// Reads one row. A row that cannot be understood makes the whole list incomplete; it is never left out.
    fn read(row: Record<'_>) -> Result<Self, Lacks>;
}

/// Where a wrapper may hold its rows (`reference/cloudmore-api.md`, section 5: lists are bare arrays as far as is known).
const WRAPPED_IN: [&str; 4] = ["items", "data", "value", "results"];
/// How a wrapper or header may state the number of all rows, in lower case without separators.
const TOTALS: [&str; 8] = [
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalrecords",
    "count",
    "odatacount",
    "recordcount",
];
const TOTAL_HEADERS: [&str; 2] = ["x-total-count", "x-total"];

/// Reads the body and headers of a list, whose rows have these names.
///
/// # Errors
/// [`Failure`] of kind `Incomplete` when it is not a list, holds a row that cannot be understood, or speaks of more rows.
pub(super) fn read<T: Row>(
    headers: &HeaderMap,
    body: &[u8],
    names: Names<'_>,
) -> Result<Listing<T>, Failure> {
    let what = T::WHAT;
    let body = wire::json(body).ok_or_else(|| {
        Failure::incomplete(format!(
            "the {what} list is not JSON, or stops in the middle"
        ))
    })?;
    let (rows, wrapper) = match &body {
        Value::Array(rows) => (rows, None),
        Value::Object(wrapper) => (wrapped(wrapper, what)?, Some(wrapper)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(not_a_list(what));
        }
    };
    if headers_speak_of_more(headers, rows.len())
        || wrapper.is_some_and(|wrapper| speaks_of_more(wrapper, rows.len()))
    {
        return Err(Failure::incomplete(format!(
            "the {what} list has more rows than the {} that Cloudmore sent, and how to ask for the others is not known",
            rows.len()
        )));
    }
    let rows = rows.iter().map(|row| {
        let row = row.as_object().ok_or_else(|| not_a_list(what))?;
        T::read(Record::new(row, names)).map_err(|Lacks(field)| {
            Failure::incomplete(format!(
                "a {what} in Cloudmore's list has no usable `{field}`"
            ))
        })
    });
    rows.collect::<Result<_, _>>().map(Listing)
}

fn not_a_list(what: &str) -> Failure {
    Failure::incomplete(format!("Cloudmore's answer is not a list of {what}s"))
}

/// The rows of a wrapper: under a well-known key, or else the only array there is.
fn wrapped<'a>(wrapper: &'a Map<String, Value>, what: &str) -> Result<&'a Vec<Value>, Failure> {
    let arrays = || {
        wrapper
            .iter()
            .filter_map(|(key, value)| Some((key, value.as_array()?)))
    };
    let known =
        arrays().filter(|(key, _)| WRAPPED_IN.iter().any(|name| key.eq_ignore_ascii_case(name)));
    let known: Vec<_> = known.collect();
    let candidates = if known.is_empty() {
        arrays().collect()
    } else {
        known
    };
    match candidates.as_slice() {
        [(_, rows)] => Ok(rows),
        _ => Err(not_a_list(what)),
    }
}

/// Whether a wrapper, or an object in it such as `paging`, says that the rows are not all.
fn speaks_of_more(wrapper: &Map<String, Value>, rows: usize) -> bool {
    wrapper.iter().any(|(key, value)| {
        let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let key = key.to_ascii_lowercase();
        let points_on =
            key.contains("next") || key.contains("more") || key.contains("continuation");
        match value {
            Value::Null => false,
            Value::Bool(yes) => points_on && *yes,
            Value::String(text) if points_on => !text.trim().is_empty(),
            Value::Object(_) if points_on => true,
            Value::Object(inner) => speaks_of_more(inner, rows),
            Value::Number(_) | Value::String(_) => {
                let number = wire::integer_of(value).unwrap_or_default();
                let pages = key == "totalpages" || key == "pagecount";
                (points_on && number > 0)
                    || (pages && number > 1)
                    || (TOTALS.contains(&key.as_str()) && exceeds(number, rows))
            }
            Value::Array(_) => false,
        }
    })
}

fn headers_speak_of_more(headers: &HeaderMap, rows: usize) -> bool {
    let texts = |name: &str| {
        let values = headers.get_all(name).iter();
        values
            .filter_map(|value| value.to_str().ok())
            .map(str::to_ascii_lowercase)
            .collect::<Vec<_>>()
    };
    let next = texts(LINK.as_str()).iter().any(|link| {
        let link = link.replace(['"', ' '], "");
        link.contains("rel=next")
    });
    next || TOTAL_HEADERS
        .iter()
        .flat_map(|name| texts(name))
        .any(|total| total.trim().parse().is_ok_and(|total| exceeds(total, rows)))
}

fn exceeds(total: i64, rows: usize) -> bool {
    usize::try_from(total).is_ok_and(|total| total > rows)
}
