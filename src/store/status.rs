//! What became of users behind the bridge, for showing: account, assignments, and whether there is work left.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row;

use super::error::to_json;
use super::seats::read_seat;
use super::{Store, StoreError};
use crate::domain::model::{AccountId, KnownSeat, RoleId, SubscriptionRef, TenantId, UserId};

/// What became of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The account, if there is one of ours.
    pub account: Option<AccountId>,
    /// When its bearer signed in last, as far as Cloudmore has said; microseconds since 1970.
    pub last_access: Option<i64>,
    /// Its role, as last known.
    pub role: Option<RoleId>,
    /// Its assignments, as last known.
    pub seats: BTreeMap<SubscriptionRef, KnownSeat>,
    /// Whether the account may differ from what is wanted.
    pub is_dirty: bool,
    /// Whether the user waits until a person decides about an account that was there before, or about what would be taken.
    pub is_held: bool,
    /// Whether it was refused for good.
    pub is_failed: bool,
    /// What went wrong last, as it was recorded.
    pub last_error: Option<String>,
}

impl Store {
    /// What became of each of several users.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn statuses(
        &self,
        tenant: &TenantId,
        users: &[UserId],
    ) -> Result<HashMap<UserId, Status>, StoreError> {
        let mut connection = self.read().await?;
        let users = to_json("list of users", &users)?;
        let rows = sqlx::query(
            "select u.value as user_id, a.account_id, a.role, a.last_access, d.failed, d.last_error, \
             coalesce(h.user_id, g.user_id) as held \
             from json_each($2) u \
             left join account a on a.tenant = $1 and a.user_id = u.value \
             left join dirty d on d.tenant = $1 and d.user_id = u.value \
             left join held h on h.tenant = $1 and h.user_id = u.value and h.decision is null \
             left join held_removal g on g.tenant = $1 and g.user_id = u.value",
        )
        .bind(tenant.as_str())
        .bind(&users)
        .fetch_all(&mut *connection)
        .await?;
        let mut statuses = HashMap::with_capacity(rows.len());
        for row in rows {
            let account: Option<String> = row.try_get("account_id")?;
            let role: Option<i64> = row.try_get("role")?;
            let failed: Option<i64> = row.try_get("failed")?;
            let status = Status {
                role: account.as_ref().and(role).map(RoleId),
                account: account.map(AccountId::new),
                last_access: row.try_get("last_access")?,
                seats: BTreeMap::new(),
                is_dirty: failed.is_some(),
                is_failed: failed == Some(1),
                is_held: row.try_get::<Option<String>, _>("held")?.is_some(),
                last_error: row.try_get("last_error")?,
            };
            statuses.insert(UserId::new(row.try_get::<String, _>("user_id")?), status);
        }
        let rows = sqlx::query(
            "select user_id, service, subscription, state, origin, external_user_id, reason \
             from seat where tenant = $1 and user_id in (select value from json_each($2))",
        )
        .bind(tenant.as_str())
        .bind(&users)
        .fetch_all(&mut *connection)
        .await?;
        for row in &rows {
            let (at, seat) = read_seat(row)?;
            let user = UserId::new(row.try_get::<String, _>("user_id")?);
            if let Some(status) = statuses.get_mut(&user) {
                status.seats.insert(at, seat);
            }
        }
        Ok(statuses)
    }
}
