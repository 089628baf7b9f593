//! Random values that all bridges on one store share.

use super::{Store, StoreError};

impl Store {
    /// The secret of this name. `fresh` becomes it if there is none yet, and only then.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn secret(&self, name: &'static str, fresh: String) -> Result<String, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "insert into secret (name, value) values ($1, $2) on conflict (name) do nothing",
                )
                .bind(name)
                .bind(fresh)
                .execute(&mut tx.connection)
                .await?;
                let value = sqlx::query_scalar("select value from secret where name = $1")
                    .bind(name)
                    .fetch_one(&mut tx.connection)
                    .await?;
                Ok(value)
            })
        })
        .await
    }
}
