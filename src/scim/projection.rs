//! Which attributes an answer carries: `attributes` and `excludedAttributes` (RFC 7644 section 3.9).

mod kept;
mod names;

use super::path::{self, Place, Target};
use super::reading::Reading;
use super::schema::{Attribute, Returned, Schema};
use super::{ResourceKind, ScimError, evaluate};
use scim_v2::filter::{PatchPath, ValFilter};
use serde_json::{Map, Value};

/// What the client asks to see. The default is everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Projection {
    /// Only these, if the client names any.
    attributes: Option<Vec<PatchPath>>,
    /// These not.
    excluded: Vec<PatchPath>,
}

impl Projection {
    /// Reads the two parameters: paths joined by commas, of the form that PATCH paths have. Unknown attributes are
    /// ignored. If both are there, both count.
    ///
    /// # Errors
    /// 400 `invalidValue` for an entry that is no path, and for more than 1,000 of them or 100 terms in brackets.
    pub fn parse(
        attributes: Option<&str>,
        excluded: Option<&str>,
        reading: &mut Reading<'_>,
    ) -> Result<Self, ScimError> {
        let mut read =
            |list: Option<&str>| list.map_or(Ok(Vec::new()), |list| names::read(list, reading));
        Ok(Self {
            attributes: Some(read(attributes)?).filter(|paths| !paths.is_empty()),
            excluded: read(excluded)?,
        })
    }

    /// Whether the client names attributes that it wants to see.
    pub fn asks(&self) -> bool {
        self.attributes.is_some()
    }

    /// The same for resources of `kind`: to be asked for once, however many resources there are.
    pub fn of(&self, kind: ResourceKind) -> View<'_> {
        View {
            kind,
            attributes: self
                .attributes
                .as_deref()
                .map(|paths| Paths::of(kind, paths)),
            excluded: Paths::of(kind, &self.excluded),
        }
    }

    /// The part of one resource that is to be shown; for several, ask for the [view](Projection::of) once.
    pub fn apply(&self, kind: ResourceKind, resource: Value) -> Value {
        self.of(kind).apply(resource)
    }
}

/// What the client asks to see of resources of one type.
#[derive(Debug)]
pub struct View<'a> {
    kind: ResourceKind,
    attributes: Option<Paths<'a>>,
    excluded: Paths<'a>,
}

impl View<'_> {
    /// Whether any of the top-level attribute is to be shown, so that it need not be read otherwise.
    pub fn wants(&self, attribute: &str) -> bool {
        let touches = |selection: &Selection<'_>, whole_only: bool| match selection.place {
            Place::Attribute(target) => {
                target.attribute.name.eq_ignore_ascii_case(attribute)
                    && !(whole_only && (target.sub.is_some() || selection.filter.is_some()))
            }
            Place::Resource => true,
            Place::Extension(_) => false,
        };
        let any = |paths: &Paths<'_>, whole_only| {
            let mut selections = paths.known.iter();
            selections.any(|selection| touches(selection, whole_only))
        };
        let asked = self.attributes.as_ref();
        asked.is_none_or(|paths| any(paths, false)) && !any(&self.excluded, true)
    }

    /// Whether anything of the extension is to be shown, so that it need not be read otherwise.
    pub fn wants_extension(&self, schema: &'static Schema) -> bool {
        let asked = match &self.attributes {
            Some(paths) => paths.known.iter().any(|known| known.place.is_in(schema)),
            None => !schema.is_on_request(),
        };
        asked && !self.excluded.has(Place::Extension(schema))
    }

    /// The part of a resource, rendered in full, that is to be shown. `id` and `schemas` always are.
    pub fn apply(&self, resource: Value) -> Value {
        let Value::Object(full) = resource else {
            return resource;
        };
        let mut shown = match &self.attributes {
            Some(paths) => selected(self.kind, paths, &full),
            None => without_asking(self.kind, full),
        };
        for selection in &self.excluded.known {
            exclude(self.kind, selection, &mut shown);
        }
        for path in &self.excluded.others {
            kept::exclude(path, &mut shown);
        }
        Value::Object(shown)
    }
}

/// Paths of the client's: those that lead somewhere in resources of one type, each once, and the others.
#[derive(Debug)]
struct Paths<'a> {
    known: Vec<Selection<'a>>,
    others: Vec<&'a PatchPath>,
}

impl<'a> Paths<'a> {
    fn of(kind: ResourceKind, paths: &'a [PatchPath]) -> Self {
        let (mut known, mut others) = (Vec::new(), Vec::new());
        for path in paths {
            match resolve(kind, path) {
                Some(selection) if !known.contains(&selection) => known.push(selection),
                Some(_) => {}
                None => others.push(path),
            }
        }
        Self { known, others }
    }

    fn has(&self, place: Place) -> bool {
        self.known.iter().any(|selection| selection.place == place)
    }
}

/// A path of the client's, resolved.
#[derive(Debug, PartialEq)]
struct Selection<'a> {
    place: Place,
    filter: Option<&'a ValFilter>,
}

impl Selection<'_> {
    fn selects(&self, attribute: &'static Attribute, element: &Value) -> bool {
        self.filter
            .is_none_or(|filter| evaluate::element(attribute, filter, element))
    }
}

