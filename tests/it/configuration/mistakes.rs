//! Every mistake is found in one run, at its line and column, with what to change.

use std::path::Path;

use scim_bridge::config::{Config, Environment};

use super::{SMALLEST, check, check_each_edit, edited, load};

#[test]
fn a_value_of_the_wrong_form_is_reported_where_it_stands() {
    check_each_edit(
        r#"
        [store] => server.listen = "8080"⏎[store] => 1:17: server.listen: … an IP address and a port
        [store] => server.public_url = "scim.example.com"⏎[store] => 1:21: server.public_url: … a web address
        [store] => server.public_url = "ftp://example.com"⏎[store] => 1:21: server.public_url: … a web address
        [store] => server.public_url = "https://a.example/"⏎[store] => 1:21: server.public_url: … end with `/`
        [store] => server.max_body_bytes = 1⏎[store] => 1:25: server.max_body_bytes: … from 1024 to
        [store] => server.max_body_bytes = "4096"⏎[store] => 1:25: server.max_body_bytes: … without quotes
        sqlite://bridge.db => postgres://me:word@db/bridge => 2:7: store.url: … must not contain a password
        sqlite://bridge.db => bridge.db => 2:7: store.url: … must be "sqlite://" and the path
        sqlite://bridge.db => sqlite://:memory: => 2:7: store.url: … must be "sqlite://" and the path
        https://api.example.com => http://api.example.com => 6:12: broker[0].base_url: … must begin with https://
        https://api.example.com => https://u:p@example.com => 6:12: broker[0].base_url: … a user or a password
        https://api.example.com => https://example.com?a=b => 6:12: broker[0].base_url: … `?` or `#`
        "r-1" => 71 => 7:15: broker[0].reseller_id: … must be text in quotes
        "r-1" => " " => 7:15: broker[0].reseller_id: … must not be empty
        "r-1" => "r-1"⏎concurrency = 0 => 8:15: broker[0].concurrency: … from 1 to 256
        "r-1" => "r-1"⏎requests_per_second = 1.5 => 8:23: broker[0].requests_per_second: … a whole number
        "r-1" => "r-1"⏎client_auth = "Form" => 8:15: broker[0].client_auth: … "form" or "basic"
        "acme" => "Acme Ltd" => 13:6: tenant[0].id: … 1 to 64 characters out of a-z
        "acme" => "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" => 13:6: tenant[0].id: … 1 to 64 characters
        broker = "northwind" => broker = "southwind" => 14:10: tenant[0].broker: … no `[[broker]]` has this id
        { organization = "o-1" } => "organization" => 15:10: tenant[0].target: … or "broker"
        role = 7 => role = "7" => 16:16: tenant[0].default_role: … without quotes
        role = 7 => role = -7 => 16:16: tenant[0].default_role: … from 0 to
        role = 7 => role = 7⏎settle_timeout = 8 => 17:18: tenant[0].settle_timeout: … text in quotes
        role = 7 => role = 7⏎settle_timeout = "8" => 17:18: tenant[0].settle_timeout: … a number and its unit
        role = 7 => role = 7⏎settle_timeout = "s" => 17:18: tenant[0].settle_timeout: … from 100ms to 20s
        role = 7 => role = 7⏎settle_timeout = "1m" => 17:18: tenant[0].settle_timeout: … from 100ms to 20s
        role = 7 => role = 7⏎on_outage = "wait" => 17:13: tenant[0].on_outage: … "queue" or "fail"
        role = 7 => role = 7⏎reconcile = { every = "1m" } => 17:23: tenant[0].reconcile.every: … or "never"
        role = 7 => role = 7⏎reconcile = { mode = "mend" } => 17:22: tenant[0].reconcile.mode: … "report" or "repair"
        role = 7 => role = 7⏎scim = { profile = "ping" } => 17:20: tenant[0].scim.profile: … "generic" or "entra" or "okta"
        role = 7 => role = 7⏎scim = { strict = "yes" } => 17:19: tenant[0].scim.strict: … true or false, without quotes
        role = 7 => role = 7⏎scim = { unknown_attributes = "drop" } => 17:31: tenant[0].scim.unknown_attributes: … "ignore" or "refuse"
        role = 7 => role = 7⏎scim = { keep = ["cost code"] } => 17:18: tenant[0].scim.keep[0]: … the name of an attribute
        role = 7 => role = 7⏎scim = { keep = ["costCode", "USERNAME"] } => 17:30: tenant[0].scim.keep[1]: … keeps anyway
        role = 7 => role = 7⏎scim = { keep = ["urn:ietf:params:scim:schemas:core:2.0:User"] } => 17:18: tenant[0].scim.keep[0]: … keeps anyway
        [store] => limits.page_size = 0⏎[store] => 1:20: limits.page_size: … from 1 to 10000
        [store] => limits.filter_depth = 1000⏎[store] => 1:23: limits.filter_depth: … from 4 to 128
        [store] => limits.cursor_timeout = "1s"⏎[store] => 1:25: limits.cursor_timeout: … from 60s to 86400s
        token = { env = "ACME_TOKEN" } => sha256 = "abc" => 18:10: tenant[0].token[0].sha256: … 64 hexadecimal
        "#,
    );
}

