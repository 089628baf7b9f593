//! What can go wrong with a call to Cloudmore, in the terms in which the bridge decides what to do next.

use std::fmt;
use std::time::Duration;

/// Why an operation did not end well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What the caller can do about it.
    pub kind: FailureKind,
    /// The write may have had its effect all the same: look before repeating what is not repeatable.
    pub ambiguous: bool,
    /// What Cloudmore said, or what happened to the request, for people; never a secret.
    pub words: String,
    /// HTTP status of Cloudmore's answer; `None` when the request was not sent or not answered.
    pub status: Option<u16>,
    /// The single errors of the answer, as far as it named them.
    pub errors: Vec<ApiError>,
}

/// What the caller can do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// This request is wrong for good (400, 409, 422, ...): repeating it is pointless.
    Refused,
    /// 404 that the parent list does not explain: a wrong organization, service or subscription id in the configuration.
    NotFound,
    /// Too many requests (429, or 503 that says when to come back).
    Throttled {
        /// How long Cloudmore asks to wait; at most an hour.
        retry_after: Option<Duration>,
    },
    /// Cloudmore is unreachable, too slow or broken (5xx, timeout, transport).
    Unavailable {
        /// How long Cloudmore asks to wait; at most an hour.
        retry_after: Option<Duration>,
    },
    /// The API account is refused: by the token server, by a second 401, or by 403.
    Credentials,
    /// The answer could not be read whole or not be understood; nothing may be concluded from it.
    Incomplete,
    /// Not sent, because the last calls of this broker failed or Cloudmore asks to be left alone.
    CircuitOpen {
        /// When calls are made again.
        retry_after: Duration,
    },
    /// Not sent, because it had no turn in time, or the right to write was about to end.
    Unsent,
}

/// One error of an answer. Its `code` and `name` are for operators; nothing is decided on them or on `message`
/// (`reference/cloudmore-api.md`, section 2: only one code is known).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// Cloudmore's number for the error.
    pub code: Option<String>,
    /// Cloudmore's name for the error.
    pub name: Option<String>,
    /// The field of the request that it is about, as Cloudmore spells it (`Contact.Phone`).
    pub field: Option<String>,
    /// The words for people.
    pub message: String,
}

impl Failure {
    /// Whether the same operation can succeed later without anyone changing the request or its ids.
    pub fn retryable(&self) -> bool {
        match self.kind {
            FailureKind::Refused | FailureKind::NotFound => false,
            FailureKind::Throttled { .. }
            | FailureKind::Unavailable { .. }
            | FailureKind::Credentials
            | FailureKind::Incomplete
            | FailureKind::CircuitOpen { .. }
            | FailureKind::Unsent => true,
        }
    }

    /// Whether anything was tried at all. What was not counts for nobody as a failed attempt.
    pub fn was_tried(&self) -> bool {
        !matches!(
            self.kind,
            FailureKind::CircuitOpen { .. } | FailureKind::Unsent
        )
    }

    /// Whether nothing else will work either, so that other users' work can wait as well. A plain 500 and a 403 are not
    /// outages: one person's data or one forbidden role can cause them, and must not hold up everybody's revocations.
    pub fn is_outage(&self) -> bool {
        match self.kind {
            FailureKind::Throttled { .. }
            | FailureKind::CircuitOpen { .. }
            | FailureKind::Unsent => true,
            FailureKind::Unavailable { .. } => self.status != Some(500),
            FailureKind::Credentials => self.status != Some(403),
            FailureKind::Refused | FailureKind::NotFound | FailureKind::Incomplete => false,
        }
    }

    /// Whether this may be how Cloudmore says that somebody does not exist: 404 is in its list of codes, but not on its
    /// pages about people. Whether it is so, the list tells.
    pub(super) fn may_mean_missing(&self) -> bool {
        self.kind == FailureKind::NotFound || self.status == Some(400)
    }

    /// Whether the write may be under way still and have its effect later: nobody, or only a gateway before Cloudmore,
    /// has said how it ended. A look after a write that was not sent says nothing against the write's own answer.
    pub fn may_be_under_way(&self) -> bool {
        self.ambiguous && self.was_tried() && !matches!(self.status, Some(500 | 503))
    }

    /// How long Cloudmore asks to wait, if it said so, or how long it is not called.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind {
            FailureKind::Throttled { retry_after } | FailureKind::Unavailable { retry_after } => {
                retry_after
            }
            FailureKind::CircuitOpen { retry_after } => Some(retry_after),
            FailureKind::Refused
            | FailureKind::NotFound
            | FailureKind::Credentials
            | FailureKind::Incomplete
            | FailureKind::Unsent => None,
        }
    }

    /// The fields of the request that the answer named as wrong, as Cloudmore spells them.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.errors
            .iter()
            .filter_map(|error| error.field.as_deref())
    }

    /// A failure of which Cloudmore said nothing itself, and without an effect.
    pub(super) fn new(kind: FailureKind, words: impl Into<String>) -> Self {
        Self {
            kind,
            ambiguous: false,
            words: words.into(),
            status: None,
            errors: Vec::new(),
        }
    }

    /// A request that the bridge itself does not send.
    pub(super) fn refused(words: impl Into<String>) -> Self {
        Self::new(FailureKind::Refused, words)
    }

    /// A request that was not sent and can be later.
    pub(super) fn unsent(words: impl Into<String>) -> Self {
        Self::new(FailureKind::Unsent, words)
    }

    /// Cloudmore could not be asked, or did not answer.
    pub(super) fn unavailable(words: impl Into<String>) -> Self {
        Self::new(FailureKind::Unavailable { retry_after: None }, words)
    }

    /// An answer that nothing may be concluded from.
    pub(super) fn incomplete(words: impl Into<String>) -> Self {
        Self::new(FailureKind::Incomplete, words)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            FailureKind::Refused => "refused by Cloudmore",
            FailureKind::NotFound => "not found in Cloudmore",
            FailureKind::Throttled { .. } => "Cloudmore asks to slow down",
            FailureKind::Unavailable { .. } => "Cloudmore is not available",
            FailureKind::Credentials => "Cloudmore refuses the API account",
            FailureKind::Incomplete => "Cloudmore's answer is incomplete",
            FailureKind::CircuitOpen { .. } => "Cloudmore is not called at the moment",
            FailureKind::Unsent => "Cloudmore was not called",
        })?;
        if let Some(status) = self.status {
            write!(f, " ({status})")?;
        }
        write!(f, ": {}", self.words)
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)?;
        match (&self.name, &self.code) {
            (Some(name), Some(code)) => write!(f, " ({name}, code {code})"),
            (Some(name), None) => write!(f, " ({name})"),
            (None, Some(code)) => write!(f, " (code {code})"),
            (None, None) => Ok(()),
        }
    }
}
