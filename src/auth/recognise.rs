//! Whose credential is shown: of the configuration, of the store, a JWT, a client certificate.

use std::collections::HashMap;
use std::sync::Arc;

use super::attempt::{Attempt, Certificate, Denied, Known, open};
use super::jwt::{self, Jwt};
use super::refusal::Refusal;
use super::shown::{Evidence, Shown};
use super::{Door, Doors, same};
use crate::domain::credential::{Credential, hex};
use crate::domain::model::TenantId;

impl Doors {
    /// The credential that somebody shows, if it opens the tenant now. Whoever shows something in a header is known by that
    /// alone.
    pub(super) async fn identify(&self, attempt: &Attempt<'_>, now: i64) -> Result<Known, Denied> {
        let tenant = attempt.tenant;
        match (Shown::read(attempt.authorization), attempt.certificate) {
            (Shown::Nothing, Some(certificate)) if attempt.authorization.is_none() => {
                self.pinned(tenant, certificate)
            }
            (Shown::Nothing, _) => Err(Refusal::Nothing.into()),
            (Shown::Secret(evidence, token), _) => {
                let recognised = self.recognise(tenant, &evidence, now).await;
                match (recognised, token) {
                    (Err(denied), Some(token))
                        if denied.refusal == Refusal::Unknown && Jwt::is_meant_by(token) =>
                    {
                        self.jwt(tenant, token, now).await
                    }
                    (recognised, _) => recognised,
                }
            }
        }
    }

    fn pinned(&self, tenant: &TenantId, certificate: Certificate<'_>) -> Result<Known, Denied> {
        let doors = self.current();
        let gate = doors.get(tenant).map(|door| &door.gate);
        let pin = gate.and_then(|gate| gate.recognise(certificate.sha256, certificate.names));
        match pin {
            Some(pin) => Ok(Known::pinned(certificate, pin)),
            None => Err(Denied::from(Refusal::Certificate)
                .of("certificate")
                .saying("fingerprint", hex(certificate.sha256))
                .saying("names", certificate.names.join(", "))),
        }
    }

    /// The credential whose secret is shown, if it opens this tenant now.
    pub(super) async fn recognise(
        &self,
        tenant: &TenantId,
        evidence: &Evidence,
        now: i64,
    ) -> Result<Known, Denied> {
        let doors = self.current();
        let door = doors.get(tenant);
        if let Some(kept) = door.and_then(|door| door.find(evidence)) {
            return open(kept, now);
        }
        let elsewhere = elsewhere(&doors, tenant, evidence);
        let stored = match evidence.may_be_ours {
            true => self.store.credential_with_secret(&evidence.sha256).await?,
            false => None,
        };
        let Some(stored) = stored else {
            let named = self.named(tenant, door, evidence).await?;
            return Err(elsewhere.unwrap_or(named));
        };
        let credential = &stored.credential;
        if door.is_none() || stored.tenant != *tenant {
            return Err(of_tenant(credential, &stored.tenant));
        }
        if !credential.is_shown_by(evidence.kind, evidence.name.as_deref(), &evidence.sha256) {
            return Err(Known::from(credential).denied(Refusal::OtherKind));
        }
        let known = open(credential, now)?;
        self.usage.note(&stored, now);
        Ok(known)
    }

    /// Whose name was shown with a secret that is not known. The store is asked for unknown tenants too, so that time does
    /// not tell which there are.
    async fn named(
        &self,
        tenant: &TenantId,
        door: Option<&Door>,
        evidence: &Evidence,
    ) -> Result<Denied, Denied> {
        let unknown = || Denied::from(Refusal::Unknown).of(evidence.kind.as_str());
        // No store keeps the NUL character, and not every one can be asked for it.
        let may_be = |text: &str| !text.contains('\0');
        let name = evidence.name.as_deref().filter(|name| may_be(name));
        let Some(name) = name.filter(|_| may_be(tenant.as_str())) else {
            return Ok(unknown());
        };
        let stored = self.store.credential_with_name(tenant, evidence.kind, name);
        let stored = stored.await?;
        let mut kept = door.iter().flat_map(|door| &door.kept);
        let kept =
            kept.find(|kept| kept.kind == evidence.kind && kept.name.as_deref() == Some(name));
        let named = kept.or(stored.as_ref().map(|stored| &stored.credential));
        Ok(match named {
            Some(named) if door.is_some() => Known::from(named).denied(Refusal::WrongSecret),
            Some(_) | None => unknown(),
        })
    }

    async fn jwt(&self, tenant: &TenantId, token: &str, now: i64) -> Result<Known, Denied> {
        let Some(jwt) = Jwt::read(token) else {
            return Err(Denied::from(Refusal::Unreadable).of("jwt"));
        };
        let known = self.bearer_of_jwt(tenant, &jwt, now).await;
        known.map_err(|denied| jwt.introduce(denied.of("jwt"), now))
    }

    async fn bearer_of_jwt(
        &self,
        tenant: &TenantId,
        jwt: &Jwt<'_>,
        now: i64,
    ) -> Result<Known, Denied> {
        let doors = self.current();
        let mint = self.mint.as_ref();
        if let Some(mint) = mint.filter(|mint| mint.is_issuer_of(jwt, tenant)) {
            return self.bearer_of(mint, jwt, tenant, &doors, now).await;
        }
        let trusts = doors.get(tenant).map_or(&[][..], |door| &door.trusts);
        let denied = match jwt::admit(trusts, jwt, now).await {
            Ok(known) => return Ok(known),
            Err(denied) => denied,
        };
        // All issuers are asked alike whichever tenant is named, so that neither the answer nor its time tells which there are.
        let mut elsewhere = None;
        for (other, door) in doors.iter().filter(|(other, _)| *other != tenant) {
            match jwt::admit(&door.trusts, jwt, now).await {
                Ok(known) => elsewhere = Some(of_tenant(known, other)),
                Err(denied) if denied.refusal == Refusal::KeysUnreachable => {
                    elsewhere.get_or_insert(Refusal::KeysUnreachable.into());
                }
                Err(_) => {}
            }
        }
        if denied.refusal == Refusal::KeysUnreachable {
            return Err(denied);
        }
        Err(elsewhere.unwrap_or(denied))
    }
}

/// A credential of the configuration that is good for another tenant, or in another way. All are compared whichever tenant was named, so that
/// time does not tell which there are.
fn elsewhere(
    doors: &Arc<HashMap<TenantId, Door>>,
    tenant: &TenantId,
    evidence: &Evidence,
) -> Option<Denied> {
    let mut found = None;
    for (other, door) in doors.iter() {
        for kept in &door.kept {
            if bool::from(same(&kept.sha256, &evidence.sha256)) {
                found = Some((kept, other));
            }
        }
    }
    match found? {
        (kept, other) if other != tenant => Some(of_tenant(kept, other)),
        (kept, _) if kept.kind != evidence.kind => {
            Some(Known::from(kept).denied(Refusal::OtherKind))
        }
        _ => None,
    }
}

fn of_tenant(known: impl Into<Known>, tenant: &TenantId) -> Denied {
    let denied = known.into().denied(Refusal::OtherTenant);
    denied.saying("tenant", tenant.to_string())
}

impl Door {
    /// The credential of the configuration that is shown. Every one is compared, in constant time each, so that time tells
    /// nothing.
    fn find(&self, evidence: &Evidence) -> Option<&Credential> {
        let name = evidence.name.as_deref();
        let mut found = None;
        for kept in &self.kept {
            if kept.is_shown_by(evidence.kind, name, &evidence.sha256) {
                found = Some(kept);
            }
        }
        found
    }
}
