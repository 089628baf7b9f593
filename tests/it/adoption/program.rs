//! The commands `plan` and `held`, as an operator runs them against a running bridge.

use std::process::{Command, Output};

use serde_json::Value;

use super::{account, bridge, by_hand, create};

async fn read(mut command: Command) -> (Option<i32>, String, String) {
    let output = tokio::task::spawn_blocking(move || command.output());
    let Output {
        status,
        stdout,
        stderr,
    } = output.await.unwrap().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[tokio::test]
async fn held_says_who_waits_and_takes_decisions() {
    let bridge = bridge("adopt = \"hold\"").await;
    let nobody = bridge.operate(&["held", "list", "--tenant", "acme"]).await;
    assert_eq!(
        nobody,
        (Some(0), "Nobody waits.\n".to_owned(), String::new())
    );
    let anns = by_hand(&bridge, "ann", "ann");
    by_hand(&bridge, "bob", "bob");
    create(&bridge, "ann").await;
    create(&bridge, "bob").await;
    let (code, out, _) = bridge.operate(&["held", "list", "--tenant", "acme"]).await;
    assert_eq!(code, Some(0));
    assert_eq!(out.lines().count(), 2);
    assert!(
        out.starts_with(
            "ann@acme.example waits since 2026-01-01T00:00:00Z for the account ann@acme.example"
        ),
        "{out}"
    );
    assert!(out.contains(&anns), "{out}");
    let (code, out, _) = bridge
        .operate(&["held", "link", "--tenant", "acme", "ann@acme.example"])
        .await;
    assert_eq!(code, Some(0), "{out}");
    let (code, out, _) = bridge
        .operate(&[
            "held",
            "refuse",
            "--tenant",
            "acme",
            "Bob@acme.example",
            "--json",
        ])
        .await;
    assert_eq!(code, Some(0));
    let decided: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(decided["decision"], "refuse");
    bridge.work().await;
    assert_eq!(bridge.access("ann"), "role 7; ");
    assert_eq!(account(&bridge, "ann"), anns);
    assert_eq!(bridge.access("bob"), "role 8; ");
    let (code, _, err) = bridge
        .operate(&["held", "link", "--tenant", "acme", "bob@acme.example"])
        .await;
    assert_eq!(code, Some(1));
    assert!(err.contains("does not wait"), "{err}");
}

#[tokio::test]
async fn plan_says_what_is_going_to_be_done() {
    let bridge = bridge("observe = true").await;
    by_hand(&bridge, "ann", "ann");
    create(&bridge, "ann").await;
    create(&bridge, "bob").await;
    let (code, out, _) = bridge.operate(&["plan", "--tenant", "acme"]).await;
    assert_eq!(code, Some(0));
    assert!(out.starts_with("The tenant only observes"), "{out}");
    assert!(
        out.contains(
            "bob@acme.example\n  create the account with role 7, because: role 7 by default_role\n"
        ),
        "{out}"
    );

    let (code, out, _) = bridge
        .operate(&["plan", "--tenant", "acme", "--first-sync"])
        .await;
    assert_eq!(code, Some(1), "somebody is in conflict");
    assert!(out.contains("     1 users get a new account\n"), "{out}");
    assert!(
        out.contains("created   bob@acme.example, role 7\n"),
        "{out}"
    );
    assert!(
        out.contains("conflict  ann@acme.example: Cloudmore already has an account named"),
        "{out}"
    );
    let (code, out, _) = bridge
        .operate(&["plan", "--tenant", "acme", "--first-sync", "--json"])
        .await;
    assert_eq!(code, Some(1));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["totals"]["conflict"], 1);
}

#[tokio::test]
async fn mistakes_are_told_with_what_to_change_and_end_with_1_or_2() {
    let bridge = bridge("").await;
    let (code, _, err) = bridge.operate(&["plan", "--tenant", "nobody"]).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("no tenant \"nobody\""), "{err}");
    let wrong = ["plan", "--tenant", "acme", "--admin-token", "wrong"];
    let (code, _, err) = bridge.operate(&wrong).await;
    assert_eq!(code, Some(1));
    assert!(
        err.contains("missing or wrong") && err.contains("[admin]"),
        "{err}"
    );
    let nowhere = ["plan", "--tenant", "acme", "--url", "http://127.0.0.1:9"];
    let (code, _, err) = bridge.operate(&nowhere).await;
    assert_eq!(code, Some(1));
    assert!(err.contains("--url"), "{err}");

    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
        command.args(arguments).env_clear();
        command
    };
    let (code, _, err) = read(program(&["plan", "--tenant", "acme"])).await;
    assert_eq!(code, Some(2));
    assert!(err.contains("--admin-token"), "{err}");
    for (arguments, example) in [
        (
            &["plan", "--help"][..],
            "scim-bridge plan --tenant acme --first-sync",
        ),
        (
            &["held", "list", "--help"],
            "scim-bridge held list --tenant acme",
        ),
        (
            &["held", "link", "--help"],
            "scim-bridge held link --tenant acme ann@acme.example",
        ),
    ] {
        let (code, out, _) = read(program(arguments)).await;
        assert_eq!(code, Some(0));
        assert!(out.contains(example), "{out}");
    }
}
