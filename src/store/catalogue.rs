//! What Cloudmore says of roles and of sign-ins, kept to be compared and shown.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row;

use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::model::{AccountId, RoleId, TenantId, UserId};

impl Store {
    /// What Cloudmore called the roles when they were last looked at.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn role_names(
        &self,
        tenant: &TenantId,
    ) -> Result<BTreeMap<RoleId, String>, StoreError> {
        let rows = sqlx::query("select role, name from role_name where tenant = $1")
            .bind(tenant.as_str())
            .fetch_all(&mut *self.read().await?)
            .await?;
        let named = |row: &SqlRow| Ok((RoleId(row.try_get("role")?), row.try_get("name")?));
        rows.iter().map(named).collect()
    }

    /// How many assignments a user's account holds, as far as is known.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn assignments(&self, tenant: &TenantId, user: &UserId) -> Result<usize, StoreError> {
        let row = sqlx::query(
            "select count(*) as held from seat where tenant = $1 and user_id = $2 and state = 'held'",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .fetch_one(&mut *self.read().await?)
        .await?;
        Ok(usize::try_from(row.try_get::<i64, _>("held")?).unwrap_or_default())
    }
}

impl Tx {
    /// Keeps what Cloudmore calls the roles, in place of what it called them before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_roles(
        &mut self,
        tenant: &TenantId,
        names: &BTreeMap<RoleId, String>,
    ) -> Result<(), StoreError> {
        sqlx::query("delete from role_name where tenant = $1")
            .bind(tenant.as_str())
            .execute(&mut self.connection)
            .await?;
        for (role, name) in names {
            sqlx::query("insert into role_name (tenant, role, name) values ($1, $2, $3)")
                .bind(tenant.as_str())
                .bind(role.0)
                .bind(name)
                .execute(&mut self.connection)
                .await?;
        }
        Ok(())
    }

    /// Keeps when the bearers of accounts signed in last. Says which of the accounts are ours, and whose.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_access(
        &mut self,
        tenant: &TenantId,
        seen: &[(AccountId, Option<i64>)],
    ) -> Result<Vec<(AccountId, UserId)>, StoreError> {
        let rows = sqlx::query(
            "select account_id, user_id from account where tenant = $1 and account_id is not null",
        )
        .bind(tenant.as_str())
        .fetch_all(&mut self.connection)
        .await?;
        let mut owners = HashMap::new();
        for row in &rows {
            let account: String = row.try_get("account_id")?;
            owners.insert(
                account.to_ascii_lowercase(),
                row.try_get::<String, _>("user_id")?,
            );
        }
        let mut ours = Vec::new();
        for (account, at) in seen {
            let Some(user) = owners.get(&account.as_str().to_ascii_lowercase()) else {
                continue;
            };
            sqlx::query("update account set last_access = $3 where tenant = $1 and user_id = $2")
                .bind(tenant.as_str())
                .bind(user)
                .bind(at)
                .execute(&mut self.connection)
                .await?;
            ours.push((account.clone(), UserId::new(user.clone())));
        }
        Ok(ours)
    }
}
