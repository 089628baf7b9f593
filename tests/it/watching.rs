//! What the bridge keeps an eye on in Cloudmore: the names of roles, privileged roles, and who signs in.

use std::time::Duration;

use scim_bridge::domain::model::{RoleId, TenantId};
use scim_bridge::provision::LastAccess;
use scim_bridge::sandbox::seed;
use serde_json::{Value, json};

use crate::harness::operator::admin_section;
use crate::harness::{BROKER_TOKEN, Bridge, Setup, expect, person};

const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:cloudmore:2.0:User";
const DAY: Duration = Duration::from_hours(24);

async fn renamed(bridge: &Bridge) -> Vec<String> {
    let core = std::sync::Arc::clone(bridge.app.bridge());
    let renamed = bridge
        .app
        .run(async move { core.watch_roles().await })
        .await;
    let said = renamed
        .iter()
        .map(|each| format!("{} {}: {} -> {}", each.tenant, each.role, each.was, each.is));
    said.collect()
}

#[tokio::test]
async fn a_role_that_cloudmore_renames_is_noticed_even_while_the_bridge_was_down() {
    let bridge = Bridge::start().await;
    assert!(renamed(&bridge).await.is_empty());
    bridge
        .sandbox
        .rename_role(seed::ORGANIZATION_USER, "Organization Service Admin");
    assert!(
        renamed(&bridge).await.is_empty(),
        "it is looked at once in an hour"
    );
    let bridge = bridge.restart().await;
    let expected = "acme 7: Organization User -> Organization Service Admin";
    assert_eq!(renamed(&bridge).await, [expected]);
    bridge.pass(Duration::from_hours(1)).await;
    assert!(renamed(&bridge).await.is_empty(), "it is said once");
}

#[tokio::test]
async fn a_role_that_is_not_called_as_the_tenant_expects_is_noticed_until_that_is_mended() {
    let bridge = Bridge::with(Setup {
        mappings: Some(
            "[[tenant.mapping]]\ngroup = \"Cloudmore Finance\"\nrole = { id = 6, name = \"Organization Boss\" }\n"
                .to_owned(),
        ),
        ..Setup::default()
    })
    .await;
    let expected = "acme 6: Organization Boss -> Organization Admin";
    for _ in 0..2 {
        assert_eq!(renamed(&bridge).await, [expected]);
        bridge.pass(Duration::from_hours(1)).await;
    }
}

/// The number is not what the reference says, but the name is.
#[tokio::test]
async fn a_role_of_a_privileged_name_is_not_given_whatever_its_number() {
    let bridge = Bridge::start().await;
    bridge.sandbox.rename_role(3, "Global Admin");
    renamed(&bridge).await;
    let mut body = person("maja");
    body["userName"] = json!("maja@northwind.example");
    let address = bridge.url_of("northwind", "/Users");
    let request = bridge.http.post(address).bearer_auth(BROKER_TOKEN);
    let refused = expect(request.json(&body), 400).await;
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("privileged_roles = true"), "{detail}");
    assert!(
        bridge
            .sandbox
            .snapshot()
            .person("maja@northwind.example")
            .is_none()
    );
}

#[tokio::test]
async fn people_who_have_not_signed_in_are_reported_longest_absent_first() {
    let bridge = Bridge::start().await;
    for (name, at) in [
        ("ann", Some("2025-12-31T12:00:00Z")),
        ("bob", Some("2025-06-01T08:00:00")),
        ("eve", None),
        ("ida", Some("last spring")),
    ] {
        bridge.user(name).await;
        bridge
            .sandbox
            .set_last_accessed(&format!("{name}@acme.example"), at);
    }
    let core = std::sync::Arc::clone(bridge.app.bridge());
    let report = bridge.app.run(async move {
        let tenant = core.tenant(&TenantId::new("acme")).unwrap();
        core.inactive(&tenant, 90 * DAY).await.unwrap()
    });
    let report = report.await;
    let names: Vec<_> = report
        .iter()
        .map(|each| each.name.split('@').next().unwrap())
        .collect();
    // Peter and Vera never signed in, Olga in March; Ann was here yesterday, and what Ida did is not clear.
    assert_eq!(
        names,
        [
            "eve",
            "peter.craft",
            "vera.reader",
            "olga.first",
            "bob",
            "ida"
        ]
    );
    let of = |name: &str| {
        report
            .iter()
            .find(|each| each.name.starts_with(name))
            .unwrap()
    };
    assert_eq!(
        of("ida").last_access,
        LastAccess::Unclear("last spring".to_owned())
    );
    assert_eq!(of("eve").last_access, LastAccess::Never);
    assert!(of("eve").user.is_some());
    assert_eq!(of("olga").user, None, "an account that is not ours");

    let shown = bridge
        .get(
            &format!("/Users?filter=userName%20sw%20%22bob%22&attributes={EXTENSION}"),
            200,
        )
        .await;
    let shown = &shown["Resources"][0][EXTENSION]["lastAccessedDate"];
    assert_eq!(*shown, "2025-06-01T08:00:00Z");
}

