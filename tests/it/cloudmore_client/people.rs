//! People: read, brought up to date, deleted.

use scim_bridge::cloudmore::{FailureKind, Kept, Update};
use scim_bridge::domain::model::{Detail, Profile};
use serde_json::{Value, json};

use super::script::{API_ACCOUNT, Cloudmore, Reply};
use super::{ROLE, ada, ada_detail, rows, user};

const DETAIL: &str = "/api/resellers/res/organizations/org/Users/u-1";

#[tokio::test]
async fn a_person_is_read_without_regard_to_the_case_of_keys() {
    let shouted: serde_json::Map<String, Value> = ada_detail()
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.to_uppercase(), value.clone()))
        .collect();
    let cloudmore = Cloudmore::new([Reply::json(200, shouted.into())]).await;
    let person = cloudmore
        .organization()
        .person(&user("u-1"))
        .await
        .unwrap()
        .unwrap();
    let titled = Profile {
        details: [
            (Detail::Title, "Analyst".to_owned()),
            (Detail::CellPhone, "5550100".to_owned()),
        ]
        .into(),
        ..ada()
    };
    assert_eq!(person.profile, titled);
    assert_eq!(person.role, Some(ROLE));
    assert_eq!(person.last_accessed.as_deref(), Some("2026-01-02T03:04:05"));
    assert_eq!(cloudmore.lines(), [format!("GET {DETAIL}")]);
}