#[test]
fn columns_count_characters() {
    let text = edited(&[("[store]", "server = { 'ü' = 'é', listen = 1 }\n[store]")]);
    check(
        &text,
        &[],
        &[
            "1:12: server.ü: … not a known key",
            "1:32: server.listen: … in quotes",
        ],
    );
}

#[test]
fn an_unknown_key_is_reported_with_the_nearest_known_one() {
    check_each_edit(
        r#"
        [store] => [sever]⏎[store] => 1:2: sever: … did you mean `server`?
        role = 7 => role = 7⏎onoutage = "fail" => 17:1: tenant[0].onoutage: … did you mean `on_outage`?
        role = 7 => role = 7⏎colour = "red" => 17:1: tenant[0].colour: … here go: id, broker, target
        url = => path = "x"⏎url = => 2:1: store.path: … here go: url
        organization = => org = 1, organization = => 15:12: tenant[0].target.org: … here go: organization
        "#,
    );
}

#[test]
fn what_must_be_given_is_asked_for_at_the_section_that_lacks_it() {
    check_each_edit(
        r#"
        url = "sqlite://bridge.db"⏎ =>  => 1:1: store.url: is missing: add `url = "sqlite://scim-bridge.db"`
        reseller_id = "r-1"⏎ =>  => 4:1: broker[0].reseller_id: is missing: add
        client_secret = { env = "API_SECRET" }⏎ =>  => 4:1: broker[0].client_secret: is missing: … { env = "NAME" }
        target = { organization = "o-1" }⏎ =>  => 12:1: tenant[0].target: … or `target = "broker"`
        organization = "o-1" =>  => 15:10: tenant[0].target.organization: is missing: add Cloudmore's id
        default_role = 7⏎ =>  => 12:1: tenant[0].default_role: is missing, … nobody could get an account
        [[tenant.token]]⏎token = { env = "ACME_TOKEN" }⏎ =>  => 12:1: tenant[0].token: … add a `[[tenant.token]]`
        token = { env = "ACME_TOKEN" }⏎ =>  => 17:1: tenant[0].token[0]: must say which token
        "#,
    );
    check(
        "",
        &[],
        &["1:1: store: … `[store]`", "1:1: tenant: … `[[tenant]]`"],
    );
}

#[test]
fn sections_that_repeat_need_two_brackets() {
    check_each_edit(
        r#"
        [[tenant.token]] => [tenant.token] => 17:1: tenant[0].token: … under `[[tenant.token]]`, with two brackets
        [[tenant.token]]⏎token = { env = "ACME_TOKEN" } => token = [] => 17:9: tenant[0].token: … at least one
        "#,
    );
}

