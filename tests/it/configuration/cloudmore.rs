//! What a tenant says of its accounts: fields, names of fields, what becomes of leavers.

use scim_bridge::domain::model::RoleId;

use super::{SMALLEST, check_each_edit, load};

#[test]
fn what_becomes_of_leavers_must_be_possible() {
    check_each_edit(
        r#"
        role = 7 => role = 7⏎deprovision = "keep" => 17:15: tenant[0].deprovision: must be "delete", "strip" or
        role = 7 => role = 7⏎deprovision = "strip" => 17:15: tenant[0].deprovision: needs the role that leavers' accounts get
        role = 7 => role = 7⏎deprovision = { field = "x" } => 17:15: tenant[0].deprovision.flag: is missing && 17:17: tenant[0].deprovision.field: is not a known key
        role = 7 => role = 7⏎grace = "30d" => 17:9: tenant[0].grace: has no account to wait with
        role = 7 => role = 7⏎deprovision = { flag = "x" }⏎grace = "2m" => 18:9: tenant[0].grace: must be from
        "#,
    );
}

#[test]
fn roles_that_can_change_everything_at_the_broker_need_a_word() {
    let staff = |lines: &str| {
        let header = "[[tenant]]\nid = \"staff\"\nbroker = \"northwind\"\ntarget = \"broker\"\n";
        let token = "[[tenant.token]]\ntoken = { env = \"API_SECRET\" }\n";
        format!("{SMALLEST}{header}{lines}\n{token}")
    };
    let load = |lines: &str| {
        load(
            &staff(lines),
            &[("API_SECRET", "api-secret-of-some-length")],
        )
    };
    for role in ["1", "24", "{ id = 24, name = \"Global Admin\" }"] {
        let mistakes = load(&format!("default_role = {role}"))
            .unwrap_err()
            .to_string();
        assert!(
            mistakes.contains("add `privileged_roles = true`"),
            "{mistakes}"
        );
        let permitted = format!("default_role = {role}\nprivileged_roles = true");
        assert!(load(&permitted).unwrap().tenants[1].policy.privileged_roles);
    }
    let names = load("default_role = { id = 3, name = \"Global Billing Admin\" }").unwrap();
    let names = &names.tenants[1].policy.role_names;
    assert_eq!(names[&RoleId(3)], "Global Billing Admin");
}

#[test]
fn a_role_has_one_name_in_a_tenant() {
    check_each_edit(
        r#"
        role = 7 => role = { id = 7, name = "A" }⏎mapping = [{ group = "G", role = { id = 7, name = "B" } }] => 17:34: tenant[0].mapping[0].role: is called "A" elsewhere in this tenant
        role = 7 => role = { name = "A" } => 16:16: tenant[0].default_role.id: is missing
        "#,
    );
}

#[test]
fn account_data_and_field_names_must_exist() {
    check_each_edit(
        r#"
        role = 7 => role = 7⏎account = { title = "titel" } => 17:21: tenant[0].account.title: must be the path of a text
        role = 7 => role = 7⏎account = { citty = "title" } => 17:13: tenant[0].account.citty: is not a known key: did you mean `city`
        role = 7 => role = 7⏎account = { city = "addresses" } => 17:20: tenant[0].account.city: must be the path of a text
        role = 7 => role = 7⏎account = { custom_property = [{ name = "A", from = "title" }, { name = "a", from = "title" }] } => 17:73: tenant[0].account.custom_property[1].name: is the same property
        role = 7 => role = 7⏎allowed_domains = ["acme"] => 17:20: tenant[0].allowed_domains[0]: must be a domain
        username = "scim@example.com" => username = "scim@example.com"⏎field = [{ model = "user", field = "fristName", name = "x" }] => 9:36: broker[0].field[0].field: is no field of it: did you mean "firstName"
        username = "scim@example.com" => username = "scim@example.com"⏎field = [{ model = "seat", field = "title", name = "x" }] => 9:36: broker[0].field[0].field: is no field of it; these are: userId, externalUserId
        "#,
    );
}
