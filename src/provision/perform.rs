//! Performing one step against Cloudmore.

use tracing::warn;

use super::adopt::Trouble;
use super::seats::{assign, find_seat, set_external_user_id};
use super::tenant::Tenant;
use super::update::Wish;
use super::{Bridge, Errand, Refusal, Why};
use crate::cloudmore::{FailureKind, Target};
use crate::domain::adoption;
use crate::domain::effect::Effect;
use crate::domain::model::{Account, Keepsake, Known, Lock, Profile, RoleId, UserId};
use crate::domain::plan::Step;
use crate::store::StoreError;

/// How often Cloudmore refuses a name that nobody has afterwards, before it is something else that it refuses.
pub(super) const REFUSALS: usize = 2;

impl Bridge {
    /// Performs a step for the account as known. Costs exactly the calls that the step needs; what
    /// goes wrong may cost looks.
    pub(super) async fn perform(
        &self,
        tenant: &Tenant,
        (target, errand): (&Target, &Errand),
        user: &UserId,
        known: &Known,
        step: &Step,
    ) -> Result<Effect, Trouble> {
        match step {
            Step::FindAccount {
                profile,
                role,
                made,
            } => {
                return self
                    .find_account(tenant, (target, user), (profile, *role), *made)
                    .await;
            }
            Step::CreateAccount { profile, role } => {
                let at = (target, errand);
                return self.create_account(tenant, at, user, profile, *role).await;
            }
            Step::FindSeat { .. }
            | Step::Unassign { .. }
            | Step::ForgetSeat { .. }
            | Step::LockAccount { .. }
            | Step::RemoveAccount { .. }
            | Step::UpdateAccount { .. }
            | Step::Assign { .. }
            | Step::SetExternalUserId { .. } => {}
        }
        let Known::Account(account) = known else {
            // The account went away under the plan, so the rest of the plan has no object.
            return Ok(Effect::NoAccount);
        };
        if tenant.is_api_account(&account.profile.name) {
            return Err(protected(&account.profile.name));
        }
        match step {
            Step::FindSeat { at } => find_seat((target, errand), account, at).await,
            Step::Unassign { at } => {
                target.unassign(at, &account.id).await?;
                Ok(Effect::Done)
            }
            Step::LockAccount { lock, .. } => Ok(match target.lock(&account.id, lock).await? {
                true => Effect::Done,
                false => Effect::NoAccount,
            }),
            Step::RemoveAccount { keep } => {
                if *keep {
                    self.keep(tenant, target, user, account).await?;
                }
                target.delete(&account.id).await?;
                Ok(Effect::Done)
            }
            Step::UpdateAccount {
                profile,
                role,
                unlock,
            } => {
                let wish = Wish {
                    profile,
                    role: *role,
                    unlock: unlock.as_deref(),
                };
                self.update_account(tenant, target, user, account, wish)
                    .await
            }
            Step::Assign {
                at,
                external_user_id,
            } => assign(target, account, at, external_user_id.as_deref()).await,
            Step::SetExternalUserId {
                at,
                external_user_id,
            } => set_external_user_id(target, account, at, external_user_id).await,
            Step::ForgetSeat { .. } | Step::FindAccount { .. } | Step::CreateAccount { .. } => {
                Ok(Effect::Done)
            }
        }
    }

    async fn create_account(
        &self,
        tenant: &Tenant,
        (target, errand): (&Target, &Errand),
        user: &UserId,
        profile: &Profile,
        role: RoleId,
    ) -> Result<Effect, Trouble> {
        permits(tenant, &profile.name)?;
        self.permits_role(tenant, role)?;
        warn_of_sign_in(tenant, user, profile);
        let met = self.before_create(tenant, (target, errand), user, profile);
        if let Some(met) = met.await? {
            return Ok(met);
        }
        let mut refusals = 0;
        loop {
            let created = self.create_once(tenant, target, user, profile, role).await;
            if !is_refused(&created) {
                return created;
            }
            let linked = self.after_refused_create(tenant, target, user, profile);
            if let Some(linked) = linked.await? {
                return Ok(linked);
            }
            // Nobody is in the way; a user of ours may have had the name just when Cloudmore refused.
            refusals += 1;
            if refusals == REFUSALS {
                return created;
            }
        }
    }

