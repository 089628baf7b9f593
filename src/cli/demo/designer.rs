//! The second act: Tom Hauge works for Acme by contract, in Okta, which never deletes him.

use serde_json::{Value, json};

use super::access::Access;
use super::narrator::Narrator;
use super::okta::Okta;
use super::stage::Stage;
use super::tenants::{DESIGN, FIELD, ORGANIZATION};
use crate::sandbox::seed::{ORGANIZATION_USER, PRO_SEATS, TEAM_PLAN, VIEW_ONLY};

/// His login name.
pub(super) const USER_NAME: &str = "tom.hauge@acme.example";

/// Plays it.
///
/// # Errors
/// At the first step that does not bring what it must.
pub(super) async fn play(stage: &Stage, narrator: &mut Narrator) -> anyhow::Result<()> {
    narrator.act("Okta provisions Acme too: a contractor comes and goes");
    let mut okta = Okta::new(stage, narrator, ORGANIZATION).await?;

    okta.step("An administrator of Acme presses \"Test API Credentials\".");
    okta.test_connection().await?;

    okta.step("The groups Cloudmore Design and Cloudmore Field are pushed, still empty.");
    let design = okta.group(DESIGN).await?;
    okta.patch_empty(&design).await?;
    let field = okta.group(FIELD).await?;
    okta.put_group((&field, FIELD), &[]).await?;

    okta.step("Tom Hauge is assigned to Cloudmore.");
    let tom = assigned(&mut okta).await?;
    okta.note(&format!("Tom's SCIM id is {tom}"));
    let assigned = Access::new("Hauge", ORGANIZATION_USER, &[]);
    okta.check(USER_NAME, Some(&assigned))?;

    okta.step("Tom joins the designers.");
    okta.patch_join((&design, DESIGN), (&tom, USER_NAME))
        .await?;
    let designer = Access::new("Hauge", VIEW_ONLY, &[PRO_SEATS]);
    okta.check(USER_NAME, Some(&designer))?;

    okta.step("Tom marries and is called Hauge-Lie.");
    let married = [
        ("name", name("Hauge-Lie")),
        ("displayName", json!("Tom Hauge-Lie")),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            json!({"department": "Design", "manager": {"value": null}}),
        ),
    ];
    okta.push_profile(&tom, married).await?;
    let married = Access::new("Hauge-Lie", VIEW_ONLY, &[PRO_SEATS]);
    okta.check(USER_NAME, Some(&married))?;

    okta.step("Tom's contract ends and he loses everything.");
    okta.patch_active(&tom, false).await?;
    okta.check(USER_NAME, None)?;

    okta.step("The contract is renewed: the same SCIM id, and everything as it was.");
    okta.reactivate(USER_NAME, &tom).await?;
    okta.check(USER_NAME, Some(&married))?;

    okta.step("Tom visits customers too; an app of Okta's wizard pushes the whole group.");
    okta.put_group((&field, FIELD), &[(&tom, USER_NAME)])
        .await?;
    let visits = Access::new("Hauge-Lie", VIEW_ONLY, &[TEAM_PLAN, PRO_SEATS]);
    okta.check(USER_NAME, Some(&visits))?;

    okta.step("Tom's work is done. Okta deactivates first and empties the groups afterwards.");
    okta.push_profile(&tom, [("active", json!(false))]).await?;
    okta.check(USER_NAME, None)?;
    okta.patch_leave(&design, &tom).await?;
    okta.put_group((&field, FIELD), &[]).await?;
    okta.check(USER_NAME, None)
}

/// Links Tom if an earlier run left him, deactivated as a rule, or else creates him. Returns his
/// SCIM id.
async fn assigned(okta: &mut Okta<'_>) -> anyhow::Result<String> {
    let Some(tom) = okta.find_user(USER_NAME).await? else {
        return okta.create_user(&profile()).await;
    };
    okta.note("found: Okta links him and reactivates him");
    okta.patch_active(&tom, true).await?;
    let current = [("name", name("Hauge")), ("displayName", json!("Tom Hauge"))];
    okta.push_profile(&tom, current).await?;
    Ok(tom)
}

fn name(family_name: &str) -> Value {
    json!({"givenName": "Tom", "middleName": "", "familyName": family_name})
}

fn profile() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": USER_NAME,
        "name": {"givenName": "Tom", "familyName": "Hauge"},
        "emails": [{"primary": true, "value": USER_NAME, "type": "work"}],
        "displayName": "Tom Hauge",
        "locale": "nb-NO",
        "externalId": "00u5k2vtxq0LsN3Xp697",
        "groups": [],
        // Okta sends a throw-away; the bridge discards it.
        "password": "thrown-away",
        "active": true
    })
}
