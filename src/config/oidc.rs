//! `[admin.oidc]`: signing in to the console with the accounts of an organization, by `OpenID` Connect.

use std::fmt;

use secrecy::SecretString;

use super::jwt;
use super::reader::At;
use super::secret;
use super::tree::Value;
use super::values;
use crate::domain::administrator::Role;

/// How administrators sign in with the accounts of their organization.
#[derive(Clone)]
pub struct Oidc {
    /// What the claim `iss` says: an https address, or http on this machine.
    pub issuer: String,
    /// What the issuer calls the bridge.
    pub client_id: String,
    /// What the bridge proves with that it is this client; a public client has none.
    pub client_secret: Option<SecretString>,
    /// What the bridge asks for; `openid` is among it.
    pub scopes: Vec<String>,
    /// The claim that says what somebody may do.
    pub role_claim: String,
    /// What its values are good for; at least one, each value once.
    pub roles: Vec<(String, Role)>,
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

pub(super) fn read(at: &At<'_>) -> Option<Oidc> {
    at.table(|oidc| {
        let example = "the address of your identity provider: `issuer = \"https://…\"`";
        let issuer = oidc.required("issuer", example, |at| at.parsed(issuer));
        let example = "what your identity provider calls the bridge: `client_id = \"…\"`";
        let client_id = oidc.required("client_id", example, At::text);
        let client_secret = oidc.optional("client_secret", secret::read);
        let scopes = oidc.optional("scopes", scopes);
        let role_claim = oidc.or("role_claim", "roles", At::text);
        let example = "who may do what: `roles = { admin = \"…\" }`";
        let roles = oidc.required("roles", example, roles);
        let usual = || ["openid", "profile"].map(str::to_owned).into();
        Some(Oidc {
            issuer: issuer?,
            client_id: client_id?.to_owned(),
            client_secret: client_secret?,
            scopes: scopes?.unwrap_or_else(usual),
            role_claim: role_claim?.to_owned(),
            roles: roles?,
        })
    })
}

/// With `common` in place of the id of a tenant, everybody who has an account of Microsoft could knock.
fn issuer(text: &str) -> Result<String, String> {
    let url = values::web_address(text.strip_suffix('/').unwrap_or(text))?;
    if !values::is_guarded(&url) {
        let says = "must begin with https://, for whoever changes what is sent there can come in";
        return Err(says.to_owned());
    }
    if jwt::is_entra(text) && !(jwt::has_entra_tenant(&url) && text.ends_with("/v2.0")) {
        return Err(
            "must have the id of your Entra tenant and end with /v2.0, as in \
             \"https://login.microsoftonline.com/3f1c9a52-7d7e-4a7b-9d0e-5a2b8c4d6e10/v2.0\""
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

fn scopes(at: &At<'_>) -> Option<Vec<String>> {
    let scopes = at.some_items(|at| {
        at.parsed(|text| match text.contains(char::is_whitespace) {
            false => Ok(text.to_owned()),
            true => Err("must be one scope; the list has one entry for each".to_owned()),
        })
    })?;
    if scopes.iter().any(|scope| scope == "openid") {
        Some(scopes)
    } else {
        at.wrong(
            "must have \"openid\" among its entries, for without it nobody is told who signs in",
        )
    }
}

/// The values of the claim, by the role that they give.
fn roles(at: &At<'_>) -> Option<Vec<(String, Role)>> {
    at.table(|roles| {
        let viewer = roles.or("viewer", Vec::new(), claimed);
        let operator = roles.or("operator", Vec::new(), claimed);
        let admin = roles.or("admin", Vec::new(), claimed);
        let given = |role| move |value| (value, role);
        let viewer = viewer?.into_iter().map(given(Role::Viewer));
        let operator = operator?.into_iter().map(given(Role::Operator));
        let admin = admin?.into_iter().map(given(Role::Admin));
        let all: Vec<_> = viewer.chain(operator).chain(admin).collect();
        if all.is_empty() {
            return at.wrong(
                "must say for one role at least who has it: `admin = \"…\"`, or viewer or operator",
            );
        }
        Some(all)
    })
}

/// One value, or a list of them; each stands for one role.
fn claimed(at: &At<'_>) -> Option<Vec<String>> {
    let value = |at: &At<'_>| {
        let value = at.text()?.to_owned();
        let advice = "it can give one role only; each role includes those below it";
        at.claim("value of the claim", value.clone(), advice);
        Some(value)
    };
    if let Value::List(_) = at.node.value {
        at.some_items(value)
    } else {
        value(at).map(|only| vec![only])
    }
}
