//! The projection of attributes and extensions that the schemas do not have and that a tenant keeps as they are sent.

use scim_v2::filter::PatchPath;
use serde_json::{Map, Value};

/// What `paths` select of the value of the member `name`.
pub(super) fn selected(paths: &[&PatchPath], name: &str, value: &Value) -> Option<Value> {
    let mut kept = Map::new();
    for reach in paths.iter().filter_map(|path| reach(path, name)) {
        match reach {
            Reach::Whole => return Some(value.clone()),
            Reach::Part(part) => {
                let found = value.as_object().and_then(|parts| member(parts, part));
                kept.extend(found.map(|(name, value)| (name.clone(), value.clone())));
            }
        }
    }
    (!kept.is_empty()).then_some(Value::Object(kept))
}

/// Leaves out what `path` names.
pub(super) fn exclude(path: &PatchPath, shown: &mut Map<String, Value>) {
    let found = shown
        .keys()
        .find_map(|name| Some((name.clone(), reach(path, name)?)));
    match found {
        Some((name, Reach::Whole)) => {
            shown.shift_remove(&name);
        }
        Some((name, Reach::Part(part))) => {
            if let Some(Value::Object(parts)) = shown.get_mut(&name) {
                parts.retain(|name, _| !name.eq_ignore_ascii_case(part));
            }
        }
        None => {}
    }
}

/// How much of a member a path means.
enum Reach<'p> {
    Whole,
    Part(&'p str),
}

fn reach<'p>(path: &'p PatchPath, name: &str) -> Option<Reach<'p>> {
    let PatchPath::Attr(attr) = path else {
        return None;
    };
    let is = |written: &str| written.eq_ignore_ascii_case(name);
    match (&attr.uri, &attr.sub_attr) {
        (None, None) if is(&attr.name) => Some(Reach::Whole),
        (None, Some(part)) if is(&attr.name) => Some(Reach::Part(part)),
        (Some(uri), None) if is(&format!("{uri}:{}", attr.name)) => Some(Reach::Whole),
        (Some(uri), None) if is(uri) => Some(Reach::Part(&attr.name)),
        _ => None,
    }
}

fn member<'v>(members: &'v Map<String, Value>, name: &str) -> Option<(&'v String, &'v Value)> {
    members
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
}
