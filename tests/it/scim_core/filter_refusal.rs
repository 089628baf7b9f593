//! Filters that are refused: never read as one that selects everything.

use super::check_error;
use scim_bridge::scim::{Filter, Reading, ResourceKind, ScimType};

#[track_caller]
fn refused(filter: &str, word: &str) {
    let reading = &mut Reading::default();
    let parsed = Filter::parse(filter, reading);
    let outcome = parsed.and_then(|parsed| parsed.check(ResourceKind::User, reading));
    check_error(
        &outcome.unwrap_err(),
        400,
        Some(ScimType::InvalidFilter),
        word,
    );
}

#[test]
fn an_attribute_that_nothing_has_is_an_error_and_never_everything() {
    // Q145, invariant 5
    for filter in [
        r#"email Co "fab""#,
        r#"not (email co "fab")"#,
        r#"userName pr or email pr"#,
        r#"emails[colour eq "red"]"#,
        r#"urn:ietf:params:scim:schemas:extension:contoso:2.0:User:shoe eq "42""#,
    ] {
        refused(filter, "");
    }
}

#[test]
fn what_cannot_be_compared_is_refused() {
    for (filter, word) in [
        (r#"password eq "x""#, "password"),
        ("password pr", "password"),
        (r#"name eq "x""#, "several parts"),
        (r#"title[value eq "x"]"#, "no part"),
        ("active gt true", "eq and ne"),
        (r#"active eq "disabled""#, "true or false"),
        (r#"meta.created gt "yesterday""#, "date and time"),
        ("title gt null", "null"),
        (r#"x509Certificates.value gt "x""#, "order"),
    ] {
        refused(filter, word);
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    let long = format!("userName eq \"{}\"", "x".repeat(4096));
    let deep = format!("{}a pr{}", "(".repeat(65), ")".repeat(65));
    let many = vec!["a pr"; 1025].join("or ");
    for filter in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName is \"x\"",
        "eq \"x\"",
        "(userName pr",
        "userName pr)",
        "userName eq \"x",
        "userName eq \"\\x\"",
        "userName pr and",
        "userName pr userName pr",
        "not userName pr",
        "emails[type eq \"work\"",
        "emails[a[b eq 1]]",
        "userName eq 'x'",
        "a.b.c eq 1",
        ":a pr",
        "é pr",
        &long,
        &deep,
        &many,
    ] {
        let error = Filter::parse(filter, &mut Reading::default()).unwrap_err();
        check_error(
            &error,
            400,
            Some(ScimType::InvalidFilter),
            "filter is not valid",
        );
    }
}

#[test]
fn odd_uris_are_attribute_names_that_nothing_has() {
    refused("https://example.com/schemas/x:attr pr", "not an attribute");
    refused("urn:example:a%20b:attr pr", "not an attribute");
}
