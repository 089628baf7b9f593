//! `[store]`: where the bridge keeps what it knows.

use std::path::Path;

use super::reader::At;

/// Where the bridge keeps what it knows.
#[derive(Clone, Debug)]
pub struct Store {
    /// `sqlite://` followed by the path of the database file, taken as it stands (nothing is percent-encoded).
    /// A relative path has been put behind the configuration file's folder.
    pub url: String,
}

pub(super) fn read(at: &At<'_>) -> Option<Store> {
    at.table(|store| {
        let url = store.required("url", "`url = \"sqlite://scim-bridge.db\"`", |at| {
            at.parsed(|text| located(text, at.reader.base_dir))
        });
        Some(Store { url: url? })
    })
}

fn located(url: &str, base_dir: &Path) -> Result<String, String> {
    const FORM: &str =
        "must be \"sqlite://\" and the path of a file, such as \"sqlite://scim-bridge.db\"";
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Err(
            "PostgreSQL is not available in this version: write \"sqlite://scim-bridge.db\""
                .to_owned(),
        );
    }
    let path = url.strip_prefix("sqlite://").ok_or(FORM)?;
    // `:memory:` would forget, `?` would begin options that the bridge sets itself.
    if path.is_empty() || path.ends_with('/') || path.contains([':', '?']) {
        return Err(FORM.to_owned());
    }
    Ok(format!("sqlite://{}", base_dir.join(path).display()))
}
