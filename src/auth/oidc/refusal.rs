//! Why somebody is not signed in by the issuer: in words for the log, which hold nothing that came from outside unread.

use crate::auth::issuer::Trouble;

/// Why nobody is signed in.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OidcRefusal {
    /// It was not begun in this browser, or too long ago, or it is over already.
    #[error("it was not begun in this browser, took too long, or is over already")]
    Stray,
    /// Whoever answered says that it is another issuer.
    #[error("the answer names another issuer (`iss`), or none")]
    OtherIssuer,
    /// The issuer lets this person not in, or the person did not want to.
    #[error("the issuer did not let them in: {0}")]
    Declined(String),
    /// The issuer does not take the code, which counts once.
    #[error("the issuer does not take the code: it was used before, or is not of this sign-in")]
    Code,
    /// The issuer cannot be asked, or not as we are configured.
    #[error("the issuer is of no use: {0}")]
    Trouble(String),
    /// What the issuer tells cannot be believed.
    #[error("the id token is refused: {0}")]
    Token(String),
    /// Known, and not allowed to do anything.
    #[error("{subject} has none of the values that give a role in the claim `{claim}`")]
    NoRole {
        /// Who, as the issuer calls them.
        subject: String,
        /// Which claim has the role.
        claim: String,
        /// The values of which one would do.
        wanted: Vec<String>,
    },
}

impl OidcRefusal {
    /// What an error that the browser brings back means (RFC 6749, section 4.1.2.1).
    pub(super) fn of_error(error: &str) -> Self {
        let error = code(error);
        match error.as_str() {
            "access_denied" | "consent_required" | "interaction_required" | "login_required" => {
                Self::Declined(error)
            }
            _ => Self::Trouble(format!("it answered with the error {error}")),
        }
    }
}

impl From<Trouble> for OidcRefusal {
    fn from(trouble: Trouble) -> Self {
        let is_code = matches!(&trouble, Trouble::Refused(_, error) if error == "invalid_grant");
        if is_code {
            Self::Code
        } else {
            Self::Trouble(trouble.to_string())
        }
    }
}

/// An error code as it may be in the log: one short word.
pub(super) fn code(text: &str) -> String {
    let is_word = |letter: u8| letter.is_ascii_alphanumeric() || b"_-.".contains(&letter);
    if text.len() <= 64 && text.bytes().all(is_word) {
        text.to_owned()
    } else {
        "that has no usual name".to_owned()
    }
}
