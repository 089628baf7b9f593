//! The address table: which method and path mean what (`reference/cloudmore-api.md`, section 3).

use super::refusal::Refusal;

/// What a call below `/api` asks for. Ids are lower-cased, as paths are matched without regard to case.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    Health,
    /// People or accounts that no bridge may touch.
    Trap,
    Reseller {
        reseller: &'a str,
        ask: ResellerAsk<'a>,
    },
}

/// Below `/api/resellers/{resellerId}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ResellerAsk<'a> {
    Roles,
    Services,
    ServiceSubscriptions(&'a str),
    CustomProperties,
    Organizations,
    OrganizationGroups,
    OrganizationGroupMembers(&'a str),
    Administrators(PeopleAsk<'a>),
    Organization {
        organization: &'a str,
        ask: OrganizationAsk<'a>,
    },
}

/// Users of an organization or administrators of a reseller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PeopleAsk<'a> {
    List,
    Create,
    Read(&'a str),
    Replace(&'a str),
    Delete(&'a str),
}

/// Below `/api/resellers/{resellerId}/organizations/{organizationId}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OrganizationAsk<'a> {
    Detail,
    Roles,
    Users(PeopleAsk<'a>),
    Services,
    Service(&'a str),
    Subscriptions(&'a str),
    Subscription {
        service: &'a str,
        subscription: &'a str,
    },
    Seats {
        service: &'a str,
        subscription: &'a str,
        ask: SeatAsk<'a>,
    },
    Groups(GroupAsk<'a>),
    /// The customer's Microsoft users.
    Trap,
}

/// Users assigned to a subscription.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SeatAsk<'a> {
    List,
    Assign,
    SetExternalId,
    Unassign(&'a str),
}

/// User groups and their members.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum GroupAsk<'a> {
    List,
    Create,
    Read(&'a str),
    Rename(&'a str),
    Delete(&'a str),
    Members(&'a str),
    AddMember(&'a str),
    RemoveMember { group: &'a str, member: &'a str },
}

/// Whether a call goes where no bridge may go, allowed or not.
pub(super) fn is_trap(method: &str, path: &str) -> bool {
    match find(method, &path.to_ascii_lowercase()) {
        Ok(Route::Reseller { ask, .. }) => matches!(
            ask,
            ResellerAsk::Organization {
                ask: OrganizationAsk::Trap,
                ..
            }
        ),
        Ok(found) => found == Route::Trap,
        Err(_) => false,
    }
}

/// Finds the route of a lower-cased path.
pub(super) fn find<'a>(method: &str, path: &'a str) -> Result<Route<'a>, Refusal> {
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').skip(1).collect();
    route(method, &parts).ok_or_else(|| {
        let other_method = ["GET", "POST", "PUT", "DELETE"]
            .iter()
            .any(|other| route(other, &parts).is_some());
        if other_method {
            Refusal::Method
        } else {
            Refusal::NotFound
        }
    })
}

fn route<'a>(method: &str, parts: &[&'a str]) -> Option<Route<'a>> {
    match (method, parts) {
        ("GET", ["api", "healthcheck"]) => Some(Route::Health),
        (_, ["api", "sellers", _, "selleradministrators", ..]) => Some(Route::Trap),
        (_, ["api", "resellers", reseller, rest @ ..]) => {
            let ask = reseller_ask(method, rest)?;
            Some(Route::Reseller { reseller, ask })
        }
        _ => None,
    }
}

fn reseller_ask<'a>(method: &str, parts: &[&'a str]) -> Option<ResellerAsk<'a>> {
    match (method, parts) {
        ("GET", ["resellerroles"]) => Some(ResellerAsk::Roles),
        ("GET", ["services"]) => Some(ResellerAsk::Services),
        ("GET", ["services", service, "subscriptions"]) => {
            Some(ResellerAsk::ServiceSubscriptions(service))
        }
        ("GET", ["settings", "customproperties"]) => Some(ResellerAsk::CustomProperties),
        ("GET", ["organizations"]) => Some(ResellerAsk::Organizations),
        ("GET", ["organizationgroups"]) => Some(ResellerAsk::OrganizationGroups),
        ("GET", ["organizationgroups", group, "members"]) => {
            Some(ResellerAsk::OrganizationGroupMembers(group))
        }
        (_, ["reselleradministrators", rest @ ..]) => {
            people_ask(method, rest).map(ResellerAsk::Administrators)
        }
        (_, ["organizations", organization, rest @ ..]) => {
            let ask = organization_ask(method, rest)?;
            Some(ResellerAsk::Organization { organization, ask })
        }
        _ => None,
    }
}

fn organization_ask<'a>(method: &str, parts: &[&'a str]) -> Option<OrganizationAsk<'a>> {
    match (method, parts) {
        ("GET", []) => Some(OrganizationAsk::Detail),
        ("GET", ["organizationroles"]) => Some(OrganizationAsk::Roles),
        (_, ["users", rest @ ..]) => people_ask(method, rest).map(OrganizationAsk::Users),
        (_, ["usergroups", rest @ ..]) => group_ask(method, rest).map(OrganizationAsk::Groups),
        (_, ["services", "csp" | "azure", "users", ..]) => Some(OrganizationAsk::Trap),
        ("GET", ["services"]) => Some(OrganizationAsk::Services),
        ("GET", ["services", service]) => Some(OrganizationAsk::Service(service)),
        ("GET", ["services", service, "subscriptions"]) => {
            Some(OrganizationAsk::Subscriptions(service))
        }
        ("GET", ["services", service, "subscriptions", subscription]) => {
            Some(OrganizationAsk::Subscription {
                service,
                subscription,
            })
        }
        (
            _,
            [
                "services",
                service,
                "subscriptions",
                subscription,
                "users",
                rest @ ..,
            ],
        ) => {
            let ask = seat_ask(method, rest)?;
            Some(OrganizationAsk::Seats {
                service,
                subscription,
                ask,
            })
        }
        _ => None,
    }
}

