//! What replicas on one PostgreSQL tell each other: whose cached identity is out of date.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio_util::task::AbortOnDropHandle;
use tracing::warn;

use super::database::Database;
use super::error::to_json;
use super::identities::Identities;
use super::{Connection, StoreError, UserKey};
use crate::domain::model::TenantId;

const CHANNEL: &str = "scim_bridge";

/// Keys in one message.
const KEYS: usize = 20;

/// PostgreSQL takes less than 8,000 bytes. What does not fit is told as "all".
const LONGEST: usize = 7_900;

/// When a lost connection is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// Tells the other replicas, once the transaction commits, that what they keep of these users is out of date.
pub(super) async fn tell(
    replica: &str,
    connection: &mut Connection,
    keys: &[UserKey],
) -> Result<(), StoreError> {
    for keys in keys.chunks(KEYS) {
        let keys: Vec<_> = keys.iter().map(written).collect();
        let mut message = to_json("list of keys", &(replica, keys))?;
        if message.len() > LONGEST {
            message = to_json("list of keys", &(replica, [(); 0]))?;
        }
        sqlx::query("select pg_notify($1, $2)")
            .bind(CHANNEL)
            .bind(message)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Listens to the other replicas for as long as the handle lives.
pub(super) async fn listen(
    database: &Database,
    identities: Arc<Identities>,
) -> Result<AbortOnDropHandle<()>, StoreError> {
    let mut listener = PgListener::connect(database.url()).await?;
    listener.listen(CHANNEL).await?;
    let replica = database.replica.clone();
    let hear = async move {
        loop {
            match listener.try_recv().await {
                Ok(Some(message)) => match read(message.payload()) {
                    // What this bridge has said itself it did already.
                    Some((from, _)) if from == replica => {}
                    Some((_, keys)) if !keys.is_empty() => {
                        identities.forget(keys.into_iter()).await
                    }
                    Some(_) | None => identities.forget_all().await,
                },
                // The connection was lost, and with it perhaps a message.
                Ok(None) => identities.forget_all().await,
                Err(error) => {
                    warn!(error = %error, "The other replicas cannot be heard");
                    identities.forget_all().await;
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    };
    Ok(AbortOnDropHandle::new(tokio::spawn(hear)))
}

fn written(key: &UserKey) -> (char, &str, &str) {
    match key {
        UserKey::Id(tenant, id) => ('i', tenant.as_str(), id),
        UserKey::Name(tenant, name) => ('n', tenant.as_str(), name),
        UserKey::External(tenant, id) => ('e', tenant.as_str(), id),
    }
}

/// Who says it, and about which keys; none is all of them. `None` for a message that this version does not understand.
fn read(message: &str) -> Option<(String, Vec<UserKey>)> {
    let (from, keys): (String, Vec<(char, String, String)>) = serde_json::from_str(message).ok()?;
    let keys: Option<Vec<_>> = keys
        .into_iter()
        .map(|(kind, tenant, value)| {
            let tenant = TenantId::new(tenant);
            match kind {
                'i' => Some(UserKey::Id(tenant, value)),
                'n' => Some(UserKey::Name(tenant, value)),
                'e' => Some(UserKey::External(tenant, value)),
                _ => None,
            }
        })
        .collect();
    Some((from, keys?))
}
