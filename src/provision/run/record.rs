//! Recording what is known after a step, and whether the account may be ours at all.

use super::Run;
use super::guard::end_hold;
use crate::domain::deadlines::LEASE;
use crate::domain::model::{Account, Known, Origin};
use crate::store::{AuditEntry, Lease, StoreError, Tx};

impl Run<'_> {
    /// Stores what is known and extends the lease, or finishes the row if that was the last step
    /// and the wish did not move.
    pub(super) async fn record(
        &mut self,
        after: Known,
        entry: Option<AuditEntry>,
        last: bool,
    ) -> Result<Recorded, StoreError> {
        let before = std::mem::replace(&mut self.known, after.clone());
        let lease = self.lease.clone();
        let (now, until) = (self.bridge.clock.now(), self.bridge.clock.after(LEASE));
        let (is_held, request) = (self.is_held, self.errand.request.clone());
        let write = self.bridge.store.write(move |tx| {
            Box::pin(async move {
                let ours = is_ours(tx, &lease, (&before, &after), until).await?;
                let after = if ours { after } else { Known::Nothing };
                tx.remember(&lease.tenant, &lease.user, &before, &after, now)
                    .await?;
                if ours && links(&before, &after) {
                    tx.note_link(&lease.tenant, &lease.user).await?;
                }
                if let Some(entry) = entry {
                    tx.audit(&entry).await?;
                }
                let finished = ours && last && tx.finish(&lease).await?;
                if finished && is_held {
                    end_hold(tx, &lease, now, &request).await?;
                }
                let stands = !finished && tx.renew(&lease, until).await?.is_some();
                Ok::<_, StoreError>(Recorded {
                    finished,
                    stands,
                    ours,
                })
            })
        });
        let recorded = write.await?;
        if recorded.stands {
            self.lease_until = until;
        }
        Ok(recorded)
    }
}

/// How a record went.
pub(super) struct Recorded {
    pub(super) finished: bool,
    pub(super) stands: bool,
    /// The account is not another user's.
    pub(super) ours: bool,
}

/// Whether the account that is known now is, and still is, that of the user.
async fn is_ours(
    tx: &mut Tx,
    lease: &Lease,
    (before, after): (&Known, &Known),
    until: i64,
) -> Result<bool, StoreError> {
    let (tenant, user) = (&lease.tenant, &lease.user);
    // Two users who come after each other may find the same account; it is that of the first to say so, and the other
    // has found nothing.
    if tx.belongs_to_another(tenant, user, after).await? {
        return Ok(false);
    }
    if links(before, after) {
        // Taken over for a wish that may have been undone meanwhile, it would go as a leaver's.
        return Ok(tx.renew(lease, until).await? == Some(lease.generation));
    }
    // What was taken over may have been let go while it was worked on.
    Ok(!is_adopted(before) || tx.has_account(tenant, user).await?)
}

fn links(before: &Known, after: &Known) -> bool {
    !matches!(before, Known::Account(_)) && is_adopted(after)
}

fn is_adopted(known: &Known) -> bool {
    matches!(
        known,
        Known::Account(Account {
            origin: Origin::Adopted,
            ..
        })
    )
}
