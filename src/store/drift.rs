//! Where Cloudmore differs from what users should have, and all that comparing one of them needs.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use sqlx::Row;

use super::error::{from_json, to_json};
use super::former::{Former, former_accounts, former_seats};
use super::person::{Person, person};
use super::{Connection, Store, StoreError, Tx};
use crate::domain::model::{AccountId, Known, SubscriptionRef, TenantId, UserId};

/// A difference, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct DriftRow {
    /// Of what kind.
    pub kind: String,
    /// Which field, subscription or account; empty if there is only one such.
    pub place: String,
    /// The particulars.
    pub detail: Value,
    /// Whether the user was marked for it.
    pub repairing: bool,
    /// When it was seen, microseconds since 1970.
    pub seen_at: i64,
}

/// A difference of a user, for showing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drifted {
    /// The SCIM id.
    pub user: UserId,
    /// What is different.
    pub row: DriftRow,
    /// Whether there is work left for the user.
    pub is_dirty: bool,
}

/// A user with all that comparing needs.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What the directory says and what is known.
    pub person: Person,
    /// When what is known of the account last changed.
    pub changed: Option<i64>,
    /// Whether something is to be done for the user, by somebody or later.
    pub is_busy: bool,
    /// The accounts that the user had, each with the assignments that were taken from it.
    pub former: Vec<(Former, BTreeSet<SubscriptionRef>)>,
    /// The assignments that were taken from the account.
    pub taken: BTreeSet<SubscriptionRef>,
}

impl Store {
    /// Reads a user with all that comparing needs.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn subject(&self, tenant: &TenantId, user: &UserId) -> Result<Subject, StoreError> {
        subject(&mut *self.read().await?, tenant, user).await
    }

    /// The next users of a tenant in the order of their ids, those included whom only an account is left of, or was.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn users_after(
        &self,
        tenant: &TenantId,
        after: &UserId,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError> {
        let statement = format!("select id {EVERYBODY} where id > $2 order by id limit $3");
        let ids: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .bind(after.as_str())
            .bind(i64::from(limit))
            .fetch_all(&mut *self.read().await?)
            .await?;
        Ok(ids.into_iter().map(UserId::new).collect())
    }

    /// How many users there are to compare.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_users(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let statement = format!("select count(*) {EVERYBODY}");
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(tenant.as_str())
            .fetch_one(&mut *self.read().await?)
            .await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The accounts of a tenant's users as known, by their folded ids, each with when that last changed.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn known_accounts(
        &self,
        tenant: &TenantId,
    ) -> Result<HashMap<String, i64>, StoreError> {
        let rows = sqlx::query(
            "select account_id, changed from account where tenant = $1 and account_id is not null",
        )
        .bind(tenant.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let accounts = rows.iter().map(|row| {
            let id = AccountId::new(row.try_get::<String, _>("account_id")?);
            let changed: Option<i64> = row.try_get("changed")?;
            Ok((id.folded(), changed.unwrap_or_default()))
        });
        accounts.collect()
    }

    /// The folded ids of the accounts that were a tenant's users' and are not known any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn former_accounts(&self, tenant: &TenantId) -> Result<BTreeSet<String>, StoreError> {
        let ids: Vec<String> =
            sqlx::query_scalar("select account_id from former_account where tenant = $1")
                .bind(tenant.as_str())
                .fetch_all(&mut *self.read().await?)
                .await?;
        Ok(ids.into_iter().collect())
    }

    /// Who is known to be assigned to which subscription of a tenant: folded account ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn known_seats(
        &self,
        tenant: &TenantId,
    ) -> Result<HashMap<SubscriptionRef, BTreeSet<String>>, StoreError> {
        let rows = sqlx::query(
            "select s.service, s.subscription, s.state, a.account_id from seat s \
             join account a on a.tenant = s.tenant and a.user_id = s.user_id \
             where s.tenant = $1 and a.account_id is not null \
             union all select service, subscription, 'taken', account_id from former_seat where tenant = $1",
        )
        .bind(tenant.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let mut seats = HashMap::<_, BTreeSet<_>>::new();
        for row in &rows {
            let at = SubscriptionRef {
                service: row.try_get("service")?,
                subscription: row.try_get("subscription")?,
            };
            let all = seats.entry(at).or_default();
            if row.try_get::<String, _>("state")? == "held" {
                let account = AccountId::new(row.try_get::<String, _>("account_id")?);
                all.insert(account.folded());
            }
        }
        Ok(seats)
    }

    /// All differences of a tenant, by user.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn drift(&self, tenant: &TenantId) -> Result<Vec<Drifted>, StoreError> {
        let rows = sqlx::query(
            "select f.user_id, f.kind, f.place, f.detail, f.repairing, f.seen_at, d.user_id as busy \
             from drift f left join dirty d on d.tenant = f.tenant and d.user_id = f.user_id \
             where f.tenant = $1 order by f.user_id, f.kind, f.place",
        )
        .bind(tenant.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let drifted = rows.iter().map(|row| {
            Ok(Drifted {
                user: UserId::new(row.try_get::<String, _>("user_id")?),
                is_dirty: row.try_get::<Option<String>, _>("busy")?.is_some(),
                row: DriftRow {
                    kind: row.try_get("kind")?,
                    place: row.try_get("place")?,
                    detail: from_json("difference", &row.try_get::<String, _>("detail")?)?,
                    repairing: row.try_get::<i64, _>("repairing")? == 1,
                    seen_at: row.try_get("seen_at")?,
                },
            })
        });
        drifted.collect()
    }
}

