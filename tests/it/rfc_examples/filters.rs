//! The filters that RFC 7644 section 3.4.2.2 shows, and whom each finds.

use serde_json::json;

use super::{ENTERPRISE, user};
use crate::harness::Bridge;

/// A filter, and the first names of those it finds.
const FILTERS: [(&str, &[&str]); 18] = [
    (r#"userName eq "Barbara@acme.example""#, &["barbara"]),
    (r#"name.familyName co "O'Malley""#, &["jim"]),
    (r#"userName sw "J""#, &["jim", "jane"]),
    (
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
        &["jim", "jane"],
    ),
    ("title pr", &["barbara", "jane"]),
    (
        r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        &["barbara", "jim", "jane"],
    ),
    (
        r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
        &["barbara", "jim", "jane"],
    ),
    (r#"meta.lastModified lt "2011-05-13T04:42:34Z""#, &[]),
    (r#"meta.lastModified le "2011-05-13T04:42:34Z""#, &[]),
    (r#"title pr and userType eq "Employee""#, &["barbara"]),
    (
        r#"title pr or userType eq "Intern""#,
        &["barbara", "jim", "jane"],
    ),
    (
        r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
        &["jane"],
    ),
    (
        r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
        &["barbara"],
    ),
    (
        r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        &["jim"],
    ),
    (
        r#"userType eq "Employee" and (emails.type eq "work")"#,
        &["barbara"],
    ),
    (
        r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
        &["barbara"],
    ),
    (
        r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
        &["barbara", "jim"],
    ),
    (r#"emails[type eq "home" and value co "@example.com"]"#, &[]),
];

#[tokio::test]
async fn every_filter_of_the_rfc_finds_whom_it_describes() {
    let bridge = Bridge::start().await;
    let people = [
        json!({
            "userName": "barbara@acme.example",
            "userType": "Employee",
            "title": "Tour Guide",
            "emails": [
                {"value": "barbara@example.com", "type": "work"},
                {"value": "babs@example.org", "type": "home"},
            ],
        }),
        json!({
            "userName": "jim@acme.example",
            "userType": "Intern",
            "name": {"familyName": "O'Malley"},
            "emails": [{"value": "jim@foo.example", "type": "work"}],
            "ims": [{"value": "jim@foo.com", "type": "xmpp"}],
        }),
        json!({
            "userName": "jane@acme.example",
            "userType": "Contractor",
            "title": "Writer",
            "emails": [{"value": "jane@example.org", "type": "work"}],
            ENTERPRISE: {"department": "Press"},
        }),
    ];
    for person in people {
        user(&bridge, person).await;
    }
    for (filter, expected) in FILTERS {
        let list = bridge.http.get(bridge.url("/Users"));
        let list = list
            .bearer_auth(crate::harness::TOKEN)
            .query(&[("filter", filter)]);
        let list = crate::harness::expect(list, 200).await;
        let found = list["Resources"].as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|user| {
                user["userName"]
                    .as_str()
                    .unwrap()
                    .split_once('@')
                    .unwrap()
                    .0
            })
            .collect();
        assert_eq!(found, expected, "{filter}");
        assert_eq!(list["totalResults"], expected.len());
    }
}