/// A bridge that an operator can ask.
async fn operated() -> Bridge {
    Bridge::with(Setup {
        server: admin_section().leak(),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn the_operator_reads_who_is_inactive_as_text_csv_or_json() {
    let bridge = operated().await;
    bridge.user("ann").await;
    bridge
        .sandbox
        .set_last_accessed("ann@acme.example", Some("2025-06-01T08:00:00Z"));
    bridge
        .sandbox
        .set_last_accessed("olga.first@acme.example", Some("=HYPERLINK(\"x\")"));
    let command = ["inactive", "--tenant", "acme", "--days", "90"];
    let (code, out, _) = bridge.operate(&command).await;
    assert_eq!(code, Some(0));
    assert!(
        out.contains("ann@acme.example  signed in last 2025-06-01T08:00:00Z; 0 assignments"),
        "{out}"
    );
    assert!(
        out.contains("vera.reader@acme.example  never signed in; not managed by the bridge"),
        "{out}"
    );

    let (_, out, _) = bridge.operate(&[&command[..], &["--csv"]].concat()).await;
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(
        lines[0],
        "name,email,lastAccess,managed,assignments,userId,accountId"
    );
    assert_eq!(lines.len(), 5, "{out}");
    assert!(
        lines[3].starts_with("ann@acme.example,ann@acme.example,2025-06-01T08:00:00Z,yes,0,"),
        "{out}"
    );
    assert!(
        lines[4].contains(",\"'=HYPERLINK(\"\"x\"\")\",no,"),
        "no formula: {out}"
    );

    let (_, out, _) = bridge.operate(&[&command[..], &["--json"]].concat()).await;
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["days"], 90);
    assert_eq!(told["people"].as_array().unwrap().len(), 4);
    let usage = bridge
        .operate(&["inactive", "--tenant", "acme", "--days", "0"])
        .await;
    assert_eq!(usage.0, Some(2));
}

#[tokio::test]
async fn the_operator_reads_what_mappings_can_name() {
    let bridge = operated().await;
    let (code, out, _) = bridge.operate(&["catalogue", "--tenant", "acme"]).await;
    assert_eq!(code, Some(0));
    for line in [
        "  6  Organization Admin".to_owned(),
        format!("Service {}  Office Suite", seed::OFFICE_SUITE),
        format!("  Subscription {}  Team plan, 10 seats", seed::TEAM_PLAN),
        format!(
            "  Subscription {}  Starter plan, 5 seats, cancelled",
            seed::CANCELLED_PLAN
        ),
        format!(
            "Service {}  Backup Vault, users are not assigned to it",
            seed::BACKUP_VAULT
        ),
    ] {
        assert!(
            out.lines().any(|each| each == line),
            "{line} is not in\n{out}"
        );
    }
    // It is kept for ten minutes.
    bridge.sandbox.rename_role(6, "Boss");
    let (_, again, _) = bridge.operate(&["catalogue", "--tenant", "acme"]).await;
    assert_eq!(again, out);
    bridge.pass(Duration::from_mins(10)).await;
    let (_, later, _) = bridge.operate(&["catalogue", "--tenant", "acme"]).await;
    assert!(later.contains("6  Boss"), "{later}");
    let (_, staff, _) = bridge
        .operate(&["catalogue", "--tenant", "northwind", "--json"])
        .await;
    let staff: Value = serde_json::from_str(&staff).unwrap();
    assert_eq!(staff["roles"].as_array().unwrap().len(), 9);
    assert_eq!(staff["services"], json!([]));
}

#[test]
fn the_catalogue_of_privileged_roles_is_that_of_the_reference() {
    let ids: Vec<_> = scim_bridge::domain::policy::PRIVILEGED
        .iter()
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(ids, [RoleId(1), RoleId(24)]);
}
