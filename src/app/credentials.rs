//! Who may come in, from the configuration to the words of `auth`.

use crate::auth::{AdminToken, Credential, Credentials, Issuer, Patience, Trust};
use crate::config;
use crate::domain::gate::Rate;
use crate::domain::model::TenantId;

/// All that opens a tenant. What has no label is called by its kind and number.
pub(super) fn credentials(
    tenant: &TenantId,
    tokens: Vec<config::Token>,
    jwts: Vec<config::Jwt>,
) -> Credentials {
    let named = |label: Option<String>, kind, at| {
        label.unwrap_or_else(|| format!("{kind} {} of {tenant}", at + 1))
    };
    let tokens = tokens.into_iter().enumerate();
    let jwts = jwts.into_iter().enumerate();
    Credentials {
        tokens: tokens
            .map(|(at, token)| Credential {
                sha256: token.sha256,
                label: named(token.label, "token", at),
            })
            .collect(),
        trusts: jwts
            .map(|(at, jwt)| Trust {
                issuer: Issuer {
                    name: jwt.issuer,
                    keys: jwt.keys,
                    key_hosts: jwt.key_hosts,
                },
                audience: jwt.audience,
                algorithms: jwt.algorithms,
                required_claims: jwt.required_claims,
                label: named(jwt.label, "jwt", at),
            })
            .collect(),
    }
}

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
