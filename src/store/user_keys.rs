//! The keys of users that SQL cannot work out for itself: folded names and e-mail addresses.

use sqlx::Row;

use super::database::Kind;
use super::error::{from_json, to_json};
use super::{Connection, StoreError};
use crate::scim::{Document, fold};

/// Takes tenant and user.
pub(super) const FORGET_EMAILS: &str = "delete from user_email where tenant = $1 and user_id = $2";

/// Users whose keys are worked out between two reads.
const CHUNK: i64 = 500;

/// Stores the e-mail addresses of a user that has none stored.
pub(super) async fn write_emails(
    connection: &mut Connection,
    tenant: &str,
    user: &str,
    document: &Document,
) -> Result<(), StoreError> {
    let keys = document.email_keys();
    if keys.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into user_email (tenant, user_id, value_key) \
         select $1, $2, value from json_each($3)",
    )
    .bind(tenant)
    .bind(user)
    .bind(to_json("list of e-mail addresses", &keys)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Works out the keys of the users that were stored before there were any, once, all or none.
pub(super) async fn catch_up(connection: &mut Connection, kind: Kind) -> Result<(), StoreError> {
    for statement in kind.begin_alone() {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    let done = write_missing(connection).await;
    let end = if done.is_ok() { "commit" } else { "rollback" };
    sqlx::query(end).execute(connection).await?;
    done
}

async fn write_missing(connection: &mut Connection) -> Result<(), StoreError> {
    let chore = sqlx::query("delete from chore where name = 'user keys'")
        .execute(&mut *connection)
        .await?;
    if chore.rows_affected() == 0 {
        return Ok(());
    }
    let (mut tenant, mut id) = (String::new(), String::new());
    loop {
        let users = sqlx::query(
            "select tenant, id, document from directory_user where (tenant, id) > ($1, $2) \
             order by tenant, id limit $3",
        )
        .bind(&tenant)
        .bind(&id)
        .bind(CHUNK)
        .fetch_all(&mut *connection)
        .await?;
        if users.is_empty() {
            return Ok(());
        }
        for user in users {
            (tenant, id) = (user.try_get("tenant")?, user.try_get("id")?);
            let document: Document = from_json("user", user.try_get("document")?)?;
            sqlx::query(
                "update directory_user set display_key = $3, active = $4 \
                 where tenant = $1 and id = $2",
            )
            .bind(&tenant)
            .bind(&id)
            .bind(document.display_name().map(fold))
            .bind(document.active_key().map(i64::from))
            .execute(&mut *connection)
            .await?;
            write_emails(connection, &tenant, &id, &document).await?;
        }
    }
}
