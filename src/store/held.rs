//! Accounts that were there before: users who wait for a decision about one, and links that may still be undone.

use sqlx::Row;

use super::error::{from_json, to_json};
use super::{SqlRow, Store, StoreError, Tx};
use crate::domain::adoption::{By, Decision, Listed};
use crate::domain::model::{AccountId, TenantId, UserId};
use crate::scim::{Document, fold};

/// A user who waits, or about whom was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The user.
    pub user: UserId,
    /// The account that was there.
    pub account: Listed,
    /// What it was found by.
    pub by: By,
    /// Since when, microseconds since 1970.
    pub since: i64,
    /// What was decided, if it was.
    pub decision: Option<Decision>,
}

impl Store {
    /// What the user waits for, or what was decided about it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn held_user(
        &self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<Option<Held>, StoreError> {
        let row = sqlx::query("select * from held where tenant = $1 and user_id = $2")
            .bind(tenant.as_str())
            .bind(user.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// All users of a tenant who wait or about whom was decided, with their userNames; the longest waiting first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn held(&self, tenant: &TenantId) -> Result<Vec<(Held, String)>, StoreError> {
        let rows = sqlx::query(
            "select h.*, u.document from held h \
             join directory_user u on u.tenant = h.tenant and u.id = h.user_id \
             where h.tenant = $1 order by h.since, h.user_id",
        )
        .bind(tenant.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let named = |row: &SqlRow| {
            let document: Document = from_json("user", row.try_get("document")?)?;
            Ok((read(row)?, document.user_name().to_owned()))
        };
        rows.iter().map(named).collect()
    }
}

impl Store {
    /// Whether an address is also that of another user of the directory, or another's userName.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn is_shared(
        &self,
        tenant: &TenantId,
        user: &UserId,
        email: &str,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "select 1 from user_email where tenant = $1 and value_key = $2 and user_id <> $3 union all \
             select 1 from directory_user where tenant = $1 and name_key = $2 and id <> $3 limit 1",
        )
        .bind(tenant.as_str())
        .bind(fold(email.trim()))
        .bind(user.as_str())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        Ok(row.is_some())
    }
}

impl Tx {
    /// Notes that a user waits for a decision about an account, which is certainly not ours. What was decided about
    /// another account is forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn hold(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        account: &Listed,
        by: By,
        now: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into held (tenant, user_id, account_id, name, email, found_by, since) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant, user_id) do update set \
             since = case when held.account_id = $3 then held.since else $7 end, \
             decision = case when held.account_id = $3 then held.decision end, \
             account_id = $3, name = $4, email = $5, found_by = $6",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(account.id.as_str())
        .bind(&account.name)
        .bind(&account.email)
        .bind(match by {
            By::Name => "name",
            By::Email => "email",
        })
        .bind(now)
        .execute(&mut self.connection)
        .await?;
        self.take_for_foreign(tenant, &account.id).await
    }

    /// Records what was decided about the account that a user waits for. Returns `false` if the user does not wait for
    /// this account.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn decide(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
        account: &AccountId,
        decision: Decision,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "update held set decision = $4 where tenant = $1 and user_id = $2 and account_id = $3",
        )
        .bind(tenant.as_str())
        .bind(user.as_str())
        .bind(account.as_str())
        .bind(match decision {
            Decision::Link => "link",
            Decision::Refuse => "refuse",
        })
        .execute(&mut self.connection)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The user waits for nothing any more, and what was decided is forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn release(&mut self, tenant: &TenantId, user: &UserId) -> Result<(), StoreError> {
        self.about(
            "delete from held where tenant = $1 and user_id = $2",
            tenant,
            user,
        )
        .await
    }

    /// The user was refused, and waits no more. What was decided counts for the next time.
    pub(super) async fn stop_waiting(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        const UNDECIDED: &str =
            "delete from held where tenant = $1 and user_id = $2 and decision is null";
        self.about(UNDECIDED, tenant, user).await
    }

    /// Notes that an account that was there before was taken over for a user who is not yet as wanted.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn note_link(&mut self, tenant: &TenantId, user: &UserId) -> Result<(), StoreError> {
        const NOTE: &str = "insert into fresh_link (tenant, user_id) values ($1, $2) \
                            on conflict (tenant, user_id) do nothing";
        self.about(NOTE, tenant, user).await
    }

    /// The user is as wanted, so what was taken over stays, whatever is undone later.
    pub(super) async fn keep_link(
        &mut self,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "delete from fresh_link where tenant = $1 and user_id = $2";
        self.about(KEEP, tenant, user).await
    }

    /// Lets go of accounts that were taken over for users who have not been as wanted since, unless something was
    /// assigned to them. Says whose.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn let_go(
        &mut self,
        tenant: &TenantId,
        users: &[UserId],
    ) -> Result<Vec<UserId>, StoreError> {
        let rows = sqlx::query(
            "select l.user_id from fresh_link l join account a on a.tenant = l.tenant and a.user_id = l.user_id \
             where l.tenant = $1 and l.user_id in (select value from json_each($2)) and a.origin = 'adopted' \
             and not exists (select 1 from seat s where s.tenant = l.tenant and s.user_id = l.user_id \
             and (s.state = 'uncertain' or s.state = 'held' and s.origin = 'made'))",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .fetch_all(&mut self.connection)
        .await?;
        let mut gone = Vec::new();
        for row in &rows {
            let user = UserId::new(row.try_get::<String, _>("user_id")?);
            self.forget_account(tenant, &user).await?;
            self.keep_link(tenant, &user).await?;
            gone.push(user);
        }
        Ok(gone)
    }

    /// Whether accounts of these users were taken over and could not be let go.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_fresh_links(
        &mut self,
        tenant: &TenantId,
        users: &[UserId],
    ) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "select 1 from fresh_link l join account a on a.tenant = l.tenant and a.user_id = l.user_id \
             where l.tenant = $1 and l.user_id in (select value from json_each($2)) and a.origin = 'adopted' limit 1",
        )
        .bind(tenant.as_str())
        .bind(to_json("list of users", &users)?)
        .fetch_optional(&mut self.connection)
        .await?;
        Ok(row.is_some())
    }

    /// Runs a statement about one user of one tenant.
    async fn about(
        &mut self,
        statement: &'static str,
        tenant: &TenantId,
        user: &UserId,
    ) -> Result<(), StoreError> {
        sqlx::query(statement)
            .bind(tenant.as_str())
            .bind(user.as_str())
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }
}

fn read(row: &SqlRow) -> Result<Held, StoreError> {
    Ok(Held {
        user: UserId::new(row.try_get::<String, _>("user_id")?),
        account: Listed {
            id: AccountId::new(row.try_get::<String, _>("account_id")?),
            name: row.try_get("name")?,
            email: row.try_get("email")?,
        },
        by: match row.try_get("found_by")? {
            "email" => By::Email,
            _ => By::Name,
        },
        since: row.try_get("since")?,
        decision: match row.try_get::<Option<&str>, _>("decision")? {
            Some("link") => Some(Decision::Link),
            Some(_) => Some(Decision::Refuse),
            None => None,
        },
    })
}
