//! Organization users and reseller administrators: one life, two populations.

use serde_json::{Map, Value};

use super::api::{Desk, Outcome};
use super::population::Population;
use super::refusal::Refusal;
use super::reply::Answer;
use super::route::PeopleAsk;
use super::rules::{self, Purpose};
use super::stored;
use super::switches::{
    ActiveFlag, Delete, DeleteAssigned, DeleteMissing, ListRows, MissingIs, PersonIds, Put,
    PutName, PutReply, PutRole, RoleOnPut, UnknownFields,
};
use super::view::shown;
use super::world::Person;

pub(super) fn answer(desk: &mut Desk<'_>, whose: Population<'_>, ask: PeopleAsk<'_>) -> Outcome {
    match ask {
        PeopleAsk::List => Ok(list(desk, whose)),
        PeopleAsk::Create => create(desk, whose),
        PeopleAsk::Read(id) => read(desk, whose, id),
        PeopleAsk::Replace(id) => replace(desk, whose, id),
        PeopleAsk::Delete(id) => delete(desk, whose, id),
    }
}

fn list(desk: &mut Desk<'_>, whose: Population<'_>) -> Answer {
    let hidden = desk.lag.hidden(whose.people(desk.world));
    let rows = whose
        .people(desk.world)
        .iter()
        .filter(|person| !hidden.contains(&person.id))
        .map(|person| shown(desk, whose, person, desk.switches.list_rows))
        .collect();
    Answer::list(rows, &format!("{}s", whose.noun()))
}

fn read(desk: &Desk<'_>, whose: Population<'_>, id: &str) -> Outcome {
    let person = match find(desk, whose, id) {
        Err(Refusal::Nobody) if desk.switches.missing_is == MissingIs::Null => {
            return Ok(Answer::one(Value::Null, "reads nobody"));
        }
        found => found?,
    };
    let note = format!("reads {} {}", whose.noun(), person.name());
    Ok(Answer::one(
        shown(desk, whose, &person, ListRows::Full),
        note,
    ))
}

fn create(desk: &mut Desk<'_>, whose: Population<'_>) -> Outcome {
    let incoming = desk.fields(whose.model())?;
    rules::check(desk, whose, &incoming, Purpose::Create)?;
    let fields = stored::own(desk, whose, incoming)?;
    let id = match desk.switches.person_ids {
        PersonIds::Guid => desk.world.new_id(),
        PersonIds::Number => desk.world.new_number(),
    };
    let person = Person {
        id,
        last_accessed_date: None,
        fields,
    };
    let note = format!("creates {} {}", whose.noun(), person.name());
    let object = shown(desk, whose, &person, ListRows::Full);
    let answer = desk.created(whose.model(), &person.id, object, note);
    desk.lag.begin(&person.id, desk.switches.list_lag);
    whose
        .people_mut(desk.world)
        .ok_or(Refusal::NotFound)?
        .push(person);
    Ok(answer)
}

fn replace(desk: &mut Desk<'_>, whose: Population<'_>, id: &str) -> Outcome {
    let person = find(desk, whose, id)?;
    let mut incoming = desk.fields(whose.model())?;
    // An account cannot be without a login name, so one that is left out stays.
    if desk.switches.put_name == PutName::Keeps || !incoming.contains_key("name") {
        incoming.insert("name".to_owned(), Value::from(person.name()));
    }
    let no_role = incoming.get("roleId").is_none_or(Value::is_null);
    if desk.switches.role_on_put == RoleOnPut::Optional && no_role {
        incoming.insert("roleId".to_owned(), Value::from(person.role_id()));
    }
    rules::check(desk, whose, &incoming, Purpose::Replace(&person))?;
    let cleared: Vec<String> = incoming
        .iter()
        .filter(|(_, value)| value.is_null())
        .map(|(key, _)| key.clone())
        .collect();
    let given = stored::own(desk, whose, incoming)?;
    let mut fields = kept(desk, whose, &person);
    fields.extend(given);
    for key in &cleared {
        fields.remove(key);
    }
    if desk.switches.put_role == PutRole::Keeps {
        restore(&mut fields, &person, "roleId");
    }
    if desk.switches.active_flag == ActiveFlag::Ignored {
        restore(&mut fields, &person, "isActive");
    }
    let after = Person { fields, ..person };
    let note = format!("updates {} {}", whose.noun(), after.name());
    let reply = match desk.switches.put_reply {
        PutReply::NoContent => Answer::done(note),
        PutReply::Body => Answer::one(shown(desk, whose, &after, ListRows::Full), note),
    };
    let place = whose
        .people_mut(desk.world)
        .and_then(|people| people.iter_mut().find(|each| each.id == after.id))
        .ok_or(Refusal::NotFound)?;
    *place = after;
    Ok(reply)
}

fn restore(fields: &mut Map<String, Value>, before: &Person, field: &str) {
    match before.fields.get(field) {
        Some(value) => fields.insert(field.to_owned(), value.clone()),
        None => fields.remove(field),
    };
}

/// What a PUT leaves of the person before it lays its own fields over it.
fn kept(desk: &Desk<'_>, whose: Population<'_>, person: &Person) -> Map<String, Value> {
    match (desk.switches.put, desk.switches.unknown_fields) {
        (Put::Keeps, _) => person.fields.clone(),
        (Put::Clears, UnknownFields::Stored) => Map::new(),
        // What the API does not know it cannot clear either.
        (Put::Clears, UnknownFields::Dropped) => person
            .fields
            .iter()
            .filter(|(key, _)| !whose.model().knows(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    }
}

fn delete(desk: &mut Desk<'_>, whose: Population<'_>, id: &str) -> Outcome {
    let person = match find(desk, whose, id) {
        Err(Refusal::Nobody) if desk.switches.delete_missing == DeleteMissing::NoContent => {
            return Ok(Answer::done("deletes nobody"));
        }
        found => found?,
    };
    let assigned = desk.world.subscriptions_of(&person.id).len();
    if assigned > 0 && desk.switches.delete_assigned == DeleteAssigned::Refuses {
        return Err(Refusal::Rule(format!(
            "{} is assigned to {assigned} subscription(s).",
            person.name()
        )));
    }
    let whom = format!("{} {}", whose.noun(), person.name());
    if desk.switches.delete == Delete::Keeps {
        return Ok(desk.removed(format!("says that it deletes {whom}, and does not")));
    }
    if let Some(people) = whose.people_mut(desk.world) {
        people.retain(|each| each.id != person.id);
    }
    if let Population::Users { organization, .. } = whose
        && let Some(organization) = desk.world.organization_mut(organization)
    {
        organization.forget(&person.id);
    }
    let also = if assigned > 0 {
        format!(" and {assigned} assignment(s)")
    } else {
        String::new()
    };
    Ok(desk.removed(format!("deletes {whom}{also}")))
}

fn find(desk: &Desk<'_>, whose: Population<'_>, id: &str) -> Result<Person, Refusal> {
    whose
        .people(desk.world)
        .iter()
        .find(|person| person.id.eq_ignore_ascii_case(id))
        .cloned()
        .ok_or(Refusal::Nobody)
}
