//! The keys that access tokens are signed with. Of the private halves the store has only what it was given: sealed.

use sqlx::Row;

use super::{SqlRow, Store, StoreError, Tx};

/// A key and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// What tokens call it (`kid`).
    pub id: String,
    /// When it was made, microseconds since 1970.
    pub created: i64,
    /// Until when tokens are signed with it.
    pub signs_until: i64,
    /// Until when there may be tokens that were.
    pub verifies_until: i64,
    /// The public half, a JWK.
    pub public_key: String,
    /// The private half, sealed.
    pub private_key: String,
}

/// Columns are named, because replicas of different versions may share a database.
macro_rules! select {
    ($which:literal) => {
        concat!(
            "select id, created, signs_until, verifies_until, public_key, private_key from signing_key ",
            $which
        )
    };
}

impl Store {
    /// The keys of which there may be tokens at this time, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn signing_keys(&self, now: i64) -> Result<Vec<SigningKey>, StoreError> {
        let rows = sqlx::query(select!(
            "where verifies_until > $1 order by created desc, id desc"
        ))
        .bind(now)
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(read).collect()
    }
}

impl Tx {
    /// The keys of which there may be tokens at this time, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn signing_keys(&mut self, now: i64) -> Result<Vec<SigningKey>, StoreError> {
        let rows = sqlx::query(select!(
            "where verifies_until > $1 order by created desc, id desc"
        ))
        .bind(now)
        .fetch_all(&mut self.connection)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Adds a key, and forgets those whose time is over.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add_signing_key(&mut self, key: &SigningKey) -> Result<(), StoreError> {
        sqlx::query("delete from signing_key where verifies_until <= $1")
            .bind(key.created)
            .execute(&mut self.connection)
            .await?;
        sqlx::query(
            "insert into signing_key (id, created, signs_until, verifies_until, public_key, private_key) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&key.id)
        .bind(key.created)
        .bind(key.signs_until)
        .bind(key.verifies_until)
        .bind(&key.public_key)
        .bind(&key.private_key)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}

fn read(row: &SqlRow) -> Result<SigningKey, StoreError> {
    Ok(SigningKey {
        id: row.try_get("id")?,
        created: row.try_get("created")?,
        signs_until: row.try_get("signs_until")?,
        verifies_until: row.try_get("verifies_until")?,
        public_key: row.try_get("public_key")?,
        private_key: row.try_get("private_key")?,
    })
}
