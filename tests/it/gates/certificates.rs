//! Client certificates as a way in: the right one, another, one of somebody else's, none.

use reqwest::{Client, Identity, RequestBuilder};
use scim_bridge::auth;
use scim_bridge::config::{Config, Environment};
use sha2::{Digest, Sha256};

use super::{bridge_that_takes, seen};
use crate::harness::{Bridge, TOKEN};
use crate::listening::tls::{Authority, Files, Pair, put};

fn fingerprint(pair: &Pair) -> String {
    auth::hex(&Sha256::digest(&pair.der))
}

/// A bridge that asks for certificates of an authority, and takes one at `acme`.
async fn bridge(files: &Files, clients: &Authority, certificate: &str) -> Bridge {
    put(&files.path("clients.pem"), &clients.pem());
    let client_ca = files.path("clients.pem");
    let server = format!(
        "{}\nclient_ca = \"{}\"",
        files.section(),
        client_ca.display()
    );
    let certificate = format!("[[tenant.certificate]]\n{certificate}\nlabel = \"The IdP\"\n");
    bridge_that_takes(server, certificate).await
}

fn client(files: &Files, bridge: &Bridge, pair: Option<&Pair>) -> Client {
    let client = files.client(bridge, &files.authority);
    let shows = |pair: &Pair| {
        let pem = format!("{}{}", pair.certificate, pair.key);
        Identity::from_pem(pem.as_bytes()).unwrap()
    };
    match pair {
        Some(pair) => client.identity(shows(pair)).build().unwrap(),
        None => client.build().unwrap(),
    }
}

fn list(client: &Client, bridge: &Bridge, tenant: &str) -> RequestBuilder {
    let port = bridge.app.addr().port();
    client.get(format!(
        "https://bridge.example:{port}/scim/{tenant}/v2/Users?count=0"
    ))
}

#[tokio::test]
async fn the_certificate_of_a_fingerprint_opens_its_tenant_and_no_other_does() {
    let (files, clients) = (Files::new(), Authority::new());
    let right = clients.pair("idp.example");
    let other = clients.pair("idp.example");
    let pin = format!("sha256 = \"{}\"", fingerprint(&right));
    let bridge = bridge(&files, &clients, &pin).await;
    let with = |pair| client(&files, &bridge, pair);
    let (right, other, none) = (with(Some(&right)), with(Some(&other)), with(None));

    assert_eq!(seen(list(&right, &bridge, "acme")).await.0, 200);
    let wrong = seen(list(&none, &bridge, "acme").bearer_auth("scimb_wrong")).await;
    assert_eq!(wrong.0, 401);
    for request in [
        list(&none, &bridge, "acme"),
        list(&other, &bridge, "acme"),
        list(&right, &bridge, "northwind"),
        list(&right, &bridge, "unheard"),
        // Whoever shows a token is known by it alone.
        list(&right, &bridge, "acme").bearer_auth("scimb_wrong"),
    ] {
        assert_eq!(seen(request).await, wrong);
    }
    for client in [&right, &other, &none] {
        let request = list(client, &bridge, "acme").bearer_auth(TOKEN);
        assert_eq!(seen(request).await.0, 200);
    }
}

#[tokio::test]
async fn a_certificate_of_a_name_counts_only_if_the_configured_authority_made_it() {
    let (files, clients) = (Files::new(), Authority::new());
    let bridge = bridge(&files, &clients, "name = \"IdP.example\"").await;
    let asked = |pair: Pair| list(&client(&files, &bridge, Some(&pair)), &bridge, "acme").send();
    let of = |name: &str| clients.pair(name);
    assert_eq!(asked(of("idp.example")).await.unwrap().status(), 200);
    assert_eq!(asked(of("idp.example")).await.unwrap().status(), 200);
    assert_eq!(asked(of("other.example")).await.unwrap().status(), 401);
    assert_eq!(asked(of("x.idp.example")).await.unwrap().status(), 401);
    assert_eq!(asked(of("*.example")).await.unwrap().status(), 401);
    let made_up = Authority::new().pair("idp.example");
    assert!(
        asked(made_up).await.is_err(),
        "turned away in the handshake"
    );
    let of_the_server = files.authority.pair("idp.example");
    assert!(asked(of_the_server).await.is_err());
}

