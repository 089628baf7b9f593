//! The commands `held release` and `held reject`, and what `held list` says of removals.

use super::{guard, limited, members, waiting};
use crate::harness::Bridge;

async fn operate(bridge: &Bridge, arguments: &[&str]) -> (Option<i32>, String) {
    let (code, out, err) = bridge.operate(arguments).await;
    (code, out + &err)
}

#[tokio::test]
async fn held_lists_releases_and_rejects_removals() {
    let bridge = limited(0).await;
    let (staff, sales) = members(&bridge, 3, "Sales").await;
    bridge.set_active(&staff[0], false, 200).await;
    bridge.leave(&sales, &staff[1]).await;
    bridge.set_active(&staff[2], false, 200).await;
    let (code, out) = operate(&bridge, &["held", "list", "--tenant", "acme"]).await;
    assert_eq!(code, Some(0));
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines.len(), 4, "{out}");
    assert!(
        lines[0].starts_with(
            "user00@acme.example since 2026-01-01T00:00:00Z: loses the account, the assignment to "
        ),
        "{out}"
    );
    assert!(
        lines[0].ends_with("; waits, because many lose something at once"),
        "{out}"
    );
    assert!(lines[1].contains(": loses the assignment to "), "{out}");
    assert_eq!(
        lines[3],
        "Within the last 60 minutes 0 of 0 users have lost something without being asked for."
    );
    let (code, out) = operate(
        &bridge,
        &["held", "reject", "--tenant", "acme", "user02@acme.example"],
    )
    .await;
    assert_eq!(code, Some(0));
    assert!(
        out.starts_with("user02@acme.example is rejected: loses"),
        "{out}"
    );
    let (code, out) = operate(
        &bridge,
        &["held", "release", "--tenant", "acme", "--count", "1"],
    )
    .await;
    assert_eq!(code, Some(0));
    assert!(out.starts_with("user00@acme.example is released"), "{out}");
    bridge.work().await;
    assert_eq!(bridge.access("user00"), "nothing");
    assert_eq!(
        waiting(&bridge).await,
        ["user01 waiting", "user02 rejected"]
    );
    let (_, out) = operate(&bridge, &["held", "list", "--tenant", "acme"]).await;
    assert!(out.contains("; rejected by Olga"), "{out}");
    let (code, out) = operate(
        &bridge,
        &["held", "release", "--tenant", "acme", "ann@acme.example"],
    )
    .await;
    assert_eq!(code, Some(1));
    assert!(
        out.contains("No removal waits of \"ann@acme.example\""),
        "{out}"
    );
}

#[tokio::test]
async fn held_release_needs_a_number_or_users_and_not_both() {
    let bridge = super::bridge(&guard(1)).await;
    for arguments in [&[][..], &["--count", "1", "ann@acme.example"]] {
        let all = [&["held", "release", "--tenant", "acme"][..], arguments].concat();
        assert_eq!(operate(&bridge, &all).await.0, Some(2));
    }
    let (_, out) = operate(
        &bridge,
        &["held", "release", "--tenant", "acme", "--count", "1"],
    )
    .await;
    assert_eq!(out, "Nothing waits that could be decided about.\n");
}