    /// Keeps what an account has that is about to be deleted. It is durable before the deletion begins, for nobody may
    /// see how that ends; that the account cannot be read stops no deletion.
    async fn keep(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        account: &Account,
    ) -> Result<(), Trouble> {
        let Some(Keepsake(mut kept)) = target.keepsake(&account.id).await else {
            return Ok(());
        };
        // What a lock has set to false would keep out whoever comes back.
        if let Some(Lock::Flag(field)) = account.locked.as_ref().map(|locked| &locked.lock) {
            kept.retain(|key, _| !key.eq_ignore_ascii_case(field));
        }
        let (tenant, user, kept) = (tenant.id.clone(), user.clone(), Keepsake(kept));
        let write = self
            .store
            .write(move |tx| Box::pin(async move { tx.keep(&tenant, &user, &kept).await }));
        let stored: Result<(), StoreError> = write.await;
        Ok(stored?)
    }

    /// Who can change everything at the broker is made on purpose only.
    pub(super) fn permits_role(&self, tenant: &Tenant, role: RoleId) -> Result<(), Trouble> {
        let spares = !tenant.target.has_subscriptions() && !tenant.policy.privileged_roles;
        if !spares || !self.is_privileged(tenant, role) {
            return Ok(());
        }
        Err(Trouble::Refused(Refusal {
            why: Why::Invalid,
            words: format!(
                "role {role} can change everything at the broker, and the tenant does not say that it may be \
                 given. Choose a lesser role, or add privileged_roles = true."
            ),
        }))
    }

    async fn create_once(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        profile: &Profile,
        role: RoleId,
    ) -> Result<Effect, Trouble> {
        let kept = self.store.keepsake(&tenant.id, user).await?;
        let created = target.create(profile, role, kept.as_ref()).await;
        let created = match created {
            // What a person had entered may not fit any more; it must not cost the user the account.
            Err(failure) if kept.is_some() && failure.kind == FailureKind::Refused => {
                target.create(profile, role, None).await
            }
            created => created,
        };
        if let Some(id) = created? {
            return Ok(Effect::Made(id));
        }
        // Made, but Cloudmore did not say under which id. It is looked for until it is seen.
        match self
            .find_account(tenant, (target, user), (profile, role), true)
            .await
        {
            Err(Trouble::Call(_)) => Ok(Effect::Unlisted),
            found => found,
        }
    }
}

pub(super) fn is_refused(performed: &Result<Effect, Trouble>) -> bool {
    matches!(performed, Err(Trouble::Call(failure)) if failure.kind == FailureKind::Refused)
}

/// Whether an account may have this name, before anything is called.
pub(super) fn permits(tenant: &Tenant, name: &str) -> Result<(), Trouble> {
    if tenant.is_api_account(name) {
        return Err(protected(name));
    }
    if tenant.policy.allows_name(name) {
        return Ok(());
    }
    Err(Trouble::Refused(Refusal {
        why: Why::Invalid,
        words: adoption::outside(name, &tenant.policy),
    }))
}

/// Single sign-on finds an account by the mail attribute alone (`reference/cloudmore-api.md`, section 6).
fn warn_of_sign_in(tenant: &Tenant, user: &UserId, profile: &Profile) {
    if !profile.name.eq_ignore_ascii_case(&profile.email) {
        warn!(
            tenant.id = %tenant.id, user.id = %user,
            "The account's name is not its e-mail address: single sign-on that sends the address will \
             not find the account. Check account_name of the tenant"
        );
    }
}

fn protected(name: &str) -> Trouble {
    Trouble::Refused(Refusal {
        why: Why::Protected,
        words: adoption::protected(name),
    })
}
