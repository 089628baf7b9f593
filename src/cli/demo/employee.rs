//! The first act: Maja Ekholm joins Acme, moves, leaves and comes back, in Entra ID.

use serde_json::json;

use super::access::Access;
use super::entra::{Employee, Entra};
use super::narrator::Narrator;
use super::stage::Stage;
use super::tenants::{FINANCE, ORGANIZATION, SALES};
use crate::sandbox::seed::{ORGANIZATION_ADMIN, ORGANIZATION_USER, PRO_SEATS, TEAM_PLAN};

/// Her login name.
pub(super) const USER_NAME: &str = "maja.ekholm@acme.example";

const MAJA: Employee = Employee {
    user_name: USER_NAME,
    given_name: "Maja",
    family_name: "Ekholm",
    nickname: "m.ekholm",
    department: "Finance",
};

/// Plays it.
///
/// # Errors
/// At the first step that does not bring what it must.
pub(super) async fn play(stage: &Stage, narrator: &mut Narrator) -> anyhow::Result<()> {
    narrator.act("Entra ID provisions Acme: a joiner, a mover, a leaver");
    let mut entra = Entra::new(stage, narrator, ORGANIZATION).await?;

    entra.step("An administrator of Acme presses \"Test Connection\".");
    entra.test_connection().await?;

    entra.step("The groups Cloudmore Finance and Cloudmore Sales come into scope.");
    let finance = entra.group(FINANCE).await?;
    let sales = entra.group(SALES).await?;

    entra.step("Maja Ekholm joins Acme.");
    let maja = entra.user(&MAJA, &[&finance, &sales]).await?;
    let joined = Access::new("Ekholm", ORGANIZATION_USER, &[]);
    entra.check(USER_NAME, Some(&joined))?;

    entra.step("Maja works for Finance and for Sales.");
    entra.add_member(&finance, &maja).await?;
    entra.add_member(&sales, &maja).await?;
    let both = Access::new("Ekholm", ORGANIZATION_ADMIN, &[TEAM_PLAN, PRO_SEATS]);
    entra.check(USER_NAME, Some(&both))?;

    entra.step("Maja leaves Finance; Team plan stays, because Sales grants it too.");
    entra.remove_member(&finance, &maja).await?;
    let moved = Access::new("Ekholm", ORGANIZATION_USER, &[TEAM_PLAN]);
    entra.check(USER_NAME, Some(&moved))?;

    entra.step("Maja marries and is called Lind.");
    let married = json!([
        {"op": "Replace", "path": "name.familyName", "value": "Lind"},
        {"op": "Replace", "path": "displayName", "value": "Maja Lind"},
        {"op": "Replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "Sales"},
    ]);
    entra.update(&maja, married).await?;
    let lind = Access::new("Lind", ORGANIZATION_USER, &[TEAM_PLAN]);
    entra.check(USER_NAME, Some(&lind))?;

    entra.step("Maja leaves Acme and loses everything.");
    entra.set_active(&maja, false).await?;
    entra.check(USER_NAME, None)?;

    entra.step("Maja comes back: the same SCIM id, and everything as it was.");
    entra.set_active(&maja, true).await?;
    entra.check(USER_NAME, Some(&lind))?;

    entra.step("Maja leaves for good; after 30 days Entra deletes her.");
    entra.set_active(&maja, false).await?;
    entra.delete(&maja).await?;
    entra.check(USER_NAME, None)
}