fn resolve(kind: ResourceKind, path: &PatchPath) -> Option<Selection<'_>> {
    let (attr, filter, sub) = match path {
        PatchPath::Attr(attr) => (attr, None, None),
        PatchPath::Value(value) => (&value.attr, Some(&value.filter), value.sub_attr.as_deref()),
    };
    let mut place = path::resolve(kind, attr, &mut Reading::default())?;
    if let (Some(name), Place::Attribute(target)) = (sub, &mut place) {
        target.sub = Some(target.attribute.sub(name)?);
    }
    Some(Selection { place, filter })
}

/// `full` without what is returned on request only.
fn without_asking(kind: ResourceKind, mut full: Map<String, Value>) -> Map<String, Value> {
    let on_request = kind
        .extensions()
        .iter()
        .filter(|schema| schema.is_on_request());
    for schema in on_request {
        full.shift_remove(schema.urn);
    }
    full
}

/// `full` reduced to what `paths` select, in its own order.
fn selected(
    kind: ResourceKind,
    paths: &Paths<'_>,
    full: &Map<String, Value>,
) -> Map<String, Value> {
    let selections = &paths.known;
    let part = |(name, value): (&String, &Value)| {
        let schema = kind.extensions().iter().find(|schema| schema.urn == name);
        let part = match schema {
            Some(schema) if paths.has(Place::Extension(schema)) => Some(value.clone()),
            Some(schema) => extension_part(selections, schema, value),
            None if is_always(kind, name) || paths.has(Place::Resource) => Some(value.clone()),
            None => attribute_part(selections, None, name, value)
                .or_else(|| kept::selected(&paths.others, name, value)),
        };
        Some((name.clone(), part?))
    };
    full.iter().filter_map(part).collect()
}

fn extension_part(selections: &[Selection<'_>], schema: &Schema, value: &Value) -> Option<Value> {
    let part = |(name, value): (&String, &Value)| {
        Some((
            name.clone(),
            attribute_part(selections, Some(schema), name, value)?,
        ))
    };
    let parts: Map<_, _> = value.as_object()?.iter().filter_map(part).collect();
    (!parts.is_empty()).then_some(Value::Object(parts))
}

/// What the selections leave of the value of the attribute `name`, at the top or in `extension`.
fn attribute_part(
    selections: &[Selection<'_>],
    extension: Option<&Schema>,
    name: &str,
    value: &Value,
) -> Option<Value> {
    let concerned = selections
        .iter()
        .filter_map(|selection| match selection.place {
            Place::Attribute(target)
                if target.attribute.name == name && target.extension == extension =>
            {
                Some((selection, target))
            }
            Place::Attribute(_) | Place::Extension(_) | Place::Resource => None,
        });
    let concerned: Vec<_> = concerned.collect();
    let Some(elements) = value.as_array() else {
        return element_part(&concerned, value);
    };
    let kept: Vec<_> = elements
        .iter()
        .filter_map(|element| element_part(&concerned, element))
        .collect();
    (!kept.is_empty()).then_some(Value::Array(kept))
}

fn element_part(concerned: &[(&Selection<'_>, Target)], element: &Value) -> Option<Value> {
    let mut parts = Map::new();
    for (selection, target) in concerned {
        if !selection.selects(target.attribute, element) {
            continue;
        }
        match target.sub {
            None => return Some(element.clone()),
            Some(sub) => {
                if let Some(value) = element.get(sub.name) {
                    parts.insert(sub.name.to_owned(), value.clone());
                }
            }
        }
    }
    (!parts.is_empty()).then_some(Value::Object(parts))
}

fn exclude(kind: ResourceKind, selection: &Selection<'_>, shown: &mut Map<String, Value>) {
    let target = match selection.place {
        Place::Attribute(target) => target,
        Place::Extension(schema) => {
            shown.shift_remove(schema.urn);
            return;
        }
        Place::Resource => {
            shown.retain(|name, _| {
                is_always(kind, name) || kind.extensions().iter().any(|schema| schema.urn == name)
            });
            return;
        }
    };
    let holder = match target.extension {
        Some(schema) => shown.get_mut(schema.urn).and_then(Value::as_object_mut),
        None => Some(shown),
    };
    let Some(holder) = holder.filter(|_| target.attribute.returned != Returned::Always) else {
        return;
    };
    match (
        target.sub,
        selection.filter,
        holder.get_mut(target.attribute.name),
    ) {
        (None, Some(_), Some(Value::Array(elements))) => {
            elements.retain(|element| !selection.selects(target.attribute, element));
        }
        (Some(sub), _, Some(Value::Array(elements))) => {
            for element in elements
                .iter_mut()
                .filter(|element| selection.selects(target.attribute, element))
            {
                remove_part(element, sub);
            }
        }
        (Some(sub), _, Some(single)) => remove_part(single, sub),
        (None, _, Some(_)) => {
            holder.shift_remove(target.attribute.name);
        }
        (_, _, None) => {}
    }
}

fn remove_part(element: &mut Value, sub: &Attribute) {
    if let Some(parts) = element.as_object_mut() {
        parts.shift_remove(sub.name);
    }
}

fn is_always(kind: ResourceKind, name: &str) -> bool {
    path::top_level(kind, name).is_some_and(|attribute| attribute.returned == Returned::Always)
}
