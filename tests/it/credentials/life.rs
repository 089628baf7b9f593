//! A credential from its making to its end.

use std::time::Duration;

use reqwest::Method;
use scim_bridge::domain::model::TenantId;
use serde_json::{Value, json};

use super::{Made, admin, as_basic, as_bearer, bridge, make, opens, refused, state, tell};
use crate::harness::{Bridge, expect, person};

const DAY: u64 = 24 * 60 * 60;

#[tokio::test]
async fn a_credential_opens_its_tenant_from_its_making_to_its_revocation() {
    let bridge = bridge("").await;
    let made = Made::bearer(&bridge).await;
    opens(&bridge, as_bearer, ("", &made.secret)).await;
    opens(
        &bridge,
        |request, _, secret| request.header("authorization", secret),
        ("", &made.secret),
    )
    .await;

    let create = bridge.http.post(bridge.url("/Users")).json(&person("ann"));
    expect(create.bearer_auth(&made.secret), 201).await;
    let revoked = tell(&bridge, "acme", &made.id, "revoke").await;
    assert_eq!(revoked["state"], "revoked");
    refused(&bridge, "acme", as_bearer, ("", &made.secret)).await;

    // To revoke it again changes nothing.
    bridge.advance(Duration::from_secs(DAY));
    assert_eq!(tell(&bridge, "acme", &made.id, "revoke").await, revoked);
    let (store, acme) = (bridge.app.bridge().store(), TenantId::new("acme"));
    let trail = store.audit_after(&acme, 0, 1000);
    let trail = trail.await.unwrap();
    let by_entra: Vec<_> = trail
        .iter()
        .filter(|entry| entry.actor == "Entra")
        .collect();
    assert_eq!(by_entra[0].kind, "user.create");
    let kinds: Vec<_> = trail.iter().map(|entry| entry.kind.as_str()).collect();
    assert!(kinds.contains(&"credential.create") && kinds.contains(&"credential.revoke"));
}

#[tokio::test]
async fn nothing_but_the_whole_secret_at_its_own_tenant_opens() {
    let bridge = bridge("").await;
    let made = Made::bearer(&bridge).await;
    let others = make(&bridge, "northwind", json!({"label": "Okta"})).await;
    let secret = made.secret.as_str();
    for (tenant, secret) in [
        ("northwind", secret.to_owned()),
        ("unheard", secret.to_owned()),
        ("ACME", secret.to_owned()),
        ("acme", others.secret.clone()),
        ("acme", secret[..secret.len() - 1].to_owned()),
        ("acme", format!("{secret}0")),
        ("acme", secret.to_uppercase()),
        ("acme", secret.replace("scimb_", "")),
        ("acme", made.id.clone()),
        (
            "acme",
            format!(
                "scimb_{}",
                scim_bridge::auth::hex(&scim_bridge::auth::digest(secret))
            ),
        ),
    ] {
        refused(&bridge, tenant, as_bearer, ("", &secret)).await;
    }
    // Nor does it in another way than the one that it is for.
    refused(&bridge, "acme", as_basic, ("", secret)).await;
    refused(&bridge, "acme", as_basic, (&made.id, secret)).await;
    let revoke_others = admin(
        &bridge,
        Method::POST,
        &format!("tenants/acme/credentials/{}/revoke", others.id),
    );
    expect(revoke_others, 404).await;
    opens(&bridge, as_bearer, ("", secret)).await;
}

#[tokio::test]
async fn it_ends_when_it_was_made_to() {
    let bridge = bridge("").await;
    let made = make(&bridge, "acme", json!({"label": "Entra", "lifetime": DAY})).await;
    bridge.advance(Duration::from_secs(DAY) - Duration::from_micros(1));
    opens(&bridge, as_bearer, ("", &made.secret)).await;
    bridge.advance(Duration::from_micros(1));
    refused(&bridge, "acme", as_bearer, ("", &made.secret)).await;
    let state = state(&bridge, &made.id).await;
    assert_eq!(
        (&state["state"], &state["expiresAt"]),
        (&json!("expired"), &json!("2026-01-02T00:00:00Z"))
    );
}

