//! The third act: Nina Berg administrates at the reseller Northwind for a while, in Entra ID.

use super::access::Access;
use super::entra::{Employee, Entra};
use super::narrator::Narrator;
use super::stage::Stage;
use super::tenants::{BROKER, GLOBAL_SUPPORT_ADMIN, SERVICE_DESK};

/// Her login name.
pub(super) const USER_NAME: &str = "nina.berg@example.com";

const NINA: Employee = Employee {
    user_name: USER_NAME,
    given_name: "Nina",
    family_name: "Berg",
    nickname: "n.berg",
    department: "Service Desk",
};

/// Plays it.
///
/// # Errors
/// At the first step that does not bring what it must.
pub(super) async fn play(stage: &Stage, narrator: &mut Narrator) -> anyhow::Result<()> {
    narrator.act("Entra ID provisions the administrators of the reseller Northwind");
    let mut entra = Entra::new(stage, narrator, BROKER).await?;

    entra
        .step("Nina Berg joins Northwind; without a group that grants a role she gets no account.");
    let desk = entra.group(SERVICE_DESK).await?;
    let nina = entra.user(&NINA, &[&desk]).await?;
    entra.check(USER_NAME, None)?;

    entra.step("Nina starts at the service desk and becomes an administrator.");
    entra.add_member(&desk, &nina).await?;
    let administrator = Access::new("Berg", GLOBAL_SUPPORT_ADMIN, &[]);
    entra.check(USER_NAME, Some(&administrator))?;

    entra.step("Nina leaves Northwind.");
    entra.set_active(&nina, false).await?;
    entra.check(USER_NAME, None)?;
    entra.delete(&nina).await?;
    entra.check(USER_NAME, None)
}
