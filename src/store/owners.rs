//! Whose an account is, whose it cannot be, and whose a login name still is.

use std::collections::HashSet;

use sqlx::Row;

use super::accounts::UNLISTED;
use super::error::from_json;
use super::{Connection, Store, StoreError, Tx};
use crate::domain::model::{AccountId, Known, Profile, TenantId, UserId};
use crate::scim::fold;

/// The accounts of users of ours.
#[derive(Clone, Debug, Default)]
pub struct Owned {
    /// Ids, folded, of those of the tenant's own users.
    ids: HashSet<String>,
    /// Ids, folded, of those of other tenants' users.
    elsewhere: HashSet<String>,
    /// Login names, folded, of those whose create has begun.
    names: HashSet<String>,
    /// Those among them whose account is made, though its id is not known.
    made: HashSet<String>,
}

impl Owned {
    /// Whether an account is that of a user of another tenant.
    pub fn has_elsewhere(&self, account: &AccountId) -> bool {
        self.elsewhere.contains(&fold(account.as_str()))
    }

    /// Whether an account that is there is that of a user of the tenant, or may be.
    pub fn has(&self, account: &AccountId, name: &str) -> bool {
        self.ids.contains(&fold(account.as_str())) || self.names.contains(&fold(name))
    }

    /// Whether Cloudmore has said that it made the account of this name for a user of the tenant, though not under which id.
    pub fn has_made(&self, name: &str) -> bool {
        self.made.contains(&fold(name))
    }
}

impl Store {
    /// Which accounts of a target are those of users of ours other than `user`, whichever tenant they are of. A tenant
    /// that is configured no more counts as well.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn owned(
        &self,
        tenant: &TenantId,
        target: &str,
        user: Option<&UserId>,
    ) -> Result<Owned, StoreError> {
        let rows = sqlx::query(
            "select tenant, account_id, profile, state from account where (tenant = $1 \
             or tenant in (select tenant from tenant_state where target = $2)) \
             and not (tenant = $1 and user_id = $3)",
        )
        .bind(tenant.as_str())
        .bind(target)
        .bind(user.map_or("", UserId::as_str))
        .fetch_all(&mut *self.read().await?)
        .await?;
        let mut owned = Owned::default();
        for row in &rows {
            match row.try_get::<Option<&str>, _>("account_id")? {
                Some(id) if row.try_get::<&str, _>("tenant")? != tenant.as_str() => {
                    owned.elsewhere.insert(fold(id))
                }
                Some(id) => owned.ids.insert(fold(id)),
                None => {
                    // What cannot be read of another user is for that user's turn.
                    let profile = from_json::<Profile>("profile", row.try_get("profile")?);
                    let Ok(begun) = profile else { continue };
                    if row.try_get::<&str, _>("state")? == UNLISTED {
                        owned.made.insert(fold(&begun.name));
                    }
                    owned.names.insert(fold(&begun.name))
                }
            };
        }
        Ok(owned)
    }

    /// Whether another user of the tenant, whose account is still to be converged, last had this login name, or has the
    /// account `holder`: the name may come free.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn may_come_free(
        &self,
        tenant: &TenantId,
        user: &UserId,
        name: &str,
        holder: Option<&AccountId>,
    ) -> Result<bool, StoreError> {
        let rows = sqlx::query(
            "select a.account_id, a.profile from account a \
             join dirty d on d.tenant = a.tenant and d.user_id = a.user_id \
             where a.tenant = $1 and a.user_id <> $2 and d.failed = 0",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let holder = holder.map(|holder| fold(holder.as_str()));
        for row in &rows {
            let profile = from_json::<Profile>("profile", row.try_get("profile")?);
            let had_it = profile.is_ok_and(|profile| fold(&profile.name) == fold(name));
            let account = row.try_get::<Option<&str>, _>("account_id")?;
            let has_it = account.is_some_and(|account| holder.as_ref() == Some(&fold(account)));
            if had_it || has_it {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Tx {
    /// Whether the account that is known of a user is another user's already.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn belongs_to_another(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        known: &Known,
    ) -> Result<bool, StoreError> {
        let Known::Account(account) = known else {
            return Ok(false);
        };
        let owner = owner(&mut self.connection, tenant, &account.id).await?;
        Ok(owner.is_some_and(|owner| owner != *user))
    }
}

async fn owner(
    connection: &mut Connection,
    tenant: &TenantId,
    account: &AccountId,
) -> Result<Option<UserId>, StoreError> {
    let user: Option<String> =
        sqlx::query_scalar("select user_id from account where tenant = $1 and account_id = $2")
            .bind(tenant.as_str())
            .bind(account.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(user.map(UserId::new))
}

impl Store {
    /// Whether an account was there, and not ours, before anything was begun that could have made
    /// it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn is_foreign(
        &self,
        tenant: &TenantId,
        account: &AccountId,
    ) -> Result<bool, StoreError> {
        let row =
            sqlx::query("select 1 from foreign_account where tenant = $1 and account_id = $2")
                .bind(tenant.as_str())
                .bind(fold(account.as_str()))
                .fetch_optional(&mut *self.read().await?)
                .await?;
        Ok(row.is_some())
    }
}

impl Tx {
    /// Notes those of the `people` that are there (id and login name) that cannot be ours: no user
    /// of the tenant has the account, and none was begun under the name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_foreign(
        &mut self,
        tenant: &TenantId,
        people: &[(AccountId, String)],
    ) -> Result<(), StoreError> {
        let ours = sqlx::query("select account_id, profile from account where tenant = $1")
            .bind(tenant.as_str())
            .fetch_all(&mut self.connection)
            .await?;
        let (mut ids, mut names) = (HashSet::new(), HashSet::new());
        for row in &ours {
            let id: Option<String> = row.try_get("account_id")?;
            let profile: Profile = from_json("profile", row.try_get("profile")?)?;
            ids.extend(id.map(|id| fold(&id)));
            names.insert(fold(&profile.name));
        }
        for (id, name) in people {
            let id = fold(id.as_str());
            if ids.contains(&id) || names.contains(&fold(name)) {
                continue;
            }
            self.take_for_foreign(tenant, &AccountId::new(id)).await?;
        }
        Ok(())
    }

    /// Notes that an account cannot be ours.
    pub(super) async fn take_for_foreign(
        &mut self,
        tenant: &TenantId,
        account: &AccountId,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into foreign_account (tenant, account_id) values ($1, $2) \
             on conflict (tenant, account_id) do nothing",
        )
        .bind(tenant.as_str())
        .bind(fold(account.as_str()))
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}
