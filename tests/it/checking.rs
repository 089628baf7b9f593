//! `scim-bridge check`: good and bad configurations against the simulated Cloudmore, through the
//! function and through the program.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output};

use scim_bridge::cli::check::{Finding, Report, Verdict, examine};
use scim_bridge::config::{Config, Environment};
use scim_bridge::sandbox::{Assignment, FaultAction, FaultRule, Faults, Options, Sandbox, seed};
use serde_json::Value;
use tempfile::TempDir;

const SECRETS: [(&str, &str); 2] = [
    ("API_PASSWORD", seed::API_PASSWORD),
    ("API_SECRET", seed::API_SECRET),
];

async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

/// A configuration with one broker and these tenants.
fn configuration(cloudmore: &str, tenants: &str) -> String {
    format!(
        r#"
        [store]
        url = "sqlite://bridge.db"
        [[broker]]
        id = "northwind"
        base_url = "{cloudmore}"
        reseller_id = "{reseller}"
        username = "{api_account}"
        password = {{ env = "API_PASSWORD" }}
        client_secret = {{ env = "API_SECRET" }}
        requests_per_second = 1000
        {tenants}
        "#,
        reseller = seed::NORTHWIND,
        api_account = seed::API_USERNAME,
    )
}

/// A tenant with these lines; `token` tells tenants' tokens apart.
fn tenant(id: &str, target: &str, lines: &str) -> String {
    let sha256 = scim_bridge::auth::hex(&scim_bridge::auth::digest(id));
    format!(
        r#"
        [[tenant]]
        id = "{id}"
        broker = "northwind"
        target = {target}
        {lines}
        [[tenant.token]]
        sha256 = "{sha256}"
        "#
    )
}

fn acme(lines: &str) -> String {
    let target = format!(r#"{{ organization = "{}" }}"#, seed::ACME);
    tenant("acme", &target, lines)
}

fn mapping(group: &str, lines: &str) -> String {
    format!("[[tenant.mapping]]\ngroup = \"{group}\"\n{lines}\n")
}

fn granting(service: &str, subscription: &str) -> String {
    let grant = format!(r#"{{ service = "{service}", subscription = "{subscription}" }}"#);
    mapping(subscription, &format!("subscriptions = [{grant}]"))
}

fn good() -> String {
    let administrators = tenant("northwind", "\"broker\"", "default_role = 3");
    let finance = granting(seed::OFFICE_SUITE, seed::TEAM_PLAN);
    let design = granting(seed::DESIGN_STUDIO, seed::PRO_SEATS);
    let admins = mapping("Admins", "role = 6");
    let acme = acme("default_role = 7");
    format!("{acme}{finance}{design}{admins}{administrators}")
}

async fn report_with(config: &str, secrets: [(&str, &str); 2]) -> Report {
    let environment: Environment = secrets
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect();
    let dir = TempDir::new().unwrap();
    let config = Config::parse(config, "test.toml", &environment, dir.path())
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut told = Vec::new();
    let report = examine(&config, &mut |finding: &Finding| told.push(finding.clone())).await;
    assert_eq!(told, report.findings(), "something was not told at once");
    report
}

async fn report(config: &str) -> Report {
    report_with(config, SECRETS).await
}

/// The problems as `place: what is said`.
fn problems(report: &Report) -> Vec<String> {
    let problems = report.problems();
    problems
        .map(|finding| format!("{}: {}", finding.place, finding.says))
        .collect()
}

/// Holds each problem to the words that it must contain, and their number.
#[track_caller]
fn check(report: &Report, expected: &[(&str, &[&str])]) {
    let problems = problems(report);
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, (place, words)) in problems.iter().zip(expected) {
        assert!(
            problem.starts_with(&format!("{place}: ")),
            "{problem} is not at {place}"
        );
        for word in *words {
            assert!(problem.contains(word), "{problem} does not say {word}");
        }
    }
}

#[tokio::test]
async fn a_good_configuration_has_a_line_for_each_thing_and_no_problem() {
    let sandbox = sandbox().await;
    let report = report(&configuration(&sandbox.url(), &good())).await;
    assert!(report.is_ok(), "{report:#?}");
    let places = report
        .findings()
        .iter()
        .map(|finding| finding.place.as_str());
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            "broker[0]",
            "tenant[0].target",
            "tenant[0].default_role",
            "tenant[0].mapping[2].role",
            "tenant[0].mapping[0].subscriptions[0]",
            "tenant[0].mapping[1].subscriptions[0]",
            "tenant[1].target",
            "tenant[1].default_role",
        ]
    );
    let writes = sandbox.calls().into_iter();
    let writes = writes.filter(|call| call.method != "GET" && call.path.starts_with("/api"));
    assert_eq!(writes.count(), 0, "a check must only read");
}

