//! A tenant as a whole, taken out of one store and put into another: a backup, or a move. All ids stay.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::mappings::know_selectors;
use super::{Bridge, Context};
use crate::store::{StoreError, Tables};

/// Changes when an older bridge could not read what is exported.
const FORMAT: u32 = 1;

/// Everything that the store has of a tenant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Export {
    /// Which form it has.
    format: u32,
    /// The tenant.
    tenant: String,
    /// Which part of Cloudmore its accounts are in.
    target: String,
    /// The rows of the store's tables.
    tables: Tables,
}

/// Why an export was not taken in. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not one, or that of a newer bridge.
    #[error(
        "this is an export of form {0}, and this bridge reads form {FORMAT}: use the version that wrote it"
    )]
    Format(u32),
    /// The tenant has users, groups or accounts already.
    #[error(
        "the tenant has users, groups or accounts already: an export can only be taken into an empty tenant"
    )]
    NotBlank,
    /// Its accounts are elsewhere.
    #[error(
        "the export has accounts in {from}, and the tenant is configured for {to}: configure the same target"
    )]
    Moved {
        /// Where the accounts are.
        from: String,
        /// Where the tenant would look for them.
        to: String,
    },
    /// The store failed, or refused a row.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Bridge {
    /// Everything that the store has of a tenant, as it is at one moment.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub async fn export(&self, context: &Context) -> Result<Export, StoreError> {
        let id = context.tenant.id.clone();
        let subject = id.to_string();
        let entry = context.audit(
            self.clock.now(),
            "tenant.export",
            &subject,
            "done".to_owned(),
        );
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                let tables = tx.export(&id).await?;
                tx.audit(&entry).await?;
                Ok::<_, StoreError>(tables)
            })
        });
        Ok(Export {
            format: FORMAT,
            tenant: subject,
            target: context.tenant.target_name.clone(),
            tables: write.await?,
        })
    }

    /// Takes an export into a tenant that has nothing yet, all of it or nothing. Returns how many rows of each table it has.
    ///
    /// # Errors
    /// [`ImportError`], in words for the operator.
    pub async fn import(
        &self,
        context: &Context,
        export: Export,
    ) -> Result<serde_json::Value, ImportError> {
        let tenant = self.current(&context.tenant);
        if export.format != FORMAT {
            return Err(ImportError::Format(export.format));
        }
        if export.target != tenant.target_name {
            return Err(ImportError::Moved {
                from: export.target,
                to: tenant.target_name.clone(),
            });
        }
        let counts = export.tables.iter();
        let counts = json!(
            counts
                .map(|(table, rows)| (table, rows.len()))
                .collect::<std::collections::BTreeMap<_, _>>()
        );
        let subject = tenant.id.to_string();
        let entry = context.audit(
            self.clock.now(),
            "tenant.import",
            &subject,
            "done".to_owned(),
        );
        let into = Arc::clone(&tenant);
        let write = self.store.write(move |tx| {
            Box::pin(async move {
                if !tx.is_blank(&into.id).await? {
                    return Err(ImportError::NotBlank);
                }
                tx.import(&into.id, &export.tables).await?;
                // Which groups the mappings of here are bound to.
                know_selectors(tx, &into).await?;
                Ok(tx.audit(&entry).await?)
            })
        });
        write.await?;
        self.mark_if_changed(tenant).await?;
        self.work.notify_one();
        Ok(counts)
    }
}
