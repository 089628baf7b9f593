//! What is known of assignments.

use std::collections::BTreeMap;

use sqlx::Row;

use super::{Connection, SqlRow, Store, StoreError, Tx};
use crate::domain::model::{KnownSeat, SeatOrigin, SubscriptionRef, TenantId, UserId};

impl Tx {
    pub(super) async fn write_seat(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        at: &SubscriptionRef,
        seat: &KnownSeat,
        now: i64,
    ) -> Result<(), StoreError> {
        let (state, origin, external_user_id, reason) = match seat {
            KnownSeat::Uncertain { external_user_id } => {
                ("uncertain", None, external_user_id.as_deref(), None)
            }
            KnownSeat::Held {
                origin,
                external_user_id,
            } => (
                "held",
                Some(seat_origin(*origin)),
                external_user_id.as_deref(),
                None,
            ),
            KnownSeat::Absent => ("absent", None, None, None),
            KnownSeat::Refused { reason } => ("refused", None, None, Some(reason.as_str())),
        };
        if origin == Some(seat_origin(SeatOrigin::Foreign)) {
            self.forget_former_seat(tenant, user, at).await?;
        }
        sqlx::query(
            "insert into seat (tenant, user_id, service, subscription, state, origin, \
             external_user_id, reason, changed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             on conflict (tenant, user_id, service, subscription) do update set \
             state = $5, origin = $6, external_user_id = $7, reason = $8, changed = $9",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(&at.service)
        .bind(&at.subscription)
        .bind(state)
        .bind(origin)
        .bind(external_user_id)
        .bind(reason)
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    pub(super) async fn delete_seat(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        at: &SubscriptionRef,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "delete from seat where tenant = $1 and user_id = $2 and service = $3 and subscription = $4",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(&at.service)
        .bind(&at.subscription)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Drops the notes of assignments that were refused before `before` and marks their users, so
    /// that they are tried again.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn retry_refused_seats(&mut self, before: i64, now: i64) -> Result<u64, StoreError> {
        let rows = sqlx::query(
            "delete from seat where state = 'refused' and changed <= $1 returning tenant, user_id",
        )
        .bind(before)
        .fetch_all(&mut self.connection)
        .await?;
        self.mark_owners(&rows, now).await?;
        Ok(rows.len() as u64)
    }

    /// As [`Tx::retry_refused_seats`], of one tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn retry_refused_seats_of(
        &mut self,
        tenant: &TenantId,
        before: i64,
        now: i64,
    ) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "delete from seat where tenant = $1 and state = 'refused' and changed <= $2 \
             returning tenant, user_id",
        )
        .bind(tenant.as_str())
        .bind(before)
        .fetch_all(&mut self.connection)
        .await?;
        self.mark_owners(&rows, now).await
    }

    async fn mark_owners(&mut self, rows: &[SqlRow], now: i64) -> Result<(), StoreError> {
        for row in rows {
            let tenant = TenantId::new(row.try_get::<String, _>("tenant")?);
            let user = UserId::new(row.try_get::<String, _>("user_id")?);
            self.mark(&tenant, &[user], now).await?;
        }
        Ok(())
    }
}

/// Reads what is known of a user's assignments.
pub(super) async fn read_seats(
    connection: &mut Connection,
    tenant: &TenantId,
    user: &UserId,
) -> Result<BTreeMap<SubscriptionRef, KnownSeat>, StoreError> {
    let rows = sqlx::query(
        "select service, subscription, state, origin, external_user_id, reason from seat \
         where tenant = $1 and user_id = $2",
    )
    .bind(tenant.as_str())
    .bind(user.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(read_seat).collect()
}

pub(super) fn read_seat(row: &SqlRow) -> Result<(SubscriptionRef, KnownSeat), StoreError> {
    let at = SubscriptionRef {
        service: row.try_get("service")?,
        subscription: row.try_get("subscription")?,
    };
    let external_user_id = row.try_get("external_user_id")?;
    let seat = match row.try_get("state")? {
        "uncertain" => KnownSeat::Uncertain { external_user_id },
        "absent" => KnownSeat::Absent,
        "refused" => KnownSeat::Refused {
            reason: row
                .try_get::<Option<String>, _>("reason")?
                .unwrap_or_default(),
        },
        _ => KnownSeat::Held {
            origin: match row.try_get("origin")? {
                "foreign" => SeatOrigin::Foreign,
                _ => SeatOrigin::Made,
            },
            external_user_id,
        },
    };
    Ok((at, seat))
}

fn seat_origin(origin: SeatOrigin) -> &'static str {
    match origin {
        SeatOrigin::Made => "made",
        SeatOrigin::Foreign => "foreign",
    }
}

impl Store {
    /// Whether there are assignments that were refused before `before`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_refused_seats(&self, before: i64) -> Result<bool, StoreError> {
        let row =
            sqlx::query("select 1 from seat where state = 'refused' and changed <= $1 limit 1")
                .bind(before)
                .fetch_optional(&mut *self.read().await?)
                .await?;
        Ok(row.is_some())
    }
}
