//! Who signed in, as an id token says (`OpenID` Connect Core 1.0, section 3.1.3.7).

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::Value;

use super::{OidcRefusal, OidcSettings};
use crate::auth::Refusal;
use crate::auth::jwt::Jwt;
use crate::auth::keys::Keys;

/// How an id token may be signed: never with a secret that we have too.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How old an id token may be that is made for a sign-in of now. Entra's are five minutes old when they are made.
const OLDEST: Duration = Duration::from_mins(15);
/// How far the issuer's clock and ours may be apart.
const LEEWAY: Duration = Duration::from_mins(1);
/// Longest name of somebody that is kept, in characters.
const LONGEST_NAME: usize = 200;
/// The claims that may have a name for people to read, the best first.
const NAMES: [&str; 3] = ["preferred_username", "email", "name"];

/// Somebody who signed in.
pub(super) struct Identity {
    /// What the issuer calls them, always the same.
    pub(super) subject: String,
    /// What people call them.
    pub(super) name: Option<String>,
    /// Those values of the claim with the role that mean something to us.
    pub(super) roles: Vec<String>,
}

/// What an id token has to be.
pub(super) struct Expected<'a> {
    pub(super) settings: &'a OidcSettings,
    pub(super) keys: &'a Arc<Keys>,
    pub(super) nonce: &'a str,
}

impl Expected<'_> {
    /// Who an id token is about.
    pub(super) async fn check(&self, token: &str, now: i64) -> Result<Identity, OidcRefusal> {
        let refused = |why: &str| OidcRefusal::Token(why.to_owned());
        let jwt = Jwt::read(token).ok_or_else(|| refused("it cannot be read as a signed JWT"))?;
        self.claims(&jwt, now).map_err(refused)?;
        let because = |refusal: Refusal| OidcRefusal::Token(refusal.to_string());
        jwt.is_in_time(now).map_err(because)?;
        let key = self.keys.find(&jwt.key_id, now).await.map_err(because)?;
        if !key.verifies(jwt.message, jwt.signature, jwt.algorithm) {
            return Err(refused("its signature is wrong"));
        }
        let text = |claim: &str| jwt.claims.get(claim).and_then(Value::as_str);
        let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= 255);
        let subject = subject.filter(|sub| sub.bytes().all(|letter| letter.is_ascii_graphic()));
        let name = NAMES.into_iter().find_map(text);
        Ok(Identity {
            subject: subject
                .ok_or_else(|| refused("it names nobody (`sub`)"))?
                .to_owned(),
            name: name.and_then(readable),
            roles: self.roles(&jwt),
        })
    }

    /// What is wrong with the claims, whoever signed them.
    fn claims(&self, jwt: &Jwt<'_>, now: i64) -> Result<(), &'static str> {
        let client = &self.settings.client_id;
        if !ALGORITHMS.contains(&jwt.algorithm) {
            return Err("it is signed in a way that is not taken (`alg`)");
        }
        if !jwt.says("iss", &self.settings.issuer) {
            return Err("it is of another issuer (`iss`)");
        }
        if !jwt.is_for(client) {
            return Err("it is for another client (`aud`)");
        }
        let audiences = jwt.claims.get("aud").and_then(Value::as_array);
        let is_shared = audiences.is_some_and(|all| all.len() > 1);
        if (is_shared || jwt.claims.contains_key("azp")) && !jwt.says("azp", client) {
            return Err("it was given to another client (`azp`)");
        }
        if !jwt.says("nonce", self.nonce) {
            return Err("it is of another sign-in (`nonce`)");
        }
        let now = Duration::from_micros(u64::try_from(now).unwrap_or(0)).as_secs_f64();
        let made = jwt.claims.get("iat").and_then(Value::as_f64);
        let (first, last) = (now - OLDEST.as_secs_f64(), now + LEEWAY.as_secs_f64());
        if !made.is_some_and(|made| (first..=last).contains(&made)) {
            return Err("it was not made just now (`iat`)");
        }
        Ok(())
    }

    /// The claim is one text or several.
    fn roles(&self, jwt: &Jwt<'_>) -> Vec<String> {
        let said = jwt.claims.get(&self.settings.role_claim);
        let several = said.and_then(Value::as_array).into_iter().flatten();
        let said: Vec<_> = said
            .into_iter()
            .chain(several)
            .filter_map(Value::as_str)
            .collect();
        let known = self.settings.roles.iter().map(|(value, _)| value);
        known
            .filter(|value| said.contains(&value.as_str()))
            .cloned()
            .collect()
    }
}

/// Whether a letter is unseen and changes how those around it are shown.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A name as it can be shown in one line.
fn readable(name: &str) -> Option<String> {
    let shown: String = name
        .chars()
        .filter(|letter| !letter.is_control() && !turns(*letter))
        .take(LONGEST_NAME)
        .collect();
    Some(shown.trim().to_owned()).filter(|shown| !shown.is_empty())
}
