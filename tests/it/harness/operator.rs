//! An operator at the command line of a running bridge.

use std::process::{Command, Output};

use scim_bridge::auth;
use scim_bridge::domain::administrator::Role;

use super::Bridge;

/// The token of the admin API.
pub const ADMIN_TOKEN: &str = "scimb_admin-for-tests-only";

/// The section of the configuration that lets an operator in.
pub fn admin_section() -> String {
    let sha256 = auth::hex(&auth::digest(ADMIN_TOKEN));
    format!("[admin]\nsha256 = \"{sha256}\"\nlabel = \"Olga\"")
}

/// The token of an administrator of this role.
pub fn token_of(role: Role) -> String {
    format!("scimb_the-{role}-for-tests-only")
}

/// [`admin_section`], and a token for each role.
pub fn roles_section() -> String {
    let entry = |role: Role| {
        let sha256 = auth::hex(&auth::digest(&token_of(role)));
        format!("[[admin.token]]\nsha256 = \"{sha256}\"\nlabel = \"The {role}\"\nrole = \"{role}\"")
    };
    let entries = Role::ALL.map(entry).join("\n");
    format!("{}\n{entries}", admin_section())
}

impl Bridge {
    /// Runs a command of the program against the bridge: exit code, output, errors.
    pub async fn operate(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
        command
            .args(arguments)
            .env_clear()
            .env("SCIM_BRIDGE_ADMIN_TOKEN", ADMIN_TOKEN)
            .env(
                "SCIM_BRIDGE_ADMIN_URL",
                format!("http://{}", self.app.addr()),
            );
        let output = tokio::task::spawn_blocking(move || command.output());
        let Output {
            status,
            stdout,
            stderr,
        } = output.await.unwrap().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code(), text(stdout), text(stderr))
    }
}
