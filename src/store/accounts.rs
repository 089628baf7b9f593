//! What is known of Cloudmore: accounts and assignments, each with its origin.

use std::collections::BTreeMap;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::error::{from_json, to_json};
use super::{Connection, Store, StoreError, Tx};
use crate::domain::model::{
    Account, AccountId, Known, KnownSeat, Origin, Profile, RoleId, SeatOrigin, SubscriptionRef,
    TenantId, UserId,
};

impl Tx {
    /// Replaces what is known of a user, `before`, by `after`. `now` is microseconds since 1970.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn remember(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        before: &Known,
        after: &Known,
        now: i64,
    ) -> Result<(), StoreError> {
        let none = BTreeMap::new();
        let (seats_before, seats_after) = (seats(before, &none), seats(after, &none));
        for at in seats_before.keys() {
            if !seats_after.contains_key(at) {
                self.delete_seat(tenant, user, at).await?;
            }
        }
        if row(before)? != row(after)? {
            self.write_account(tenant, user, row(after)?).await?;
        }
        for (at, seat) in seats_after {
            if seats_before.get(at) != Some(seat) {
                self.write_seat(tenant, user, at, seat, now).await?;
            }
        }
        Ok(())
    }

    /// Whether anything is known of an account of the user.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_account(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<bool, StoreError> {
        Ok(known(&mut self.connection, tenant, user).await? != Known::Nothing)
    }

    async fn write_account(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        account: Option<AccountRow>,
    ) -> Result<(), StoreError> {
        let Some(account) = account else {
            sqlx::query("delete from account where tenant = $1 and user_id = $2")
                .bind(tenant.as_str())
                .bind(user.as_str())
                .execute(&mut self.connection)
                .await?;
            return self.account_changed(tenant, user).await;
        };
        sqlx::query(
            "insert into account (tenant, user_id, state, account_id, origin, profile, role) \
             values ($1, $2, $3, $4, $5, $6, $7) \
             on conflict (tenant, user_id) do update set \
             state = $3, account_id = $4, origin = $5, profile = $6, role = $7",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(account.state)
        .bind(account.id)
        .bind(account.origin)
        .bind(account.profile)
        .bind(account.role)
        .execute(&mut self.connection)
        .await?;
        self.account_changed(tenant, user).await
    }

    async fn write_seat(
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

    async fn delete_seat(
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
        for row in &rows {
            let tenant = TenantId::new(row.try_get::<String, _>("tenant")?);
            let user = UserId::new(row.try_get::<String, _>("user_id")?);
            self.mark(&tenant, &[user], now).await?;
        }
        Ok(rows.len() as u64)
    }
}

/// Reads what is known of a user.
pub(super) async fn known(
    connection: &mut Connection,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Known, StoreError> {
    let row = sqlx::query(
        "select state, account_id, origin, profile, role from account \
         where tenant = $1 and user_id = $2",
    )
    .bind(tenant.as_str())
    .bind(user.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(Known::Nothing);
    };
    let profile: Profile = from_json("profile", row.try_get("profile")?)?;
    let role = row.try_get::<Option<i64>, _>("role")?.map(RoleId);
    let id: Option<String> = row.try_get("account_id")?;
    match (id, role) {
        (Some(id), role) => Ok(Known::Account(Account {
            id: AccountId::new(id),
            origin: match row.try_get("origin")? {
                "adopted" => Origin::Adopted,
                _ => Origin::Made,
            },
            profile,
            role,
            seats: read_seats(connection, tenant, user).await?,
        })),
        (None, Some(role)) => Ok(Known::Uncertain { profile, role }),
        (None, None) => Err(StoreError::Corrupt {
            what: "account",
            why: "it has neither an id nor a role".into(),
        }),
    }
}

async fn read_seats(
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

pub(super) fn read_seat(row: &SqliteRow) -> Result<(SubscriptionRef, KnownSeat), StoreError> {
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

#[derive(PartialEq, Eq)]
struct AccountRow {
    state: &'static str,
    id: Option<String>,
    origin: Option<&'static str>,
    profile: String,
    role: Option<i64>,
}

fn row(known: &Known) -> Result<Option<AccountRow>, StoreError> {
    Ok(match known {
        Known::Nothing => None,
        Known::Uncertain { profile, role } => Some(AccountRow {
            state: "uncertain",
            id: None,
            origin: None,
            profile: to_json("profile", profile)?,
            role: Some(role.0),
        }),
        Known::Account(account) => Some(AccountRow {
            state: "present",
            id: Some(account.id.to_string()),
            origin: Some(match account.origin {
                Origin::Made => "made",
                Origin::Adopted => "adopted",
            }),
            profile: to_json("profile", &account.profile)?,
            role: account.role.map(|role| role.0),
        }),
    })
}

fn seats<'k>(
    known: &'k Known,
    none: &'k BTreeMap<SubscriptionRef, KnownSeat>,
) -> &'k BTreeMap<SubscriptionRef, KnownSeat> {
    match known {
        Known::Account(account) => &account.seats,
        Known::Nothing | Known::Uncertain { .. } => none,
    }
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
