//! Filters: parsed, refused, evaluated, searched for keys.

use super::{ENT, group, maja, shown_in_a_group, user};
use scim_bridge::scim::{Filter, MemberRef, Meta, Reading, ResourceKind, fold, render_group};
use serde_json::{Value, json};

fn finance() -> Value {
    let members = [MemberRef {
        id: "7d20c3".to_owned(),
        display: Some("Maja".to_owned()),
    }];
    render_group(
        &group(),
        &Meta {
            id: "c41",
            ..super::META
        },
        Some(&members),
    )
}

#[track_caller]
fn check(kind: ResourceKind, resource: &Value, filter: &str, expected: bool) {
    let parsed = Filter::parse(filter, &mut Reading::default()).unwrap();
    parsed.check(kind, &mut Reading::default()).unwrap();
    assert_eq!(parsed.matches(kind, resource), expected, "{filter}");
}

#[track_caller]
fn of_maja(filter: &str, expected: bool) {
    check(
        ResourceKind::User,
        &shown_in_a_group(&maja()),
        filter,
        expected,
    );
}

#[test]
fn every_operator_compares_text() {
    for (filter, expected) in [
        (r#"title eq "analyst""#, true),
        (r#"title ne "Analyst""#, false),
        (r#"title co "NALY""#, true),
        (r#"title sw "ana""#, true),
        (r#"title ew "LYST""#, true),
        (r#"title gt "analysis""#, true),
        (r#"title ge "analyst""#, true),
        (r#"title lt "analyst""#, false),
        (r#"title le "analyst""#, true),
        ("title pr", true),
        ("nickName pr", false),
        (r#"nickName eq "x""#, false),
        (r#"nickName ne "x""#, true),
        ("nickName eq null", true),
        ("title ne null", true),
        ("title eq null", false),
    ] {
        of_maja(filter, expected);
    }
}

#[test]
fn not_binds_tighter_than_and_and_and_tighter_than_or() {
    for (filter, expected) in [
        (r#"title pr or nickName pr and nickName pr"#, true),
        (r#"(title pr or nickName pr) and nickName pr"#, false),
        (r#"not (nickName pr) and title pr"#, true),
        (r#"not (nickName pr or title pr)"#, false),
        (r#"NOT(nickName pr) AND title PR"#, true),
    ] {
        of_maja(filter, expected);
    }
}

#[test]
fn user_name_matches_in_any_case() {
    // Q006, Q120, Q144
    of_maja(r#"userName eq "MAJA.EKHOLM@EXAMPLE.COM""#, true);
    of_maja(r#"USERNAME Eq "maja.ekholm@example.com""#, true);
    of_maja(
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "maja.ekholm@example.com""#,
        true,
    );
}

#[test]
fn a_part_behind_brackets_belongs_to_the_element_in_brackets() {
    // Q008
    let two = user(json!({"userName": "a", "emails": [
        {"value": "w@example.com", "type": "work"}, {"value": "h@example.com", "type": "home"},
    ]}));
    let shown = super::shown(&two);
    for (filter, expected) in [
        (r#"emails[type eq "work"].value eq "w@example.com""#, true),
        (r#"emails[type eq "work"].value eq "h@example.com""#, false),
        (r#"emails[type eq "work"] eq "w@example.com""#, true),
        (r#"emails[type eq "work" and value co "w@"]"#, true),
        (r#"emails[type eq "work" and value co "h@"]"#, false),
        (r#"emails.value eq "h@example.com""#, true),
        (r#"emails eq "h@example.com""#, true),
        (r#"emails[type eq "other"].value pr"#, false),
        (r#"emails[type eq "home"] and userName eq "a""#, true),
        (r#"(emails[type eq "home"] ) or userName eq "b""#, true),
    ] {
        check(ResourceKind::User, &shown, filter, expected);
    }
}

#[test]
fn a_manager_is_found_with_the_id_in_either_order() {
    // Q010
    for (filter, expected) in [
        (r#"id eq "7d20c3" and manager eq "5f2c11""#.to_owned(), true),
        (r#"manager eq "5f2c11" and id eq "7d20c3""#.to_owned(), true),
        (r#"id eq "7d20c3" and manager eq "other""#.to_owned(), false),
        (format!(r#"{ENT}:manager.value eq "5f2c11""#), true),
        (format!("{ENT} pr"), true),
    ] {
        of_maja(&filter, expected);
    }
}

#[test]
fn words_without_quotation_marks_are_text() {
    // Q011, section 8 decision 7
    for (filter, expected) in [
        ("externalId eq m.Ekholm", true),
        (
            "name.FamilyName eq Ekholm and (emails.Value co example.com or emails.Value co example.org)",
            true,
        ),
        ("userName sw M", true),
        ("active eq True", true),
        ("active eq \"true\"", true),
        ("active eq FALSE", false),
        ("nickName eq NULL", true),
        ("meta.Created gt 2015-10-10T14:38:21.8617979-07:00", true),
    ] {
        of_maja(filter, expected);
    }
    let mut reading = Reading::default();
    Filter::parse("externalId eq x and not(title pr)", &mut reading).unwrap();
    assert_eq!(reading.met().names(), ["bare_word"]);
}

#[test]
fn an_attribute_of_another_type_has_no_value() {
    check(ResourceKind::Group, &finance(), r#"userName eq "x""#, false);
    check(ResourceKind::Group, &finance(), "userName pr", false);
    of_maja(r#"members.value eq "x""#, false);
}

#[test]
fn dates_compare_as_instants() {
    // The user was made at 2023-11-14T22:13:20Z.
    for (filter, expected) in [
        (r#"meta.created eq "2023-11-14T23:13:20+01:00""#, true),
        (r#"meta.created eq "2023-11-14T23:13:20 01:00""#, true),
        (r#"meta.created ge "2023-11-14T22:13:20.000Z""#, true),
        (r#"meta.created gt "2023-11-14T22:13:20Z""#, false),
        (r#"meta.created lt "2023-11-15""#, true),
        (r#"meta.created lt "2023-11-14T22:13:21""#, true),
        (r#"meta.created ne "2023-11-14T22:13:20Z""#, false),
        (r#"meta.created sw "2023-11""#, true),
        (r#"meta.lastModified gt "2023-11-14T22:13:20Z""#, true),
    ] {
        of_maja(filter, expected);
    }
}

#[test]
fn identifiers_compare_exactly_and_external_id_in_two_ways() {
    // Section 8 decision 2
    of_maja(r#"id eq "7D20C3""#, false);
    of_maja(r#"groups.value eq "c41""#, true);
    of_maja(r#"groups eq "C41""#, false);
    let shown = shown_in_a_group(&maja());
    let exactly = |filter: &str| {
        Filter::parse(filter, &mut Reading::default())
            .unwrap()
            .matches_exactly(ResourceKind::User, &shown)
    };
    of_maja(r#"externalId eq "M.EKHOLM""#, true);
    assert!(!exactly(r#"externalId eq "M.EKHOLM""#));
    assert!(exactly(r#"externalId eq "m.Ekholm""#));
    of_maja(r#"externalId sw "M""#, false);
}

#[test]
fn groups_are_found_by_name_and_member() {
    // Q079, Q135
    for (filter, expected) in [
        (r#"displayName eq "finance emea""#, true),
        (r#"members eq "7d20c3""#, true),
        (r#"members[value eq "7d20c3"]"#, true),
        (r#"members.value eq "other""#, false),
        (r#"meta.resourceType eq "Group""#, true),
        (
            r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group""#,
            true,
        ),
    ] {
        check(ResourceKind::Group, &finance(), filter, expected);
    }
}

#[test]
fn numbers_compare_with_text_by_their_digits() {
    let numbered = user(json!({"userName": "42", ENT: {"employeeNumber": "7"}}));
    check(
        ResourceKind::User,
        &super::shown(&numbered),
        "userName eq 42 and employeeNumber eq 7",
        true,
    );
}

#[test]
fn references_are_attribute_names_too() {
    for filter in [
        "members.$ref pr",
        "members[$ref pr]",
        r#"members.$ref ew "/Users/7d20c3""#,
    ] {
        check(ResourceKind::Group, &finance(), filter, true);
    }
}

#[test]
fn folding_forgets_case_and_nothing_else() {
    for (one, other) in [("MAJA", "maja"), ("ÅSA", "åsa"), ("Σ", "σ")] {
        assert_eq!(fold(one), fold(other));
    }
    for (one, other) in [("a", "а"), ("i", "ı"), ("a", "a "), ("ss", "ß")] {
        assert_ne!(fold(one), fold(other));
    }
}

#[test]
fn a_number_reads_again_as_it_is_written() {
    let text = "title ne 5555555555555555555555555555555555555555.52E1";
    let parse = |text: &str| Filter::parse(text, &mut Reading::default()).unwrap();
    let filter = parse(text);
    assert_eq!(parse(&filter.tree().to_string()).tree(), filter.tree());
}
