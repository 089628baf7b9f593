//! Who is in which group. Members are rows: a membership change costs by its own size, never by
//! the group's.

use std::collections::BTreeSet;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::error::to_json;
use super::{Store, StoreError, Tx};
use crate::domain::model::{GroupId, TenantId, UserId};

impl Store {
    /// The members of a group with their display names, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn members_shown(
        &self,
        tenant: &TenantId,
        group: &GroupId,
    ) -> Result<Vec<(UserId, Option<String>)>, StoreError> {
        let rows = sqlx::query(
            "select m.user_id, u.display from membership m \
             join directory_user u on u.tenant = m.tenant and u.id = m.user_id \
             where m.tenant = $1 and m.group_id = $2 order by m.user_id",
        )
        .bind(tenant.as_str())
        .bind(group.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| Ok((user_id(row)?, row.try_get("display")?)))
            .collect()
    }

    /// The groups of several users, each with its display name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn groups_of(
        &self,
        tenant: &TenantId,
        users: &[UserId],
    ) -> Result<Vec<(UserId, GroupId, String)>, StoreError> {
        let rows = sqlx::query(
            "select m.user_id, m.group_id, g.display from membership m \
             join directory_group g on g.tenant = m.tenant and g.id = m.group_id \
             where m.tenant = $1 and m.user_id in (select value from json_each($2)) \
             order by m.user_id, m.group_id",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| {
                let group = GroupId::new(row.try_get::<String, _>("group_id")?);
                Ok((user_id(row)?, group, row.try_get("display")?))
            })
            .collect()
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
            "insert into membership (tenant, group_id, user_id, change) \
             select u.tenant, $2, u.id, $4 from directory_user u \
             where u.tenant = $1 and u.id in (select value from json_each($3)) \
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
            "delete from membership where tenant = $1 and group_id = $2 \
             and user_id in (select value from json_each($3)) returning user_id",
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
            "select id as user_id from directory_user \
             where tenant = $1 and id in (select value from json_each($2))",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .fetch_all(&mut self.connection)
        .await?;
        Ok(user_ids(&rows)?.into_iter().collect())
    }
}

fn user_ids(rows: &[SqliteRow]) -> Result<Vec<UserId>, StoreError> {
    rows.iter().map(user_id).collect()
}

fn user_id(row: &SqliteRow) -> Result<UserId, StoreError> {
    Ok(UserId::new(row.try_get::<String, _>("user_id")?))
}
