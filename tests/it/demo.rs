//! `scim-bridge demo`, run as people run it.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use reqwest::StatusCode;
use scim_bridge::sandbox::{Person, World, seed};
use tempfile::TempDir;

use crate::console::visitor::Visitor;

const TOKEN: &str = "scimb_demo-for-tests-only";

/// What a whole play tells, in this order.
const PLAY: [&str; 42] = [
    "1. An administrator of Acme presses \"Test Connection\".",
    "Entra      200  GET /Users?filter=userName+eq+%22",
    "2. The groups Cloudmore Finance and Cloudmore Sales come into scope.",
    "Entra      201  POST /Groups",
    "3. Maja Ekholm joins Acme.",
    "Entra      200  GET /Users?filter=userName+eq+%22maja.ekholm%40acme.example%22",
    "Entra      201  POST /Users",
    "plan       create account maja.ekholm@acme.example as Organization User",
    "creates user maja.ekholm@acme.example",
    "has an account (last name Ekholm), Organization User, no subscription",
    "4. Maja works for Finance and for Sales.",
    "Entra      204  PATCH /Groups/",
    "[{\"op\":\"Add\",\"path\":\"members\",\"value\":[{\"$ref\":null,",
    "plan       assign Team plan, because: member of group \"Cloudmore Finance\"",
    "assigns maja.ekholm@acme.example to Design Studio / Pro seats",
    "has an account (last name Ekholm), Organization Admin, Team plan and Pro seats",
    "5. Maja leaves Finance; Team plan stays",
    "unassigns maja.ekholm@acme.example from Pro seats",
    "has an account (last name Ekholm), Organization User, Team plan",
    "6. Maja marries",
    "has an account (last name Lind), Organization User, Team plan",
    "7. Maja leaves Acme",
    "[{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}]",
    "plan       remove account, because: the directory deactivated the user",
    "maja.ekholm@acme.example has no account",
    "8. Maja comes back",
    "has an account (last name Lind), Organization User, Team plan",
    "9. Maja leaves for good",
    "Entra      204  DELETE /Users/",
    "maja.ekholm@acme.example has no account",
    "12. Tom Hauge is assigned",
    "Okta       200  GET /Users?filter=userName%20eq%20%22tom.hauge%40acme.example%22&startIndex=1&count=100",
    "13. Tom joins the designers.",
    "tom.hauge@acme.example has an account (last name Hauge), View Only, Pro seats",
    "[{\"op\":\"replace\",\"value\":{\"active\":false}}]",
    "tom.hauge@acme.example has no account",
    "has an account (last name Hauge-Lie), View Only, Team plan and Pro seats",
    "Okta       200  PUT /Users/",
    "tom.hauge@acme.example has no account",
    "creates administrator nina.berg@example.com",
    "nina.berg@example.com has no account",
    "All 22 steps brought what they must.",
];