impl Tx {
    /// Reads a user with all that comparing needs.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn subject(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<Subject, StoreError> {
        subject(&mut self.connection, tenant, user).await
    }

    /// Replaces the differences of a user.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_drift(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        rows: &[DriftRow],
    ) -> Result<(), StoreError> {
        sqlx::query("delete from drift where tenant = $1 and user_id = $2")
            .bind(tenant.as_str())
            .bind(user.as_str())
            .execute(&mut self.connection)
            .await?;
        for row in rows {
            sqlx::query(
                "insert into drift (tenant, user_id, kind, place, detail, repairing, seen_at) \
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant, user_id, kind, place) do nothing",
            )
            .bind(tenant.as_str())
            .bind(user.as_str())
            .bind(&row.kind)
            .bind(&row.place)
            .bind(to_json("difference", &row.detail)?)
            .bind(i64::from(row.repairing))
            .bind(row.seen_at)
            .execute(&mut self.connection)
            .await?;
        }
        Ok(())
    }
}

const EVERYBODY: &str = "from (select id from directory_user where tenant = $1 \
                         union select user_id from account where tenant = $1 \
                         union select user_id from former_account where tenant = $1) e";

async fn subject(
    connection: &mut Connection,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Subject, StoreError> {
    let person = person(connection, tenant, user).await?;
    let taken = match &person.known {
        Known::Account(account) => former_seats(connection, tenant, &account.id).await?,
        Known::Nothing | Known::Uncertain { .. } => BTreeSet::new(),
    };
    let mut former = Vec::new();
    for account in former_accounts(connection, tenant, user).await? {
        let seats = former_seats(connection, tenant, &account.id).await?;
        former.push((account, seats));
    }
    let changed: Option<Option<i64>> =
        sqlx::query_scalar("select changed from account where tenant = $1 and user_id = $2")
            .bind(tenant.as_str())
            .bind(user.as_str())
            .fetch_optional(&mut *connection)
            .await?;
    let busy = sqlx::query(
        "select user_id from dirty where tenant = $1 and user_id = $2 and (failed = 0 or lease is not null)",
    )
    .bind(tenant.as_str())
    .bind(user.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    Ok(Subject {
        person,
        changed: changed.flatten(),
        is_busy: busy.is_some(),
        former,
        taken,
    })
}
