//! `scim-bridge token` against a running bridge.

use serde_json::Value;

use super::{as_basic, as_bearer, bridge, opens, refused};

#[tokio::test]
async fn the_commands_make_list_renew_and_revoke() {
    let bridge = bridge("").await;
    let arguments = [
        "token",
        "create",
        "--tenant",
        "acme",
        "--label",
        "Entra ID",
        "--expires",
        "90d",
        "--json",
    ];
    let (code, output, errors) = bridge.operate(&arguments).await;
    assert_eq!(code, Some(0), "{errors}");
    let made: Value = serde_json::from_str(&output).unwrap();
    let (id, secret) = (
        made["credential"]["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert_eq!(made["credential"]["createdBy"], "Olga");
    assert_eq!(made["credential"]["expiresAt"], "2026-04-01T00:00:00Z");
    opens(&bridge, as_bearer, ("", secret)).await;

    let (_, listed, _) = bridge.operate(&["token", "list", "--tenant", "acme"]).await;
    assert!(
        listed.starts_with(&format!(
            "{id} \"Entra ID\": bearer, full authority, until 2026-04-01"
        )),
        "{listed}"
    );
    assert!(!listed.contains(secret));

    let arguments = [
        "token",
        "rotate",
        "--tenant",
        "acme",
        id,
        "--overlap",
        "2d",
        "--json",
    ];
    let (_, rotated, _) = bridge.operate(&arguments).await;
    let rotated: Value = serde_json::from_str(&rotated).unwrap();
    assert_eq!(rotated["before"]["expiresAt"], "2026-01-03T00:00:00Z");
    opens(
        &bridge,
        as_bearer,
        ("", rotated["secret"].as_str().unwrap()),
    )
    .await;

    let (code, revoked, _) = bridge
        .operate(&["token", "revoke", "--tenant", "acme", id])
        .await;
    assert_eq!(code, Some(0));
    assert!(
        revoked.contains("revoked 2026-01-01T00:00:00Z"),
        "{revoked}"
    );
    refused(&bridge, "acme", as_bearer, ("", secret)).await;
    let (code, _, errors) = bridge
        .operate(&["token", "revoke", "--tenant", "acme", "none"])
        .await;
    assert_eq!(code, Some(1));
    assert!(
        errors.contains("token list says which there are"),
        "{errors}"
    );
}

#[tokio::test]
async fn a_user_name_and_a_password_are_printed_once_for_people() {
    let bridge = bridge("").await;
    let arguments = [
        "token",
        "create",
        "--tenant",
        "acme",
        "--label",
        "Okta",
        "--kind",
        "basic",
        "--read-only",
    ];
    let (_, output, _) = bridge.operate(&arguments).await;
    let value = |name: &str| {
        let line = output
            .lines()
            .find_map(|line| line.trim().strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {output}"))
            .to_owned()
    };
    let (name, password) = (value("User name: "), value("Password: "));
    opens(&bridge, as_basic, (&name, &password)).await;
    assert!(output.contains("reading only"), "{output}");
    assert!(value("Tenant URL: ").ends_with("/scim/acme/v2"));
}

#[tokio::test]
async fn what_is_about_a_running_bridge_needs_a_tenant_and_a_label() {
    let bridge = bridge("").await;
    for arguments in [
        &["token", "create", "--tenant", "acme"][..],
        &["token", "create", "--read-only"],
        &["token", "create", "--expires", "90d"],
        &["token", "create", "--kind", "basic"],
        &[
            "token",
            "create",
            "--tenant",
            "acme",
            "--label",
            "x",
            "--expires",
            "soon",
        ],
    ] {
        assert_eq!(bridge.operate(arguments).await.0, Some(2), "{arguments:?}");
    }
}
