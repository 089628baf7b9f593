//! One history of people who come, move and go, for both targets, under every position of every switch of the
//! simulated Cloudmore: it ends in the same right state, or in what the table says is right instead.
//! `POSITION=delete=keeps` runs that position alone and prints what the directory was told.

mod operator;
mod rows;
mod side;
mod story;
mod table;
mod undone;

use futures_util::StreamExt;
use scim_bridge::sandbox::{Switches, seed};

use crate::harness::{Bridge, Setup};
use rows::{Row, rows};
use side::{Facts, Target};
use table::{expected, more_positions};

/// Positions that run side by side.
const AT_ONCE: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_history_ends_rightly_whatever_cloudmore_answers() {
    let mut positions = vec![("as is likeliest".to_owned(), Switches::default())];
    positions.extend(Switches::every_position());
    positions.extend(more_positions());
    for (switch, _) in Switches::table() {
        let moved = positions
            .iter()
            .any(|(name, _)| name.starts_with(&format!("{switch}=")));
        assert!(moved, "{switch} is never moved");
    }
    for row in rows() {
        assert!(
            positions.iter().any(|(name, _)| name == row.position),
            "there is no {}",
            row.position
        );
    }
    if let Ok(only) = std::env::var("POSITION") {
        positions.retain(|(name, _)| *name == only);
    }
    let runs = futures_util::stream::iter(positions).map(|(name, switches)| {
        let run = tokio::spawn(run(name.clone(), switches));
        async move {
            run.await
                .unwrap_or_else(|error| vec![format!("{name}: {error}")])
        }
    });
    let wrong: Vec<String> = runs
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await
        .concat();
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Runs the history under one position; answers what is wrong at its end.
async fn run(position: String, switches: Switches) -> Vec<String> {
    let row = rows().find(|row| row.position == position);
    let bridge = Bridge::with(setup(row, switches)).await;
    let mut wrong: Vec<String> = Vec::new();
    for target in [Target::Acme, Target::Northwind] {
        let before = target.everybody(&bridge.sandbox.snapshot());
        let right = expected(row, target, before);
        let end = story::live(target, &bridge).await;
        wrong.extend(
            differences(&right, &end).map(|line| format!("{position}, {target:?}: {line}")),
        );
    }
    let calls = bridge.sandbox.calls();
    let trapped = calls.iter().filter(|call| call.note.starts_with("TRAP"));
    wrong.extend(trapped.map(|call| format!("{position}: {} {}", call.method, call.path)));
    let why = row
        .filter(|_| !wrong.is_empty())
        .map(|row| format!("{position}: {}", row.why));
    wrong.into_iter().chain(why).collect()
}

fn differences<'f>(right: &'f Facts, end: &'f Facts) -> impl Iterator<Item = String> + 'f {
    let lacking = right
        .iter()
        .filter(|(what, how)| end.get(*what) != Some(how));
    let lacking = lacking.map(|(what, how)| format!("- {what}: {how}"));
    let surplus = end
        .iter()
        .filter(|(what, how)| right.get(*what) != Some(how));
    lacking.chain(surplus.map(|(what, how)| format!("+ {what}: {how}")))
}

/// The same groups for both: Finance with a role and, in an organization, two subscriptions, Sales with one of them,
/// and Trial with what cannot be given.
fn setup(row: Option<&Row>, switches: Switches) -> Setup {
    let tenant = row
        .map(|row| row.tenant)
        .filter(|tenant| !tenant.is_empty())
        .unwrap_or(
            r#"
        [tenant.account]
        [[tenant.account.custom_property]]
        name = "Cost centre"
        from = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter"
        "#,
        );
    let team = format!(
        r#"{{ service = "{}", subscription = "{}", external_user_id = "userName" }}"#,
        seed::OFFICE_SUITE,
        seed::TEAM_PLAN
    );
    let acme = format!(
        r#"
        {tenant}
        [[tenant.mapping]]
        group = "Cloudmore Finance"
        role = 6
        subscriptions = [ {team}, {{ service = "{}", subscription = "{}" }} ]
        [[tenant.mapping]]
        group = "Cloudmore Sales"
        subscriptions = [ {team} ]
        [[tenant.mapping]]
        group = "Cloudmore Trial"
        subscriptions = [ {{ service = "{}", subscription = "{}" }} ]
        "#,
        seed::DESIGN_STUDIO,
        seed::PRO_SEATS,
        seed::OFFICE_SUITE,
        seed::CANCELLED_PLAN,
    );
    let northwind = format!(
        r#"
        privileged_roles = true
        {tenant}
        [[tenant.mapping]]
        group = "Cloudmore Finance"
        role = 2
        [[tenant.mapping]]
        group = "Cloudmore Sales"
        role = 25
        [[tenant.mapping]]
        group = "Cloudmore Trial"
        role = {}
        "#,
        seed::SUPER_ADMIN,
    );
    Setup {
        switches,
        broker: row.map(|row| row.broker).unwrap_or_default().to_owned(),
        mappings: Some(acme),
        northwind,
        ..Setup::default()
    }
}
