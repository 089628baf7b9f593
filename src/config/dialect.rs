//! `[tenant.scim]`: how the tenant's client speaks SCIM.

use super::reader::At;
use crate::scim::{Dialect, Profile, Quirk, dialect};

pub(super) fn read(at: &At<'_>) -> Option<Dialect> {
    at.table(|scim| {
        let profile = scim.or("profile", Profile::Generic, |at| {
            at.choice(&[
                ("generic", Profile::Generic),
                ("entra", Profile::Entra),
                ("okta", Profile::Okta),
            ])
        });
        let strict = scim.or("strict", false, At::flag);
        let ignores_unknown = scim.or("unknown_attributes", true, |at| {
            at.choice(&[("ignore", true), ("refuse", false)])
        });
        let kept = scim.or("keep", Vec::new(), |at| at.items(kept));
        let require_if_match = scim.or("require_if_match", false, At::flag);
        let profile = profile?;
        let dialect = if strict? {
            Dialect::strict()
        } else {
            Dialect::new(profile)
        };
        let dialect = if ignores_unknown? {
            dialect
        } else {
            dialect.refusing(Quirk::UnknownAttribute)
        };
        let mut dialect = dialect.keeping(kept?);
        dialect.require_if_match = require_if_match?;
        Some(dialect)
    })
}

fn kept(at: &At<'_>) -> Option<String> {
    at.parsed(|name| {
        dialect::can_keep(name)?;
        Ok(name.to_owned())
    })
}
