//! Changing the profile and the role of an account: what takes access away does not wait for what Cloudmore refuses.

use super::adopt::Trouble;
use super::perform::{REFUSALS, is_refused, permits};
use super::tenant::Tenant;
use super::{Bridge, Refusal, Why};
use crate::cloudmore::{Failure, FailureKind, Kept, Target, Update};
use crate::domain::effect::Effect;
use crate::domain::model::{Account, Profile, RoleId, UserId};

/// What an account is to be.
#[derive(Clone, Copy)]
pub(super) struct Wish<'w> {
    pub(super) profile: &'w Profile,
    pub(super) role: RoleId,
    pub(super) unlock: Option<&'w str>,
}

impl Bridge {
    /// Writes what an account is to be.
    pub(super) async fn update_account(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        account: &Account,
        wish: Wish<'_>,
    ) -> Result<Effect, Trouble> {
        if account.role != Some(wish.role) {
            self.permits_role(tenant, wish.role)?;
        }
        let profile = wish.profile;
        let alone = Wish {
            profile: &account.profile,
            ..wish
        };
        if profile.name != account.profile.name
            && let Err(refused) = permits(tenant, &profile.name)
        {
            // A role that takes access away does not wait for a name that may be had.
            update_once(target, account, alone).await?;
            return Err(refused);
        }
        let mut updated = update_once(target, account, wish).await;
        if !is_refused(&updated) {
            return updated;
        }
        if *profile == account.profile {
            return role_refused(updated);
        }
        // A role that takes access away does not wait for a profile that Cloudmore accepts.
        let alone = update_once(target, account, alone).await;
        if is_refused(&alone) {
            return role_refused(alone);
        }
        alone?;
        if profile.name == account.profile.name {
            return updated;
        }
        let mut refusals = 1;
        loop {
            self.after_refused_rename(tenant, target, user, profile)
                .await?;
            if refusals == REFUSALS {
                return updated;
            }
            updated = update_once(target, account, wish).await;
            if !is_refused(&updated) {
                return updated;
            }
            refusals += 1;
        }
    }
}

/// With a profile that Cloudmore has accepted before, it is the role that it refuses.
fn role_refused(updated: Result<Effect, Trouble>) -> Result<Effect, Trouble> {
    match updated {
        Err(Trouble::Call(failure)) => Err(Trouble::Refused(Refusal {
            why: Why::Role,
            words: failure.words,
        })),
        updated => updated,
    }
}

async fn update_once(
    target: &Target,
    account: &Account,
    wish: Wish<'_>,
) -> Result<Effect, Trouble> {
    let updated = target.update(&account.id, wish.profile, wish.role, wish.unlock);
    match updated.await? {
        Update::Gone => Ok(Effect::NoAccount),
        Update::Unchanged | Update::Written => Ok(Effect::Done),
        Update::Kept(what) => Err(Trouble::Call(kept(what, account, wish))),
    }
}

/// Cloudmore answered that the account is changed, and it is not.
fn kept(what: Kept, account: &Account, wish: Wish<'_>) -> Failure {
    Failure {
        kind: FailureKind::Refused,
        ambiguous: true,
        words: match what {
            Kept::Name => format!(
                "the login name \"{}\" cannot be changed to \"{}\"; Cloudmore keeps it",
                account.profile.name, wish.profile.name
            ),
            Kept::Role => format!(
                "Cloudmore accepts role {} for the account and keeps another",
                wish.role
            ),
            Kept::Lock => format!(
                "Cloudmore accepts to unlock the account and keeps `{}` = false",
                wish.unlock.unwrap_or_default()
            ),
        },
        status: None,
        errors: Vec::new(),
    }
}