#[test]
fn the_guard_has_limits_in_numbers_and_protects_what_is_there() {
    check_each_edit(
        r#"
        role = 7 => role = 7⏎guard = "on" => 17:9: tenant[0].guard: must be a table
        role = 7 => role = 7⏎guard = { window = "59s" } => 17:20: tenant[0].guard.window: must be from 60s to
        role = 7 => role = 7⏎guard = { max_removals = -1 } => 17:26: tenant[0].guard.max_removals: … from 0 to
        role = 7 => role = 7⏎guard = { max_removals_percent = 101 } => 17:34: tenant[0].guard.max_removals_percent: … from 0 to 100
        role = 7 => role = 7⏎guard = { protected_users = "ann" } => 17:29: tenant[0].guard.protected_users: must be a list
        role = 7 => role = 7⏎guard = { protected_groups = ["Sales"] } => 17:31: tenant[0].guard.protected_groups[0]: is no group of a mapping
        role = 7 => role = 7⏎guard = { protected_roles = ["Boss"] } => 17:30: tenant[0].guard.protected_roles[0]: must be a whole number
        "#,
    );
}

#[test]
fn a_key_that_is_called_something_else_by_now_says_what_to_write() {
    check_each_edit(
        r#"
        role = 7 => role = 7⏎paused = true => 17:10: tenant[0].paused: is called `observe` now: write `observe` instead
        "#,
    );
}

#[test]
fn what_must_be_distinct_points_at_the_first_of_two() {
    let two = SMALLEST.to_owned()
        + r#"
[[broker]]
id = "southwind"
base_url = "https://api.example.com"
reseller_id = "r-2"
username = "scim@example.com"
password = { env = "PASSWORD" }
client_secret = { env = "API_SECRET" }
[[tenant]]
id = "other"
broker = "northwind"
target = "broker"
default_role = 3
[[tenant.token]]
token = { env = "API_SECRET" }
"#;
    let variables = [("API_SECRET", "api-secret-of-some-length")];
    assert_eq!(load(&two, &variables).unwrap().tenants.len(), 2);
    for (from, to, expected) in [
        (
            "southwind",
            "northwind",
            "21:6: broker[1].id: is the same broker id as broker[0].id: give",
        ),
        (
            "r-2",
            "R-1",
            "20:1: broker[1]: is the same reseller as broker[0]: tenants can share",
        ),
        (
            "other",
            "acme",
            "28:6: tenant[1].id: is the same tenant id as tenant[0].id: give",
        ),
        (
            "\"broker\"",
            "{ organization = \"O-1\" }",
            "30:10: tenant[1].target: is the same target as tenant[0].target: two tenants",
        ),
        (
            "token = { env = \"API_SECRET\" }",
            "token = { env = \"ACME_TOKEN\" }",
            "33:9: tenant[1].token[0].token: is the same token as tenant[0].token[0].token: a token",
        ),
    ] {
        check(&two.replace(from, to), &variables, &[expected]);
    }
}

#[test]
fn a_mapping_grants_something_the_target_has_and_once() {
    check_each_edit(
        r#"
        role = 7 => role = 7⏎mapping = [{ group = "G" }] => 17:12: tenant[0].mapping[0]: grants nothing: add
        role = 7 => role = 7⏎mapping = [{ group = "G", subscriptions = [] }] => 17:12: tenant[0].mapping[0]: grants nothing
        role = 7 => role = 7⏎mapping = [{ role = 1 }] => 17:12: tenant[0].mapping[0]: must say whom it is about
        role = 7 => role = 7⏎mapping = [{ role = 1, group = "G", scim_role = "R" }] => 17:12: tenant[0].mapping[0]: has both `group` and `scim_role`
        role = 7 => role = 7⏎mapping = [{ role = 1, group = { id = "G" } }] => 17:32: tenant[0].mapping[0].group.external_id: is missing && 17:34: tenant[0].mapping[0].group.id: is not a known key
        "#,
    );
    let seat = r#"{ service = "s", subscription = "1" }"#;
    let with = |mappings: &str| {
        let mappings = mappings.replace("SEAT", seat);
        edited(&[("role = 7", &format!("role = 7\nmapping = [\n{mappings}\n]"))])
    };
    let elsewhere = "{ group = 'G', subscriptions = [SEAT] },\n\
                     { group = { external_id = 'G' }, subscriptions = [SEAT] }";
    assert_eq!(
        load(&with(elsewhere), &[]).unwrap().tenants[0]
            .policy
            .mappings
            .len(),
        2
    );

    let again = "is the same grant as tenant[0].mapping[0].subscriptions[0]: the same people";
    let twice_in_one = with("{ group = 'G', subscriptions = [\nSEAT,\nSEAT] }");
    check(
        &twice_in_one,
        &[],
        &[&format!(
            "20:1: tenant[0].mapping[0].subscriptions[1]: {again}"
        )],
    );
    let twice_in_two =
        with("{ group = 'G', subscriptions = [SEAT] },\n{ group = 'g', subscriptions = [\nSEAT] }");
    check(
        &twice_in_two,
        &[],
        &[&format!(
            "20:1: tenant[0].mapping[1].subscriptions[0]: {again}"
        )],
    );

    let broker = with("{ group = 'G', subscriptions = [SEAT] }")
        .replace("{ organization = \"o-1\" }", "\"broker\"");
    check(
        &broker,
        &[],
        &["18:32: tenant[0].mapping[0].subscriptions: administrators of a broker have no"],
    );
}

