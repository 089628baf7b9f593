//! Who may use the admin API: whoever shows its one token.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use super::shown::bearer;
use super::{Credential, digest, same};

/// The door of the admin API. Without a token there is none.
#[derive(Default)]
pub struct Admin(RwLock<Option<Credential>>);

impl Admin {
    /// Puts another token in place of the one before.
    pub fn replace(&self, token: Option<Credential>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// Whether there is an admin API.
    pub fn is_there(&self) -> bool {
        let token = self.0.read().unwrap_or_else(PoisonError::into_inner);
        token.is_some()
    }

    /// The label of the token that an `Authorization` header shows; `None` for a missing or wrong one. Compared in
    /// constant time.
    pub fn admit(&self, authorization: Option<&str>) -> Option<String> {
        let shown = digest(bearer(authorization?));
        let token = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let token = token.as_ref()?;
        bool::from(same(&shown, &token.sha256)).then(|| token.label.clone())
    }
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin").finish_non_exhaustive()
    }
}
