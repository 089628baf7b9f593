//! Which filters an index answers, and whether it answers them whole.

use scim_bridge::scim::Key::{
    Active, DisplayName, Email, ExternalId, Id, Member, Modified, UserName,
};
use scim_bridge::scim::{Filter, Key, Reading, ResourceKind, Selection};

const USER: ResourceKind = ResourceKind::User;
const GROUP: ResourceKind = ResourceKind::Group;
/// 2026-01-01T00:00:01Z in microseconds.
const MOMENT: i64 = 1_767_225_601_000_000;

fn selection(kind: ResourceKind, filter: &str) -> Option<Selection> {
    Filter::parse(filter, &mut Reading::default())
        .unwrap()
        .selection(kind)
}

fn check(kind: ResourceKind, filter: &str, is_exact: bool, keys: &[Key]) {
    let keys = keys.to_vec();
    assert_eq!(
        selection(kind, filter),
        Some(Selection { keys, is_exact }),
        "{filter}"
    );
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn an_index_answers_equality_of_what_clients_match_by() {
    for (kind, filter, key) in [
        (USER, "id eq \"X\"", Id(text("X"))),
        (USER, "userName eq \"MAJA\"", UserName(text("maja"))),
        (
            USER,
            "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"a\"",
            UserName(text("a")),
        ),
        (USER, "displayName eq \"É\"", DisplayName(text("é"))),
        (USER, "emails eq \"A@b\"", Email(text("a@b"))),
        (USER, "emails.value eq \"A@b\"", Email(text("a@b"))),
        (USER, "emails[value eq \"a@b\"]", Email(text("a@b"))),
        (USER, "active eq true", Active(true)),
        (USER, "ACTIVE EQ \"False\"", Active(false)),
        (GROUP, "id eq \"X\"", Id(text("X"))),
        (
            GROUP,
            "displayName eq \"Finance\"",
            DisplayName(text("finance")),
        ),
        (GROUP, "members eq \"A\"", Member(text("A"))),
        (GROUP, "members.value eq \"A\"", Member(text("A"))),
        (GROUP, "members[value eq \"A\"]", Member(text("A"))),
    ] {
        check(kind, filter, true, &[key]);
    }
}

#[test]
fn an_index_answers_times_to_the_microsecond() {
    let (first, last) = (i64::MIN, i64::MAX);
    for (operator, time, from, to) in [
        ("eq", "2026-01-01T00:00:01Z", MOMENT, MOMENT),
        ("gt", "2026-01-01T00:00:01Z", MOMENT + 1, last),
        ("ge", "2026-01-01T01:00:01+01:00", MOMENT, last),
        ("lt", "2026-01-01T00:00:01Z", first, MOMENT - 1),
        ("le", "2026-01-01T00:00:01", first, MOMENT),
        ("eq", "2026-01-01T00:00:01.0000005Z", MOMENT + 1, MOMENT),
        ("gt", "2026-01-01T00:00:01.0000005Z", MOMENT + 1, last),
        ("ge", "2026-01-01T00:00:01.0000005Z", MOMENT + 1, last),
        ("lt", "2026-01-01T00:00:01.0000005Z", first, MOMENT),
        ("le", "2026-01-01T00:00:01.0000005Z", first, MOMENT),
    ] {
        for kind in ResourceKind::ALL {
            let filter = format!("meta.lastModified {operator} \"{time}\"");
            check(kind, &filter, true, &[Modified { from, to }]);
        }
    }
}

#[test]
fn inside_and_every_key_counts_and_the_rest_is_evaluated() {
    let between = |from, to| Modified { from, to };
    for (kind, filter, is_exact, keys) in [
        (
            USER,
            "userName eq \"a\" and (active eq true and id eq \"X\")",
            true,
            vec![UserName(text("a")), Active(true), Id(text("X"))],
        ),
        (
            USER,
            "meta.lastModified ge \"2026-01-01T00:00:01Z\" and meta.lastModified lt \"2026-01-01T00:00:01Z\"",
            true,
            vec![between(MOMENT, i64::MAX), between(i64::MIN, MOMENT - 1)],
        ),
        (
            USER,
            "title pr and active eq true",
            false,
            vec![Active(true)],
        ),
        (
            USER,
            "emails[type eq \"work\"].value eq \"A\"",
            false,
            vec![Email(text("a"))],
        ),
        (
            USER,
            "emails[type eq \"work\" and value eq \"A\"]",
            false,
            vec![Email(text("a"))],
        ),
        // The case of an externalId decides among the candidates.
        (
            USER,
            "externalId eq \"M\"",
            false,
            vec![ExternalId(text("m"))],
        ),
        (
            GROUP,
            "externalId eq \"M\"",
            false,
            vec![ExternalId(text("m"))],
        ),
        (
            GROUP,
            "members[value eq \"A\" and display pr]",
            false,
            vec![Member(text("A"))],
        ),
    ] {
        check(kind, filter, is_exact, &keys);
    }
}

#[test]
fn what_no_index_answers_is_evaluated() {
    for (kind, filter) in [
        (USER, "userName eq \"a\" or title pr"),
        (USER, "not (userName eq \"a\")"),
        (USER, "userName sw \"a\""),
        (USER, "userName eq null"),
        (USER, "active ne true"),
        (USER, "meta.created gt \"2026-01-01T00:00:00Z\""),
        (USER, "meta.lastModified ne \"2026-01-01T00:00:00Z\""),
        (USER, "emails.type eq \"work\""),
        (USER, "emails[value eq \"a\" or type pr]"),
        (USER, "manager.displayName eq \"a\""),
        (USER, "members.value ne \"a\""),
        (GROUP, "members[display eq \"a\"]"),
        (GROUP, "active eq null"),
    ] {
        check(kind, filter, false, &[]);
    }
}

#[test]
fn a_demand_on_another_type_selects_nothing_at_once() {
    for (kind, filter) in [
        (USER, "members.value eq \"a\""),
        (USER, "id eq \"X\" and members pr"),
        (USER, "members[value eq \"a\"]"),
        (GROUP, "userName eq \"a\" and displayName eq \"b\""),
        (GROUP, "active eq true"),
    ] {
        assert_eq!(selection(kind, filter), None, "{filter}");
    }
}
