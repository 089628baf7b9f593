//! Who may administer the bridge, and how patient it is, from the configuration to the words of `auth`.

use crate::auth::{AdminToken, Patience};
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
