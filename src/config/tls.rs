//! `[server.tls]`: certificate and key, and whose certificates clients may show.

use std::path::PathBuf;

use super::reader::At;
use crate::listen::TlsFiles;

/// The files themselves are read when the bridge starts, and again whenever they change.
pub(super) fn read(at: &At<'_>) -> Option<TlsFiles> {
    at.table(|tls| {
        let certificate = tls.required(
            "certificate",
            "the PEM file of the certificate: `certificate = \"PATH\"`",
            path,
        );
        let key = tls.required("key", "the PEM file of its key: `key = \"PATH\"`", path);
        let client_ca = tls.optional("client_ca", path);
        Some(TlsFiles {
            certificate: certificate?,
            key: key?,
            client_ca: client_ca?,
        })
    })
}

fn path(at: &At<'_>) -> Option<PathBuf> {
    Some(at.reader.base_dir.join(at.text()?))
}
