//! Who may administer the bridge: tokens with roles, beside the one that may do everything.

use scim_bridge::domain::administrator::Role;

use super::{check, edited, load};

const DIGEST: &str = "5f0c7a5e5d2f4c1b9a3e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a";
const OTHER: &str = "0f0c7a5e5d2f4c1b9a3e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a";

/// The smallest configuration with a section about administrators at its beginning.
fn with(section: &str) -> String {
    edited(&[("[store]", &format!("[admin]\n{section}\n[store]"))])
}

#[test]
fn tokens_have_roles_and_an_end_and_stand_beside_the_one_of_the_section() {
    let text = with(&format!(
        "sha256 = \"{DIGEST}\"\n\
         [[admin.token]]\nsha256 = \"{OTHER}\"\nrole = \"viewer\"\nlabel = \"Vera\"\nexpires = \"1970-01-02\"\n\
         [[admin.token]]\ntoken = {{ env = \"NIGHT\" }}\nrole = \"operator\"\nexpires = \"1970-01-01T00:00:01Z\""
    ));
    let config = load(&text, &[("NIGHT", "a-token-for-the-night")]).unwrap();
    let tokens = config.admin.unwrap().tokens;
    let shown: Vec<_> = tokens
        .iter()
        .map(|token| (token.role, token.token.label.as_deref(), token.expires))
        .collect();
    assert_eq!(
        shown,
        [
            (Role::Viewer, Some("Vera"), Some(86_400_000_000)),
            (Role::Operator, None, Some(1_000_000)),
            (Role::Admin, None, None),
        ]
    );
}

#[test]
fn mistakes_about_them_are_told_at_their_places() {
    let entry = |lines: &str| with(&format!("[[admin.token]]\n{lines}"));
    let right = format!("sha256 = \"{DIGEST}\"\n");
    for (lines, says) in [
        (right.clone(), "2:1: admin.token[0].role: is missing"),
        (
            format!("{right}role = \"root\""),
            "4:8: admin.token[0].role: must be \"viewer\" or \"operator\" or \"admin\"",
        ),
        (
            format!("{right}role = \"viewer\"\nexpires = \"soon\""),
            "5:11: admin.token[0].expires: must be a day",
        ),
        (
            format!("{right}role = \"viewer\"\nexpires = 2027-03-31"),
            "5:11: admin.token[0].expires: must be text in quotes",
        ),
        (
            "role = \"viewer\"".to_owned(),
            "2:1: admin.token[0]: must say which token",
        ),
        (
            format!("{right}role = \"viewer\"\n[[admin.token]]\n{right}role = \"admin\""),
            "6:10: admin.token[1].sha256: is the same token as admin.token[0].sha256",
        ),
    ] {
        check(&entry(&lines), &[], &[says]);
    }
    check(
        &with("token = []"),
        &[],
        &["2:9: admin.token: must have at least one entry"],
    );
}
