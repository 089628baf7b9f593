//! Cursors (RFC 9865): a place in one list and a direction, sealed so that nobody can make one up or use it elsewhere.

use super::sort::Position;
use super::{ListQuery, ResourceKind, ScimError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;

type Seal = Hmac<Sha256>;

/// Bytes of the seal at the front of a cursor.
const SEAL: usize = 32;

/// What cursors are sealed with. All bridges on one store share it.
#[derive(Clone)]
pub struct CursorKey([u8; CursorKey::LENGTH]);

/// Where the next page begins and which way it goes. It holds nothing that the list did not show, and no state is kept for
/// it, so that cursors cost nothing however many a client asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The resource next to the page, which is not on it. It need not exist any more.
    #[serde(rename = "p")]
    pub position: Position,
    /// Whether the page is the one before the position.
    #[serde(rename = "b")]
    pub is_backward: bool,
    /// The last moment at which it counts, in Unix microseconds.
    #[serde(rename = "e")]
    pub expires: i64,
}

impl CursorKey {
    /// Bytes of a key: one block of the hash.
    pub const LENGTH: usize = 64;

    /// The key of these bytes, which are random.
    pub fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The text that a store keeps.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The key of which `text` was kept; `None` if it is none.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    fn seal(&self, scope: &str, content: &[u8]) -> Seal {
        let mut seal = Seal::new(&self.0.into());
        // The length keeps scope and content apart.
        seal.update(&(scope.len() as u64).to_be_bytes());
        seal.update(scope.as_bytes());
        seal.update(content);
        seal
    }
}

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey")
    }
}

/// The list that a cursor belongs to: whose, of what, in which order.
pub fn scope(tenant: &str, kinds: &[ResourceKind], query: &ListQuery) -> String {
    let filter = query
        .filter
        .as_ref()
        .map(|filter| filter.tree().to_string());
    let sort = query.sort.as_ref().map(ToString::to_string);
    json!([tenant, kinds, filter, sort]).to_string()
}

impl Cursor {
    /// The text that the client gets: of letters, digits, `-` and `_`, as RFC 9865 section 2 demands.
    pub fn seal(&self, key: &CursorKey, scope: &str) -> String {
        let content = json!(self).to_string();
        let mut bytes = key
            .seal(scope, content.as_bytes())
            .finalize()
            .into_bytes()
            .to_vec();
        bytes.extend(content.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a text that the client got for the list `scope`. `now` is in Unix microseconds.
    ///
    /// # Errors
    /// 400 `expiredCursor` for one that was good, 400 `invalidCursor` for anything else.
    pub fn open(text: &str, key: &CursorKey, scope: &str, now: i64) -> Result<Self, ScimError> {
        let cursor = Self::unseal(text, key, scope).ok_or_else(|| {
            ScimError::invalid_cursor(
                "The cursor does not belong to this list. Send it as it was given, to the same endpoint and with the \
                 same filter, sortBy and sortOrder, or begin again with an empty cursor.",
            )
        })?;
        if now > cursor.expires {
            return Err(ScimError::expired_cursor(
                "The cursor is too old. Begin again with an empty cursor, and ask for the pages sooner.",
            ));
        }
        Ok(cursor)
    }

    fn unseal(text: &str, key: &CursorKey, scope: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (seal, content) = bytes.split_at_checked(SEAL)?;
        key.seal(scope, content).verify_slice(seal).ok()?;
        serde_json::from_slice(content).ok()
    }
}
