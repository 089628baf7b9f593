//! What Cloudmore answers to one request: read within bounds, and told apart by status.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use tokio::time::Instant;

use super::failure::{Failure, FailureKind};
use super::refusal;

/// The largest answer that is read: tens of thousands of people fit.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// The longest wait that is believed, so that a wrong `Retry-After` cannot put revocations off for days.
const MAX_WAIT: Duration = Duration::from_hours(1);

/// An answer with any status. That its body could not be read does not matter where the status is enough.
pub(super) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Result<Vec<u8>, Failure>,
}

impl Answer {
    /// Reads an answer up to the size limit and the deadline.
    pub(super) async fn read(mut response: Response, deadline: Instant) -> Self {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = tokio::time::timeout_at(deadline, read_body(response)).await;
        let body = body.unwrap_or_else(|_| {
            Err(Failure::unavailable(
                "Cloudmore's answer did not end in time",
            ))
        });
        Self {
            status,
            headers,
            body,
        }
    }

    /// The status.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header's value, if it is text.
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body, or why it could not be read.
    pub(super) fn body(&self) -> Result<&[u8], Failure> {
        self.body.as_deref().map_err(Clone::clone)
    }

    /// What an answer that is no success means (`reference/cloudmore-api.md`, section 2). `now` is in microseconds.
    pub(super) fn failure(&self, write: bool, secrets: &[&str], now: i64) -> Failure {
        let status = self.status;
        let retry_after = retry_after(&self.headers, now);
        let kind = match status.as_u16() {
            401 | 403 => FailureKind::Credentials,
            404 | 410 => FailureKind::NotFound,
            429 => FailureKind::Throttled { retry_after },
            503 if retry_after.is_some() => FailureKind::Throttled { retry_after },
            407 | 408 | 425 => FailureKind::Unavailable { retry_after },
            400..=499 => FailureKind::Refused,
            _ => FailureKind::Unavailable { retry_after },
        };
        let errors = self
            .body
            .as_deref()
            .map(|body| refusal::read(body, secrets))
            .unwrap_or_default();
        let words = if status.is_redirection() {
            format!("Cloudmore answered {status} and points elsewhere; check the broker's base_url")
        } else if errors.is_empty() {
            format!("Cloudmore answered {status} without saying why")
        } else {
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")
        };
        let hint = match kind {
            FailureKind::NotFound => {
                "; check the reseller, organization, service and subscription ids"
            }
            FailureKind::Credentials => {
                "; check the role of the API account and that it may use the REST API"
            }
            FailureKind::Refused
            | FailureKind::Throttled { .. }
            | FailureKind::Unavailable { .. }
            | FailureKind::Incomplete
            | FailureKind::CircuitOpen { .. }
            | FailureKind::Unsent => "",
        };
        Failure {
            kind,
            ambiguous: write && !status.is_client_error(),
            words: words + hint,
            status: Some(status.as_u16()),
            errors,
        }
    }
}

/// What happened to a request that got no answer: the innermost cause, which is the one that helps.
pub(super) fn transport_words(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let what = if error.is_connect() {
        "Cloudmore could not be reached"
    } else {
        "Cloudmore gave no answer"
    };
    format!("{what}: {}", refusal::readable(&cause.to_string(), &[]))
}

async fn read_body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| Failure::unavailable(transport_words(&error)))?
    {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Failure::incomplete(
                "Cloudmore's answer is larger than 16 MiB",
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3).
fn retry_after(headers: &HeaderMap, now: i64) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = DateTimeParser::new().parse_timestamp(value).ok()?;
            let now = Timestamp::from_microsecond(now).ok()?;
            Duration::try_from(at.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(MAX_WAIT))
}