fn people_ask<'a>(method: &str, parts: &[&'a str]) -> Option<PeopleAsk<'a>> {
    match (method, parts) {
        ("GET", []) => Some(PeopleAsk::List),
        ("POST", []) => Some(PeopleAsk::Create),
        ("GET", [id]) => Some(PeopleAsk::Read(id)),
        ("PUT", [id]) => Some(PeopleAsk::Replace(id)),
        ("DELETE", [id]) => Some(PeopleAsk::Delete(id)),
        _ => None,
    }
}

fn seat_ask<'a>(method: &str, parts: &[&'a str]) -> Option<SeatAsk<'a>> {
    match (method, parts) {
        ("GET", []) => Some(SeatAsk::List),
        ("POST", []) => Some(SeatAsk::Assign),
        ("PUT", []) => Some(SeatAsk::SetExternalId),
        ("DELETE", [user]) => Some(SeatAsk::Unassign(user)),
        _ => None,
    }
}

fn group_ask<'a>(method: &str, parts: &[&'a str]) -> Option<GroupAsk<'a>> {
    match (method, parts) {
        ("GET", []) => Some(GroupAsk::List),
        ("POST", []) => Some(GroupAsk::Create),
        ("GET", [group]) => Some(GroupAsk::Read(group)),
        ("PUT", [group]) => Some(GroupAsk::Rename(group)),
        ("DELETE", [group]) => Some(GroupAsk::Delete(group)),
        ("GET", [group, "members"]) => Some(GroupAsk::Members(group)),
        ("POST", [group, "members"]) => Some(GroupAsk::AddMember(group)),
        ("DELETE", [group, "members", member]) => Some(GroupAsk::RemoveMember { group, member }),
        _ => None,
    }
}
