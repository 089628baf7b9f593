//! What the comparison finds, and what it says about it.

use std::net::TcpListener;

use scim_bridge::cli::check::{Finding, Report, Verdict, examine};
use scim_bridge::config::{Config, Environment};
use scim_bridge::sandbox::{Assignment, FaultAction, FaultRule, Faults, seed};
use tempfile::TempDir;

use super::{SECRETS, acme, configuration, good, granting, mapping, sandbox, tenant};

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
            "store",
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
