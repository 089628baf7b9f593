//! The parameters of list requests and the answers to them, and error bodies.

use super::check_error;
use scim_bridge::scim::{
    Key, ListQuery, Paging, Projection, Reading, ResourceKind, ScimError, ScimType, Selection,
    list_response,
};
use serde_json::json;

fn parsed(query: &str) -> ListQuery {
    ListQuery::parse(Some(query), &mut Reading::default()).unwrap()
}

#[test]
fn every_way_to_write_the_same_filter_is_the_same_filter() {
    // Q001, Q004, Q005, Q103, Q141
    for query in [
        "filter=userName+eq+%22dale@example.com%22",
        "filter=userName%20eq%20%22dale%40example.com%22",
        "filter=userName+eq+\"dale%40example.com\"",
        "aadOptscim062020&filter=userName+eq+%22dale%40example.com%22",
        "filter=userName+eq+%22dale%40example.com%22&aadOptscim062020",
        "filter=userName+eq+%22dale%40example.com%22&",
        "FILTER=userName+Eq+%22dale%40example.com%22&unknown=1",
    ] {
        let key = parsed(query)
            .filter
            .and_then(|filter| filter.selection(ResourceKind::User));
        let keys = vec![Key::UserName("dale@example.com".to_owned())];
        let is_exact = true;
        assert_eq!(key, Some(Selection { keys, is_exact }), "{query}");
    }
}

#[test]
fn paging_is_read_as_the_rfc_has_it() {
    // Q095, Q121, Q150
    for (query, start_index, count) in [
        ("", 1, None),
        ("startIndex=51", 51, None),
        ("startIndex=6&count=5", 6, Some(5)),
        ("startIndex=0&count=0", 1, Some(0)),
        ("startIndex=-3&count=-1", 1, Some(0)),
    ] {
        let query = parsed(query);
        assert_eq!(query.paging, Paging::Index(start_index));
        assert_eq!(query.count, count);
    }
    assert_eq!(
        ListQuery::parse(None, &mut Reading::default()).unwrap(),
        parsed("aadOptscim062020")
    );
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    for (query, scim_type, word) in [
        ("count=ten", ScimType::InvalidValue, "count"),
        ("startIndex=", ScimType::InvalidValue, "startIndex"),
        ("count=1.5", ScimType::InvalidValue, "count"),
        ("count=1&count=2", ScimType::InvalidValue, "twice"),
        ("filter=%zz", ScimType::InvalidValue, "percent-encoded"),
        ("filter=%ff", ScimType::InvalidValue, "percent-encoded"),
        ("attributes=emails[", ScimType::InvalidValue, "emails["),
        ("filter=", ScimType::InvalidFilter, "filter"),
        ("filter", ScimType::InvalidFilter, "filter"),
        ("filter=x", ScimType::InvalidFilter, "filter"),
    ] {
        check_error(
            &ListQuery::parse(Some(query), &mut Reading::default()).unwrap_err(),
            400,
            Some(scim_type),
            word,
        );
    }
}

#[test]
fn a_page_past_the_end_is_empty_and_truthful() {
    // Q136
    assert_eq!(
        list_response(vec![], 2, 101),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": 2, "startIndex": 101, "itemsPerPage": 0, "Resources": [],
        })
    );
}

#[test]
fn excluded_members_need_not_be_read() {
    // Q078, Q079
    for (query, expected) in [
        ("", true),
        ("excludedAttributes=members", false),
        ("excludedAttributes=displayName,MEMBERS", false),
        (
            "excludedAttributes=urn:ietf:params:scim:schemas:core:2.0:Group:members",
            false,
        ),
        ("excludedAttributes=members.display", true),
        ("attributes=displayName", false),
        ("attributes=members.value", true),
        ("attributes=", true),
    ] {
        assert_eq!(
            parsed(query)
                .projection
                .of(ResourceKind::Group)
                .wants("members"),
            expected,
            "{query}"
        );
    }
    assert!(Projection::default().of(ResourceKind::User).wants("groups"));
}

#[test]
fn an_error_body_has_its_status_as_a_string() {
    // Q013, Q015, Q119
    assert_eq!(
        ScimError::uniqueness("userName is taken.").to_json(),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "409", "scimType": "uniqueness", "detail": "userName is taken.",
        })
    );
    assert_eq!(
        ScimError::not_found("No such user.")
            .to_json()
            .get("scimType"),
        None
    );
}
