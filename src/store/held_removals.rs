//! Removals that wait for a person, and what was decided about them.

use sqlx::Row;

use super::error::{from_json, to_json};
use super::{Lease, SqlRow, Store, StoreError, Tx};
use crate::domain::guard::{Hold, Reason, Stage};
use crate::domain::model::{Profile, TenantId, UserId};
use crate::scim::Document;

/// A removal that waits, with whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRemoval {
    /// The user.
    pub user: UserId,
    /// The userName, or the login name of the account if the directory does not know the user any more.
    pub user_name: String,
    /// What waits, and why.
    pub hold: Hold,
    /// Since when, microseconds since 1970.
    pub since: i64,
    /// Who released or rejected it.
    pub decided_by: Option<String>,
}

/// Which removals a person decides about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// As many as this of those about which nobody has decided, the longest waiting first.
    Longest(u32),
    /// Those of these users.
    Users(Vec<UserId>),
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Released or rejected.
    pub stage: Stage,
    /// Who decided.
    pub by: String,
}

impl Store {
    /// The removals of a tenant that wait; the longest waiting first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn held_removals(&self, tenant: &TenantId) -> Result<Vec<HeldRemoval>, StoreError> {
        let rows = sqlx::query(
            "select h.user_id, h.since, h.stage, h.reason, h.takes, h.wish, h.decided_by, u.document, a.profile \
             from held_removal h \
             left join directory_user u on u.tenant = h.tenant and u.id = h.user_id \
             left join account a on a.tenant = h.tenant and a.user_id = h.user_id \
             where h.tenant = $1 order by h.since, h.user_id",
        )
        .bind(tenant.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let mut removals = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(hold) = hold(row)? else { continue };
            removals.push(HeldRemoval {
                user: UserId::new(row.try_get::<String, _>("user_id")?),
                user_name: user_name(row)?,
                hold,
                since: row.try_get("since")?,
                decided_by: row.try_get("decided_by")?,
            });
        }
        Ok(removals)
    }
}

fn user_name(row: &SqlRow) -> Result<String, StoreError> {
    if let Some(document) = row.try_get::<Option<String>, _>("document")? {
        let document: Document = from_json("user", &document)?;
        return Ok(document.user_name().to_owned());
    }
    let profile: Option<String> = row.try_get("profile")?;
    let profile = profile.map(|profile| from_json::<Profile>("profile", &profile));
    Ok(profile
        .transpose()?
        .map(|known| known.name)
        .unwrap_or_default())
}

impl Tx {
    /// Notes that a removal waits, or as it is by now. One that waits already keeps its place; whoever was asked before
    /// about another removal is asked again.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn hold_removal(
        &mut self,
        lease: &Lease,
        hold: &Hold,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into held_removal (tenant, user_id, since, reason, takes, wish, stage, by_count) \
             values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (tenant, user_id) do update set \
             since = case when held_removal.stage = $7 then held_removal.since else $3 end, \
             decided_by = case when held_removal.stage = $7 then held_removal.decided_by end, \
             reason = $4, takes = $5, wish = $6, stage = $7, by_count = 0",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(now)
        .bind(reason(hold.reason))
        .bind(to_json("removal", &hold.takes)?)
        .bind(&hold.wish)
        .bind(stage(hold.stage))
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Nothing of the user waits any more. Returns who had released it as one of a number.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn drop_hold(&mut self, lease: &Lease) -> Result<Option<String>, StoreError> {
        let row = sqlx::query(
            "delete from held_removal where tenant = $1 and user_id = $2 returning by_count, decided_by",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .fetch_optional(&mut self.connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        match row.try_get::<i64, _>("by_count")? {
            0 => Ok(None),
            _ => Ok(row.try_get("decided_by")?),
        }
    }

    /// Records what a person decided. Returns about whom that was.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn decide_removals(
        &mut self,
        tenant: &TenantId,
        whose: &Whose,
        decided: &Decided,
    ) -> Result<Vec<UserId>, StoreError> {
        const BY_NUMBER: &str = "update held_removal set stage = $3, decided_by = $4, by_count = 1 \
            where tenant = $1 and user_id in (select user_id from held_removal \
            where tenant = $1 and stage = 'waiting' order by since, user_id limit $2) returning user_id";
        const BY_NAME: &str = "update held_removal set stage = $3, decided_by = $4, by_count = 0 \
            where tenant = $1 and user_id in (select value from json_each($2)) and stage <> $3 returning user_id";
        let query = match whose {
            Whose::Longest(number) => sqlx::query(BY_NUMBER)
                .bind(tenant.as_str())
                .bind(i64::from(*number)),
            Whose::Users(users) => sqlx::query(BY_NAME)
                .bind(tenant.as_str())
                .bind(to_json("list of users", users)?),
        };
        let rows = query
            .bind(stage(decided.stage))
            .bind(&decided.by)
            .fetch_all(&mut self.connection)
            .await?;
        rows.iter()
            .map(|row| Ok(UserId::new(row.try_get::<String, _>("user_id")?)))
            .collect()
    }
}

/// Reads a removal that waits, from a row that may have none.
pub(super) fn hold(row: &SqlRow) -> Result<Option<Hold>, StoreError> {
    let Some(stage) = row.try_get::<Option<String>, _>("stage")? else {
        return Ok(None);
    };
    let text = |column: &str| row.try_get::<String, _>(column);
    Ok(Some(Hold {
        stage: match stage.as_str() {
            "released" => Stage::Released,
            "rejected" => Stage::Rejected,
            _ => Stage::Waiting,
        },
        reason: match text("reason")?.as_str() {
            "user" => Reason::User,
            "group" => Reason::Group,
            "role" => Reason::Role,
            _ => Reason::Count,
        },
        takes: from_json("removal", &text("takes")?)?,
        wish: text("wish")?,
    }))
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Waiting => "waiting",
        Stage::Released => "released",
        Stage::Rejected => "rejected",
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Count => "count",
        Reason::User => "user",
        Reason::Group => "group",
        Reason::Role => "role",
    }
}
