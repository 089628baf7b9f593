//! User groups of an organization and their members (`reference/cloudmore-api.md`, section 4.5).

use serde_json::{Value, json};

use super::api::{Desk, Outcome};
use super::models::Model;
use super::refusal::Refusal;
use super::reply::{Answer, Payload};
use super::route::GroupAsk;
use super::switches::{GroupMemberIds, GroupMemberKey};
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
            Ok(desk.removed(format!("deletes user group {}", group.name)))
        }
        GroupAsk::Members(id) => {
            let organization = here(desk, organization)?;
            let group = find(organization, id)?;
            let rows = group
                .members
                .iter()
                .map(|id| {
                    let name = organization.user(id).map(Person::name);
                    json!({ "id": member_id(desk, id), "name": name })
                })
                .collect();
            Ok(Answer::list(
                rows,
                &format!("members of user group {}", group.name),
            ))
        }
        GroupAsk::AddMember(id) => add_member(desk, organization, id),
        GroupAsk::RemoveMember { group, member } => {
            remove_member(desk, organization, group, member)
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
    let answer = desk.created(Model::UserGroup, &group.id, shown(&group), note);
    desk.world
        .organization_mut(organization)
        .ok_or(Refusal::NotFound)?
        .groups
        .push(group);
    Ok(answer)
}

fn add_member(desk: &mut Desk<'_>, organization: &str, group: &str) -> Outcome {
    let user_id = match desk.switches.group_member_key {
        GroupMemberKey::UserId => text(desk, "userId", "UserId"),
        GroupMemberKey::Id => text(desk, "id", "Id"),
        GroupMemberKey::Either => text(desk, "userId", "UserId")
            .or_else(|refusal| text(desk, "id", "UserId").map_err(|_| refusal)),
    }?;
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
    Ok(Answer::new(desk.created_status(), Payload::Empty, note))
}

fn remove_member(desk: &mut Desk<'_>, organization: &str, group: &str, member: &str) -> Outcome {
    let members = &find(here(desk, organization)?, group)?.members;
    let user = members
        .iter()
        .find(|id| member_id(desk, id).eq_ignore_ascii_case(member))
        .cloned()
        .ok_or(Refusal::NotFound)?;
    let group = find_mut(desk, organization, group)?;
    group.members.retain(|each| *each != user);
    let note = format!("removes a member of user group {}", group.name);
    Ok(desk.removed(note))
}

/// The id that a member has in the list of members and in the path of a DELETE.
fn member_id(desk: &Desk<'_>, user: &str) -> String {
    match desk.switches.group_member_ids {
        GroupMemberIds::User => user.to_owned(),
        GroupMemberIds::Membership => format!("membership-of-{user}"),
    }
}

fn text(desk: &Desk<'_>, field: &str, model_name: &str) -> Result<String, Refusal> {
    desk.fields(Model::UserGroup)?
        .get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| {
            let message = format!("The {model_name} field is required.");
            Refusal::Fields(vec![(model_name.to_owned(), message)])
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
