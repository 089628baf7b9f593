//! The console in a real browser.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::Html;
use scim_bridge::domain::administrator::Role;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::bridge;
use super::oidc;
use super::oidc::provider::{Provider, Visit};
use super::pages::troubled;
use crate::harness::Bridge;
use crate::harness::browser::Browser;
use crate::harness::operator::token_of;

async fn sign_in(browser: &Browser, base: &str, role: Role) {
    browser.open(&format!("{base}/admin/")).await;
    browser.type_into("#token", &token_of(role)).await;
    browser.click(".sign-in button").await;
    assert_eq!(browser.text("#tenants").await, "Tenants");
}

fn base(bridge: &Bridge) -> String {
    format!("http://{}", bridge.app.addr())
}

#[tokio::test]
async fn what_an_identity_provider_sends_is_shown_and_never_run() {
    let bridge = bridge("").await;
    let name = "\"><img/src=x/onerror=document.title='run'><script>document.title='run'</script>";
    troubled(&bridge, name).await;
    let (browser, base) = (Browser::start().await, base(&bridge));
    sign_in(&browser, &base, Role::Viewer).await;

    let shown = browser.text(".urgent").await;
    assert!(shown.contains(name), "{shown}");
    assert_eq!(browser.title().await, "Overview · scim-bridge");
    let elements = "return document.querySelectorAll('main img, script').length";
    assert_eq!(browser.run(elements).await, 0);
    // Whatever came into the page in another way would not run either.
    let injected = "const made = document.createElement('div'); \
         made.innerHTML = '<img src=x onerror=\"document.title=`run`\">'; document.body.append(made); \
         const script = document.createElement('script'); script.textContent = 'document.title = `run`'; \
         document.body.append(script); return document.title";
    assert_eq!(browser.run(injected).await, "Overview · scim-bridge");
    assert_eq!(browser.title().await, "Overview · scim-bridge");
    assert_eq!(browser.run("return document.cookie").await, "");
    browser.close().await;
}

#[tokio::test]
async fn the_console_uses_nothing_from_elsewhere_and_complains_of_nothing() {
    let bridge = bridge("").await;
    let (browser, base) = (Browser::start().await, base(&bridge));
    sign_in(&browser, &base, Role::Operator).await;
    assert_eq!(browser.text(".who span").await, "The operator (operator)");
    // The style is in force: there is no other way to the colour of the band.
    let style = "return getComputedStyle(document.querySelector('header')).display";
    assert_eq!(browser.run(style).await, "flex");

    browser.click(".who button:not([name])").await;
    assert_eq!(browser.text("h1").await, "Sign in");
    browser.open(&format!("{base}/admin/")).await;
    assert_eq!(browser.text("h1").await, "Sign in");

    let asked = browser.requests().await;
    assert!(asked.len() > 5, "{asked:?}");
    let elsewhere: Vec<_> = asked.iter().filter(|url| !url.starts_with(&base)).collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
    assert_eq!(browser.complaints().await, Vec::<Value>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_form_on_another_site_changes_nothing() {
    let bridge = bridge("").await;
    let (browser, base) = (Browser::start().await, base(&bridge));
    sign_in(&browser, &base, Role::Admin).await;
    let (attacker, visits) = attacker(&base).await;
    browser.open(&attacker).await;
    assert_eq!(browser.text("h1").await, "That did not work");
    assert!(browser.url().await.starts_with(&base));
    assert_eq!(visits.load(Ordering::SeqCst), 1);

    browser.open(&format!("{base}/admin/")).await;
    assert_eq!(browser.text("#tenants").await, "Tenants");
    browser.close().await;
}

#[tokio::test]
async fn whoever_comes_back_from_the_organizations_sign_in_is_signed_in() {
    let provider = Provider::start().await;
    let bridge = oidc::bridge(&provider).await;
    let (browser, base) = (Browser::start().await, base(&bridge));
    browser.open(&format!("{base}/admin/")).await;
    browser.click("a.button").await;
    assert_eq!(browser.title().await, "Who are you?");
    let visit = Visit::to(&browser.url().await);
    let back = provider.lets_in(&visit, &json!({"roles": "Bridge.Operator"}));
    // By a page of another site, so that the browser is as careful with cookies as it gets.
    browser
        .run(&format!("location.href = '{base}{back}'"))
        .await;
    assert_eq!(browser.text("#tenants").await, "Tenants");
    assert_eq!(
        browser.text(".who span").await,
        "ann@acme.example (operator)"
    );
    assert_eq!(browser.complaints().await, Vec::<Value>::new());
    browser.close().await;
}

/// A page of somebody else that signs its visitors out of the console by itself, and how often it was visited. The port is
/// another and the host the same, so that the browser sends the cookie along.
async fn attacker(base: &str) -> (String, Arc<AtomicUsize>) {
    let page = format!(
        "<!doctype html><link rel=\"icon\" href=\"data:,\"><form method=\"post\" action=\"{base}/admin/sign-out\">\
         <input name=\"form_token\" value=\"guessed\"></form><script>document.forms[0].submit()</script>"
    );
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    let visit = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Html(page.clone()))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", axum::routing::get(visit));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, visits)
}