#[tokio::test]
async fn what_a_certificate_does_is_audited_under_its_label() {
    let (files, clients) = (Files::new(), Authority::new());
    let right = clients.pair("idp.example");
    let bridge = bridge(&files, &clients, "name = \"idp.example\"").await;
    let client = client(&files, &bridge, Some(&right));
    let port = bridge.app.addr().port();
    let url = format!("https://bridge.example:{port}/scim/acme/v2/Users");
    let made = client.post(url).json(&crate::harness::person("ann"));
    assert_eq!(made.send().await.unwrap().status(), 201);
    let store = bridge.app.bridge().store();
    let acme = scim_bridge::domain::model::TenantId::new("acme");
    let audit = store.audit_after(&acme, 0, 1000).await.unwrap();
    assert!(audit.iter().any(|entry| entry.actor == "The IdP"));
}

#[tokio::test]
async fn a_certificate_for_reading_only_looks_and_changes_nothing() {
    let (files, clients) = (Files::new(), Authority::new());
    let bridge = bridge(&files, &clients, "name = \"idp.example\"\nread_only = true").await;
    let client = client(&files, &bridge, Some(&clients.pair("idp.example")));
    assert_eq!(seen(list(&client, &bridge, "acme")).await.0, 200);
    let port = bridge.app.addr().port();
    let url = format!("https://bridge.example:{port}/scim/acme/v2/Users");
    let made = client.post(url).json(&crate::harness::person("ann"));
    let (status, _, body) = seen(made).await;
    assert_eq!(status, 403);
    assert!(body.contains("for reading only"), "{body}");
    let all = seen(list(&client, &bridge, "acme")).await.2;
    assert!(all.contains("\"totalResults\":0"), "{all}");
    // The record has the certificate, and whoever shows another one.
    let other = self::client(&files, &bridge, Some(&clients.pair("other.example")));
    assert_eq!(seen(list(&other, &bridge, "acme")).await.0, 401);
    let bridge = bridge.restart().await;
    let store = bridge.app.bridge().store();
    let told = store.admissions(Some("acme"), false, 10).await.unwrap();
    assert!(
        told.iter()
            .any(|one| one.label == "The IdP" && one.admitted)
    );
    assert!(
        told.iter()
            .any(|one| one.reason.starts_with("it is for reading only"))
    );
    let of_other = told
        .iter()
        .find(|one| one.reason.contains("client certificate"));
    assert_eq!(of_other.unwrap().said["names"], "other.example");
}

#[test]
fn a_certificate_without_an_authority_or_in_two_tenants_is_a_mistake() {
    let tenant = |id: &str, organization: &str| {
        format!(
            "[[tenant]]\nid = \"{id}\"\nbroker = \"b\"\ntarget = {{ organization = \"{organization}\" }}\ndefault_role = 7\n\
             [[tenant.certificate]]\nname = \"idp.example\"\n"
        )
    };
    let start = "[store]\nurl = \"sqlite://x.db\"\n[[broker]]\nid = \"b\"\nbase_url = \"https://a.example\"\n\
                 reseller_id = \"r\"\nusername = \"u\"\npassword = { env = \"P\" }\nclient_secret = { env = \"P\" }\n";
    let environment: Environment = [("P".to_owned(), "x".to_owned())].into_iter().collect();
    let mistakes = |server: &str, tenants: String| {
        let text = format!("{server}\n{start}{tenants}");
        let parsed = Config::parse(&text, "t", &environment, std::path::Path::new(""));
        parsed
            .err()
            .map(|mistakes| mistakes.to_string())
            .unwrap_or_default()
    };
    let asks = "[server.tls]\ncertificate = \"c\"\nkey = \"k\"\nclient_ca = \"a\"";
    assert_eq!(mistakes(asks, tenant("one", "1")), "");
    let unasked = mistakes("", tenant("one", "1"));
    assert!(unasked.contains("client_ca"), "{unasked}");
    let twice = mistakes(asks, tenant("one", "1") + &tenant("two", "2"));
    assert!(twice.contains("is the same certificate"), "{twice}");
}
