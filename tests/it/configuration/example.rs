//! The commented example is the documentation: it loads, and it is complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use scim_bridge::config::{ClientAuth, Config, Environment, Jwt, Target, Tenant};
use scim_bridge::domain::mapping::{
    ExternalUserId, GroupSelector, MappedSubscription, Mapping, Whom,
};
use scim_bridge::domain::model::{RoleId, SubscriptionRef};
use scim_bridge::domain::policy::{AccountName, Adopt, AdoptBy, OnOutage, OnRefusedAssignment};

use scim_bridge::scim::{Dialect, Limits, Profile, Quirk};

use super::{SMALLEST, edited, load};

const VARIABLES: [(&str, &str); 8] = [
    ("SCIM_BRIDGE_ADMIN_TOKEN", "admin-token-of-some-length"),
    ("CLOUDMORE_PASSWORD", "password"),
    ("CLOUDMORE_API_SECRET", "api-secret"),
    ("ACME_SCIM_TOKEN", "acme-token-of-some-length"),
    ("ACME_SCIM_PASSWORD", "acme-password-of-some-length"),
    ("ACME_CLIENT_SECRET", "acme-client-secret-of-some-length"),
    (
        "SCIM_BRIDGE_ENCRYPTION_KEY",
        "5f1d0c9e8b7a69584736251403f2e1d0c9b8a7968574635241302f1e0d9c8b7a",
    ),
    ("STAFF_SCIM_TOKEN", "staff-token-of-some-length"),
];

fn file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/scim-bridge.example.toml")
}

fn text() -> String {
    fs::read_to_string(file()).unwrap()
}

#[test]
fn the_example_loads_with_the_variables_it_names() {
    let config = Config::load(&file(), &Environment::from_iter(VARIABLES)).unwrap();

    let listed: Vec<_> = config
        .tenants
        .iter()
        .map(|t| (t.id.as_str(), &t.target, t.credentials.len()))
        .collect();
    let organization = Target::Organization("5d3e1c52-6f0b-4d3a-9a61-0c6f4f1f7a10".to_owned());
    assert_eq!(
        listed,
        [
            ("acme", &organization, 4),
            ("northwind-staff", &Target::Broker, 1)
        ]
    );
    let labels: Vec<_> = config.tenants[0]
        .credentials
        .iter()
        .map(|credential| credential.label.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "Entra, spring",
            "Entra, autumn",
            "Okta, older app",
            "Entra, as client"
        ]
    );
    assert_eq!(
        config.tenants[0].credentials[0].sha256[..4],
        [0x0b, 0x1d, 0x5c, 0xe4]
    );
    let jwt = &config.tenants[0].jwts[0];
    assert_eq!(jwt.key_hosts, jwt_of_smallest(&jwt.issuer).key_hosts);
    assert_eq!(jwt.algorithms, jwt_of_smallest(&jwt.issuer).algorithms);
    let seat = |number: &str, external_user_id| MappedSubscription {
        at: SubscriptionRef {
            service: format!("b7c1d9a4-2f64-4c0e-9d0e-61f0d8a3c{number}"),
            subscription: format!("e01c5a7e-7a53-4b7f-8a3f-0a5f1d2c3{number}"),
        },
        external_user_id,
    };
    assert_eq!(
        config.tenants[0].policy.mappings,
        [
            Mapping {
                whom: Whom::Group(GroupSelector::DisplayName("Cloudmore Finance".to_owned())),
                role: Some(RoleId(6)),
                subscriptions: vec![
                    seat("001", ExternalUserId::UserName),
                    seat("002", ExternalUserId::None)
                ],
            },
            Mapping {
                whom: Whom::Role("Billing".to_owned()),
                role: Some(RoleId(5)),
                subscriptions: Vec::new(),
            },
            Mapping {
                whom: Whom::Group(GroupSelector::ExternalId(
                    "1f0e9d8c-7b6a-4958-8473-625140302010".to_owned()
                )),
                role: None,
                subscriptions: vec![seat("001", ExternalUserId::None)],
            },
        ]
    );
}

/// What the defaults make of an issuer.
fn jwt_of_smallest(issuer: &str) -> Jwt {
    let jwt = format!("[[tenant.jwt]]\nissuer = \"{issuer}\"\naudience = \"a\"\n");
    let config = load(&(SMALLEST.to_owned() + &jwt), &[]).unwrap();
    config.tenants[0].jwts[0].clone()
}

