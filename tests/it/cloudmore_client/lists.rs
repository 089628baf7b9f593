//! Lists: every shape is read, and none that stops early passes for whole.

use proptest::prelude::*;
use scim_bridge::cloudmore::{FailureKind, Role};
use scim_bridge::domain::model::RoleId;
use serde_json::{Value, json};

use super::script::{Cloudmore, Reply};

fn roles() -> Value {
    json!([{ "id": 1, "name": "Super Admin" }, { "ID": "24", "Name": "Global Admin" }])
}

async fn read(reply: Reply) -> Result<Vec<Role>, FailureKind> {
    let cloudmore = Cloudmore::new([reply]).await;
    let roles = cloudmore.broker().roles().await;
    assert_eq!(cloudmore.lines(), ["GET /api/resellers/res/ResellerRoles"]);
    roles
        .map(scim_bridge::cloudmore::Listing::into_vec)
        .map_err(|failure| failure.kind)
}

async fn whole(reply: Reply) {
    let role = |id, name: &str| Role {
        id: RoleId(id),
        name: name.to_owned(),
    };
    assert_eq!(
        read(reply).await,
        Ok(vec![role(1, "Super Admin"), role(24, "Global Admin")])
    );
}

async fn incomplete(reply: Reply) {
    assert_eq!(read(reply).await, Err(FailureKind::Incomplete));
}

#[tokio::test]
async fn a_list_is_read_bare_or_in_any_wrapper() {
    whole(Reply::json(200, roles())).await;
    whole(Reply::text(200, format!("\u{feff}{}", roles()))).await;
    for key in ["items", "data", "value", "results", "Items", "roles"] {
        whole(Reply::json(200, json!({ key: roles() }))).await;
    }
    whole(Reply::json(200, json!({ "items": roles(), "links": [] }))).await;
}

#[tokio::test]
async fn a_wrapper_that_says_that_this_is_all_is_whole() {
    for said in [
        json!({ "total": 2 }),
        json!({ "totalCount": "2", "nextLink": null, "hasMore": false }),
        json!({ "@odata.count": 2, "@odata.nextLink": "" }),
        json!({ "paging": { "totalPages": 1, "next": null } }),
    ] {
        let mut body = said.clone();
        body["items"] = roles();
        whole(Reply::json(200, body)).await;
    }
    whole(Reply::json(200, roles()).with("X-Total-Count", "2")).await;
}

#[tokio::test]
async fn a_list_that_speaks_of_more_is_not_a_list() {
    for said in [
        json!({ "total": 3 }),
        json!({ "TotalCount": "3" }),
        json!({ "@odata.count": 3 }),
        json!({ "@odata.nextLink": "https://other.invalid/?skip=2" }),
        json!({ "next_page": 2 }),
        json!({ "hasMore": true }),
        json!({ "continuationToken": "abc" }),
        json!({ "_links": { "next": { "href": "/more" } } }),
        json!({ "paging": { "total_items": 3 } }),
        json!({ "meta": { "page": 1, "totalPages": 2 } }),
    ] {
        let mut body = said.clone();
        body["items"] = roles();
        incomplete(Reply::json(200, body)).await;
    }
    incomplete(Reply::json(200, roles()).with("X-Total-Count", "3")).await;
    incomplete(Reply::json(200, roles()).with("Link", "</roles?page=2>; rel=\"next\"")).await;
    incomplete(Reply::json(206, roles())).await;
}

#[tokio::test]
async fn an_answer_that_is_no_list_is_never_an_empty_one() {
    for body in [
        json!({}),
        json!(null),
        json!("none"),
        json!({ "message": "none" }),
        json!({ "items": null }),
        json!({ "items": [], "data": [] }),
        json!({ "roles": [], "links": [] }),
        json!([1]),
        json!([{ "id": 1, "name": "Super Admin" }, { "name": "without id" }]),
        json!([{ "id": "word", "name": "not a number" }]),
    ] {
        incomplete(Reply::json(200, body)).await;
    }
    incomplete(Reply::text(204, "")).await;
    incomplete(Reply::text(200, "<html></html>")).await;
    incomplete(Reply::text(200, "[{\"id\":1,\"name\":\"Super Admin\"}")).await;
}

#[tokio::test]
async fn a_list_whose_connection_breaks_is_a_failure_and_not_ambiguous() {
    let cloudmore = Cloudmore::new([Reply::Cut(200, roles().to_string())]).await;
    let failure = cloudmore.broker().roles().await.unwrap_err();
    assert!(super::unavailable(&failure), "{failure}");
    assert!(!failure.ambiguous);
}

#[tokio::test]
async fn an_answer_beyond_the_size_limit_is_not_read() {
    incomplete(Reply::text(
        200,
        format!("[{}]", " ".repeat(17 * 1024 * 1024)),
    ))
    .await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_stated_total_is_believed_exactly_when_the_rows_reach_it(rows in 0_usize..5, total in 0_usize..8) {
        let body = json!({ "data": vec![json!({ "id": 1, "name": "r" }); rows], "total": total });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outcome = runtime.block_on(read(Reply::json(200, body)));
        prop_assert_eq!(outcome.is_ok(), total <= rows);
    }
}
