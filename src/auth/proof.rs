//! What an administrator has shown to sign in. It is kept with the session, and weighed anew for each request: whoever's
//! token or mapping is taken out of the configuration is signed out by that.

use serde::{Deserialize, Serialize};

use super::Admin;
use super::hex;
use crate::domain::administrator::Role;

/// What was shown. Holds no secret: a token is known by its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "camelCase")]
pub enum Proof {
    /// An admin token.
    Token {
        /// Its SHA-256, in hexadecimal digits.
        sha256: String,
    },
    /// That an issuer knows them.
    Oidc {
        /// Which issuer.
        issuer: String,
        /// What it calls them, always the same.
        subject: String,
        /// What people call them.
        name: Option<String>,
        /// What the issuer said of what they may do, as far as it meant something then.
        roles: Vec<String>,
    },
}

/// Somebody who may administer the bridge, at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    /// What pages and the audit call them.
    pub label: String,
    /// What the log calls them, which is no name of a person.
    pub id: String,
    /// What they may do.
    pub role: Role,
}

impl Proof {
    /// Who this is, whatever the session.
    pub fn bearer(&self) -> String {
        match self {
            Self::Token { sha256 } => format!("token {sha256}"),
            Self::Oidc {
                issuer, subject, ..
            } => format!("{subject} of {issuer}"),
        }
    }
}

impl Admin {
    /// What the token that was entered proves; `None` if it is wrong or expired.
    pub fn sign_in(&self, token: &str) -> Option<Proof> {
        let token = self.admit(Some(token))?;
        Some(Proof::Token {
            sha256: hex(&token.sha256),
        })
    }

    /// Who somebody is by what they have shown, as far as that counts still.
    pub fn administrator(&self, proof: &Proof) -> Option<Administrator> {
        match proof {
            Proof::Token { sha256 } => {
                let tokens = self.current();
                let mut tokens = tokens.iter();
                let token = tokens.find(|token| hex(&token.sha256) == *sha256);
                let token = token.filter(|token| self.counts(token))?;
                Some(Administrator {
                    label: token.label.clone(),
                    id: token.label.clone(),
                    role: token.role,
                })
            }
            Proof::Oidc {
                issuer,
                subject,
                name,
                roles,
            } => {
                let oidc = self.oidc().filter(|oidc| oidc.is(issuer))?;
                Some(Administrator {
                    label: name.as_ref().unwrap_or(subject).clone(),
                    id: subject.clone(),
                    role: oidc.role(roles)?,
                })
            }
        }
    }
}
