//! All that planning for one user needs, read in one transaction.

use std::collections::BTreeSet;

use sqlx::Row;

use super::{Connection, Store, StoreError, Tx, UserKey, accounts, bindings, guard, users};
use crate::domain::entitlement::DirectoryUser;
use crate::domain::guard::Record;
use crate::domain::mapping::Bindings;
use crate::domain::model::{GroupId, Known, TenantId, UserId};

/// A user with everything that planning needs.
#[derive(Clone, Debug)]
pub struct Person {
    /// What the directory says; `None` when it does not know the user any more.
    pub user: Option<DirectoryUser>,
    /// What is known of Cloudmore.
    pub known: Known,
    /// The tenant's bindings.
    pub bindings: Bindings,
    /// What the guard remembers.
    pub guard: Record,
}

impl Tx {
    /// Reads a user with everything that planning needs.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn person(&mut self, tenant: &TenantId, user: &UserId) -> Result<Person, StoreError> {
        person(&mut self.connection, tenant, user).await
    }
}

impl Store {
    /// Reads a user with everything that planning needs, for looking only.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn person(&self, tenant: &TenantId, user: &UserId) -> Result<Person, StoreError> {
        person(&mut *self.read().await?, tenant, user).await
    }
}

impl Store {
    /// Reads every user of a tenant, those included whose account outlived the directory user, with everything that
    /// planning needs, for looking only. Those who wait longest for the worker come first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn everybody(&self, tenant: &TenantId) -> Result<Vec<(UserId, Person)>, StoreError> {
        let mut connection = self.read().await?;
        let ids: Vec<String> = sqlx::query_scalar(
            "select e.id from (select id from directory_user where tenant = $1 union \
             select user_id from account where tenant = $1) e \
             left join dirty d on d.tenant = $1 and d.user_id = e.id \
             order by d.due_at is null, d.due_at, e.id",
        )
        .bind(tenant.as_str())
        .fetch_all(&mut *connection)
        .await?;
        let mut everybody = Vec::with_capacity(ids.len());
        for id in ids.into_iter().map(UserId::new) {
            let person = person(&mut connection, tenant, &id).await?;
            everybody.push((id, person));
        }
        Ok(everybody)
    }
}

pub(super) async fn person(
    connection: &mut Connection,
    tenant: &TenantId,
    id: &UserId,
) -> Result<Person, StoreError> {
    let key = UserKey::Id(tenant.clone(), id.to_string());
    let user = match users::find(connection, &key).await? {
        None => None,
        Some(user) => Some(DirectoryUser {
            id: user.id,
            document: user.document,
            groups: groups(connection, tenant, id).await?,
        }),
    };
    Ok(Person {
        user,
        known: accounts::known(connection, tenant, id).await?,
        bindings: bindings::bindings(connection, tenant).await?,
        guard: guard::record(connection, tenant, id).await?,
    })
}

async fn groups(
    connection: &mut Connection,
    tenant: &TenantId,
    user: &UserId,
) -> Result<BTreeSet<GroupId>, StoreError> {
    let rows = sqlx::query("select group_id from membership where tenant = $1 and user_id = $2")
        .bind(tenant.as_str())
        .bind(user.as_str())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok(GroupId::new(row.try_get::<String, _>("group_id")?)))
        .collect()
}
