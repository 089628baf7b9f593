//! The API below `/api`: finds what a call asks for and hands it to the one that answers.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::people::{self, Population};
use super::reply::{Answer, Payload, Refusal, first_letter, with_keys};
use super::route::{self, OrganizationAsk, ResellerAsk, Route};
use super::switches::{CreatedId, RoleIds, Switches};
use super::world::World;
use super::{catalog, groups, seats};

/// Host of the `Location` header. Never the sandbox's own: a client must take the id and not follow the address.
const LOCATION_HOST: &str = "https://elsewhere.cloudmore.example";

/// What every answer either is or fails with.
pub(super) type Outcome = Result<Answer, Refusal>;

/// Everything that is at hand for answering one call.
pub(super) struct Desk<'a> {
    pub(super) world: &'a mut World,
    pub(super) switches: &'a Switches,
    pub(super) method: &'a str,
    /// The path as sent, without the query.
    pub(super) path: &'a str,
    /// The JSON body, if there is one that parses.
    pub(super) body: Option<&'a Value>,
}

/// Keys that the API knows, in the casing it stores them in.
pub(super) const KNOWN_KEYS: [&str; 22] = [
    "id",
    "name",
    "firstName",
    "lastName",
    "displayName",
    "email",
    "roleId",
    "roleName",
    "password",
    "title",
    "cellPhone",
    "cellPhonePrefix",
    "address",
    "customProperties",
    "lastAccessedDate",
    "allowRestApiAccess",
    "userId",
    "externalUserId",
    "countryCode",
    "street",
    "postalCode",
    "city",
];

impl Desk<'_> {
    /// Answers a call of a client whose token belongs to this reseller.
    pub(super) fn answer(&mut self, token_reseller: &str) -> Outcome {
        let path = self.path.to_ascii_lowercase();
        match route::find(self.method, &path)? {
            Route::Health => Ok(Answer::one(Value::from("Healthy"), "is healthy")),
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
                people::answer(self, Population::Users { organization }, ask)
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

    /// The fields of the body, with known keys in their own casing whatever the client's.
    pub(super) fn fields(&self) -> Result<Map<String, Value>, Refusal> {
        match self
            .body
            .cloned()
            .map(|body| with_keys(body, &canonical_key))
        {
            Some(Value::Object(fields)) => Ok(fields),
            _ => Err(Refusal::Fields(vec![(
                "",
                "A JSON object is required as the body.".to_owned(),
            )])),
        }
    }

    /// The answer to a create, with the id where the switch wants it.
    pub(super) fn created(&self, id: &str, object: Value, note: String) -> Answer {
        let payload = match self.switches.created_id {
            CreatedId::BodyString => Payload::One(Value::from(id)),
            CreatedId::BodyObject => Payload::One(object),
            CreatedId::Location | CreatedId::Neither => Payload::Empty,
        };
        let path = self.path.trim_end_matches('/');
        let location = (self.switches.created_id == CreatedId::Location)
            .then(|| format!("{LOCATION_HOST}{path}/{id}"));
        Answer {
            location,
            ..Answer::new(StatusCode::CREATED, payload, note)
        }
    }

    /// A role id as the switch writes it.
    pub(super) fn role_id(&self, id: i64) -> Value {
        match self.switches.role_ids {
            RoleIds::Number => Value::from(id),
            RoleIds::String => Value::from(id.to_string()),
        }
    }
}

fn canonical_key(key: &str) -> String {
    KNOWN_KEYS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(key))
        .map_or_else(
            || first_letter(key, char::to_ascii_lowercase),
            |known| (*known).to_owned(),
        )
}
