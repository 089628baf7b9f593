//! Variables win over the file, whatever the kind of value.

use scim_bridge::config::{ClientAuth, Target};
use scim_bridge::domain::mapping::GroupSelector;
use scim_bridge::domain::model::RoleId;
use scim_bridge::domain::policy::OnOutage;
use secrecy::ExposeSecret;

use super::{SMALLEST, check, edited, load};

#[test]
fn variables_win_over_the_file_and_fill_what_it_leaves_out() {
    let config = load(
        SMALLEST,
        &[
            ("SCIM_BRIDGE__SERVER__LISTEN", "0.0.0.0:9000"),
            ("SCIM_BRIDGE__SERVER__MAX_BODY_BYTES", "65536"),
            ("SCIM_BRIDGE__BROKER__0__CLIENT_AUTH", "basic"),
            ("SCIM_BRIDGE__TENANT__0__DEFAULT_ROLE", "3"),
            ("SCIM_BRIDGE__TENANT__0__TARGET__ORGANIZATION", "o-2"),
            ("SCIM_BRIDGE_ADMIN_TOKEN", "not an override"),
        ],
    )
    .unwrap();
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:9000");
    assert_eq!(config.server.max_body_bytes, 65536);
    assert_eq!(config.brokers[0].client_auth, ClientAuth::Basic);
    assert_eq!(config.tenants[0].policy.default_role, Some(RoleId(3)));
    assert_eq!(
        config.tenants[0].target,
        Target::Organization("o-2".to_owned())
    );
}

#[test]
fn items_of_a_list_go_by_number_and_the_next_number_adds_one() {
    let second =
        "[[tenant]]\nid = \"staff\"\nbroker = \"northwind\"\ntarget = \"broker\"\ndefault_role = 3";
    let text = format!(
        "{SMALLEST}{second}\n[[tenant.token]]\nsha256 = \"{}\"\n",
        "ab".repeat(32)
    );
    let config = load(
        &text,
        &[
            ("SCIM_BRIDGE__TENANT__1__ON_OUTAGE", "fail"),
            (
                "SCIM_BRIDGE__TENANT__1__MAPPING__0__GROUP",
                "Administrators",
            ),
            ("SCIM_BRIDGE__TENANT__1__MAPPING__0__ROLE", "2"),
            (
                "SCIM_BRIDGE__TENANT__1__MAPPING__1__GROUP__EXTERNAL_ID",
                "g-1",
            ),
            ("SCIM_BRIDGE__TENANT__1__MAPPING__1__ROLE", "4"),
            ("SCIM_BRIDGE__TENANT__1__TOKEN__1__SHA256", &"cd".repeat(32)),
        ],
    )
    .unwrap();
    assert_eq!(config.tenants[0].policy.on_outage, OnOutage::Queue);
    let staff = &config.tenants[1];
    assert_eq!(staff.policy.on_outage, OnOutage::Fail);
    let groups: Vec<_> = staff
        .policy
        .mappings
        .iter()
        .filter_map(|mapping| mapping.group())
        .collect();
    assert_eq!(
        groups,
        [
            &GroupSelector::DisplayName("Administrators".to_owned()),
            &GroupSelector::ExternalId("g-1".to_owned())
        ]
    );
    let tokens: Vec<_> = staff.credentials.iter().map(|token| token.sha256).collect();
    assert_eq!(tokens, [[0xab; 32], [0xcd; 32]]);
}

#[test]
fn more_than_ten_items_are_added_in_the_order_of_their_numbers() {
    let variables: Vec<_> = (0..12)
        .flat_map(|number| {
            let name = |key: &str| format!("SCIM_BRIDGE__TENANT__0__MAPPING__{number}__{key}");
            [
                (name("GROUP"), format!("Group {number}")),
                (name("ROLE"), number.to_string()),
            ]
        })
        .collect();
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let config = load(SMALLEST, &variables).unwrap();
    let roles: Vec<_> = config.tenants[0]
        .policy
        .mappings
        .iter()
        .filter_map(|mapping| mapping.role)
        .collect();
    assert_eq!(roles, (0..12).map(RoleId).collect::<Vec<_>>());
}

