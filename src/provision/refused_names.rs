//! Login names that Cloudmore refuses: whose they are, and whether they come free.

use super::Bridge;
use super::adopt::{Trouble, conflict, listed};
use super::tenant::Tenant;
use crate::cloudmore::Target;
use crate::domain::adoption::{self, Course};
use crate::domain::effect::Effect;
use crate::domain::model::{AccountId, Profile, UserId};
use crate::domain::policy::AdoptBy;

impl Bridge {
    /// Cloudmore refused to create an account. If that is because of one that is there, the tenant's rules decide;
    /// `None` if nobody is in the way.
    pub(super) async fn after_refused_create(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        profile: &Profile,
    ) -> Result<Option<Effect>, Trouble> {
        self.comes_free(tenant, user, &profile.name, None).await?;
        let held = self.waiting(tenant, user).await?;
        let people = listed(target).await?;
        self.meet(tenant, target, user, profile, &people, held.as_ref())
            .await
    }

    /// Cloudmore refused to rename an account. A name that is taken is a conflict, whatever Cloudmore
    /// calls it.
    pub(super) async fn after_refused_rename(
        &self,
        tenant: &Tenant,
        target: &Target,
        user: &UserId,
        profile: &Profile,
    ) -> Result<(), Trouble> {
        self.comes_free(tenant, user, &profile.name, None).await?;
        let people = listed(target).await?;
        let wanted = (profile, AdoptBy::Name);
        match self.course(tenant, user, wanted, &people, None).await? {
            Course::Link(account, by) | Course::Hold(account, by, _) => Err(conflict(
                adoption::taken(&account, by, "choose another name"),
            )),
            Course::Conflict(words) => Err(conflict(words)),
            Course::NameIsOurs(holder) => {
                self.comes_free(tenant, user, &profile.name, Some(&holder.id))
                    .await
            }
            Course::Create => Ok(()),
        }
    }

    /// A login name may come free, because another user of ours is about to give it up: one who last had it, or whose
    /// account, the `holder`, turns out to have it.
    pub(super) async fn comes_free(
        &self,
        tenant: &Tenant,
        user: &UserId,
        name: &str,
        holder: Option<&AccountId>,
    ) -> Result<(), Trouble> {
        let may = self.store.may_come_free(&tenant.id, user, name, holder);
        if may.await? {
            return Err(Trouble::Waits(format!(
                "the login name \"{name}\" is still that of another user, whose account is about \
                 to change"
            )));
        }
        Ok(())
    }
}
