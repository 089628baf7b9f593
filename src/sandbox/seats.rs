//! Users on a subscription: list, assign, set the external id, unassign.

use serde_json::{Map, Value, json};

use super::api::{Desk, Outcome};
use super::models::Model;
use super::refusal::Refusal;
use super::reply::{Answer, Payload};
use super::route::SeatAsk;
use super::switches::{
    Cancelled, ExternalIdOnAssign, PutReply, SeatRows, SeatsExhausted, Unassign, UnassignMissing,
};
use super::world::{Assignment, Organization, Person, Subscription};

/// The address of one subscription's users.
pub(super) struct Seats<'a> {
    pub(super) reseller: &'a str,
    pub(super) organization: &'a str,
    pub(super) service: &'a str,
    pub(super) subscription: &'a str,
}

impl Seats<'_> {
    pub(super) fn answer(&self, desk: &mut Desk<'_>, ask: SeatAsk<'_>) -> Outcome {
        // The whole path has to be right, the service included.
        let subscription = self.subscription(desk)?.clone();
        match ask {
            SeatAsk::List => self.list(desk, &subscription),
            SeatAsk::Assign => self.assign(desk, &subscription),
            SeatAsk::SetExternalId => self.set_external_id(desk, &subscription),
            SeatAsk::Unassign(user) => self.unassign(desk, &subscription, user),
        }
    }

    fn list(&self, desk: &Desk<'_>, subscription: &Subscription) -> Outcome {
        let organization = self.organization(desk)?;
        let rows = subscription
            .assignments
            .iter()
            .map(|assignment| row(desk, organization, assignment))
            .collect();
        Ok(Answer::list(
            rows,
            &format!("users of {}", subscription.product),
        ))
    }

    fn assign(&self, desk: &mut Desk<'_>, subscription: &Subscription) -> Outcome {
        let fields = desk.fields(Model::Seat)?;
        let user = self.user(desk, &fields)?;
        let service = desk
            .world
            .reseller(self.reseller)
            .and_then(|reseller| reseller.service(self.service))
            .ok_or(Refusal::NotFound)?;
        let taken = subscription.assignments.len();
        let full = if !service.allow_multiple_users && taken >= 1 {
            Some("The subscription takes a single user.")
        } else if subscription.quantity.is_some_and(|seats| taken >= seats) {
            Some("No licenses are left.")
        } else {
            None
        };
        if !service.user_assigned {
            let why = "The service is not user assigned.";
            return Err(Refusal::Rule(why.to_owned()));
        }
        if subscription.cancelled && desk.switches.cancelled == Cancelled::Refuses {
            let why = "The subscription is cancelled.";
            return Err(Refusal::Rule(why.to_owned()));
        }
        if subscription.has(&user.id) {
            return Err(Refusal::AlreadyAssigned);
        }
        if let Some(why) = full
            && desk.switches.seats_exhausted != SeatsExhausted::Overbooks
        {
            return Err(Refusal::NoSeats(why.to_owned()));
        }
        let note = format!(
            "assigns {} to {} / {}",
            user.name(),
            service.name,
            subscription.product
        );
        let external_user_id = match desk.switches.external_id_on_assign {
            ExternalIdOnAssign::Taken => external_id(&fields),
            ExternalIdOnAssign::Ignored => None,
        };
        self.stored(desk)?.assignments.push(Assignment {
            user_id: user.id,
            external_user_id,
        });
        Ok(Answer::new(desk.created_status(), Payload::Empty, note))
    }

    fn set_external_id(&self, desk: &mut Desk<'_>, subscription: &Subscription) -> Outcome {
        let fields = desk.fields(Model::Seat)?;
        let user = self.user(desk, &fields)?;
        let note = format!(
            "sets the external id of {} on {}",
            user.name(),
            subscription.product
        );
        let stored = self
            .stored(desk)?
            .assignments
            .iter_mut()
            .find(|each| each.user_id == user.id)
            .ok_or(Refusal::NotFound)?;
        stored.external_user_id = external_id(&fields);
        let after = stored.clone();
        Ok(match desk.switches.put_reply {
            PutReply::NoContent => Answer::done(note),
            PutReply::Body => Answer::one(row(desk, self.organization(desk)?, &after), note),
        })
    }

    fn unassign(&self, desk: &mut Desk<'_>, subscription: &Subscription, user: &str) -> Outcome {
        let name = self
            .organization(desk)?
            .user(user)
            .map_or(user, Person::name)
            .to_owned();
        if !subscription.has(user) {
            return match desk.switches.unassign_missing {
                UnassignMissing::NotFound => Err(Refusal::NotFound),
                UnassignMissing::NoContent => Ok(desk.removed(format!(
                    "{name} is not assigned to {}",
                    subscription.product
                ))),
            };
        }
        let whom = format!("{name} from {}", subscription.product);
        if desk.switches.unassign == Unassign::Keeps {
            return Ok(desk.removed(format!("says that it unassigns {whom}, and does not")));
        }
        self.stored(desk)?
            .assignments
            .retain(|each| !each.user_id.eq_ignore_ascii_case(user));
        Ok(desk.removed(format!("unassigns {whom}")))
    }

    fn organization<'d>(&self, desk: &'d Desk<'_>) -> Result<&'d Organization, Refusal> {
        desk.world
            .organization(self.organization)
            .ok_or(Refusal::NotFound)
    }

    fn subscription<'d>(&self, desk: &'d Desk<'_>) -> Result<&'d Subscription, Refusal> {
        self.organization(desk)?
            .subscription(self.subscription)
            .filter(|each| each.service.eq_ignore_ascii_case(self.service))
            .ok_or(Refusal::NotFound)
    }

    fn stored<'d>(&self, desk: &'d mut Desk<'_>) -> Result<&'d mut Subscription, Refusal> {
        desk.world
            .subscription_mut(self.subscription)
            .ok_or(Refusal::NotFound)
    }

    /// The user that the body names, who has to be one of the organization's.
    fn user(&self, desk: &Desk<'_>, fields: &Map<String, Value>) -> Result<Person, Refusal> {
        let id = match fields.get("userId") {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => {
                let label = desk.switches.field_names.label(Model::Seat, "userId");
                let message = format!("The {label} field is required.");
                return Err(Refusal::Fields(vec![(label, message)]));
            }
        };
        self.organization(desk)?.user(&id).cloned().ok_or_else(|| {
            Refusal::Rule("The user does not exist in this organization.".to_owned())
        })
    }
}

fn external_id(fields: &Map<String, Value>) -> Option<String> {
    fields
        .get("externalUserId")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn row(desk: &Desk<'_>, organization: &Organization, assignment: &Assignment) -> Value {
    let mut row = json!({
        "userId": desk.person_id(&assignment.user_id),
        "externalUserId": assignment.external_user_id,
    });
    if desk.switches.seat_rows == SeatRows::WithNames
        && let Value::Object(fields) = &mut row
    {
        let user = organization.user(&assignment.user_id);
        for field in ["name", "displayName", "email"] {
            let value = user.map(|user| user.text(field));
            fields.insert(field.to_owned(), Value::from(value));
        }
    }
    desk.written(Model::Seat, row)
}