#[test]
fn a_variable_can_change_what_kind_of_value_a_key_has() {
    let config = load(SMALLEST, &[("SCIM_BRIDGE__TENANT__0__TARGET", "broker")]).unwrap();
    assert_eq!(config.tenants[0].target, Target::Broker);

    let staff = edited(&[("{ organization = \"o-1\" }", "\"broker\"")]);
    let config = load(
        &staff,
        &[("SCIM_BRIDGE__TENANT__0__TARGET__ORGANIZATION", "o-1")],
    )
    .unwrap();
    assert_eq!(
        config.tenants[0].target,
        Target::Organization("o-1".to_owned())
    );
}

#[test]
fn a_secret_can_come_in_its_own_variable_or_be_pointed_elsewhere() {
    let without = edited(&[("password = { env = \"PASSWORD\" }\n", "")]);
    for (text, name, value, password) in [
        (
            without.as_str(),
            "SCIM_BRIDGE__BROKER__0__PASSWORD",
            "from the variable",
            "from the variable",
        ),
        (
            SMALLEST,
            "SCIM_BRIDGE__BROKER__0__PASSWORD",
            "instead",
            "instead",
        ),
        (
            SMALLEST,
            "SCIM_BRIDGE__BROKER__0__PASSWORD__ENV",
            "API_SECRET",
            "api-secret",
        ),
    ] {
        let config = load(text, &[(name, value)]).unwrap();
        assert_eq!(config.brokers[0].password.expose_secret(), password);
    }
}

#[test]
fn a_variable_can_give_the_digest_in_place_of_the_token() {
    let config = load(
        SMALLEST,
        &[("SCIM_BRIDGE__TENANT__0__TOKEN__0__SHA256", &"ab".repeat(32))],
    )
    .unwrap();
    assert_eq!(config.tenants[0].credentials[0].sha256, [0xab; 32]);
}

#[test]
fn a_mistake_in_a_variable_names_the_variable() {
    for (name, value, key, says) in [
        (
            "SCIM_BRIDGE__SERVER__LISTEN",
            "8080",
            "server.listen",
            "an IP address and a port",
        ),
        (
            "SCIM_BRIDGE__SERVER__LITSEN",
            "[::1]:1",
            "server.litsen",
            "did you mean `listen`?",
        ),
        ("SCIM_BRIDGE__SERVER", "x", "server", "must be a table"),
        (
            "SCIM_BRIDGE__STORE__0",
            "x",
            "store[0]",
            "this is not a list",
        ),
        (
            "SCIM_BRIDGE__TENANT__ACME__ID",
            "x",
            "tenant.acme.id",
            "by number, from 0",
        ),
        (
            "SCIM_BRIDGE__TENANT__2__ID",
            "x",
            "tenant[2].id",
            "number 1 adds one",
        ),
        (
            "SCIM_BRIDGE__BROKER__0__CONCURRENCY",
            "many",
            "broker[0].concurrency",
            "a whole number",
        ),
        (
            "SCIM_BRIDGE__BROKER____ID",
            "x",
            "broker..id",
            "two underscores",
        ),
        (
            "SCIM_BRIDGE__ADMIN__TOKEN",
            "x",
            "admin.token",
            "at least 16 characters",
        ),
    ] {
        check(
            SMALLEST,
            &[(name, value)],
            &[&format!("{name}: {key}: … {says}")],
        );
    }
}

#[test]
fn two_variables_that_contradict_each_other_are_a_mistake() {
    check(
        SMALLEST,
        &[
            ("SCIM_BRIDGE__TENANT__0__TARGET", "broker"),
            ("SCIM_BRIDGE__TENANT__0__TARGET__ORGANIZATION", "o-2"),
        ],
        &[
            "SCIM_BRIDGE__TENANT__0__TARGET__ORGANIZATION: tenant[0].target.organization: … contradicts the variable SCIM_BRIDGE__TENANT__0__TARGET",
        ],
    );
}
