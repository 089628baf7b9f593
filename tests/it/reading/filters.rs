//! Filters over the wire, by indexed keys and by looking at everybody.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{numbers, populated};
use crate::harness::{Bridge, TOKEN};

async fn check(bridge: &Bridge, endpoint: &str, filter: &str, expected: &[usize]) {
    let request = bridge.request(reqwest::Method::GET, endpoint);
    let request = request.query(&[("filter", filter), ("count", "200")]);
    let page = crate::harness::expect(request, 200).await;
    assert_eq!(numbers(&page), expected, "{filter}");
    assert_eq!(page["totalResults"], expected.len(), "{filter}");
}

#[tokio::test]
async fn users_are_found_by_key_and_by_search() {
    let bridge = populated(300, 12).await;
    let inactive: Vec<_> = (0..300).step_by(7).collect();
    for (filter, expected) in [
        ("userName eq \"U0123@Acme.Example\"", &[123][..]),
        ("id eq \"00000000-user-0123\"", &[123]),
        ("id eq \"00000000-USER-0123\"", &[]),
        ("externalId eq \"u0123\"", &[123]),
        ("externalId eq \"U0123\"", &[123]),
        ("externalId eq \"U0123\" and active eq true", &[123]),
        (
            "userName eq \"u0123@acme.example\" and active eq false",
            &[],
        ),
        (
            "id eq \"00000000-user-0123\" and userName eq \"u0124@acme.example\"",
            &[],
        ),
        (
            "userName eq \"u0001@acme.example\" or userName eq \"u0299@acme.example\"",
            &[1, 299],
        ),
        ("emails.value eq \"u0123@acme.example\"", &[123]),
        (
            "emails[type eq \"work\" and value sw \"u012\"].value ew \"3@acme.example\"",
            &[123],
        ),
        ("emails eq \"u0123@acme.example\"", &[123]),
        ("name.givenName eq \"u0123\"", &[123]),
        ("active eq false", &inactive),
        ("not (active eq true)", &inactive),
        ("active eq \"False\"", &inactive),
        (
            "userName ge \"u0298\" and not (userName sw \"u0298\")",
            &[299],
        ),
        ("groups.value eq \"00000000-group-0003\"", &[3]),
        ("groups[display eq \"G0003\"]", &[3]),
        ("groups pr and userName ew \"0011@acme.example\"", &[11]),
        (
            "meta.resourceType eq \"User\" and userName sw \"u029\" and userName co \"9@\"",
            &[299],
        ),
        (
            "meta.lastModified lt \"1980-01-01T00:00:00Z\" and externalId eq \"u0004\"",
            &[4],
        ),
        (
            "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:User\" and externalId eq \"u0004\"",
            &[4],
        ),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"u0004@acme.example\"",
            &[4],
        ),
        ("displayName eq \"nobody\"", &[]),
        ("members.value eq \"00000000-user-0003\"", &[]),
        ("userName eq \"\"", &[]),
        ("externalId eq null", &[]),
    ] {
        check(&bridge, "/Users", filter, expected).await;
    }
}

#[tokio::test]
async fn groups_are_found_by_key_and_by_search() {
    let bridge = populated(12, 300).await;
    let bystanders: Vec<_> = (12..200).chain(200..212).collect();
    for (filter, expected) in [
        ("displayName eq \"G0123\"", &[123][..]),
        ("id eq \"00000000-group-0123\"", &[123]),
        ("externalId eq \"x0123\"", &[123]),
        ("externalId eq \"X0123\"", &[123]),
        ("displayName sw \"g012\" and displayName ew \"3\"", &[123]),
        ("members.value eq \"00000000-user-0003\"", &[3]),
        ("members[value eq \"00000000-user-0003\"]", &[3]),
        ("members eq \"00000000-user-0003\"", &[3]),
        (
            "members.value eq \"00000000-user-0003\" and displayName eq \"g0004\"",
            &[],
        ),
        (
            "members.value eq \"00000000-user-0003\" and externalId eq \"X0003\"",
            &[3],
        ),
        ("members[display eq \"u0005 example\"]", &[5]),
        ("members.value eq \"nobody\"", &[]),
        ("members pr and displayName gt \"g0010\"", &[11]),
        ("not (members pr) and displayName lt \"g0212\"", &bystanders),
        ("userName eq \"u0003@acme.example\"", &[]),
    ] {
        check(&bridge, "/Groups", filter, expected).await;
    }
}

