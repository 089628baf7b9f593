//! Other names for fields on the wire: what a wrong guess about Cloudmore looks like, and how a client mends it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::models::{Model, camel, camel_key, pascal_key};

/// By model and then by field, the name that the field has on the wire. What is left out has its usual name.
///
/// The models are `user`, `administrator`, `address`, `customProperty`, `role`, `organization`, `service`,
/// `subscription` and `seat`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Names")]
pub struct FieldNames(Names);

type Names = BTreeMap<String, BTreeMap<String, String>>;

impl TryFrom<Names> for FieldNames {
    type Error = String;

    fn try_from(names: Names) -> Result<Self, String> {
        let mut checked = Self::default();
        for (model, fields) in names {
            for (field, name) in fields {
                checked = checked.rename(&model, &field, &name)?;
            }
        }
        checked.check_distinct()?;
        Ok(checked)
    }
}

impl FieldNames {
    /// The same with another name for one field.
    ///
    /// # Errors
    /// A message, if there is no such model or no such field in it, or the new name is empty.
    pub fn rename(mut self, model: &str, field: &str, name: &str) -> Result<Self, String> {
        let Some(found) = Model::RENAMABLE.iter().find(|each| each.name() == model) else {
            let known = Model::RENAMABLE.map(Model::name).join(", ");
            return Err(format!(
                "there is no model `{model}`; the models are {known}"
            ));
        };
        if !found.knows(field) {
            let known = found.fields().join(", ");
            return Err(format!(
                "`{model}` has no field `{field}`; its fields are {known}"
            ));
        }
        if name.is_empty() {
            return Err(format!("`{model}.{field}` needs a name"));
        }
        let fields = self.0.entry(model.to_owned()).or_default();
        fields.insert(field.to_owned(), name.to_owned());
        Ok(self)
    }

    /// Two fields of a model with one name could not be told apart.
    fn check_distinct(&self) -> Result<(), String> {
        for model in Model::RENAMABLE {
            let fields = model.fields();
            for (place, field) in fields.iter().enumerate() {
                let name = self.wire(model, field);
                let same = |other: &&&str| self.wire(model, other).eq_ignore_ascii_case(name);
                if let Some(other) = fields.iter().skip(place + 1).find(same) {
                    let model = model.name();
                    return Err(format!(
                        "`{model}.{field}` and `{model}.{other}` are both named `{name}`"
                    ));
                }
            }
        }
        Ok(())
    }

    fn renamed(&self, model: Model, field: &str) -> Option<&str> {
        Some(self.0.get(model.name())?.get(field)?.as_str())
    }

    /// The name of a field on the wire.
    pub(super) fn wire<'a>(&'a self, model: Model, field: &'a str) -> &'a str {
        self.renamed(model, field).unwrap_or(field)
    }

    /// The name of a field in messages by field.
    pub(super) fn label(&self, model: Model, field: &str) -> String {
        pascal_key(self.wire(model, field))
    }

    /// An object of the API as it goes over the wire.
    pub(super) fn written(&self, model: Model, fields: Map<String, Value>) -> Map<String, Value> {
        fields
            .into_iter()
            .map(|(field, value)| {
                let value = match model.inside(&field) {
                    Some(inside) => each_object(value, &|fields| self.written(inside, fields)),
                    None => value,
                };
                let known = model.knows(&field);
                let name = if known {
                    self.wire(model, &field).to_owned()
                } else {
                    field
                };
                (name, value)
            })
            .collect()
    }

    /// An object from the wire, with known fields under the program's names whatever their casing. A field that comes
    /// under a name which it no longer has is dropped, as it means nothing to Cloudmore.
    pub(super) fn read(&self, model: Model, body: Map<String, Value>) -> Map<String, Value> {
        let mut read = Map::new();
        for (key, value) in body {
            let fields = model.fields();
            let known = fields
                .iter()
                .find(|field| self.wire(model, field).eq_ignore_ascii_case(&key));
            let Some(field) = known else {
                let former = fields.iter().any(|field| field.eq_ignore_ascii_case(&key));
                if !former {
                    read.insert(camel_key(&key), camel(value));
                }
                continue;
            };
            let value = match model.inside(field) {
                Some(inside) => each_object(value, &|fields| self.read(inside, fields)),
                None => camel(value),
            };
            read.insert((*field).to_owned(), value);
        }
        read
    }
}

/// Rewrites an object, or every object of a list.
fn each_object(value: Value, rewrite: &impl Fn(Map<String, Value>) -> Map<String, Value>) -> Value {
    match value {
        Value::Object(fields) => Value::Object(rewrite(fields)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| each_object(item, rewrite))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