#[test]
fn the_example_mentions_every_key_the_reader_knows() {
    // An unknown key is answered with the known ones, so one in every table makes the reader tell them all.
    let everywhere = r#"
        zzzzzz = 1
        server = { zzzzzz = 1, connections = { zzzzzz = 1 }, tls = { zzzzzz = 1 } }
        limits = { zzzzzz = 1 }
        store = { zzzzzz = 1 }
        oauth = { zzzzzz = 1 }
        admin = { zzzzzz = 1, token = [{ zzzzzz = 1 }], oidc = { zzzzzz = 1, roles = { zzzzzz = 1 } } }
        broker = [{ zzzzzz = 1, password = { zzzzzz = 1 }, field = [{ zzzzzz = 1 }] }]
        [[tenant]]
        zzzzzz = 1
        default_role = { zzzzzz = 1 }
        target = { zzzzzz = 1 }
        scim = { zzzzzz = 1 }
        guard = { zzzzzz = 1 }
        account = { zzzzzz = 1, title = { zzzzzz = 1 }, custom_property = [{ zzzzzz = 1 }] }
        token = [{ zzzzzz = 1 }]
        basic = [{ zzzzzz = 1 }]
        client = [{ zzzzzz = 1 }]
        jwt = [{ zzzzzz = 1 }]
        certificate = [{ zzzzzz = 1 }]
        mapping = [{ zzzzzz = 1, group = { zzzzzz = 1 }, subscriptions = [{ zzzzzz = 1 }] }]
    "#;
    let mistakes = load(everywhere, &[]).unwrap_err();
    let lists: Vec<_> = mistakes
        .iter()
        .filter_map(|mistake| mistake.says.split_once("here go: "))
        .collect();
    assert_eq!(lists.len(), everywhere.matches("zzzzzz").count());
    let known: BTreeSet<_> = lists
        .iter()
        .flat_map(|(_, keys)| keys.split(", "))
        .collect();

    let text = text();
    let is_mentioned = |key: &&str| {
        [format!("{key} = "), format!("[{key}]"), format!(".{key}]")]
            .iter()
            .any(|form| text.contains(form))
    };
    let missing: Vec<_> = known.iter().filter(|key| !is_mentioned(key)).collect();
    assert!(
        missing.is_empty(),
        "the example is silent about {missing:?}"
    );
}

#[test]
fn every_variable_the_example_names_is_a_key() {
    let text = text();
    let named: Vec<_> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("SCIM_BRIDGE__"))
        .map(|name| (name, "x"))
        .collect();
    assert!(named.len() > 25, "only {} variables are named", named.len());

    let environment: Environment = VARIABLES.into_iter().chain(named).collect();
    let mistakes = Config::parse(&text, "example", &environment, Path::new("")).unwrap_err();
    let strays: Vec<_> = mistakes
        .iter()
        .filter(|mistake| {
            mistake.says.contains("is not a known key") || mistake.says.contains("no item")
        })
        .collect();
    assert!(strays.is_empty(), "{strays:#?}");
}

