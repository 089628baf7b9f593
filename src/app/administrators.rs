//! Who may administer the bridge, and how patient it is, from the configuration to the words of `auth`.

use anyhow::Context as _;

use crate::auth::{AdminToken, Oidc, OidcSettings, Patience};
use crate::config;
use crate::domain::gate::Rate;

/// Whoever has no label is called by the role.
pub(super) fn admin_tokens(tokens: Vec<config::AdminToken>) -> Vec<AdminToken> {
    let kept = |config::AdminToken {
                    token,
                    role,
                    expires,
                }| AdminToken {
        sha256: token.sha256,
        label: token.label.unwrap_or_else(|| role.to_string()),
        role,
        expires,
    };
    tokens.into_iter().map(kept).collect()
}

/// Where administrators sign in with the accounts of their organization.
///
/// # Errors
/// When the HTTP client cannot start.
pub(super) fn oidc(oidc: config::Oidc) -> anyhow::Result<Oidc> {
    let settings = OidcSettings {
        issuer: oidc.issuer,
        client_id: oidc.client_id,
        client_secret: oidc.client_secret,
        scopes: oidc.scopes,
        role_claim: oidc.role_claim,
        roles: oidc.roles,
    };
    Oidc::new(settings).context("the client for signing in cannot start")
}

/// How much is wrong before an address has to wait. What is refused for ten seconds may come at once.
pub(super) fn patience(server: &config::Server) -> Patience {
    Patience {
        bad_credentials: server.bad_credentials,
        refusals: Rate {
            per_second: server.refusals_per_second,
            burst: server.refusals_per_second.saturating_mul(10),
        },
    }
}
