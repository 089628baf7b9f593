//! The API below `/api`: finds what a call asks for and hands it to the one that answers.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::lag::Lag;
use super::models::Model;
use super::population::Population;
use super::refusal::Refusal;
use super::reply::{Answer, Payload};
use super::route::{self, OrganizationAsk, ResellerAsk, Route};
use super::switches::{
    CreateStatus, CreatedId, DeleteReply, LocationForm, Paths, PersonIds, RoleIds, Switches,
};
use super::world::World;
use super::{addresses, catalog, groups, people, seats};

/// Host of the `Location` header. Never the sandbox's own: a client must take the id and not follow the address.
const LOCATION_HOST: &str = "https://elsewhere.cloudmore.example";

/// What every answer either is or fails with.
pub(super) type Outcome = Result<Answer, Refusal>;

/// Everything that is at hand for answering one call.
pub(super) struct Desk<'a> {
    pub(super) world: &'a mut World,
    pub(super) switches: &'a Switches,
    pub(super) lag: &'a mut Lag,
    pub(super) method: &'a str,
    /// The path as sent, without the query.
    pub(super) path: &'a str,
    /// The JSON body, if there is one that parses.
    pub(super) body: Option<&'a Value>,
}

impl Desk<'_> {
    /// Answers a call of a client whose token belongs to this reseller.
    pub(super) fn answer(&mut self, token_reseller: &str) -> Outcome {
        if self.switches.paths == Paths::ExactCase && !addresses::spells(self.path) {
            return Err(Refusal::NotFound);
        }
        let path = self.path.to_ascii_lowercase();
        match route::find(self.method, &path)? {
            Route::Health => Ok(Answer::healthy()),
            Route::Trap => Ok(self.trap()),
            Route::Reseller { reseller, ask } => {
                if self.world.reseller(reseller).is_none() {
                    return Err(Refusal::NotFound);
                }
                if !reseller.eq_ignore_ascii_case(token_reseller) {
                    return Err(Refusal::Forbidden);
                }
                self.reseller(reseller, ask)
            }
        }
    }

    fn reseller(&mut self, reseller: &str, ask: ResellerAsk<'_>) -> Outcome {
        match ask {
            ResellerAsk::Roles => catalog::reseller_roles(self, reseller),
            ResellerAsk::Services => catalog::reseller_services(self, reseller),
            ResellerAsk::ServiceSubscriptions(service) => {
                catalog::subscriptions_everywhere(self, reseller, service)
            }
            ResellerAsk::CustomProperties => catalog::custom_properties(self, reseller),
            ResellerAsk::Organizations => catalog::organizations(self, reseller),
            ResellerAsk::OrganizationGroups => catalog::organization_groups(self, reseller),
            ResellerAsk::OrganizationGroupMembers(group) => {
                catalog::organization_group_members(self, reseller, group)
            }
            ResellerAsk::Administrators(ask) => {
                people::answer(self, Population::Administrators { reseller }, ask)
            }
            ResellerAsk::Organization { organization, ask } => {
                self.world
                    .reseller(reseller)
                    .and_then(|each| each.organization(organization))
                    .ok_or(Refusal::NotFound)?;
                self.organization(reseller, organization, ask)
            }
        }
    }

    fn organization(
        &mut self,
        reseller: &str,
        organization: &str,
        ask: OrganizationAsk<'_>,
    ) -> Outcome {
        match ask {
            OrganizationAsk::Detail => catalog::organization(self, organization),
            OrganizationAsk::Roles => catalog::organization_roles(self, organization),
            OrganizationAsk::Users(ask) => {
                let whose = Population::Users {
                    reseller,
                    organization,
                };
                people::answer(self, whose, ask)
            }
            OrganizationAsk::Services => {
                catalog::organization_services(self, reseller, organization)
            }
            OrganizationAsk::Service(service) => {
                catalog::organization_service(self, reseller, organization, service)
            }
            OrganizationAsk::Subscriptions(service) => {
                catalog::subscriptions(self, organization, service)
            }
            OrganizationAsk::Subscription {
                service,
                subscription,
            } => catalog::subscription(self, organization, service, subscription),
            OrganizationAsk::Seats {
                service,
                subscription,
                ask,
            } => {
                let seats = seats::Seats {
                    reseller,
                    organization,
                    service,
                    subscription,
                };
                seats.answer(self, ask)
            }
            OrganizationAsk::Groups(ask) => groups::answer(self, organization, ask),
            OrganizationAsk::Trap => Ok(self.trap()),
        }
    }

    fn trap(&self) -> Answer {
        let note = "people that a bridge must never touch";
        match self.method {
            "GET" => Answer::new(StatusCode::OK, Payload::Many(Vec::new()), note),
            "POST" => Answer::new(StatusCode::CREATED, Payload::Empty, note),
            _ => Answer::done(note),
        }
    }

    /// The fields of the body under the program's names for them.
    pub(super) fn fields(&self, model: Model) -> Result<Map<String, Value>, Refusal> {
        match self.body {
            Some(Value::Object(fields)) => {
                Ok(self.switches.field_names.read(model, fields.clone()))
            }
            _ => Err(Refusal::Fields(vec![(
                String::new(),
                "A JSON object is required as the body.".to_owned(),
            )])),
        }
    }

    /// An object of the API under the names that its fields have on the wire.
    pub(super) fn written(&self, model: Model, object: Value) -> Value {
        if let Value::Object(fields) = object {
            return Value::Object(self.switches.field_names.written(model, fields));
        }
        object
    }

    /// The answer to a create, with the id where the switch wants it.
    pub(super) fn created(&self, model: Model, id: &str, object: Value, note: String) -> Answer {
        let one = |field: &str| json!({ field: self.person_id(id) });
        let payload = match self.switches.created_id {
            CreatedId::BodyString => Payload::One(Value::from(id)),
            CreatedId::BodyId => Payload::One(one(self.switches.field_names.wire(model, "id"))),
            CreatedId::BodyUserId => Payload::One(one("userId")),
            CreatedId::BodyObject => Payload::One(object),
            CreatedId::Location | CreatedId::Neither => Payload::Empty,
        };
        let path = self.path.trim_end_matches('/');
        let located = match self.switches.location_form {
            LocationForm::Absolute => format!("{LOCATION_HOST}{path}/{id}"),
            LocationForm::Relative => format!("{path}/{id}"),
            LocationForm::TrailingSlash => format!("{LOCATION_HOST}{path}/{id}/"),
        };
        let location = (self.switches.created_id == CreatedId::Location).then_some(located);
        Answer {
            location,
            ..Answer::new(self.created_status(), payload, note)
        }
    }

    /// The status of what added something.
    pub(super) fn created_status(&self) -> StatusCode {
        match self.switches.create_status {
            CreateStatus::Created => StatusCode::CREATED,
            CreateStatus::Ok => StatusCode::OK,
        }
    }

    /// The answer to a DELETE that succeeds.
    pub(super) fn removed(&self, note: impl Into<String>) -> Answer {
        match self.switches.delete_reply {
            DeleteReply::NoContent => Answer::done(note),
            DeleteReply::Ok => Answer::new(StatusCode::OK, Payload::Empty, note),
        }
    }

    /// A role id as the switch writes it.
    pub(super) fn role_id(&self, id: i64) -> Value {
        match self.switches.role_ids {
            RoleIds::Number => Value::from(id),
            RoleIds::String => Value::from(id.to_string()),
        }
    }

    /// A person's id as the switch writes it.
    pub(super) fn person_id(&self, id: &str) -> Value {
        match (self.switches.person_ids, id.parse::<u64>()) {
            (PersonIds::Number, Ok(number)) => Value::from(number),
            (PersonIds::Number, Err(_)) | (PersonIds::Guid, _) => Value::from(id),
        }
    }
}
