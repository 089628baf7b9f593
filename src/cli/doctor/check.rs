//! A check: what is asked, what the answer must be, and what to change if it is not.

use super::answer::Answer;
use super::known::Known;
use super::request::Request;

/// Checks about one subject.
pub(super) struct Section {
    /// The subject.
    pub(super) title: &'static str,
    /// The checks, in order.
    pub(super) checks: &'static [Check],
}

/// One check.
pub(super) struct Check {
    /// What a client does, as a sentence.
    pub(super) name: &'static str,
    /// The request, or why it cannot be made.
    pub(super) request: fn(&Known) -> Result<Request, Skip>,
    /// The statuses that are right.
    pub(super) status: &'static [u16],
    /// What else must be true of the answer: of the read after the change, if the request has one.
    pub(super) judge: fn(&Answer, &mut Known) -> Result<(), Fault>,
    /// What to change in the server, or in the call, if it is not.
    pub(super) advice: &'static str,
}

/// Why a check was not tried.
pub(super) struct Skip(pub(super) &'static str);

/// How an answer differs from what it must be.
#[derive(Debug)]
pub(super) struct Fault {
    /// What was expected.
    pub(super) expected: String,
    /// What was found.
    pub(super) found: String,
}

impl Fault {
    /// A fault in words.
    pub(super) fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            found: found.into(),
        }
    }
}

/// The statuses of a PATCH that was carried out.
pub(super) const CHANGED: &[u16] = &[200, 204];

/// Nothing but the status matters.
pub(super) fn nothing_else(_: &Answer, _: &mut Known) -> Result<(), Fault> {
    Ok(())
}

/// The body must be a SCIM error.
pub(super) fn error_body(answer: &Answer, _: &mut Known) -> Result<(), Fault> {
    answer.error()
}

/// The body must be a list that found nothing.
pub(super) fn no_hit(answer: &Answer, _: &mut Known) -> Result<(), Fault> {
    answer.total(0)
}
