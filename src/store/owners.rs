//! Whose an account is, and whose a login name still is.

use super::error::from_json;
use super::{Connection, Store, StoreError, Tx};
use crate::domain::model::{AccountId, Known, Profile, TenantId, UserId};
use crate::scim::fold;

impl Store {
    /// The user of the tenant that an account belongs to, if it is one of ours.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn owner(
        &self,
        tenant: &TenantId,
        account: &AccountId,
    ) -> Result<Option<UserId>, StoreError> {
        owner(&mut *self.read().await?, tenant, account).await
    }

    /// Whether another user of the tenant, whose account is still to be converged, last had this
    /// login name: it may come free.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn may_come_free(
        &self,
        tenant: &TenantId,
        user: &UserId,
        name: &str,
    ) -> Result<bool, StoreError> {
        let profiles: Vec<String> = sqlx::query_scalar(
            "select a.profile from account a \
             join dirty d on d.tenant = a.tenant and d.user_id = a.user_id \
             where a.tenant = $1 and a.user_id <> $2 and d.failed = 0",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        for profile in profiles {
            let profile: Profile = from_json("profile", &profile)?;
            if fold(&profile.name) == fold(name) {
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
