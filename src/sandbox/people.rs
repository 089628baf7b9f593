//! Organization users and reseller administrators: one life, two populations.

use serde_json::{Map, Value};

use super::api::{Desk, KNOWN_KEYS, Outcome};
use super::reply::{Answer, Refusal};
use super::route::PeopleAsk;
use super::rules::{self, Purpose};
use super::switches::{DeleteAssigned, ListRows, Put, PutName, PutReply, UnknownFields};
use super::world::{Person, Role, World};

/// What a short list row shows.
const SHORT_ROW: [&str; 5] = ["name", "firstName", "lastName", "displayName", "email"];
/// Keys that are never a person's own field.
const NOT_STORED: [&str; 4] = ["id", "roleName", "lastAccessedDate", "password"];

/// Whose people.
#[derive(Clone, Copy)]
pub(super) enum Population<'a> {
    Administrators { reseller: &'a str },
    Users { organization: &'a str },
}

impl Population<'_> {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Administrators { .. } => "administrator",
            Self::Users { .. } => "user",
        }
    }

    pub(super) fn people(self, world: &World) -> &[Person] {
        match self {
            Self::Administrators { reseller } => world
                .reseller(reseller)
                .map_or(&[], |each| each.administrators.as_slice()),
            Self::Users { organization } => world
                .organization(organization)
                .map_or(&[], |each| each.users.as_slice()),
        }
    }

    fn people_mut(self, world: &mut World) -> Option<&mut Vec<Person>> {
        match self {
            Self::Administrators { reseller } => world
                .reseller_mut(reseller)
                .map(|each| &mut each.administrators),
            Self::Users { organization } => world
                .organization_mut(organization)
                .map(|each| &mut each.users),
        }
    }

    pub(super) fn roles(self, world: &World) -> &[Role] {
        match self {
            Self::Administrators { reseller } => world
                .reseller(reseller)
                .map_or(&[], |each| each.roles.as_slice()),
            Self::Users { organization } => world
                .organization(organization)
                .map_or(&[], |each| each.roles.as_slice()),
        }
    }

    /// Domains that names may have; any when empty.
    pub(super) fn domains(self, world: &World) -> &[String] {
        match self {
            Self::Administrators { .. } => &[],
            Self::Users { organization } => world
                .organization(organization)
                .map_or(&[], |each| each.domains.as_slice()),
        }
    }
}

pub(super) fn answer(desk: &mut Desk<'_>, whose: Population<'_>, ask: PeopleAsk<'_>) -> Outcome {
    let noun = whose.noun();
    match ask {
        PeopleAsk::List => {
            let rows = whose
                .people(desk.world)
                .iter()
                .map(|person| shown(desk, whose, person, desk.switches.list_rows))
                .collect();
            Ok(Answer::list(rows, &format!("{noun}s")))
        }
        PeopleAsk::Create => create(desk, whose),
        PeopleAsk::Read(id) => {
            let person = find(desk, whose, id)?;
            let note = format!("reads {noun} {}", person.name());
            Ok(Answer::one(
                shown(desk, whose, &person, ListRows::Full),
                note,
            ))
        }
        PeopleAsk::Replace(id) => replace(desk, whose, id),
        PeopleAsk::Delete(id) => delete(desk, whose, id),
    }
}

fn create(desk: &mut Desk<'_>, whose: Population<'_>) -> Outcome {
    let incoming = desk.fields()?;
    rules::check(desk, whose, &incoming, Purpose::Create)?;
    let person = Person {
        id: desk.world.new_id(),
        last_accessed_date: None,
        fields: storable(desk, incoming),
    };
    let note = format!("creates {} {}", whose.noun(), person.name());
    let answer = desk.created(
        &person.id,
        shown(desk, whose, &person, ListRows::Full),
        note,
    );
    whose
        .people_mut(desk.world)
        .ok_or(Refusal::NotFound)?
        .push(person);
    Ok(answer)
}