#[test]
fn the_play_goes_through_and_leaves_nothing_behind() {
    let temporary = TempDir::new().unwrap();
    let told = success(demo(&["--once"]).env("TMPDIR", temporary.path()));
    in_order(&told, &PLAY);
    assert!(!told.contains("TRAP"), "{told}");
    assert!(!told.contains('\u{1b}'), "colours are for terminals");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn a_second_run_goes_on_with_the_same_groups_and_the_same_okta_user() {
    let folder = TempDir::new().unwrap();
    let first = success(&mut once_in(folder.path()));
    let second = success(&mut once_in(folder.path()));
    assert!(first.contains("POST /Groups"));
    assert!(!second.contains("POST /Groups"), "{second}");
    assert!(second.contains("found: Okta links him"), "{second}");
    assert_eq!(id_of_tom(&first), id_of_tom(&second));
}

#[test]
fn a_run_after_a_killed_one_finishes_what_was_left_and_goes_through() {
    for moment in [
        "2. The groups",
        "4. Maja works",
        "7. Maja leaves",
        "9. Maja leaves",
        "13. Tom joins",
        "20. Nina starts",
    ] {
        let folder = TempDir::new().unwrap();
        let (mut child, mut told) = start(&mut once_in(folder.path()));
        while let Some(line) = told.next()
            && !line.unwrap().contains(moment)
        {}
        child.kill().unwrap();
        child.wait().unwrap();
        let told = success(&mut once_in(folder.path()));
        assert!(told.contains("steps brought what they must"), "{told}");
    }
}

#[test]
fn a_proxy_of_the_environment_is_not_asked_for_what_is_on_this_machine() {
    let nobody = "http://127.0.0.1:9";
    success(
        demo(&["--once"])
            .env("HTTP_PROXY", nobody)
            .env("http_proxy", nobody),
    );
}

/// Cloudmore calls fields otherwise than the bridge thinks: the operator says how, and all is well.
#[test]
fn other_names_of_fields_fail_the_play_until_the_bridge_is_told() {
    let folder = TempDir::new().unwrap();
    let switches = folder.path().join("switches.toml");
    let names = "[field_names.user]\nlastName = \"familyName\"\nroleId = \"roleNumber\"\n\
                 [field_names.administrator]\nemail = \"mail\"\n\
                 [field_names.seat]\nuserId = \"organizationUserId\"\n";
    fs::write(&switches, names).unwrap();
    let play = || {
        let mut command = demo(&["--once", "--switches"]);
        command.arg(&switches);
        command
    };
    let untold = told(&mut play(), 1);
    assert!(
        untold.contains("The FamilyName field is required."),
        "{untold}"
    );
    let mut told = play();
    for field in [
        "user.lastName=familyName",
        "user.roleId=roleNumber",
        "administrator.email=mail",
        "seat.userId=organizationUserId",
    ] {
        told.args(["--field", field]);
    }
    in_order(&success(&mut told), &PLAY);
}

#[test]
fn a_refused_request_ends_the_play_with_1() {
    let told = failure_on(|world| {
        let maja = Person::new("maja.ekholm@acme.example", seed::VIEW_ONLY);
        world.add_user(seed::ACME, maja).unwrap();
    });
    let facts = [
        "Entra      409  POST /Users",
        "Step 3 did not bring what it must.",
        "expected: status [201]",
        "found: 409",
        "Cloudmore already has an account named",
    ];
    in_order(&told, &facts);
}

#[test]
fn a_step_that_brings_something_else_ends_the_play_with_1() {
    let told = failure_on(|world| {
        world.subscription_mut(seed::TEAM_PLAN).unwrap().quantity = Some(1);
    });
    let facts = [
        "Step 4 did not bring what it must.",
        "expected: maja.ekholm@acme.example has an account (last name Ekholm), Organization Admin, Team plan and Pro seats",
        "found: an account (last name Ekholm), Organization Admin, Pro seats",
    ];
    in_order(&told, &facts);
}

#[tokio::test]
async fn without_the_play_both_tenants_take_the_given_token_until_it_is_told_to_end() {
    let temporary = TempDir::new().unwrap();
    let arguments = ["--no-cycle", "--listen", "127.0.0.1:0", "--token", TOKEN];
    let (mut child, mut told) = start(demo(&arguments).env("TMPDIR", temporary.path()));
    let told: Vec<_> = told
        .by_ref()
        .map(Result::unwrap)
        .take_while(|line| !line.contains("curl"))
        .collect();
    for tenant in ["/scim/demo/v2", "/scim/demo-broker/v2"] {
        let base = told.iter().find_map(|line| {
            let word = line.split_whitespace().last()?;
            word.ends_with(tenant).then_some(word)
        });
        let users = format!("{}/Users", base.unwrap());
        assert_eq!(status(&users, TOKEN).await, StatusCode::OK);
        assert_eq!(status(&users, "another").await, StatusCode::UNAUTHORIZED);
    }
    // Its token signs in to the console.
    let console = told.iter().find(|line| line.contains("Console"));
    let console = console.and_then(|line| line.split_whitespace().last());
    let visitor = Visitor::at(console.unwrap().trim_end_matches("/admin/"));
    assert_eq!(visitor.sign_in(TOKEN).await.status, 303);
    assert_eq!(visitor.get("/admin/").await.status, 200);
    let end = format!("kill {}", child.id());
    Command::new("sh").args(["-c", &end]).status().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn an_address_in_use_is_said_together_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = demo(&["--listen", &address]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    in_order(&said, &["--listen", "cannot listen on", &address]);
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["--once", "--no-cycle"][..],
        &["--token", "two words"],
        &["--listen", "nowhere"],
        &["--field", "user.nothing=anything"],
    ] {
        let output = demo(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

fn demo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
    command.arg("demo").args(arguments).env_remove("RUST_LOG");
    command
}

fn once_in(folder: &Path) -> Command {
    let mut command = demo(&["--once", "--data-dir"]);
    command.arg(folder);
    command
}

fn success(command: &mut Command) -> String {
    told(command, 0)
}

/// Runs the play on the demo seed with a change, which must make it fail.
fn failure_on(change: impl FnOnce(&mut World)) -> String {
    let folder = TempDir::new().unwrap();
    let mut world = World::demo();
    change(&mut world);
    let state = serde_json::to_string(&world).unwrap();
    fs::write(folder.path().join("cloudmore.json"), state).unwrap();
    told(&mut once_in(folder.path()), 1)
}

fn told(command: &mut Command, code: i32) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let (told, log) = (String::from_utf8(stdout), String::from_utf8(stderr));
    let (told, log) = (told.unwrap(), log.unwrap());
    assert_eq!(status.code(), Some(code), "{told}\n{log}");
    if code == 0 {
        assert!(
            !log.contains("scim_bridge"),
            "it logs when all is well: {log}"
        );
    }
    told
}

fn start(command: &mut Command) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (child, lines)
}

fn in_order(text: &str, facts: &[&str]) {
    let mut rest = text;
    for fact in facts {
        let (_, after) = (rest.split_once(fact))
            .unwrap_or_else(|| panic!("\"{fact}\" is not told in its place:\n{text}"));
        rest = after;
    }
}

fn id_of_tom(told: &str) -> &str {
    let (_, after) = told.split_once("Tom's SCIM id is ").unwrap();
    after.lines().next().unwrap()
}

async fn status(url: &str, token: &str) -> StatusCode {
    let request = reqwest::Client::new().get(url).bearer_auth(token);
    request.send().await.unwrap().status()
}
