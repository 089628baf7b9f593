//! User groups of an organization and their members (`reference/cloudmore-api.md`, section 4.5).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::api::{Desk, Outcome};
use super::reply::{Answer, Payload, Refusal};
use super::route::GroupAsk;
use super::world::{Organization, Person, UserGroup};

pub(super) fn answer(desk: &mut Desk<'_>, organization: &str, ask: GroupAsk<'_>) -> Outcome {
    match ask {
        GroupAsk::List => {
            let rows = here(desk, organization)?.groups.iter().map(shown).collect();
            Ok(Answer::list(rows, "user groups"))
        }
        GroupAsk::Create => create(desk, organization),
        GroupAsk::Read(id) => {
            let group = find(here(desk, organization)?, id)?;
            let note = format!("reads user group {}", group.name);
            Ok(Answer::one(shown(group), note))
        }
        GroupAsk::Rename(id) => {
            let name = text(desk, "name", "Name")?;
            let group = find_mut(desk, organization, id)?;
            group.name = name;
            Ok(Answer::done(format!("updates user group {}", group.name)))
        }
        GroupAsk::Delete(id) => {
            let group = find(here(desk, organization)?, id)?.clone();
            if let Some(organization) = desk.world.organization_mut(organization) {
                organization.groups.retain(|each| each.id != group.id);
            }
            Ok(Answer::done(format!("deletes user group {}", group.name)))
        }
        GroupAsk::Members(id) => {
            let organization = here(desk, organization)?;
            let group = find(organization, id)?;
            let rows = group
                .members
                .iter()
                .map(|id| json!({ "id": id, "name": organization.user(id).map(Person::name) }))
                .collect();
            Ok(Answer::list(
                rows,
                &format!("members of user group {}", group.name),
            ))
        }
        GroupAsk::AddMember(id) => add_member(desk, organization, id),
        GroupAsk::RemoveMember { group, member } => {
            let group = find_mut(desk, organization, group)?;
            let before = group.members.len();
            group
                .members
                .retain(|each| !each.eq_ignore_ascii_case(member));
            if group.members.len() == before {
                return Err(Refusal::NotFound);
            }
            Ok(Answer::done(format!(
                "removes a member of user group {}",
                group.name
            )))
        }
    }
}

fn create(desk: &mut Desk<'_>, organization: &str) -> Outcome {
    let group = UserGroup {
        name: text(desk, "name", "Name")?,
        id: desk.world.new_id(),
        members: Vec::new(),
    };
    let note = format!("creates user group {}", group.name);
    let answer = desk.created(&group.id, shown(&group), note);
    desk.world
        .organization_mut(organization)
        .ok_or(Refusal::NotFound)?
        .groups
        .push(group);
    Ok(answer)
}

fn add_member(desk: &mut Desk<'_>, organization: &str, group: &str) -> Outcome {
    let user_id = text(desk, "userId", "UserId").or_else(|refusal| {
        // The key is not known; `id` is the other likely one.
        text(desk, "id", "UserId").map_err(|_| refusal)
    })?;
    let user = here(desk, organization)?
        .user(&user_id)
        .cloned()
        .ok_or_else(|| Refusal::Rule("The user does not exist in this organization.".to_owned()))?;
    let group = find_mut(desk, organization, group)?;
    if group.members.contains(&user.id) {
        return Err(Refusal::Rule("The user is a member already.".to_owned()));
    }
    let note = format!("adds {} to user group {}", user.name(), group.name);
    group.members.push(user.id);
    Ok(Answer::new(StatusCode::CREATED, Payload::Empty, note))
}

fn text(desk: &Desk<'_>, field: &str, model_name: &'static str) -> Result<String, Refusal> {
    desk.fields()?
        .get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| {
            let message = format!("The {model_name} field is required.");
            Refusal::Fields(vec![(model_name, message)])
        })
}

fn here<'d>(desk: &'d Desk<'_>, organization: &str) -> Result<&'d Organization, Refusal> {
    desk.world
        .organization(organization)
        .ok_or(Refusal::NotFound)
}

fn find<'o>(organization: &'o Organization, id: &str) -> Result<&'o UserGroup, Refusal> {
    organization
        .groups
        .iter()
        .find(|group| group.id.eq_ignore_ascii_case(id))
        .ok_or(Refusal::NotFound)
}

fn find_mut<'d>(
    desk: &'d mut Desk<'_>,
    organization: &str,
    id: &str,
) -> Result<&'d mut UserGroup, Refusal> {
    desk.world
        .organization_mut(organization)
        .and_then(|organization| {
            organization
                .groups
                .iter_mut()
                .find(|group| group.id.eq_ignore_ascii_case(id))
        })
        .ok_or(Refusal::NotFound)
}

fn shown(group: &UserGroup) -> Value {
    json!({ "id": group.id, "name": group.name })
}
