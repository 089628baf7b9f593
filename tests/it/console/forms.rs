//! Forms from elsewhere, and addresses to go on to that are somebody else's.

use reqwest::Method;
use scim_bridge::domain::administrator::Role;

use super::visitor::Visitor;
use super::{SESSION, bridge};
use crate::harness::operator::{ADMIN_TOKEN, token_of};

#[tokio::test]
async fn a_form_is_taken_from_a_page_of_the_same_session_alone() {
    let bridge = bridge("").await;
    let (visitor, other) = (Visitor::of(&bridge), Visitor::of(&bridge));
    for visitor in [&visitor, &other] {
        visitor.sign_in(&token_of(Role::Viewer)).await;
    }
    let own = visitor.get("/admin").await.field("form_token");
    let foreign = other.get("/admin").await.field("form_token");
    assert_ne!(own, foreign);
    let origin = format!("http://{}", bridge.app.addr());
    let null = ("origin", "null");
    for (headers, token, status) in [
        (vec![("sec-fetch-site", "same-origin")], "", 403),
        (vec![("sec-fetch-site", "same-origin")], &foreign[..], 403),
        (vec![("sec-fetch-site", "same-origin")], &own[..63], 403),
        (vec![("sec-fetch-site", "cross-site")], &own, 403),
        (vec![("sec-fetch-site", "same-site")], &own, 403),
        (vec![("sec-fetch-site", "none")], &own, 403),
        (
            vec![("sec-fetch-site", "cross-site"), ("origin", &origin)],
            &own,
            403,
        ),
        (vec![("origin", "https://attacker.example")], &own, 403),
        (vec![null], &own, 403),
        (vec![], &own, 403),
        (vec![("sec-fetch-site", "same-origin"), null], &own, 303),
    ] {
        let copy = visitor.copy();
        let request = copy.request(Method::POST, "/admin/sign-out");
        let request = request.form(&[("form_token", token)]);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let answer = copy.send(request).await;
        assert_eq!(
            answer.status, status,
            "{headers:?} {token}: {}",
            answer.body
        );
        let still = visitor.get("/admin").await.status;
        assert_eq!(still, if status == 303 { 303 } else { 200 }, "{headers:?}");
    }
    // A browser of before says the origin only.
    let token = other.get("/admin").await.field("form_token");
    let request = other.request(Method::POST, "/admin/sign-out");
    let request = request
        .header("origin", origin)
        .form(&[("form_token", token)]);
    assert_eq!(other.send(request).await.status, 303);
}

#[tokio::test]
async fn nobody_is_signed_in_by_a_form_from_elsewhere() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://attacker.example"),
        ("x-nothing", "neither is said"),
    ] {
        let request = visitor.request(Method::POST, "/admin/sign-in");
        let request = request.form(&[("token", ADMIN_TOKEN)]).header(name, value);
        let answer = visitor.send(request).await;
        assert_eq!((answer.status, answer.cookies()), (403, vec![]), "{name}");
        assert!(
            answer.body.contains("did not come from the console"),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn the_way_goes_on_to_pages_of_the_console_alone() {
    let bridge = bridge("").await;
    for (asked, goes) in [
        ("/admin", "/admin"),
        ("/admin/people?q=ann%20b", "/admin/people?q=ann%20b"),
        ("/admin?x=1", "/admin?x=1"),
        ("https://attacker.example/", "/admin"),
        ("//attacker.example/admin", "/admin"),
        ("/\\attacker.example", "/admin"),
        ("/admin\\@attacker.example", "/admin"),
        ("/admin.attacker.example", "/admin"),
        ("/admin@attacker.example", "/admin"),
        ("/admin/../scim/acme", "/admin"),
        ("/admin/\r\nset-cookie: x=y", "/admin"),
        ("javascript:alert(1)", "/admin"),
        ("", "/admin"),
    ] {
        let visitor = Visitor::of(&bridge);
        let fields = [("token", ADMIN_TOKEN), ("to", asked)];
        let answer = visitor.post("/admin/sign-in", &fields).await;
        assert_eq!((answer.status, answer.location()), (303, goes), "{asked:?}");
        let request = visitor.request(Method::GET, "/admin/sign-in");
        let page = visitor.send(request.query(&[("to", asked)])).await;
        let kept = page.field("to").replace("&#38;", "&");
        assert_eq!(kept, goes, "{asked:?}");
    }
    // Whoever is sent to sign in comes back to the page that was asked for.
    let visitor = Visitor::of(&bridge);
    let answer = visitor.get("/admin/people?q=a%26b&r=1").await;
    assert_eq!(answer.status, 303);
    let page = visitor.get(answer.location()).await;
    let to = page.field("to").replace("&#38;", "&");
    assert_eq!(to, "/admin/people?q=a%26b&r=1");
}

#[tokio::test]
async fn a_session_opens_the_console_and_never_the_admin_api() {
    let bridge = bridge("").await;
    let visitor = Visitor::of(&bridge);
    visitor.sign_in(ADMIN_TOKEN).await;
    assert_eq!(visitor.get("/admin").await.status, 200);
    assert_eq!(visitor.get("/admin/api/tenants").await.status, 401);
    let request = visitor.request(Method::GET, "/admin/api/tenants");
    let id = visitor.cookie(SESSION).unwrap();
    assert_eq!(visitor.send(request.bearer_auth(id)).await.status, 401);
    assert_eq!(visitor.post("/admin/api/pause", &[]).await.status, 401);
}
