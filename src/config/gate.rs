//! What stands before a tenant's door: `allow_from`, `requests_per_second`, `burst` and `[[tenant.certificate]]`.

use super::credential;
use super::reader::At;
use super::section::Section;
use super::server::Server;
use super::tenant::Tenant;
use super::token;
use super::values;
use crate::domain::credential::Authority;
use crate::domain::gate::{Gate, Pin, Pinned, Rate};

const FASTEST: i64 = 100_000;

/// Reads the keys of a tenant that are about its gate.
pub(super) fn read(tenant: &Section<'_, '_>, id: Option<&str>) -> Option<Gate> {
    let allow_from = tenant.or("allow_from", Vec::new(), |at| {
        at.some_items(|at| at.parsed(values::network))
    });
    let per_second = tenant.optional("requests_per_second", |at| at.integer(1..=FASTEST));
    let burst = tenant.optional("burst", |at| match per_second {
        Some(None) => at.wrong("is about `requests_per_second`: add that"),
        Some(Some(_)) | None => at.integer(1..=FASTEST),
    });
    let certificates = tenant.or("certificate", Vec::new(), |at| at.some_items(certificate));
    let (per_second, burst): (Option<u32>, Option<u32>) = (per_second?, burst?);
    let certificates = certificates?.into_iter().enumerate();
    Some(Gate {
        allow_from: allow_from?,
        rate: per_second.map(|per_second| Rate {
            per_second,
            burst: burst.unwrap_or(per_second.saturating_mul(10)),
        }),
        pins: certificates
            .map(|(at, (of, label, authority))| Pin {
                of,
                authority,
                label: label.unwrap_or_else(|| {
                    format!("certificate {} of {}", at + 1, id.unwrap_or_default())
                }),
            })
            .collect(),
    })
}

fn certificate(at: &At<'_>) -> Option<(Pinned, Option<String>, Authority)> {
    at.table(|certificate| {
        let of = certificate.one_of(
            ["sha256", "name"],
            "which certificate: `sha256 = \"…\"` (its fingerprint) or `name = \"idp.example.com\"` (a DNS name that it is for)",
        );
        let of = of.and_then(|(key, at)| {
            let of = match key {
                "sha256" => Pinned::Fingerprint(at.parsed(fingerprint)?),
                _ => Pinned::Name(at.parsed(values::domain)?.to_lowercase()),
            };
            let advice = "a certificate opens one tenant: remove one of the two";
            at.claim("certificate", format!("{of:?}"), advice);
            Some(of)
        });
        let label = certificate.optional("label", At::text);
        let authority = credential::authority(certificate);
        Some((of?, label?.map(str::to_owned), authority?))
    })
}

/// Fingerprints are often written with colons.
fn fingerprint(text: &str) -> Result<[u8; 32], String> {
    token::digest(&text.replace(':', "")).map_err(|_| {
        "must be the SHA-256 fingerprint of the certificate as 64 hexadecimal digits".to_owned()
    })
}

/// Without an authority no client is asked for a certificate.
pub(super) fn refuse_unseen(tenants: &[Tenant], server: Option<&Server>, at: &At<'_>) {
    let asks = server.is_none_or(|server| {
        let tls = server.tls.as_ref();
        tls.is_some_and(|tls| tls.client_ca.is_some())
    });
    let pinned = tenants.iter().find(|tenant| !tenant.gate.pins.is_empty());
    if let Some(tenant) = pinned.filter(|_| !asks) {
        at.wrong::<()>(format!(
            "\"{}\" has a `[[tenant.certificate]]`, but clients are asked for certificates only if `[server.tls]` has `client_ca`: \
             add that",
            tenant.id
        ));
    }
}
