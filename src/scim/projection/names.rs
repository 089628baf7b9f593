//! The names in `attributes` and `excludedAttributes`: paths joined by commas.

use crate::scim::quirks::Quirk;
use crate::scim::reading::Reading;
use crate::scim::{ScimError, evaluate, grammar};
use scim_v2::filter::PatchPath;

/// Most names in each of the two parameters. Nobody has that many attributes.
const MOST_NAMES: usize = 1000;

/// Most terms in the brackets of all names together: each of them is evaluated on the elements of every resource.
const MOST_TERMS: u64 = 100;

/// The paths in a list, which is split at commas outside brackets and quotation marks.
///
/// # Errors
/// 400 `invalidValue` for an entry that is no path, and for too many.
pub(super) fn read(list: &str, reading: &mut Reading<'_>) -> Result<Vec<PatchPath>, ScimError> {
    let (mut depth, mut quoted) = (0_i32, false);
    let entries = list.split(move |c| {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth -= 1,
            _ => {}
        }
        c == ',' && depth <= 0 && !quoted
    });
    let (mut paths, mut terms) = (Vec::new(), 0);
    for entry in entries.filter(|entry| !entry.trim().is_empty()) {
        let path = grammar::path(entry, reading).map_err(|reason| {
            ScimError::invalid_value(format!("'{entry}' does not name an attribute: {reason}."))
        })?;
        if let PatchPath::Value(value) = &path {
            if !reading.accepts(Quirk::FilteredProjection) {
                return Err(ScimError::invalid_value(format!(
                    "'{entry}' has brackets; name the attribute as a whole."
                )));
            }
            terms += evaluate::terms(&value.filter);
        }
        paths.push(path);
        if paths.len() > MOST_NAMES || terms > MOST_TERMS {
            return Err(ScimError::invalid_value(format!(
                "attributes and excludedAttributes may have {MOST_NAMES} names at most each, and {MOST_TERMS} terms in \
                 brackets. Leave some out."
            )));
        }
    }
    Ok(paths)
}
