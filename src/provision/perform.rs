//! Performing one step against Cloudmore.

use tracing::warn;

use super::adopt::Trouble;
use super::tenant::Tenant;
use super::{Bridge, Refusal, Why};
use crate::cloudmore::{Failure, FailureKind, Target, Update};
use crate::domain::effect::Effect;
use crate::domain::model::{
    Account, Known, KnownSeat, Profile, RoleId, SeatOrigin, SubscriptionRef, UserId,
};
use crate::domain::plan::Step;

impl Bridge {
    /// Performs a step for the account as known. Costs exactly the calls that the step needs; what
    /// goes wrong may cost looks.
    pub(super) async fn perform(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        known: &Known,
        step: &Step,
    ) -> Result<Effect, Trouble> {
        match step {
            Step::FindAccount { profile, role } => {
                return self.find_account(tenant, target, profile, *role).await;
            }
            Step::CreateAccount { profile, role } => {
                return self.create(tenant, target, user, profile, *role).await;
            }
            Step::FindSeat { .. }
            | Step::Unassign { .. }
            | Step::ForgetSeat { .. }
            | Step::RemoveAccount
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
            Step::FindSeat { at } => find_seat(target, account, at).await,
            Step::Unassign { at } => {
                target.unassign(at, &account.id).await?;
                Ok(Effect::Done)
            }
            Step::RemoveAccount => {
                target.delete(&account.id).await?;
                Ok(Effect::Done)
            }
            Step::UpdateAccount { profile, role } => {
                self.update(tenant, target, user, account, profile, *role)
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

    async fn create(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        profile: &Profile,
        role: RoleId,
    ) -> Result<Effect, Trouble> {
        permits(tenant, &profile.name)?;
        warn_of_sign_in(tenant, user, profile);
        let created = self.create_once(tenant, target, profile, role).await;
        if !is_refused(&created) {
            return created;
        }
        let linked = self.after_refused_create(tenant, target, user, profile);
        match linked.await? {
            Some(linked) => Ok(linked),
            // Nobody has the name; a user of ours may have had it just when Cloudmore refused.
            None => self.create_once(tenant, target, profile, role).await,
        }
    }

    async fn create_once(
        &self,
        tenant: &Tenant,
        target: &Target,
        profile: &Profile,
        role: RoleId,
    ) -> Result<Effect, Trouble> {
        if let Some(id) = target.create(profile, role).await? {
            return Ok(Effect::Made(id));
        }
        // Made, but Cloudmore did not say under which id. Until it is seen it stays uncertain.
        match self.find_account(tenant, target, profile, role).await {
            Ok(Effect::NoAccount) => Err(unseen("it does not show in the list yet")),
            Err(Trouble::Call(failure)) => Err(unseen(&failure.words)),
            found => found,
        }
    }

    async fn update(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        account: &Account,
        profile: &Profile,
        role: RoleId,
    ) -> Result<Effect, Trouble> {
        if profile.name != account.profile.name
            && let Err(refused) = permits(tenant, &profile.name)
        {
            // A role that takes access away does not wait for a name that may be had.
            update_once(target, account, &account.profile, role).await?;
            return Err(refused);
        }
        let updated = update_once(target, account, profile, role).await;
        if !is_refused(&updated) {
            return updated;
        }
        if *profile == account.profile {
            return role_refused(updated);
        }
        // A role that takes access away does not wait for a profile that Cloudmore accepts.
        let alone = update_once(target, account, &account.profile, role).await;
        if is_refused(&alone) {
            return role_refused(alone);
        }
        alone?;
        if profile.name == account.profile.name {
            return updated;
        }
        let name = &profile.name;
        self.after_refused_rename(tenant, target, user, name)
            .await?;
        // Nobody has the name; a user of ours may have had it just when Cloudmore refused.
        update_once(target, account, profile, role).await
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
    profile: &Profile,
    role: RoleId,
) -> Result<Effect, Trouble> {
    match target.update(&account.id, profile, role).await? {
        Update::Gone => Ok(Effect::NoAccount),
        Update::Unchanged | Update::Written { name_kept: false } => Ok(Effect::Done),
        Update::Written { name_kept: true } => Err(Trouble::Call(kept(&account.profile, profile))),
    }
}

fn is_refused(performed: &Result<Effect, Trouble>) -> bool {
    matches!(performed, Err(Trouble::Call(failure)) if failure.kind == FailureKind::Refused)
}

/// What is there after an assign of unknown outcome is ours, anything else was there before.
async fn find_seat(
    target: &Target,
    account: &Account,
    at: &SubscriptionRef,
) -> Result<Effect, Trouble> {
    if !holds(target, account, at).await? {
        return Ok(Effect::NoSeat);
    }
    Ok(Effect::Seat(match account.seats.get(at) {
        Some(KnownSeat::Uncertain { .. }) => SeatOrigin::Made,
        Some(KnownSeat::Held { .. } | KnownSeat::Absent | KnownSeat::Refused { .. }) | None => {
            SeatOrigin::Foreign
        }
    }))
}

/// One call. A refusal is looked into: what is there already needs no assigning, and for an account
/// that somebody deleted there is another way.
async fn assign(
    target: &Target,
    account: &Account,
    at: &SubscriptionRef,
    external_user_id: Option<&str>,
) -> Result<Effect, Trouble> {
    let Err(failure) = target.assign(at, &account.id, external_user_id).await else {
        return Ok(Effect::Done);
    };
    if !is_no(&failure) {
        return Err(Trouble::Call(failure));
    }
    if let Ok(true) = holds(target, account, at).await {
        return Ok(Effect::Seat(SeatOrigin::Foreign));
    }
    Ok(match target.person(&account.id).await {
        Ok(None) => Effect::NoAccount,
        Ok(Some(_)) | Err(_) => Effect::SeatRefused(failure.words),
    })
}

/// One call. A refusal is looked into: somebody may have taken the assignment away.
async fn set_external_user_id(
    target: &Target,
    account: &Account,
    at: &SubscriptionRef,
    external_user_id: &str,
) -> Result<Effect, Trouble> {
    let set = target.set_external_user_id(at, &account.id, Some(external_user_id));
    match set.await {
        Ok(()) => Ok(Effect::Done),
        Err(failure)
            if is_no(&failure) && matches!(holds(target, account, at).await, Ok(false)) =>
        {
            Ok(Effect::NoSeat)
        }
        Err(failure) => Err(Trouble::Call(failure)),
    }
}

/// Whether Cloudmore has said no, which leaves open why.
fn is_no(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Refused | FailureKind::NotFound)
}

async fn holds(target: &Target, account: &Account, at: &SubscriptionRef) -> Result<bool, Failure> {
    let seats = target.seats(at).await?;
    let id = account.id.as_str();
    Ok(seats
        .iter()
        .any(|seat| seat.user.as_str().eq_ignore_ascii_case(id)))
}

/// Cloudmore answered that the account is renamed, and it is not.
fn kept(before: &Profile, wanted: &Profile) -> Failure {
    Failure {
        kind: FailureKind::Refused,
        ambiguous: true,
        words: format!(
            "the login name \"{}\" cannot be changed to \"{}\"; Cloudmore keeps it",
            before.name, wanted.name
        ),
        status: None,
        errors: Vec::new(),
    }
}

fn unseen(words: &str) -> Trouble {
    Trouble::Call(Failure {
        kind: FailureKind::Incomplete,
        ambiguous: true,
        words: format!("the account was created, but {words}"),
        status: None,
        errors: Vec::new(),
    })
}

/// Whether an account may have this name, before anything is called.
fn permits(tenant: &Tenant, name: &str) -> Result<(), Trouble> {
    if tenant.is_api_account(name) {
        return Err(protected(name));
    }
    if tenant.policy.allows_name(name) {
        return Ok(());
    }
    let allowed = tenant.policy.allowed_domains.join(", ");
    Err(Trouble::Refused(Refusal {
        why: Why::Invalid,
        words: format!(
            "the login name \"{name}\" is of no domain that accounts may have here ({allowed}). Correct \
             it in the directory, or add the domain to allowed_domains of the tenant."
        ),
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
        words: format!(
            "\"{name}\" is the account that this bridge itself signs in with; it is never touched. \
             Take the user out of the scope of provisioning."
        ),
    })
}
