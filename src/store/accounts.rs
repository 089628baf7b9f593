//! What is known of Cloudmore: accounts and assignments, each with its origin.

use std::collections::BTreeMap;

use sqlx::Row;

use super::error::{from_json, to_json};
use super::seats::read_seats;
use super::{Connection, SqlRow, StoreError, Tx};
use crate::domain::model::{
    Account, AccountId, Known, KnownSeat, Locked, Origin, Profile, RoleId, SubscriptionRef,
    TenantId, UserId,
};

/// The state of an account that was made and whose id is not known.
pub(super) const UNLISTED: &str = "unlisted";

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
                self.note_former_seat(tenant, user, at).await?;
                self.delete_seat(tenant, user, at).await?;
            }
        }
        if row(before)? != row(after)? {
            self.write_account(tenant, user, row(after)?, now).await?;
        } else if seats_before != seats_after {
            self.touch(tenant, user, now).await?;
        }
        if matches!(
            (before, after),
            (Known::Nothing | Known::Uncertain { .. }, Known::Account(_))
        ) {
            self.forget_keepsake(tenant, user).await?;
            self.release(tenant, user).await?;
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

    /// Forgets the account of a user, which is not ours any more.
    pub(super) async fn forget_account(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        let known = known(&mut self.connection, tenant, user).await?;
        self.remember(tenant, user, &known, &Known::Nothing, 0)
            .await?;
        match known {
            Known::Account(account) => {
                self.forget_former_account(tenant, account.id.as_str())
                    .await
            }
            Known::Nothing | Known::Uncertain { .. } => Ok(()),
        }
    }

    /// Notes that something else is known of a user's account.
    async fn touch(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("update account set changed = $3 where tenant = $1 and user_id = $2")
            .bind(tenant.as_str())
            .bind(user.as_str())
            .bind(now)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    async fn write_account(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        account: Option<AccountRow>,
        now: i64,
    ) -> Result<(), StoreError> {
        let Some(account) = account else {
            self.note_former_account(tenant, user, now).await?;
            sqlx::query("delete from account where tenant = $1 and user_id = $2")
                .bind(tenant.as_str())
                .bind(user.as_str())
                .execute(&mut self.connection)
                .await?;
            return self.account_changed(tenant, user).await;
        };
        if let Some(id) = &account.id {
            self.forget_former_account(tenant, id).await?;
        }
        sqlx::query(
            "insert into account (tenant, user_id, state, account_id, origin, profile, role, \
             lock, locked_since, locked_seen, locked_before, changed) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             on conflict (tenant, user_id) do update set \
             state = $3, account_id = $4, origin = $5, profile = $6, role = $7, \
             lock = $8, locked_since = $9, locked_seen = $10, locked_before = $11, changed = $12",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(account.state)
        .bind(account.id)
        .bind(account.origin)
        .bind(account.profile)
        .bind(account.role)
        .bind(account.lock)
        .bind(account.locked_since)
        .bind(account.locked_seen.map(i64::from))
        .bind(account.locked_before)
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        self.account_changed(tenant, user).await
    }
}

/// Reads what is known of a user.
pub(super) async fn known(
    connection: &mut Connection,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Known, StoreError> {
    let row = sqlx::query(
        "select state, account_id, origin, profile, role, lock, locked_since, locked_seen, \
         locked_before from account \
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
            locked: read_locked(&row)?,
            seats: read_seats(connection, tenant, user).await?,
        })),
        (None, Some(role)) => Ok(Known::Uncertain {
            profile,
            role,
            made: row.try_get::<&str, _>("state")? == UNLISTED,
        }),
        (None, None) => Err(StoreError::Corrupt {
            what: "account",
            why: "it has neither an id nor a role".into(),
        }),
    }
}

fn read_locked(row: &SqlRow) -> Result<Option<Locked>, StoreError> {
    let Some(lock) = row.try_get::<Option<String>, _>("lock")? else {
        return Ok(None);
    };
    Ok(Some(Locked {
        lock: from_json("lock", &lock)?,
        since: row.try_get("locked_since")?,
        seen: row.try_get::<i64, _>("locked_seen")? == 1,
        earlier: row.try_get("locked_before")?,
    }))
}

#[derive(PartialEq, Eq)]
struct AccountRow {
    state: &'static str,
    id: Option<String>,
    origin: Option<&'static str>,
    profile: String,
    role: Option<i64>,
    lock: Option<String>,
    locked_since: Option<i64>,
    locked_seen: Option<bool>,
    locked_before: Option<String>,
}

fn row(known: &Known) -> Result<Option<AccountRow>, StoreError> {
    Ok(match known {
        Known::Nothing => None,
        Known::Uncertain {
            profile,
            role,
            made,
        } => Some(AccountRow {
            state: if *made { UNLISTED } else { "uncertain" },
            id: None,
            origin: None,
            profile: to_json("profile", profile)?,
            role: Some(role.0),
            lock: None,
            locked_since: None,
            locked_seen: None,
            locked_before: None,
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
            lock: lock(account)?,
            locked_since: account.locked.as_ref().map(|locked| locked.since),
            locked_seen: account.locked.as_ref().map(|locked| locked.seen),
            locked_before: account
                .locked
                .as_ref()
                .and_then(|locked| locked.earlier.clone()),
        }),
    })
}

fn lock(account: &Account) -> Result<Option<String>, StoreError> {
    let locked = account.locked.as_ref();
    locked
        .map(|locked| to_json("lock", &locked.lock))
        .transpose()
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