#[tokio::test]
async fn one_that_follows_another_counts_beside_it_until_the_overlap_is_over() {
    let bridge = bridge("").await;
    let body = json!({"label": "Okta", "kind": "basic", "authority": "read", "lifetime": 90 * DAY});
    let before = make(&bridge, "acme", body).await;
    bridge.advance(Duration::from_secs(30 * DAY));
    let path = format!("tenants/acme/credentials/{}/rotate", before.id);
    let rotate = || admin(&bridge, Method::POST, &path).json(&json!({"overlap": DAY}));
    let rotated = expect(rotate(), 200).await;
    let next = Made::read(&rotated);
    assert_eq!(rotated["before"]["expiresAt"], "2026-02-01T00:00:00Z");
    assert_eq!(rotated["credential"]["expiresAt"], "2026-05-01T00:00:00Z");
    assert_eq!(
        (&next.name, &rotated["credential"]["authority"]),
        (&before.name, &json!("read"))
    );
    assert_ne!(next.secret, before.secret);
    for one in [&before, &next] {
        opens(&bridge, as_basic, (&one.name, &one.secret)).await;
    }
    bridge.advance(Duration::from_secs(DAY));
    refused(&bridge, "acme", as_basic, (&before.name, &before.secret)).await;
    opens(&bridge, as_basic, (&next.name, &next.secret)).await;
    // What counts no more is followed by nothing, and one that ends sooner anyway gets no longer life.
    expect(rotate(), 404).await;
    let short = make(&bridge, "acme", json!({"label": "x", "lifetime": 60})).await;
    let rotated = tell(&bridge, "acme", &short.id, "rotate").await;
    assert_eq!(rotated["before"]["expiresAt"], "2026-02-01T00:01:00Z");
}

#[tokio::test]
async fn when_it_was_used_last_is_known_to_a_minute() {
    let bridge = bridge("").await;
    let made = Made::bearer(&bridge).await;
    assert_eq!(state(&bridge, &made.id).await["lastUsed"], Value::Null);
    for (passes, expected) in [
        (10, "2026-01-01T00:00:10Z"),
        (59, "2026-01-01T00:00:10Z"),
        (1, "2026-01-01T00:01:10Z"),
    ] {
        bridge.advance(Duration::from_secs(passes));
        opens(&bridge, as_bearer, ("", &made.secret)).await;
        used(&bridge, &made.id, expected).await;
    }
}

/// Waits until it is noted that a credential was used, and when.
async fn used(bridge: &Bridge, id: &str, when: &str) {
    let mut look = tokio::time::interval(Duration::from_millis(5));
    for _ in 0..6_000 {
        if state(bridge, id).await["lastUsed"] == when {
            return;
        }
        look.tick().await;
    }
    panic!("{:?} is not {when}", state(bridge, id).await["lastUsed"]);
}

#[tokio::test]
async fn of_a_secret_the_store_has_nothing_but_the_hash() {
    let bridge = bridge("").await;
    let mut secrets = vec![Made::bearer(&bridge).await.secret];
    secrets.push(
        make(&bridge, "acme", json!({"label": "Okta", "kind": "basic"}))
            .await
            .secret,
    );
    let shown = expect(admin(&bridge, Method::GET, "tenants/acme/credentials"), 200).await;
    let shown = shown.to_string();
    let folder = bridge.folder().to_owned();
    let files: Vec<u8> = std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    for secret in &secrets {
        let bits = secret.strip_prefix("scimb_").unwrap();
        assert!(!shown.contains(bits) && !shown.contains("sha256"));
        assert!(
            !files
                .windows(bits.len())
                .any(|window| window == bits.as_bytes())
        );
    }
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_with_words() {
    let bridge = bridge("").await;
    for body in [
        json!({}),
        json!({"label": " "}),
        json!({"label": "x".repeat(201)}),
        json!({"label": "two\nlines"}),
        json!({"label": "x", "kind": "password"}),
        json!({"label": "x", "authority": "write"}),
        json!({"label": "x", "lifetime": u64::MAX}),
        json!({"label": "x", "secret": "chosen by hand"}),
    ] {
        let request = admin(&bridge, Method::POST, "tenants/acme/credentials");
        let answer = expect(request.json(&body), 400).await;
        assert!(answer["error"].as_str().unwrap().len() > 20, "{answer}");
    }
    let all = expect(admin(&bridge, Method::GET, "tenants/acme/credentials"), 200).await;
    assert_eq!(all, json!({"credentials": []}));
    expect(
        admin(&bridge, Method::GET, "tenants/unheard/credentials"),
        404,
    )
    .await;
}
