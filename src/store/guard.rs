//! What the guard remembers: of each user, and of how many lost something within a window.

use std::collections::HashSet;

use sqlx::Row;

use super::error::{from_json, to_json};
use super::{Connection, Lease, Store, StoreError, Tx, held_removals};
use crate::domain::guard::{Record, Shield, Takes, Tally};
use crate::domain::model::{TenantId, UserId};

/// The users from whom something was taken within a window.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// How much that was.
    pub tally: Tally,
    /// The users who count.
    pub users: HashSet<UserId>,
    /// What was taken from all of them, and from those whom a person released.
    pub taken: Vec<Takes>,
}

impl Store {
    /// Who lost something since `since`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn counted(&self, tenant: &TenantId, since: i64) -> Result<Counted, StoreError> {
        let mut connection = self.read().await?;
        let mut counted = Counted {
            tally: tally(&mut connection, tenant, since).await?,
            ..Counted::default()
        };
        let rows = sqlx::query(
            "select user_id, takes, released from removal where tenant = $1 and at > $2",
        )
        .bind(tenant.as_str())
        .bind(since)
        .fetch_all(&mut *connection)
        .await?;
        for row in &rows {
            let takes: String = row.try_get("takes")?;
            counted.taken.push(from_json("removal", &takes)?);
            if row.try_get::<i64, _>("released")? == 0 {
                let user = row.try_get::<String, _>("user_id")?;
                counted.users.insert(UserId::new(user));
            }
        }
        Ok(counted)
    }
}

impl Tx {
    /// What the guard remembers of a user.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn guard_record(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<Record, StoreError> {
        record(&mut self.connection, tenant, user).await
    }

    /// How much was let through since `since`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn tally(&mut self, tenant: &TenantId, since: i64) -> Result<Tally, StoreError> {
        tally(&mut self.connection, tenant, since).await
    }

    /// What was taken from the user since `since`, if the user was counted for it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn counted_for(
        &mut self,
        lease: &Lease,
        since: i64,
    ) -> Result<Option<Takes>, StoreError> {
        let row = sqlx::query(
            "select takes from removal where tenant = $1 and user_id = $2 and at > $3 and released = 0",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(since)
        .fetch_optional(&mut self.connection)
        .await?;
        let takes = row
            .map(|row| row.try_get::<String, _>("takes"))
            .transpose()?;
        takes.map(|takes| from_json("removal", &takes)).transpose()
    }

    /// Notes a user from whom something is about to be taken at `at`, and forgets what was before `since`. Whoever does
    /// not take a place keeps the one that there is.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_removal(
        &mut self,
        lease: &Lease,
        takes: &Takes,
        (at, since): (i64, i64),
        takes_a_place: bool,
    ) -> Result<(), StoreError> {
        sqlx::query("delete from removal where tenant = $1 and at <= $2")
            .bind(lease.tenant.as_str())
            .bind(since)
            .execute(&mut self.connection)
            .await?;
        sqlx::query(
            "insert into removal (tenant, user_id, at, takes, released) values ($1, $2, $3, $4, $5) \
             on conflict (tenant, user_id) do update set takes = $4, \
             at = case when $5 = 0 then $3 else removal.at end, \
             released = case when $5 = 0 then $5 else removal.released end",
        )
        .bind(lease.tenant.as_str())
        .bind(lease.user.as_str())
        .bind(at)
        .bind(to_json("removal", takes)?)
        .bind(i64::from(!takes_a_place))
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Notes what the work on the row may take.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_taking(&mut self, lease: &Lease, takes: &Takes) -> Result<(), StoreError> {
        let takes = (!takes.is_empty()).then(|| to_json("removal", takes));
        sqlx::query("update dirty set taking = $3 where tenant = $1 and user_id = $2")
            .bind(lease.tenant.as_str())
            .bind(lease.user.as_str())
            .bind(takes.transpose()?)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Notes what the user has that is protected.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_shield(&mut self, lease: &Lease, shield: &Shield) -> Result<(), StoreError> {
        const PUT: &str = "insert into shield (tenant, user_id, shield) values ($1, $2, $3) \
                           on conflict (tenant, user_id) do update set shield = $3";
        const DROP: &str = "delete from shield where tenant = $1 and user_id = $2 and shield <> $3";
        let statement = if *shield == Shield::default() {
            DROP
        } else {
            PUT
        };
        sqlx::query(statement)
            .bind(lease.tenant.as_str())
            .bind(lease.user.as_str())
            .bind(to_json("shield", shield)?)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }
}

/// Reads what the guard remembers of a user.
pub(super) async fn record(
    connection: &mut Connection,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Record, StoreError> {
    let row = sqlx::query(
        "select d.taking, s.shield, h.stage, h.reason, h.takes, h.wish from (select $2 as user_id) u \
         left join dirty d on d.tenant = $1 and d.user_id = u.user_id \
         left join shield s on s.tenant = $1 and s.user_id = u.user_id \
         left join held_removal h on h.tenant = $1 and h.user_id = u.user_id",
    )
    .bind(tenant.as_str())
    .bind(user.as_str())
    .fetch_one(connection)
    .await?;
    let taking: Option<String> = row.try_get("taking")?;
    let shield: Option<String> = row.try_get("shield")?;
    Ok(Record {
        taking: read(taking, "removal")?,
        held: held_removals::hold(&row)?,
        shield: read(shield, "shield")?,
    })
}

fn read<T: Default + serde::de::DeserializeOwned>(
    text: Option<String>,
    what: &'static str,
) -> Result<T, StoreError> {
    let value = text.map(|text| from_json(what, &text)).transpose()?;
    Ok(value.unwrap_or_default())
}

/// Locked accounts give nothing that could be taken.
async fn tally(
    connection: &mut Connection,
    tenant: &TenantId,
    since: i64,
) -> Result<Tally, StoreError> {
    let row = sqlx::query(
        "select (select count(*) from account where tenant = $1) \
         - (select count(*) from account where tenant = $1 and locked_since is not null) \
         + (select count(*) from removal r where r.tenant = $1 and r.at > $2 \
         and not exists (select 1 from account a where a.tenant = r.tenant and a.user_id = r.user_id \
         and a.locked_since is null)) as accounts, \
         (select count(*) from removal where tenant = $1 and at > $2 and released = 0) as counted",
    )
    .bind(tenant.as_str())
    .bind(since)
    .fetch_one(connection)
    .await?;
    Ok(Tally {
        accounts: row.try_get::<i64, _>("accounts")?.unsigned_abs(),
        counted: row.try_get::<i64, _>("counted")?.unsigned_abs(),
    })
}
