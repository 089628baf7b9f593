//! What was decided at the doors of tenants: counted, and bounded whatever is sent.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use sqlx::Row;

use super::error::{from_json, to_json};
use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::credential::hex;

/// Most rows of one tenant with one reason, so that a flood of one kind hides no other.
const OF_A_REASON: i64 = 200;

/// Most rows about tenants that are not there, all together: anybody can name one.
const OF_NO_TENANT: i64 = 500;

/// How long a row is kept after the last time, in microseconds: 90 days.
const KEPT: i64 = 90 * 24 * 60 * 60 * 1_000_000;

/// Decisions that have all but the time in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The tenant as the address named it.
    pub tenant: String,
    /// Whether there was such a tenant.
    pub known: bool,
    /// Whether somebody was let in.
    pub admitted: bool,
    /// Why not, in words.
    pub reason: String,
    /// What to change about it.
    pub advice: String,
    /// What was shown, such as `bearer` or `jwt`; empty if that was not looked at.
    pub kind: String,
    /// The id of the credential; empty if it was not recognised.
    pub credential: String,
    /// What its bearer is called; empty if it was not recognised.
    pub label: String,
    /// From where; empty for those who found no place of their own.
    pub address: String,
    /// What the last one said of itself, without anything secret.
    pub said: BTreeMap<String, String>,
    /// The correlation id of the last one.
    pub request: String,
    /// The first time, microseconds since 1970.
    pub first_at: i64,
    /// The last time.
    pub last_at: i64,
    /// How often.
    pub times: i64,
}

impl Admission {
    /// What is counted together.
    pub fn key(&self) -> String {
        let parts = [
            &self.tenant,
            &self.reason,
            &self.kind,
            &self.credential,
            &self.address,
        ];
        let mut hash = Sha256::new_with_prefix([u8::from(self.known), u8::from(self.admitted)]);
        for part in parts {
            hash.update(Sha256::digest(part));
        }
        hex(&hash.finalize())
    }

    /// Counts another one with the same key.
    pub fn add(&mut self, other: Self) {
        self.times = self.times.saturating_add(other.times);
        self.first_at = self.first_at.min(other.first_at);
        if other.last_at >= self.last_at {
            self.last_at = other.last_at;
            self.label = other.label;
            self.said = other.said;
            self.request = other.request;
        }
    }
}

impl Tx {
    /// Adds decisions to those that are there, and forgets what is too old or too much at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add_admissions(
        &mut self,
        admissions: &[Admission],
        now: i64,
    ) -> Result<(), StoreError> {
        let mut groups = BTreeSet::new();
        for admission in admissions {
            self.add_admission(admission).await?;
            groups.insert(match admission.known {
                true => Some((&admission.tenant, &admission.reason)),
                false => None,
            });
        }
        sqlx::query("delete from admission where last_at < $1")
            .bind(now.saturating_sub(KEPT))
            .execute(&mut self.connection)
            .await?;
        for group in groups {
            self.forget_admissions(group).await?;
        }
        Ok(())
    }

    async fn add_admission(&mut self, one: &Admission) -> Result<(), StoreError> {
        sqlx::query(
            "insert into admission (id, tenant, known, admitted, reason, advice, kind, credential, label, address, said, \
             request, first_at, last_at, times) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             on conflict (id) do update set times = admission.times + excluded.times, last_at = excluded.last_at, \
             advice = excluded.advice, label = excluded.label, said = excluded.said, request = excluded.request",
        )
        .bind(one.key())
        .bind(&one.tenant)
        .bind(i64::from(one.known))
        .bind(i64::from(one.admitted))
        .bind(&one.reason)
        .bind(&one.advice)
        .bind(&one.kind)
        .bind(&one.credential)
        .bind(&one.label)
        .bind(&one.address)
        .bind(to_json("admission", &one.said)?)
        .bind(&one.request)
        .bind(one.first_at)
        .bind(one.last_at)
        .bind(one.times)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Of a tenant and a reason, or of all tenants that are not there.
    async fn forget_admissions(
        &mut self,
        group: Option<(&String, &String)>,
    ) -> Result<(), StoreError> {
        let forget = match group {
            Some((tenant, reason)) => sqlx::query(
                "delete from admission where id in (select id from admission where known = 1 and tenant = $2 \
                 and reason = $3 order by last_at desc, id limit 1000000 offset $1)",
            )
            .bind(OF_A_REASON)
            .bind(tenant)
            .bind(reason),
            None => sqlx::query(
                "delete from admission where id in (select id from admission where known = 0 \
                 order by last_at desc, id limit 1000000 offset $1)",
            )
            .bind(OF_NO_TENANT),
        };
        forget.execute(&mut self.connection).await?;
        Ok(())
    }
}

impl Store {
    /// Decisions, the latest first: about one tenant or all, refusals alone or also who was let in.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn admissions(
        &self,
        tenant: Option<&str>,
        refusals_alone: bool,
        limit: u32,
    ) -> Result<Vec<Admission>, StoreError> {
        let rows = sqlx::query(
            "select tenant, known, admitted, reason, advice, kind, credential, label, address, said, request, first_at, \
             last_at, times from admission where ($1 = 0 or tenant = $2) and ($3 = 0 or admitted = 0) \
             order by last_at desc, id limit $4",
        )
        .bind(i64::from(tenant.is_some()))
        .bind(tenant.unwrap_or_default())
        .bind(i64::from(refusals_alone))
        .bind(i64::from(limit))
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &SqlRow) -> Result<Admission, StoreError> {
    Ok(Admission {
        tenant: row.try_get("tenant")?,
        known: row.try_get::<i64, _>("known")? == 1,
        admitted: row.try_get::<i64, _>("admitted")? == 1,
        reason: row.try_get("reason")?,
        advice: row.try_get("advice")?,
        kind: row.try_get("kind")?,
        credential: row.try_get("credential")?,
        label: row.try_get("label")?,
        address: row.try_get("address")?,
        said: from_json("admission", row.try_get("said")?)?,
        request: row.try_get("request")?,
        first_at: row.try_get("first_at")?,
        last_at: row.try_get("last_at")?,
        times: row.try_get("times")?,
    })
}
