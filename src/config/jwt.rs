//! `[[tenant.jwt]]`: the issuers whose JWTs open a tenant.

use std::collections::BTreeMap;

use jsonwebtoken::Algorithm;
use reqwest::Url;
use uuid::Uuid;

use super::credential::authority;
use super::reader::At;
use super::tenant::Tenant;
use super::tree::Value;
use super::values;
use crate::domain::credential::Authority;

/// An issuer of JWTs, and which of its JWTs open the tenant.
#[derive(Clone, Debug)]
pub struct Jwt {
    /// What their claim `iss` says: an https address, or http on this machine.
    pub issuer: String,
    /// What their claim `aud` may say; at least one.
    pub audience: Vec<String>,
    /// How they may be signed; at least one, never with a shared secret.
    pub algorithms: Vec<Algorithm>,
    /// Claims that must be there, and what they say.
    pub required_claims: BTreeMap<String, String>,
    /// Where the issuer's keys are, if its metadata is not to be asked.
    pub keys: Option<String>,
    /// Hosts besides the issuer's own that may have its keys.
    pub key_hosts: Vec<String>,
    /// What people call whoever shows them.
    pub label: Option<String>,
    /// What whoever shows them may do.
    pub authority: Authority,
}

/// Where the issuers of Entra ID are, in all its clouds.
const ENTRA: [&str; 6] = [
    "sts.windows.net",
    "login.windows.net",
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "sts.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
];

/// Where the metadata of `sts.windows.net` has its keys.
const ENTRA_KEY_HOSTS: [&str; 2] = ["login.microsoftonline.com", "login.windows.net"];

/// A signature with a shared secret would let in whoever may check it.
const ALGORITHMS: [(&str, Algorithm); 9] = [
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
    ("PS384", Algorithm::PS384),
    ("PS512", Algorithm::PS512),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("EdDSA", Algorithm::EdDSA),
];

pub(super) fn read(at: &At<'_>) -> Option<Jwt> {
    at.table(|jwt| {
        let example = "what the claim `iss` says: `issuer = \"https://…\"`";
        let issuer = jwt.required("issuer", example, |at| at.parsed(issuer));
        let example = "what the claim `aud` says: `audience = \"…\"`";
        let audience = jwt.required("audience", example, one_or_more);
        let algorithms = jwt.or("algorithms", vec![Algorithm::RS256], |at| {
            at.some_items(|at| at.choice(&ALGORITHMS))
        });
        let required_claims = jwt.or("required_claims", BTreeMap::new(), claims);
        let keys = jwt.optional("keys", |at| at.parsed(keys));
        let key_hosts = jwt.optional("key_hosts", |at| at.items(|at| at.parsed(host)));
        let label = jwt.optional("label", At::text);
        let authority = authority(jwt);
        let issuer = issuer?;
        let usual = || {
            let usual = if is_entra(&issuer) {
                &ENTRA_KEY_HOSTS[..]
            } else {
                &[]
            };
            usual.iter().map(|host| (*host).to_owned()).collect()
        };
        Some(Jwt {
            key_hosts: key_hosts?.unwrap_or_else(usual),
            issuer,
            audience: audience?,
            algorithms: algorithms?,
            required_claims: required_claims?,
            keys: keys?,
            label: label?.map(str::to_owned),
            authority: authority?,
        })
    })
}

/// Notes tenants that one and the same JWT would open: a credential is for one tenant.
pub(super) fn refuse_shared(tenants: &[Tenant], at: &At<'_>) {
    for (number, tenant) in tenants.iter().enumerate() {
        let others = tenants.iter().skip(number + 1);
        for other in others.filter(|other| shares(tenant, other)) {
            at.wrong::<()>(format!(
                "one JWT would open both \"{}\" and \"{}\": tell them apart by `audience` or \
                 `required_claims`, or give one of them a `[[tenant.token]]` instead",
                tenant.id, other.id
            ));
        }
    }
}

fn shares(tenant: &Tenant, other: &Tenant) -> bool {
    let overlap = |one: &Jwt, two: &Jwt| {
        let contradicts = |(claim, text)| {
            two.required_claims
                .get(claim)
                .is_some_and(|other| other != text)
        };
        one.issuer == two.issuer
            && one
                .audience
                .iter()
                .any(|audience| two.audience.contains(audience))
            && !one.required_claims.iter().any(contradicts)
    };
    let mut jwts = tenant.jwts.iter();
    jwts.any(|one| other.jwts.iter().any(|two| overlap(one, two)))
}

/// The slash at the end of Entra's issuers is part of the name.
fn issuer(text: &str) -> Result<String, String> {
    let url = values::web_address(text.strip_suffix('/').unwrap_or(text))?;
    guarded(&url)?;
    if is_entra(text) && !has_entra_tenant(&url) {
        return Err(
            "must contain the id of your Entra tenant, as in \
             \"https://sts.windows.net/3f1c9a52-7d7e-4a7b-9d0e-5a2b8c4d6e10/\": all Entra tenants share the audience"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

pub(super) fn is_entra(issuer: &str) -> bool {
    let url = Url::parse(issuer).ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.is_some_and(|host| ENTRA.contains(&host))
}

/// Entra writes the id with small letters, and the issuer is compared exactly.
pub(super) fn has_entra_tenant(url: &Url) -> bool {
    let first = url.path_segments().and_then(|mut path| path.next());
    first.is_some_and(|id| Uuid::try_parse(id).is_ok_and(|uuid| uuid.to_string() == id))
}

fn keys(text: &str) -> Result<String, String> {
    let (address, _) = text.split_once('?').unwrap_or((text, ""));
    guarded(&values::web_address(address)?)?;
    Ok(text.to_owned())
}

fn guarded(url: &Url) -> Result<(), String> {
    if values::is_guarded(url) {
        Ok(())
    } else {
        Err(
            "must begin with https://, for whoever changes the keys on their way can come in"
                .to_owned(),
        )
    }
}

fn host(text: &str) -> Result<String, String> {
    let url = Url::parse(&format!("https://{text}/")).ok();
    let host = url.as_ref().and_then(Url::host_str);
    if host == Some(text) {
        Ok(text.to_owned())
    } else {
        Err("must be the name of a host in small letters, such as \"login.example.com\"".to_owned())
    }
}

fn one_or_more(at: &At<'_>) -> Option<Vec<String>> {
    let text = |at: &At<'_>| at.text().map(str::to_owned);
    if let Value::List(_) = at.node.value {
        at.some_items(text)
    } else {
        text(at).map(|only| vec![only])
    }
}

/// A table whose keys are the claims' names.
fn claims(at: &At<'_>) -> Option<BTreeMap<String, String>> {
    let Value::Table(entries) = &at.node.value else {
        return at.wrong("must be a table: `{ claim = \"text\" }`");
    };
    let read: Vec<_> = entries
        .iter()
        .map(|(claim, node)| {
            let text = At {
                reader: at.reader,
                node,
                key: format!("{}.{claim}", at.key),
            };
            Some((claim.clone(), text.text()?.to_owned()))
        })
        .collect();
    read.into_iter().collect()
}
