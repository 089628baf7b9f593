//! Administrators who are signed in to the console. They are rows, so that a restart signs nobody out and all replicas
//! know at once who has signed out.

use sqlx::Row;

use super::{Store, StoreError, Tx};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of what the browser has, in hexadecimal digits.
    pub id: String,
    /// Who, whatever the session.
    pub bearer: String,
    /// What was shown, as JSON.
    pub proof: String,
    /// When it began, microseconds since 1970.
    pub started: i64,
    /// When it was used last, about.
    pub seen: i64,
}

impl Store {
    /// The session of this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session(&self, id: &str) -> Result<Option<SessionRow>, StoreError> {
        let row = sqlx::query(
            "select id, bearer, proof, started, seen from console_session where id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *self.read().await?)
        .await?;
        let read = |row: super::SqlRow| {
            Ok(SessionRow {
                id: row.try_get("id")?,
                bearer: row.try_get("bearer")?,
                proof: row.try_get("proof")?,
                started: row.try_get("started")?,
                seen: row.try_get("seen")?,
            })
        };
        row.map(read).transpose()
    }
}

impl Tx {
    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn begin_session(&mut self, session: &SessionRow) -> Result<(), StoreError> {
        sqlx::query(
            "insert into console_session (id, bearer, proof, started, seen) values ($1, $2, $3, $4, $5)",
        )
        .bind(&session.id)
        .bind(&session.bearer)
        .bind(&session.proof)
        .bind(session.started)
        .bind(session.seen)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Records that a session was used.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session_seen(&mut self, id: &str, now: i64) -> Result<(), StoreError> {
        sqlx::query("update console_session set seen = $2 where id = $1 and seen < $2")
            .bind(id)
            .bind(now)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_session(&mut self, id: &str) -> Result<(), StoreError> {
        sqlx::query("delete from console_session where id = $1")
            .bind(id)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Ends all sessions of whoever has the one of this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn end_sessions_of_bearer(&mut self, id: &str) -> Result<(), StoreError> {
        sqlx::query(
            "delete from console_session where bearer in \
             (select bearer from console_session where id = $1)",
        )
        .bind(id)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Forgets the sessions that were used last, or began, before these moments.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn forget_sessions(&mut self, seen: i64, started: i64) -> Result<(), StoreError> {
        sqlx::query("delete from console_session where seen <= $1 or started <= $2")
            .bind(seen)
            .bind(started)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }
}