#[tokio::test]
async fn every_mistake_is_named_at_once_with_what_there_is_instead() {
    let sandbox = sandbox().await;
    let rules = [
        acme("default_role = 70"),
        mapping("Admins", "role = 60"),
        granting("no-such-service", seed::TEAM_PLAN),
        granting(seed::OFFICE_SUITE, "no-such-subscription"),
        granting(seed::OFFICE_SUITE, seed::CANCELLED_PLAN),
        granting(seed::DESIGN_STUDIO, seed::TEAM_PLAN),
        granting(seed::DESIGN_STUDIO, seed::PRO_SEATS),
        tenant(
            "globex",
            r#"{ organization = "no-such-organization" }"#,
            "default_role = 7",
        ),
        tenant("northwind", "\"broker\"", "default_role = 7"),
    ];
    let report = report(&configuration(&sandbox.url(), &rules.concat())).await;
    check(
        &report,
        &[
            (
                "tenant[0].default_role",
                &["no role 70", "7 (\"Organization User\")"],
            ),
            (
                "tenant[0].mapping[0].role",
                &["no role 60", "6 (\"Organization Admin\")"],
            ),
            (
                "tenant[0].mapping[1].subscriptions[0]",
                &["no service no-such-service", "Office Suite"],
            ),
            (
                "tenant[0].mapping[2].subscriptions[0]",
                &["Office Suite", "no subscription", "Team plan"],
            ),
            (
                "tenant[0].mapping[3].subscriptions[0]",
                &["Starter plan", "is cancelled", "Team plan"],
            ),
            (
                "tenant[0].mapping[4].subscriptions[0]",
                &["Design Studio", seed::TEAM_PLAN, "Pro seats"],
            ),
            (
                "tenant[1].target",
                &["no organization no-such-organization", seed::ACME, "Acme"],
            ),
            (
                "tenant[2].default_role",
                &["no role 7", "3 (\"Global Billing Admin\")"],
            ),
        ],
    );
    let tenants: Vec<_> = report
        .problems()
        .map(|problem| problem.tenant.as_deref())
        .collect();
    assert_eq!(
        tenants[5..],
        [Some("acme"), Some("globex"), Some("northwind")]
    );
}

#[tokio::test]
async fn ids_may_be_written_in_capitals() {
    let sandbox = sandbox().await;
    let target = format!(r#"{{ organization = "{}" }}"#, seed::ACME.to_uppercase());
    let (service, plan) = (
        seed::OFFICE_SUITE.to_uppercase(),
        seed::TEAM_PLAN.to_uppercase(),
    );
    let tenants = tenant("acme", &target, "default_role = 7") + &granting(&service, &plan);
    check(&report(&configuration(&sandbox.url(), &tenants)).await, &[]);
}

#[tokio::test]
async fn refused_credentials_are_one_problem_and_their_tenants_are_skipped() {
    let sandbox = sandbox().await;
    let config = configuration(&sandbox.url(), &good());
    let secrets = [("API_PASSWORD", "wrong"), ("API_SECRET", seed::API_SECRET)];
    let report = report_with(&config, secrets).await;
    check(
        &report,
        &[(
            "broker[0]",
            &["northwind", "refuses the API account", "password"],
        )],
    );
    let skipped = report.findings().iter();
    let skipped = skipped.filter(|finding| finding.verdict == Verdict::Skipped);
    assert_eq!(skipped.count(), 2);
}

#[tokio::test]
async fn a_wrong_reseller_id_is_said_to_be_one() {
    let sandbox = sandbox().await;
    let config = configuration(&sandbox.url(), &good());
    let config = config.replace(seed::NORTHWIND, "7c0b5c1e-0000-0000-0000-000000000000");
    check(&report(&config).await, &[("broker[0]", &["reseller_id"])]);
}

#[tokio::test]
async fn an_unreachable_cloudmore_could_not_be_checked() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let report = report(&configuration(&format!("http://{closed}"), &good())).await;
    check(
        &report,
        &[(
            "broker[0]",
            &["could not be checked", "could not be reached"],
        )],
    );
}

#[tokio::test]
async fn what_cannot_be_read_could_not_be_checked_and_is_never_said_to_be_missing() {
    let cases: [(&str, &str, &[&str]); 3] = [
        (
            "OrganizationRoles",
            "tenant[0]",
            &["roles could not be checked", "500"],
        ),
        (
            "services",
            "tenant[0]",
            &["services could not be checked", "500"],
        ),
        (
            "subscriptions",
            "tenant[0].mapping[0].subscriptions[0]",
            &["subscription could not be checked", "500"],
        ),
    ];
    let tenants = acme("default_role = 7") + &granting(seed::OFFICE_SUITE, seed::TEAM_PLAN);
    for (path, place, words) in cases {
        let sandbox = sandbox().await;
        let broken = FaultAction::Status {
            code: 500,
            retry_after: None,
            body: None,
        };
        sandbox.set_faults(Faults::one(FaultRule::new(broken).on_path(path)));
        let report = report(&configuration(&sandbox.url(), &tenants)).await;
        check(&report, &[(place, words)]);
    }
}

#[tokio::test]
async fn an_organization_that_cannot_be_looked_up_is_not_said_to_be_missing() {
    let sandbox = sandbox().await;
    let hidden = FaultAction::Status {
        code: 403,
        retry_after: None,
        body: None,
    };
    sandbox.set_faults(Faults::one(FaultRule::new(hidden).on_path("organizations")));
    let report = report(&configuration(&sandbox.url(), &acme("default_role = 7"))).await;
    check(
        &report,
        &[("tenant[0]", &["roles could not be checked", "403"])],
    );
}

