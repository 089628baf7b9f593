//! One model of the contract: its properties with their types, under the names that they have on the wire.

use serde_json::{Map, Value, json};

use super::reference;
use crate::sandbox::models::{Model, pascal_key};
use crate::sandbox::switches::{KeyCase, PersonIds, RoleIds, SubscriptionStatus, Switches};

/// What a model of a person is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Create,
    Update,
    Detail,
}

impl Use {
    /// As the names of models have it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Detail => "Detail",
        }
    }
}

/// How the properties of a model are described.
pub(super) struct Schema<'a> {
    pub(super) switches: &'a Switches,
    pub(super) model: Model,
    /// `User` or `Administrator` where the model is of a person.
    pub(super) family: &'static str,
    pub(super) usage: Use,
}

impl<'a> Schema<'a> {
    /// A model that answers have.
    pub(super) fn reply(switches: &'a Switches, model: Model) -> Self {
        Self {
            switches,
            model,
            family: "",
            usage: Use::Detail,
        }
    }

    pub(super) fn object(&self, fields: &[&str], required: &[&str]) -> Value {
        let properties: Map<String, Value> = fields
            .iter()
            .map(|field| (self.name(field), self.property(field)))
            .collect();
        let mut object = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            let required: Vec<String> = required.iter().map(|field| self.name(field)).collect();
            super::set(&mut object, "required", json!(required));
        }
        object
    }

    fn name(&self, field: &str) -> String {
        let name = self.switches.field_names.wire(self.model, field);
        match self.switches.key_case {
            KeyCase::Camel => name.to_owned(),
            KeyCase::Pascal => pascal_key(name),
        }
    }

    fn property(&self, field: &str) -> Value {
        let person = matches!(self.model, Model::User | Model::Administrator);
        let numbered = match (self.model, field) {
            (Model::Role, "id") | (_, "roleId") => {
                self.usage != Use::Detail || self.switches.role_ids == RoleIds::Number
            }
            (_, "id") if person => self.switches.person_ids == PersonIds::Number,
            (_, "userId") => self.switches.person_ids == PersonIds::Number,
            (_, "status") => self.switches.subscription_status == SubscriptionStatus::Number,
            (_, "quantity") => true,
            _ => false,
        };
        match field {
            _ if numbered => json!({ "type": "integer" }),
            "address" => self.inside(&format!(
                "{}Address{}ViewModel",
                self.family,
                self.usage.word()
            )),
            "customProperties" => {
                let model = format!("{}{}CustomProperty", self.family, self.usage.word());
                json!({ "type": "array", "items": self.inside(&model) })
            }
            "role" => self.inside("RoleViewModel"),
            "isActive" | "allowRestApiAccess" | "userAssigned" | "allowMultipleUsers"
            | "mandatory" => json!({ "type": "boolean" }),
            "lastAccessedDate" => json!({ "type": "string", "format": "date-time" }),
            "domains" => json!({ "type": "array", "items": { "type": "string" } }),
            "product" => json!({ "type": "object" }),
            _ => json!({ "type": "string" }),
        }
    }

    fn inside(&self, model: &str) -> Value {
        reference(self.switches, model)
    }
}