#[tokio::test]
async fn a_role_is_read_as_number_text_or_object() {
    for role in [
        json!({ "roleId": 7 }),
        json!({ "roleId": "7" }),
        json!({ "role": { "id": 7, "name": "Admin" } }),
    ] {
        let mut detail = json!({ "name": "ada@acme.example" });
        detail
            .as_object_mut()
            .unwrap()
            .extend(role.as_object().unwrap().clone());
        let cloudmore = Cloudmore::new([Reply::json(200, detail)]).await;
        let person = cloudmore
            .broker()
            .person(&user("u-1"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(person.role, Some(ROLE), "{role}");
    }
}

#[tokio::test]
async fn a_404_is_absence_only_when_the_list_answers_without_the_person() {
    let missing = || Reply::text(404, "");
    let absent = Cloudmore::new([missing(), rows(&["u-2"])]).await;
    assert_eq!(
        absent.organization().person(&user("u-1")).await.unwrap(),
        None
    );
    assert_eq!(
        absent.lines()[1],
        "GET /api/resellers/res/organizations/org/Users"
    );

    for (list, kind) in [
        (missing(), FailureKind::NotFound),
        (rows(&["U-1"]), FailureKind::Incomplete),
        (
            Reply::json(200, json!({ "items": [], "total": 3 })),
            FailureKind::Incomplete,
        ),
        (
            Reply::text(500, ""),
            FailureKind::Unavailable { retry_after: None },
        ),
    ] {
        let unsure = Cloudmore::new([missing(), list]).await;
        assert_eq!(
            unsure
                .organization()
                .person(&user("u-1"))
                .await
                .unwrap_err()
                .kind,
            kind
        );
    }
}

#[tokio::test]
async fn an_update_lays_our_fields_over_the_rest_and_drops_only_what_is_for_reading() {
    let mut old = ada_detail();
    old["lastName"] = json!("Lovelace");
    old["RoleId"] = json!("3");
    old.as_object_mut().unwrap().remove("roleId");
    let (put, again) = (Reply::text(204, ""), Reply::json(200, ada_detail()));
    let cloudmore = Cloudmore::new([Reply::json(200, old), put, again]).await;
    let update = cloudmore
        .organization()
        .update(&user("u-1"), &ada(), ROLE, None)
        .await
        .unwrap();
    assert_eq!(update, Update::Written);
    assert_eq!(
        cloudmore.lines(),
        ["GET", "PUT", "GET"].map(|method| format!("{method} {DETAIL}"))
    );
    assert_eq!(
        cloudmore.seen()[1].json(),
        json!({
            "name": "ada@acme.example", "firstName": "Ada", "lastName": "Byron", "displayName": "Ada Byron",
            "email": "ada.byron@acme.example", "title": "Analyst", "RoleId": 7, "cellPhone": "5550100",
            "customProperties": [{ "propertyId": 3, "value": "x" }]
        })
    );
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    let cloudmore = Cloudmore::new([Reply::json(200, ada_detail())]).await;
    let update = cloudmore
        .organization()
        .update(&user("u-1"), &ada(), ROLE, None)
        .await
        .unwrap();
    assert_eq!(update, Update::Unchanged);
    assert_eq!(cloudmore.lines().len(), 1);
}

#[tokio::test]
async fn a_rename_is_read_again_to_see_whether_it_held() {
    let mut old = ada_detail();
    old["name"] = json!("a.byron@acme.example");
    let ended_as = |last: Vec<Reply>| async {
        let replies = [Reply::json(200, old.clone()), Reply::text(200, "")]
            .into_iter()
            .chain(last);
        let cloudmore = Cloudmore::new(replies).await;
        cloudmore
            .organization()
            .update(&user("u-1"), &ada(), ROLE, None)
            .await
    };
    let renamed = ended_as(vec![Reply::json(200, ada_detail())]).await;
    assert_eq!(renamed, Ok(Update::Written));
    let kept = ended_as(vec![Reply::json(200, old.clone())]).await;
    assert_eq!(kept, Ok(Update::Kept(Kept::Name)));
    let gone = ended_as(vec![Reply::text(404, ""), rows(&[])]).await;
    assert_eq!(gone, Ok(Update::Gone));
    assert!(ended_as(vec![Reply::Drop]).await.unwrap_err().ambiguous);
}

#[tokio::test]
async fn an_update_of_someone_certainly_missing_says_so() {
    let cloudmore = Cloudmore::new([Reply::text(404, ""), rows(&[])]).await;
    let update = cloudmore
        .organization()
        .update(&user("u-1"), &ada(), ROLE, None)
        .await;
    assert_eq!(update, Ok(Update::Gone));
}

#[tokio::test]
async fn a_detail_without_a_name_is_not_overwritten() {
    for detail in [json!({ "firstName": "Ada" }), json!([])] {
        let cloudmore = Cloudmore::new([Reply::json(200, detail)]).await;
        let failure = cloudmore
            .organization()
            .update(&user("u-1"), &ada(), ROLE, None)
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Incomplete);
        assert_eq!(cloudmore.lines().len(), 1);
    }
}

#[tokio::test]
async fn deleting_twice_is_as_good_as_once_but_a_wrong_organization_is_not() {
    let ended_as = |replies: Vec<Reply>| async {
        let cloudmore = Cloudmore::new(replies).await;
        let outcome = cloudmore.organization().delete(&user("u-1")).await;
        assert_eq!(cloudmore.lines()[0], format!("DELETE {DETAIL}"));
        outcome.map_err(|failure| failure.kind)
    };
    let missing = || Reply::text(404, "");
    let done = || Reply::text(204, "");
    assert_eq!(ended_as(vec![done(), missing()]).await, Ok(()));
    assert_eq!(ended_as(vec![missing(), rows(&["u-2"])]).await, Ok(()));
    // Cloudmore says yes, and the account is still there.
    let detail = Reply::json(200, ada_detail());
    assert_eq!(
        ended_as(vec![done(), detail]).await,
        Err(FailureKind::Refused)
    );
    assert_eq!(
        ended_as(vec![missing(), rows(&["u-1"])]).await,
        Err(FailureKind::Incomplete)
    );
    assert_eq!(
        ended_as(vec![missing(), missing()]).await,
        Err(FailureKind::NotFound)
    );
    assert_eq!(
        ended_as(vec![Reply::text(400, "")]).await,
        Err(FailureKind::Refused)
    );
}

#[tokio::test]
async fn the_api_account_is_never_written() {
    let mut own = ada_detail();
    own["name"] = json!(API_ACCOUNT.to_uppercase());
    let cloudmore = Cloudmore::new([Reply::json(200, own)]).await;
    let mut profile = ada();
    let renamed = cloudmore
        .broker()
        .update(&user("u-1"), &profile, ROLE, None)
        .await
        .unwrap_err();
    profile.name = API_ACCOUNT.to_uppercase();
    let created = cloudmore
        .broker()
        .create(&profile, ROLE, None)
        .await
        .unwrap_err();
    let taken = cloudmore
        .broker()
        .update(&user("u-1"), &profile, ROLE, None)
        .await
        .unwrap_err();
    for failure in [renamed, created, taken] {
        assert_eq!(failure.kind, FailureKind::Refused);
        assert!(!failure.ambiguous);
    }
    assert_eq!(
        cloudmore.lines(),
        ["GET /api/resellers/res/ResellerAdministrators/u-1"]
    );
}

#[tokio::test]
async fn an_id_that_would_change_the_path_reaches_nobody_else() {
    let cloudmore = Cloudmore::new([Reply::text(204, ""), Reply::text(404, "")]).await;
    for id in ["", " ", ".", ".."] {
        let failure = cloudmore
            .organization()
            .delete(&user(id))
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused);
    }
    assert!(cloudmore.lines().is_empty());
    cloudmore
        .organization()
        .delete(&user("../u 1?x#y%2F"))
        .await
        .unwrap();
    let path = "/api/resellers/res/organizations/org/Users/..%2Fu%201%3Fx%23y%252F";
    let lines = ["DELETE", "GET"].map(|method| format!("{method} {path}"));
    assert_eq!(cloudmore.lines(), lines);
}

#[tokio::test]
async fn calls_carry_the_correlation_id_and_say_that_they_speak_json() {
    let cloudmore = Cloudmore::new([rows(&[]), rows(&[])]).await;
    cloudmore
        .organization()
        .with_correlation("run-1")
        .people()
        .await
        .unwrap();
    cloudmore
        .organization()
        .with_correlation("not\na header")
        .people()
        .await
        .unwrap();
    let seen = cloudmore.seen();
    assert_eq!(seen[0].header("x-correlation-id"), Some("run-1"));
    assert_eq!(seen[1].header("x-correlation-id"), None);
    assert_eq!(seen[0].header("accept"), Some("application/json"));
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
}