#[test]
fn what_is_left_out_has_the_default_that_the_example_shows() {
    let shown = Config::load(&file(), &Environment::from_iter(VARIABLES)).unwrap();
    let left_out = load(SMALLEST, &[]).unwrap();

    assert_eq!(left_out.server.public_url, None);
    assert_eq!(left_out.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(left_out.server.max_body_bytes, 4 << 20);
    assert_eq!(left_out.server.max_requests, 256);
    assert_eq!(left_out.tenants[0].policy.mappings, []);
    let server = |config: &Config| {
        let server = &config.server;
        let stop = server.stop_timeout;
        (
            server.listen,
            server.max_body_bytes,
            stop,
            server.max_requests,
            server.connections,
            server.tls.clone(),
            server.trusted_proxies.clone(),
            server.client_address_header,
            (server.bad_credentials, server.refusals_per_second),
        )
    };
    assert_eq!(server(&shown), server(&left_out));

    assert!(left_out.admin.is_none());
    let admin = shown.admin.as_ref().unwrap();
    assert_eq!(admin.tokens[0].token.label.as_deref(), Some("admin"));
    assert_eq!(left_out.limits, Limits::DEFAULT);
    assert_eq!(shown.limits, left_out.limits);
    assert_eq!(left_out.tenants[0].dialect, Dialect::default());
    let kept = [
        "urn:ietf:params:scim:schemas:extension:contoso:2.0:User",
        "costCode",
    ];
    let keeping = Dialect::default().keeping(kept.map(str::to_owned));
    assert_eq!(shown.tenants[0].dialect, keeping);

    let broker = |config: &Config| {
        let broker = &config.brokers[0];
        (
            broker.client_auth,
            broker.requests_per_second,
            broker.concurrency,
        )
    };
    assert_eq!(broker(&left_out), (ClientAuth::Form, 10, 4));
    assert_eq!(broker(&shown), broker(&left_out));

    let policy = |t: &Tenant| {
        (
            t.policy.account_name,
            t.policy.adopt,
            t.policy.adopt_by,
            t.policy.observe,
            t.policy.on_outage,
            t.policy.on_refused_assignment,
            t.policy.settle_timeout,
        )
    };
    assert_eq!(
        policy(&left_out.tenants[0]),
        (
            AccountName::UserName,
            Adopt::Refuse,
            AdoptBy::Name,
            false,
            OnOutage::Queue,
            OnRefusedAssignment::Record,
            Duration::from_secs(8),
        )
    );
    assert_eq!(policy(&shown.tenants[0]), policy(&left_out.tenants[0]));
}

#[test]
fn what_a_tenant_says_of_its_client_makes_its_dialect() {
    let entra = Dialect::new(Profile::Entra);
    for (written, dialect) in [
        ("", Dialect::new(Profile::Generic)),
        ("profile = \"entra\"", entra.clone()),
        ("profile = \"okta\"", Dialect::new(Profile::Okta)),
        ("profile = \"entra\", strict = true", Dialect::strict()),
        (
            "profile = \"entra\", unknown_attributes = \"refuse\"",
            entra.refusing(Quirk::UnknownAttribute),
        ),
        (
            "strict = true, keep = [\"costCode\"]",
            Dialect::strict().keeping(["costCode".to_owned()]),
        ),
    ] {
        let scim = format!("default_role = 7\nscim = {{ {written} }}");
        let config = load(&edited(&[("default_role = 7", &scim)]), &[]).unwrap();
        assert_eq!(config.tenants[0].dialect, dialect, "{written}");
    }
    let strict = [("SCIM_BRIDGE__TENANT__0__SCIM__STRICT", "true")];
    let config = load(SMALLEST, &strict).unwrap();
    assert_eq!(config.tenants[0].dialect, Dialect::strict());
}

#[test]
fn a_relative_database_path_starts_at_the_folder_of_the_file() {
    for (written, url) in [
        ("sqlite://bridge.db", "sqlite:///etc/bridge/bridge.db"),
        (
            "sqlite://data/bridge.db",
            "sqlite:///etc/bridge/data/bridge.db",
        ),
        ("sqlite:///var/lib/bridge.db", "sqlite:///var/lib/bridge.db"),
    ] {
        let config = load(&edited(&[("sqlite://bridge.db", written)]), &[]).unwrap();
        assert_eq!(config.store.url, url);
    }
}

#[test]
fn durations_have_a_unit() {
    for (written, milliseconds) in [
        ("100ms", 100),
        ("500ms", 500),
        ("8s", 8_000),
        ("20s", 20_000),
    ] {
        let settle = format!("default_role = 7\nsettle_timeout = \"{written}\"");
        let config = load(&edited(&[("default_role = 7", &settle)]), &[]).unwrap();
        assert_eq!(
            config.tenants[0].policy.settle_timeout,
            Duration::from_millis(milliseconds)
        );
    }
}

#[test]
fn a_base_url_may_be_http_on_this_machine_only() {
    for (host, is_taken) in [
        ("localhost:9000", true),
        ("127.0.0.1:9000", true),
        ("[::1]:9000", true),
        ("192.0.2.1:9000", false),
        ("127.0.0.1.example.com", false),
        ("localhost.example.com", false),
    ] {
        let text = edited(&[("https://api.example.com", &format!("http://{host}"))]);
        assert_eq!(load(&text, &[]).is_ok(), is_taken, "{host}");
    }
}
