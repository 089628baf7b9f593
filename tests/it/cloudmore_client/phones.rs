//! A phone number that Cloudmore refuses costs nobody the account.

use std::collections::BTreeMap;

use scim_bridge::cloudmore::{FailureKind, Update};
use scim_bridge::domain::model::{Detail, Profile};
use serde_json::{Value, json};

use super::script::{Cloudmore, Reply};
use super::{ROLE, ada, ada_detail, user};

/// Ada, with a title and a phone number.
fn reachable() -> Profile {
    let details = [
        (Detail::Title, "Boss"),
        (Detail::CellPhonePrefix, "372"),
        (Detail::CellPhone, "1"),
    ];
    let details = details.map(|(detail, value)| (detail, value.to_owned()));
    Profile {
        details: BTreeMap::from(details),
        ..ada()
    }
}

fn refusal(fields: &[&str]) -> Reply {
    let messages = fields
        .iter()
        .map(|field| ((*field).to_owned(), json!(["is not in valid format"])));
    Reply::json(400, Value::Object(messages.collect()))
}

#[tokio::test]
async fn a_create_is_repeated_without_the_number() {
    let refused = refusal(&["CellPhone", "User.CellPhonePrefix"]);
    let cloudmore = Cloudmore::new([refused, Reply::text(201, "\"u-1\"")]).await;
    let id = cloudmore.organization().create(&reachable(), ROLE).await;
    assert_eq!(id.unwrap(), Some(user("u-1")));
    let [first, second] = &cloudmore.seen()[..] else {
        panic!("not two calls: {:?}", cloudmore.lines());
    };
    assert_eq!(first.json()["cellPhone"], "1");
    let mut expected = first.json();
    expected
        .as_object_mut()
        .unwrap()
        .retain(|key, _| !key.starts_with("cellPhone"));
    assert_eq!(second.json(), expected);
}

#[tokio::test]
async fn an_update_is_repeated_with_the_number_that_was_there() {
    let cloudmore = Cloudmore::new([
        Reply::json(200, ada_detail()),
        refusal(&["cellPhone"]),
        Reply::text(204, ""),
    ])
    .await;
    let update = cloudmore
        .organization()
        .update(&user("u-1"), &reachable(), ROLE)
        .await;
    assert_eq!(update.unwrap(), Update::Written { name_kept: false });
    let last = cloudmore.seen()[2].json();
    assert_eq!(last["title"], "Boss");
    assert_eq!(last["cellPhone"], ada_detail()["cellPhone"]);
    assert_eq!(last.get("cellPhonePrefix"), None);
}

#[tokio::test]
async fn a_refusal_that_names_anything_else_is_not_repeated() {
    for refused in [
        refusal(&["CellPhone", "Email"]),
        Reply::json(400, json!([{"errorCode": 5, "errorMessage": "cellPhone"}])),
        Reply::text(400, ""),
    ] {
        let cloudmore = Cloudmore::new([refused]).await;
        let failure = cloudmore.organization().create(&reachable(), ROLE).await;
        assert_eq!(failure.unwrap_err().kind, FailureKind::Refused);
    }
}

#[tokio::test]
async fn a_number_that_was_not_sent_is_not_left_out() {
    let cloudmore = Cloudmore::new([refusal(&["CellPhone"])]).await;
    let failure = cloudmore.organization().create(&ada(), ROLE).await;
    assert_eq!(failure.unwrap_err().kind, FailureKind::Refused);
}
