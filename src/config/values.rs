//! Forms of text that several sections use: names, durations, web addresses.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::Url;

use crate::domain::model::RoleId;

use super::reader::At;

/// A name of ours that goes into addresses and logs.
pub(super) fn name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.len() <= 64 && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("must be 1 to 64 characters out of a-z, 0-9 and `-`".to_owned())
    }
}

/// What stands behind the `@` of an address.
pub(super) fn domain(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_alphanumeric() || c == '-';
    let labels = text.split('.');
    if labels.clone().count() > 1
        && labels
            .into_iter()
            .all(|label| !label.is_empty() && label.chars().all(fits))
    {
        Ok(text.to_owned())
    } else {
        Err("must be a domain such as \"acme.example\", without `@`".to_owned())
    }
}

/// A network such as `10.0.0.0/8`, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let network = text.parse::<IpNet>().map(|net| net.trunc());
    network
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| {
            "must be a network such as \"192.0.2.0/24\" or \"2001:db8::/32\", or an IP address"
                .to_owned()
        })
}

/// Cloudmore's id of a role.
pub(super) fn role(at: &At<'_>) -> Option<RoleId> {
    at.integer(0..=i64::from(i32::MAX)).map(RoleId)
}

/// A number and its unit, such as `500ms`, `8s`, `1m`.
///
/// # Errors
/// What is wrong, for whoever wrote it.
pub fn duration(text: &str, range: &RangeInclusive<Duration>) -> Result<Duration, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => {
            return Err(
                "must be a number and its unit, one of ms, s, m, h, d: for example \"8s\""
                    .to_owned(),
            );
        }
    };
    let duration = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(milliseconds))
        .map(Duration::from_millis);
    duration
        .filter(|duration| range.contains(duration))
        .ok_or_else(|| format!("must be from {:?} to {:?}", range.start(), range.end()))
}

/// The start of web addresses, to which a path is added.
pub(super) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
        .ok_or("must be a web address such as \"https://scim.example.com\"")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user or a password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not contain `?` or `#`".to_owned());
    }
    if text.ends_with('/') {
        return Err("must not end with `/`".to_owned());
    }
    Ok(url)
}

/// Whether nobody can read or change what goes to an address and comes back: it is https, or this machine itself.
pub(super) fn is_guarded(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    url.scheme() == "https" || is_here
}