#[tokio::test]
async fn a_role_that_needs_organization_groups_and_a_plan_without_free_seats_are_notes() {
    let sandbox = sandbox().await;
    sandbox.edit(|world| {
        let acme = &mut world.resellers[0].organizations[0];
        let plan = acme
            .subscriptions
            .iter_mut()
            .find(|each| each.id == seed::PRO_SEATS);
        plan.unwrap().assignments = [seed::OLGA, seed::PETER, seed::VERA]
            .map(|user| Assignment {
                user_id: user.to_owned(),
                external_user_id: None,
            })
            .into();
    });
    let tenants = [
        acme("default_role = 7"),
        granting(seed::DESIGN_STUDIO, seed::PRO_SEATS),
        granting(seed::OFFICE_SUITE, seed::TEAM_PLAN),
        tenant("northwind", "\"broker\"", "default_role = 14"),
    ];
    let report = report(&configuration(&sandbox.url(), &tenants.concat())).await;
    check(&report, &[]);
    let notes: Vec<_> = report.notes().collect();
    assert_eq!(notes.len(), 2, "{notes:#?}");
    assert!(
        notes[0]
            .says
            .contains("all 3 seats of \"Pro seats\" are taken"),
        "{notes:#?}"
    );
    assert!(notes[1].says.contains("organization groups"), "{notes:#?}");
}

/// Runs the program on a configuration, with the secrets in its environment alone.
async fn run(config: &str, arguments: &[&str]) -> Output {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("bridge.toml");
    fs::write(&file, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
    command
        .arg("check")
        .arg("--config")
        .arg(file)
        .args(arguments);
    command.env_clear().envs(SECRETS);
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap()
}

fn text(output: &Output) -> String {
    assert_eq!(
        output.stderr,
        b"",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[tokio::test]
async fn the_program_prints_a_line_for_each_thing_and_ends_with_0() {
    let sandbox = sandbox().await;
    let output = run(&configuration(&sandbox.url(), &good()), &[]).await;
    let text = text(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 9, "{text}");
    assert_eq!(
        lines[2],
        "ok       acme: tenant[0].default_role: role 7 is \"Organization User\""
    );
    assert_eq!(lines[8], "No problem found.");
    for (_, secret) in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn the_program_prints_problems_and_ends_with_1() {
    let sandbox = sandbox().await;
    let tenants = acme("default_role = 70") + &mapping("Admins", "role = 60");
    let config = configuration(&sandbox.url(), &tenants);
    let output = run(&config, &[]).await;
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("problem  acme: tenant[0].default_role: there is no role 70"),
        "{text}"
    );
    assert!(text.ends_with("2 problems found.\n"), "{text}");
}

#[tokio::test]
async fn as_json_it_is_one_object_with_the_problems_and_their_places() {
    let sandbox = sandbox().await;
    let ok = run(&configuration(&sandbox.url(), &good()), &["--json"]).await;
    let expected = serde_json::json!({"ok": true, "problems": [], "notes": []});
    assert_eq!(serde_json::from_str::<Value>(&text(&ok)).unwrap(), expected);
    assert_eq!(ok.status.code(), Some(0));

    let bad = run(
        &configuration(&sandbox.url(), &acme("default_role = 70")),
        &["--json"],
    )
    .await;
    let object: Value = serde_json::from_str(&text(&bad)).unwrap();
    assert_eq!(object["ok"], false);
    assert_eq!(object["problems"][0]["tenant"], "acme");
    assert_eq!(object["problems"][0]["place"], "tenant[0].default_role");
    assert!(
        object["problems"][0]["says"]
            .as_str()
            .unwrap()
            .contains("no role 70")
    );
    assert_eq!(bad.status.code(), Some(1));
}

#[tokio::test]
async fn mistakes_of_the_configuration_itself_are_all_printed_before_anything_is_called() {
    let config = configuration("ftp://cloudmore.example", &acme("default_rolle = 7"));
    let output = run(&config, &[]).await;
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("broker[0].base_url"), "{text}");
    assert!(text.contains("default_rolle"), "{text}");

    let output = run(&config, &["--json"]).await;
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    let problems = object["problems"].as_array().unwrap();
    assert!(problems.len() >= 2, "{object}");
    assert!(
        problems[0]["place"]
            .as_str()
            .unwrap()
            .contains("bridge.toml:"),
        "{object}"
    );
    assert_eq!(problems[0]["tenant"], Value::Null);
}

#[test]
fn wrong_usage_ends_with_2_and_help_has_an_example() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
        command
            .arg("check")
            .args(arguments)
            .env_clear()
            .output()
            .unwrap()
    };
    assert_eq!(run(&[]).status.code(), Some(2));
    assert_eq!(
        run(&["--config", "x.toml", "--no-such-option"])
            .status
            .code(),
        Some(2)
    );
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("scim-bridge check --config scim-bridge.toml"),
        "{help}"
    );
}
