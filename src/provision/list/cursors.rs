//! The cursors of one list, and the key that seals them.

use super::super::{Bridge, Context, clock};
use crate::scim::{Cursor, CursorKey, ListQuery, Position, ResourceKind, ScimError, cursor};

/// The name that the key has in the store.
const SECRET: &str = "cursor key";

/// What seals and opens the cursors of one list.
pub(super) struct Seal<'a> {
    key: &'a CursorKey,
    scope: String,
    now: i64,
    expires: i64,
}

impl Bridge {
    pub(super) async fn cursor_seal(
        &self,
        context: &Context,
        kinds: &[ResourceKind],
        query: &ListQuery,
    ) -> Result<Seal<'_>, ScimError> {
        let now = self.clock.now();
        Ok(Seal {
            key: self.cursor_key.get_or_try_init(|| self.read_key()).await?,
            scope: cursor::scope(context.tenant.id.as_str(), kinds, query),
            now,
            expires: now
                .saturating_add(clock::micros(context.tenant.dialect.limits.cursor_timeout)),
        })
    }

    /// The key in the store, which is made when a cursor is wanted for the first time.
    async fn read_key(&self) -> Result<CursorKey, ScimError> {
        let unusable = || ScimError::internal("The key of the cursors cannot be used.");
        let mut bytes = [0; CursorKey::LENGTH];
        getrandom::fill(&mut bytes).map_err(|_| unusable())?;
        let fresh = CursorKey::new(bytes).to_text();
        let kept = self.store.secret(SECRET, fresh).await?;
        CursorKey::from_text(&kept).ok_or_else(unusable)
    }
}

impl Seal<'_> {
    pub(super) fn open(&self, text: &str) -> Result<Cursor, ScimError> {
        Cursor::open(text, self.key, &self.scope, self.now)
    }

    /// The cursor of the page that begins behind `position` or, going backward, ends before it.
    pub(super) fn seal(&self, position: &Position, is_backward: bool) -> String {
        let cursor = Cursor {
            position: position.clone(),
            is_backward,
            expires: self.expires,
        };
        cursor.seal(self.key, &self.scope)
    }
}