#[tokio::test]
async fn a_member_of_several_groups_is_found_in_each_of_them_exactly() {
    let bridge = populated(3, 3).await;
    let add = json!([{"op": "add", "path": "members", "value": [{"value": "00000000-user-0001"}]}]);
    bridge.patch("/Groups/00000000-group-0002", add, 204).await;
    let member = "members.value eq \"00000000-user-0001\"";
    check(&bridge, "/Groups", member, &[1, 2]).await;
    // With several candidates the case of an externalId counts.
    let with = |id: &str| format!("{member} and not (externalId eq \"{id}\")");
    check(&bridge, "/Groups", &with("x0002"), &[1]).await;
    check(&bridge, "/Groups", &with("X0002"), &[1, 2]).await;
}

#[tokio::test]
async fn a_filter_reads_the_same_however_it_is_encoded() {
    // Q005, Q141
    let bridge = populated(3, 0).await;
    for query in [
        "filter=userName+eq+%22u0001%40acme.example%22",
        "filter=userName%20eq%20%22u0001@acme.example%22",
        "filter=userName%20eq+%22u0001%40acme.example%22&",
        "&&filter=userName+eq+%22u0001%40acme.example%22&&",
        "%66ilter=userName+eq+%22u0001%40acme.example%22",
        "Filter=USERNAME+EQ+%22U0001%40ACME.EXAMPLE%22",
        "x&y=&filter=userName+eq+u0001%40acme.example&z=1",
        "filter=+userName++eq++%22u0001%40acme.example%22+",
    ] {
        let page = bridge.get(&format!("/Users?{query}"), 200).await;
        assert_eq!(numbers(&page), [1], "{query}");
    }
    assert_eq!(bridge.get("/Users?", 200).await["totalResults"], 3);
    assert_eq!(bridge.get("/Users?&", 200).await["totalResults"], 3);
}

#[tokio::test]
async fn names_beyond_ascii_are_found_in_any_case() {
    let bridge = Bridge::start().await;
    let body = json!({"userName": "Åsa+ß@acme.example", "displayName": "Åsa \"Ö\" & Co"});
    bridge.post("/Users", body, 201).await;
    for filter in [
        "userName+eq+%22%C3%A5SA%2B%C3%9F%40acme.example%22",
        "displayName+eq+%22%C3%A5sa+%5C%22%C3%B6%5C%22+%26+co%22",
        "displayName+co+%22%5C%22%C3%B6%22",
    ] {
        let page = bridge.get(&format!("/Users?filter={filter}"), 200).await;
        assert_eq!(page["totalResults"], 1, "{filter}");
    }
}

/// Sends a request exactly as written and reads the JSON answer to it.
async fn raw(stream: &mut TcpStream, request: &str) -> Value {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    loop {
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "closed");
        let text = String::from_utf8_lossy(&answer);
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
        if let Some(body) = body.and_then(|body| serde_json::from_str(body).ok()) {
            return body;
        }
    }
}

#[tokio::test]
async fn bare_quotation_marks_in_an_address_are_read_as_encoded_ones() {
    // Q005
    let bridge = populated(3, 0).await;
    let mut stream = TcpStream::connect(bridge.app.addr()).await.unwrap();
    let head = format!("Host: x\r\nAuthorization: Bearer {TOKEN}\r\n");
    let get = |query: &str| format!("GET /scim/acme/v2/Users?{query} HTTP/1.1\r\n{head}\r\n");
    let body = r#"{"userName": "`a\"?`@acme.example", "title": "GET /?\"x\" `"}"#;
    let post = format!(
        "POST /scim/acme/v2/Users?attributes=emails[type+eq+\"work\"],userName,title HTTP/1.1\r\n{head}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    // One after the other on one connection, with a body in between.
    for _ in 0..2 {
        let page = raw(
            &mut stream,
            &get("filter=userName+eq+\"u0001%40acme.example\""),
        )
        .await;
        assert_eq!(numbers(&page), [1]);
    }
    let made = raw(&mut stream, &format!("{post}{body}")).await;
    assert_eq!(
        made["userName"], "`a\"?`@acme.example",
        "bodies are left alone"
    );
    assert_eq!(made["title"], "GET /?\"x\" `");
    let page = raw(
        &mut stream,
        &get("filter=userName+sw+\"%60a%5C%22?\"&count=9"),
    )
    .await;
    assert_eq!(page["Resources"][0]["id"], made["id"]);
    // The body apart from its head.
    stream.write_all(post.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    let again = raw(&mut stream, body).await;
    assert_eq!(again["scimType"], "uniqueness");
}
