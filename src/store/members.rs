//! Who is in which group. Members are rows: a membership change costs by its own size, never by
//! the group's. That is why statements about named users set their names down first (`named`): a database that has not counted
//! its rows lately would rather go through the whole group or tenant.

use std::collections::BTreeSet;

use sqlx::Row;

use super::error::to_json;
use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::model::{GroupId, TenantId, UserId};
use crate::scim::ResourceKind;

/// A membership as one of its two sides sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The user or group whose side it is.
    pub owner: String,
    /// The group or user on the other side.
    pub other: String,
    /// The displayName of the other, if it has one.
    pub display: Option<String>,
}

const GROUPS: &str = "select m.user_id as owner, m.group_id as other, g.display from membership m \
     join directory_group g on g.tenant = m.tenant and g.id = m.group_id \
     where m.tenant = $1 and m.user_id in (select value from json_each($2)) \
     order by m.user_id, m.group_id";
const MEMBERS: &str = "select m.group_id as owner, m.user_id as other, u.display from membership m \
     join directory_user u on u.tenant = m.tenant and u.id = m.user_id \
     where m.tenant = $1 and m.group_id in (select value from json_each($2)) \
     order by m.group_id, m.user_id";

const NAMES: &str = "select id as owner, id as other, display from directory_user \
     where tenant = $1 and id in (select value from json_each($2)) order by id";

impl Store {
    /// Those of `users` that the tenant has, with their names, each as a link of itself.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn names(&self, tenant: &TenantId, users: &[&str]) -> Result<Vec<Link>, StoreError> {
        let rows = sqlx::query(NAMES)
            .bind(tenant.as_str())
            .bind(to_json("list of ids", &users)?)
            .fetch_all(&mut *self.read().await?)
            .await?;
        rows.iter().map(link).collect()
    }

    /// The groups of several users or the members of several groups, whichever `kind` is: the links of one owner stand
    /// together, and in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn links(
        &self,
        tenant: &TenantId,
        kind: ResourceKind,
        owners: &[&str],
    ) -> Result<Vec<Link>, StoreError> {
        let statement = match kind {
            ResourceKind::User => GROUPS,
            ResourceKind::Group => MEMBERS,
        };
        let rows = sqlx::query(statement)
            .bind(tenant.as_str())
            .bind(to_json("list of ids", &owners)?)
            .fetch_all(&mut *self.read().await?)
            .await?;
        rows.iter().map(link).collect()
    }
}

impl Tx {
    /// The ids of a group's members, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn members(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
    ) -> Result<Vec<UserId>, StoreError> {
        let rows = sqlx::query(
            "select user_id from membership where tenant = $1 and group_id = $2 order by user_id",
        )
        .bind(tenant.as_str())
        .bind(group.as_str())
        .fetch_all(&mut self.connection)
        .await?;
        user_ids(&rows)
    }

    /// The members of a group with their names, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn member_links(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
    ) -> Result<Vec<Link>, StoreError> {
        let rows = sqlx::query(MEMBERS)
            .bind(tenant.as_str())
            .bind(to_json("list of ids", &[group.as_str()])?)
            .fetch_all(&mut self.connection)
            .await?;
        rows.iter().map(link).collect()
    }

    /// Adds those of `users` that the tenant has and that are not members yet, under the name of
    /// `change`; says whom it added.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add_members(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
        users: &[String],
        change: &str,
    ) -> Result<Vec<UserId>, StoreError> {
        let rows = sqlx::query(
            "with named as materialized (select $1 as tenant, value as id from json_each($3)) \
             insert into membership (tenant, group_id, user_id, change) \
             select u.tenant, $2, u.id, $4 from directory_user u \
             where (u.tenant, u.id) in (select tenant, id from named) \
             on conflict (tenant, group_id, user_id) do nothing returning user_id",
        )
        .bind(tenant.as_str())
        .bind(group.as_str())
        .bind(to_json("list of users", &users)?)
        .bind(change)
        .fetch_all(&mut self.connection)
        .await?;
        user_ids(&rows)
    }

    /// Takes those of `users` out that are members; says whom it took out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn remove_members(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
        users: &[String],
    ) -> Result<Vec<UserId>, StoreError> {
        let rows = sqlx::query(
            "with named as materialized \
             (select $1 as tenant, $2 as group_id, value as user_id from json_each($3)) \
             delete from membership where (tenant, group_id, user_id) in \
             (select tenant, group_id, user_id from named) returning user_id",
        )
        .bind(tenant.as_str())
        .bind(group.as_str())
        .bind(to_json("list of users", &users)?)
        .fetch_all(&mut self.connection)
        .await?;
        user_ids(&rows)
    }

    /// Takes back exactly the memberships that `change` added and that still stand.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn undo_members(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
        change: &str,
    ) -> Result<Vec<UserId>, StoreError> {
        let rows = sqlx::query(
            "delete from membership where tenant = $1 and group_id = $2 and change = $3 \
             returning user_id",
        )
        .bind(tenant.as_str())
        .bind(group.as_str())
        .bind(change)
        .fetch_all(&mut self.connection)
        .await?;
        user_ids(&rows)
    }

    /// Counts a change of the membership of a group. `now` is microseconds since 1970.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn touch_group(
        &mut self,
        tenant: &TenantId,
        group: &GroupId,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update directory_group set version = version + 1, modified = $3 \
             where tenant = $1 and id = $2",
        )
        .bind(tenant.as_str())
        .bind(group.as_str())
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Counts a change of the membership of every group that a user is in. `now` is microseconds
    /// since 1970.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn touch_groups_of(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update directory_group set version = version + 1, modified = $3 \
             where tenant = $1 and id in \
             (select group_id from membership where tenant = $1 and user_id = $2)",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Which of `users` the tenant has.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn known_users(
        &mut self,
        tenant: &TenantId,
        users: &[String],
    ) -> Result<BTreeSet<UserId>, StoreError> {
        let rows = sqlx::query(
            "with named as materialized (select $1 as tenant, value as id from json_each($2)) \
             select id as user_id from directory_user \
             where (tenant, id) in (select tenant, id from named)",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .fetch_all(&mut self.connection)
        .await?;
        Ok(user_ids(&rows)?.into_iter().collect())
    }
}

fn link(row: &SqlRow) -> Result<Link, StoreError> {
    Ok(Link {
        owner: row.try_get("owner")?,
        other: row.try_get("other")?,
        display: row.try_get("display")?,
    })
}

fn user_ids(rows: &[SqlRow]) -> Result<Vec<UserId>, StoreError> {
    rows.iter().map(user_id).collect()
}

fn user_id(row: &SqlRow) -> Result<UserId, StoreError> {
    Ok(UserId::new(row.try_get::<String, _>("user_id")?))
}