#[test]
fn a_mapped_role_serves_in_place_of_a_default_role() {
    let text =
        edited(&[("default_role = 7\n", "")]) + "[[tenant.mapping]]\ngroup = \"G\"\nrole = 1\n";
    assert_eq!(
        load(&text, &[]).unwrap().tenants[0].policy.default_role,
        None
    );
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_their_places() {
    let text = r#"[server]
listen = "nowhere"
[store]
url = "postgres//db"
[[broker]]
id = "northwind"
base_url = "http://api.example.com"
password = "hunter2"
client_secret = { env = "ABSENT" }
[[tenant]]
id = "ACME"
broker = "southwind"
target = "organization"
adopt = "hald"
settle_timeout = "1h"
[[tenant.token]]
sha256 = "no"
[[tenant.mapping]]
group = "G"
rule = 6
[admin]
"#;
    check(
        text,
        &[("SCIM_BRIDGE__SERVER__MAX_BODY_BYTES", "0")],
        &[
            "2:10: server.listen: … an IP address",
            "4:7: store.url: … PostgreSQL",
            "5:1: broker[0].reseller_id: … is missing",
            "5:1: broker[0].username: … is missing",
            "7:12: broker[0].base_url: … https://",
            "8:12: broker[0].password: … must not stand in this file",
            "9:25: broker[0].client_secret.env: … ABSENT",
            "10:1: tenant[0].default_role: … is missing",
            "11:6: tenant[0].id: … a-z",
            "12:10: tenant[0].broker: … no `[[broker]]`",
            "13:10: tenant[0].target: … organization",
            "14:9: tenant[0].adopt: … \"refuse\" or \"link\" or \"hold\"",
            "15:18: tenant[0].settle_timeout: … 20s",
            "17:10: tenant[0].token[0].sha256: … 64",
            "18:1: tenant[0].mapping[0]: … grants nothing",
            "20:1: tenant[0].mapping[0].rule: … did you mean `role`?",
            "21:1: admin: must say which token",
            "SCIM_BRIDGE__SERVER__MAX_BODY_BYTES: server.max_body_bytes: … 1024",
        ],
    );
}

#[test]
fn a_text_that_is_not_toml_is_answered_with_its_syntax_errors() {
    let text = "[store]\nurl = hunter2\nurl = \"x\"\n[server\nlisten = \"y\"\n";
    check(
        text,
        &[],
        &[
            "2:7: this is not TOML: string values must be quoted",
            "3:1: this is not TOML: duplicate key",
            "4:8: this is not TOML: unclosed table",
        ],
    );
}

#[test]
fn mistakes_print_one_per_line() {
    let printed = load(
        &edited(&[("\"acme\"", "\"A\""), ("role = 7", "role = true")]),
        &[],
    )
    .unwrap_err()
    .to_string();
    assert_eq!(
        printed,
        "bridge.toml:13:6: tenant[0].id: must be 1 to 64 characters out of a-z, 0-9 and `-`\n\
         bridge.toml:16:16: tenant[0].default_role: must be a whole number, without quotes, from 0 to 2147483647\n"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mistakes =
        Config::load(Path::new("/absent/bridge.toml"), &Environment::default()).unwrap_err();
    assert!(
        mistakes
            .to_string()
            .starts_with("/absent/bridge.toml: cannot be read: "),
        "{mistakes}"
    );
}
