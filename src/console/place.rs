//! Where the console is: the address that administrators open, and what follows from it for cookies and forms.

use std::net::IpAddr;

use axum::http::Uri;

/// Where the console is.
#[derive(Debug)]
pub(super) struct Place {
    /// Where its pages are, for links: a path without a slash at its end.
    pub(super) base: String,
    /// What browsers call where its pages come from: scheme, host and port.
    pub(super) origin: String,
    /// Whether it is reached by https.
    pub(super) is_https: bool,
    /// Whether nobody on the way can read what goes there: https, or this machine itself.
    pub(super) is_guarded: bool,
}

impl Place {
    /// The console of a bridge at a public address.
    pub(super) fn new(public_url: &str) -> Self {
        let url: Uri = public_url.parse().unwrap_or_default();
        let scheme = url.scheme_str().unwrap_or("http");
        let host = url.host().unwrap_or_default();
        let is_https = scheme == "https";
        let ip = host.trim_matches(['[', ']']).parse();
        let is_here = host == "localhost" || ip.is_ok_and(|ip: IpAddr| ip.is_loopback());
        let authority = url.authority().map(ToString::to_string).unwrap_or_default();
        Self {
            base: format!("{}/admin", url.path().trim_end_matches('/')),
            origin: format!("{scheme}://{authority}").to_ascii_lowercase(),
            is_https,
            is_guarded: is_https || is_here,
        }
    }

    /// The address of a page, for redirects by somebody else.
    pub(super) fn url(&self) -> String {
        let host = &self.origin;
        format!("{host}{}", self.base)
    }

    /// The address of a page from which one goes on to another.
    pub(super) fn going_on(&self, page: &str, to: &str) -> String {
        let base = &self.base;
        if to == base {
            return format!("{base}{page}");
        }
        let to = to
            .replace('%', "%25")
            .replace('&', "%26")
            .replace('#', "%23")
            .replace('+', "%2B");
        format!("{base}{page}?to={to}")
    }

    /// Where to go on after signing in: to a page of the console, whatever is asked for.
    pub(super) fn own(&self, asked: Option<&str>) -> String {
        let is_own = |path: &&str| {
            let rest = path.strip_prefix(&self.base);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
                && path
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
                && !path.contains("..")
        };
        asked.filter(is_own).unwrap_or(&self.base).to_owned()
    }
}