fn replace(desk: &mut Desk<'_>, whose: Population<'_>, id: &str) -> Outcome {
    let person = find(desk, whose, id)?;
    let mut incoming = desk.fields()?;
    // An account cannot be without a login name, so one that is left out stays.
    if desk.switches.put_name == PutName::Keeps || !incoming.contains_key("name") {
        incoming.insert("name".to_owned(), Value::from(person.name()));
    }
    rules::check(desk, whose, &incoming, Purpose::Replace(&person.id))?;
    let cleared = incoming
        .iter()
        .filter(|(_, value)| value.is_null())
        .map(|(key, _)| key.clone())
        .collect::<Vec<_>>();
    let given = storable(desk, incoming);
    let mut fields = match desk.switches.put {
        Put::Keeps => person.fields.clone(),
        Put::Clears => match desk.switches.unknown_fields {
            UnknownFields::Stored => Map::new(),
            // What the API does not know it cannot clear either.
            UnknownFields::Dropped => person
                .fields
                .iter()
                .filter(|(key, _)| !known(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        },
    };
    fields.extend(given);
    for key in &cleared {
        fields.remove(key);
    }
    let after = Person { fields, ..person };
    let note = format!("updates {} {}", whose.noun(), after.name());
    let reply = match desk.switches.put_reply {
        PutReply::NoContent => Answer::done(note),
        PutReply::Body => Answer::one(shown(desk, whose, &after, ListRows::Full), note),
    };
    let stored = whose
        .people_mut(desk.world)
        .and_then(|people| people.iter_mut().find(|each| each.id == after.id))
        .ok_or(Refusal::NotFound)?;
    *stored = after;
    Ok(reply)
}

fn delete(desk: &mut Desk<'_>, whose: Population<'_>, id: &str) -> Outcome {
    let person = find(desk, whose, id)?;
    let assigned = desk.world.subscriptions_of(&person.id).len();
    if assigned > 0 && desk.switches.delete_assigned == DeleteAssigned::Refuses {
        return Err(Refusal::Rule(format!(
            "{} is assigned to {assigned} subscription(s).",
            person.name()
        )));
    }
    if let Some(people) = whose.people_mut(desk.world) {
        people.retain(|each| each.id != person.id);
    }
    if let Population::Users { organization } = whose
        && let Some(organization) = desk.world.organization_mut(organization)
    {
        for subscription in &mut organization.subscriptions {
            subscription
                .assignments
                .retain(|each| each.user_id != person.id);
        }
        for group in &mut organization.groups {
            group.members.retain(|member| *member != person.id);
        }
    }
    let also = if assigned > 0 {
        format!(" and {assigned} assignment(s)")
    } else {
        String::new()
    };
    Ok(Answer::done(format!(
        "deletes {} {}{also}",
        whose.noun(),
        person.name()
    )))
}

fn find(desk: &Desk<'_>, whose: Population<'_>, id: &str) -> Result<Person, Refusal> {
    whose
        .people(desk.world)
        .iter()
        .find(|person| person.id.eq_ignore_ascii_case(id))
        .cloned()
        .ok_or(Refusal::NotFound)
}

/// The person as the API shows it.
fn shown(desk: &Desk<'_>, whose: Population<'_>, person: &Person, rows: ListRows) -> Value {
    let mut view = Map::new();
    view.insert("id".to_owned(), Value::from(person.id.clone()));
    for (key, value) in &person.fields {
        if rows == ListRows::Full || SHORT_ROW.contains(&key.as_str()) {
            view.insert(key.clone(), value.clone());
        }
    }
    if let Some(role) = person.role_id() {
        let name = whose
            .roles(desk.world)
            .iter()
            .find(|each| each.id == role)
            .map(|each| each.name.clone());
        view.insert("roleId".to_owned(), desk.role_id(role));
        view.insert("roleName".to_owned(), Value::from(name));
    }
    let accessed = Value::from(person.last_accessed_date.clone());
    view.insert("lastAccessedDate".to_owned(), accessed);
    Value::Object(view)
}

/// The fields of a body that become the person's own, the role id as a number.
fn storable(desk: &Desk<'_>, incoming: Map<String, Value>) -> Map<String, Value> {
    let role = rules::role_id(&incoming);
    let mut fields: Map<String, Value> = incoming
        .into_iter()
        .filter(|(key, value)| {
            !value.is_null()
                && !NOT_STORED.contains(&key.as_str())
                && (known(key) || desk.switches.unknown_fields == UnknownFields::Stored)
        })
        .collect();
    if let Some(role) = role {
        fields.insert("roleId".to_owned(), Value::from(role));
    }
    fields
}

fn known(key: &str) -> bool {
    KNOWN_KEYS.contains(&key)
}
