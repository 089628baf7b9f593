//! What was ours and is gone: accounts that were deleted, assignments that were taken away. If it is there again, a
//! revocation was lost.

use std::collections::BTreeSet;

use sqlx::Row;

use super::{Connection, StoreError, Tx};
use crate::domain::model::{AccountId, Origin, SubscriptionRef, TenantId, UserId};

/// An account that was ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// Its id.
    pub id: AccountId,
    /// How it came to be ours.
    pub origin: Origin,
    /// Since when it is gone, microseconds since 1970.
    pub since: i64,
}

impl Tx {
    /// Notes that the account of a user, as it is stored now, is gone.
    pub(super) async fn note_former_account(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into former_account (tenant, account_id, user_id, id, origin, since) \
             select tenant, lower(account_id), user_id, account_id, origin, $3 from account \
             where tenant = $1 and user_id = $2 and account_id is not null and origin is not null \
             on conflict (tenant, account_id) do update set user_id = $2, since = $3",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Forgets that an account was ours once: it is again, or never was.
    pub(super) async fn forget_former_account(
        &mut self,
        tenant: &TenantId,
        account: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("delete from former_account where tenant = $1 and account_id = lower($2)")
            .bind(tenant.as_str())
            .bind(account)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Notes that an assignment that may be ours is taken away from the account of a user.
    pub(super) async fn note_former_seat(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        at: &SubscriptionRef,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into former_seat (tenant, account_id, service, subscription) \
             select a.tenant, lower(a.account_id), s.service, s.subscription from seat s \
             join account a on a.tenant = s.tenant and a.user_id = s.user_id \
             where s.tenant = $1 and s.user_id = $2 and s.service = $3 and s.subscription = $4 \
             and a.account_id is not null and (s.state = 'uncertain' or s.state = 'held' and s.origin = 'made') \
             on conflict (tenant, account_id, service, subscription) do nothing",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(&at.service)
        .bind(&at.subscription)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Forgets that the bridge took an assignment away: it is somebody else's by now.
    pub(super) async fn forget_former_seat(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        at: &SubscriptionRef,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "delete from former_seat where tenant = $1 and service = $3 and subscription = $4 and account_id in \
             (select lower(account_id) from account where tenant = $1 and user_id = $2)",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(&at.service)
        .bind(&at.subscription)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}

/// The accounts that a user had.
pub(super) async fn former_accounts(
    connection: &mut Connection,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Vec<Former>, StoreError> {
    let rows = sqlx::query(
        "select id, origin, since from former_account where tenant = $1 and user_id = $2",
    )
    .bind(tenant.as_str())
    .bind(user.as_str())
    .fetch_all(connection)
    .await?;
    let former = rows.iter().map(|row| {
        Ok(Former {
            id: AccountId::new(row.try_get::<String, _>("id")?),
            origin: match row.try_get::<String, _>("origin")?.as_str() {
                "adopted" => Origin::Adopted,
                _ => Origin::Made,
            },
            since: row.try_get("since")?,
        })
    });
    former.collect()
}

/// The assignments that the bridge took away from an account.
pub(super) async fn former_seats(
    connection: &mut Connection,
    tenant: &TenantId,
    account: &AccountId,
) -> Result<BTreeSet<SubscriptionRef>, StoreError> {
    let rows = sqlx::query(
        "select service, subscription from former_seat where tenant = $1 and account_id = $2",
    )
    .bind(tenant.as_str())
    .bind(account.folded())
    .fetch_all(connection)
    .await?;
    let seats = rows.iter().map(|row| {
        Ok(SubscriptionRef {
            service: row.try_get("service")?,
            subscription: row.try_get("subscription")?,
        })
    });
    seats.collect()
}
