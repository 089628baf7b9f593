//! Which rows of the dirty set come first: those of people who are to lose something.

use sqlx::Row;

use super::error::to_json;
use super::{DirtyRow, Store, StoreError, Tx, dirty};
use crate::domain::model::{TenantId, UserId};

/// Whether a row is about somebody who is to lose something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Nobody has looked yet.
    Unseen,
    /// It is.
    Urgent,
}

impl Urgency {
    pub(super) fn stored(self) -> i64 {
        match self {
            Self::Unseen => -1,
            Self::Urgent => 1,
        }
    }
}

/// A row about which nobody has looked yet whether somebody is to lose something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnseenRow {
    /// The user.
    pub user: UserId,
    /// The generation of the row: what is found holds for it alone.
    pub generation: i64,
}

const URGENT: &str = "urgent = 1";
const OTHERS: &str = "urgent < 1";

impl Store {
    /// Rows of a tenant that are due at `now` and that nobody works on: those of people who are to lose something come
    /// first, and then the longest waiting.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn due(
        &self,
        tenant: &TenantId,
        now: i64,
        limit: u32,
    ) -> Result<Vec<DirtyRow>, StoreError> {
        let mut rows = self.due_of(URGENT, tenant, now, limit).await?;
        let left = limit.saturating_sub(u32::try_from(rows.len()).unwrap_or(limit));
        if left > 0 {
            rows.extend(self.due_of(OTHERS, tenant, now, left).await?);
        }
        Ok(rows)
    }

    /// One kind at a time, so that each is a walk along its own index.
    async fn due_of(
        &self,
        kind: &str,
        tenant: &TenantId,
        now: i64,
        limit: u32,
    ) -> Result<Vec<DirtyRow>, StoreError> {
        let statement = format!(
            "select {} from dirty where tenant = $1 and failed = 0 and {kind} and due_at <= $2 \
             and lease_until <= $2 order by due_at limit $3",
            dirty::COLUMNS
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(now)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.read().await?)
            .await?;
        rows.iter().map(dirty::read).collect()
    }

    /// Rows that are due at `now` and about which nobody has looked yet whether somebody is to lose something.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn unseen(
        &self,
        tenant: &TenantId,
        now: i64,
        limit: u32,
    ) -> Result<Vec<UnseenRow>, StoreError> {
        let rows = sqlx::query(
            "select user_id, generation from dirty where tenant = $1 and failed = 0 and urgent = -1 \
             and due_at <= $2 order by due_at limit $3",
        )
        .bind(tenant.as_str())
        .bind(now)
        .bind(i64::from(limit))
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(UnseenRow {
                    user: UserId::new(row.try_get::<String, _>("user_id")?),
                    generation: row.try_get("generation")?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// Notes which rows are about people who are to lose something and which are not. A row that moved meanwhile may be
    /// hastened for nothing, but is never held back by what was seen before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_seen(
        &mut self,
        tenant: &TenantId,
        urgent: &[UnseenRow],
        others: &[UnseenRow],
    ) -> Result<(), StoreError> {
        let names = |rows: &[UnseenRow]| {
            let names: Vec<_> = rows.iter().map(|row| row.user.clone()).collect();
            to_json("list of users", &names)
        };
        sqlx::query(
            "update dirty set urgent = 1 \
             where tenant = $1 and user_id in (select value from json_each($2))",
        )
        .bind(tenant.as_str())
        .bind(names(urgent)?)
        .execute(&mut self.connection)
        .await?;
        let seen = others
            .iter()
            .map(|row| format!("{} {}", row.user, row.generation));
        let seen: Vec<_> = seen.collect();
        sqlx::query(
            "update dirty set urgent = 0 where tenant = $1 and urgent = -1 \
             and user_id in (select value from json_each($2)) \
             and user_id || ' ' || generation in (select value from json_each($3))",
        )
        .bind(tenant.as_str())
        .bind(names(others)?)
        .bind(to_json("list of rows", &seen)?)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}
