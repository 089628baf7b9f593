//! One tenant's target, roles, services and subscriptions, compared with the lists in Cloudmore.

use std::collections::{HashMap, HashSet};

use super::examine::Notebook;
use super::report::{Finding, Verdict};
use crate::cloudmore::{Client, Failure, Listing, Role, Scope, Service, Subscription, Target};
use crate::config;
use crate::domain::model::{RoleId, SubscriptionRef};
use crate::domain::policy::PRIVILEGED;

/// Reseller roles that see only organizations which are assigned to them through organization
/// groups (`reference/cloudmore-api.md`, section 4.1).
const NEED_ORGANIZATION_GROUPS: [i64; 4] = [14, 17, 18, 26];

/// As many of what there is instead are named.
const NAMED: usize = 20;

/// The visit of one tenant.
pub(super) struct Visit<'v, 't> {
    tenant: &'v config::Tenant,
    /// The tenant's place in the configuration.
    at: String,
    client: &'v Client,
    target: Target,
    notebook: &'v mut Notebook<'t>,
}

impl<'v, 't> Visit<'v, 't> {
    pub(super) fn new(
        position: usize,
        tenant: &'v config::Tenant,
        client: &'v Client,
        notebook: &'v mut Notebook<'t>,
    ) -> Self {
        let scope = match &tenant.target {
            config::Target::Organization(id) => Scope::Organization(id.clone()),
            config::Target::Broker => Scope::Broker,
        };
        Self {
            tenant,
            at: format!("tenant[{position}]"),
            client,
            target: client.target(scope),
            notebook,
        }
    }

    /// Looks at everything. What cannot be read does not keep the rest from being looked at, unless
    /// there is no such organization.
    pub(super) async fn make(mut self) {
        match self.target.roles().await {
            Ok(roles) => {
                self.note(Verdict::Ok, "target", "Cloudmore has it");
                self.roles(&roles);
            }
            Err(failure) => {
                if !self.may_exist(&failure).await {
                    return;
                }
                self.unreadable("", "its roles", &failure);
            }
        }
        self.subscriptions().await;
    }

    /// Whether the target may exist although its roles cannot be read. Says so if it does not.
    async fn may_exist(&mut self, failure: &Failure) -> bool {
        let config::Target::Organization(id) = &self.tenant.target else {
            return true;
        };
        if failure.is_outage() {
            return true;
        }
        let Ok(organizations) = self.client.organizations().await else {
            return true;
        };
        if organizations.iter().any(|each| same(&each.id, id)) {
            return true;
        }
        let named = organizations.iter().map(|each| named(&each.id, &each.name));
        let says = format!("the broker has no organization {id}; {}", listed(named));
        self.note(Verdict::Problem, "target", says);
        false
    }

    fn roles(&mut self, roles: &Listing<Role>) {
        let policy = &self.tenant.policy;
        if let Some(role) = policy.default_role {
            self.role("default_role", role, roles);
        }
        for (position, mapping) in policy.mappings.iter().enumerate() {
            if let Some(role) = mapping.role {
                self.role(&format!("mapping[{position}].role"), role, roles);
            }
        }
    }

    fn role(&mut self, place: &str, wanted: RoleId, roles: &Listing<Role>) {
        let Some(role) = roles.iter().find(|role| role.id == wanted) else {
            let named = roles.iter().map(|role| named(role.id, &role.name));
            let says = format!("there is no role {wanted}; {}", listed(named));
            self.note(Verdict::Problem, place, says);
            return;
        };
        self.note(
            Verdict::Ok,
            place,
            format!("role {wanted} is \"{}\"", role.name),
        );
        let expected = self.tenant.policy.role_names.get(&wanted);
        if let Some(expected) = expected.filter(|expected| **expected != role.name) {
            let says = format!(
                "role {wanted} is \"{}\" in Cloudmore, not \"{expected}\": look whether it permits what it \
                 should, then correct the name",
                role.name
            );
            self.note(Verdict::Problem, place, says);
        }
        let is_broker = self.tenant.target == config::Target::Broker;
        let is_privileged = PRIVILEGED
            .iter()
            .any(|(_, name)| role.name.eq_ignore_ascii_case(name));
        if is_broker && is_privileged && !self.tenant.policy.privileged_roles {
            let says = format!(
                "role {wanted} is \"{}\", who can change everything at the broker, and will not be given: \
                 choose a lesser role, or add privileged_roles = true",
                role.name
            );
            self.note(Verdict::Problem, place, says);
        }
        if is_broker && NEED_ORGANIZATION_GROUPS.contains(&wanted.0) {
            let says = format!(
                "administrators with role {wanted} (\"{}\") see nothing until organization groups \
                 are assigned to them by hand in Cloudmore",
                role.name
            );
            self.note(Verdict::Note, place, says);
        }
    }

    async fn subscriptions(&mut self) {
        let granted = granted(self.tenant);
        if granted.is_empty() {
            return;
        }
        let services = match self.target.services().await {
            Ok(services) => services,
            Err(failure) => return self.unreadable("", "its services", &failure),
        };
        let mut read = HashMap::new();
        let mut counted = HashSet::new();
        for (place, granted) in granted {
            let Some(service) = services
                .iter()
                .find(|each| same(&each.id, &granted.service))
            else {
                let named = services.iter().map(|each| named(&each.id, &each.name));
                let says = format!(
                    "the organization has no service {}; {}",
                    granted.service,
                    listed(named)
                );
                self.note(Verdict::Problem, &place, says);
                continue;
            };
            if !read.contains_key(&service.id) {
                let subscriptions = self.target.subscriptions(&service.id).await;
                read.insert(service.id.clone(), subscriptions);
            }
            match read.get(&service.id) {
                Some(Ok(subscriptions)) => {
                    let found = self.subscription(&place, granted, service, subscriptions);
                    if let Some(found) = found.filter(|found| counted.insert(found.id.clone())) {
                        self.free_seats(&place, granted, found).await;
                    }
                }
                Some(Err(failure)) => self.unreadable(&place, "its subscription", failure),
                None => {}
            }
        }
    }

    /// The subscription, if people can be assigned to it.
    fn subscription<'s>(
        &mut self,
        place: &str,
        granted: &SubscriptionRef,
        service: &Service,
        subscriptions: &'s Listing<Subscription>,
    ) -> Option<&'s Subscription> {
        let wanted = &granted.subscription;
        let usable = subscriptions
            .iter()
            .filter(|each| each.cancelled != Some(true));
        let instead = listed(usable.map(|each| named(&each.id, &each.name)));
        let found = subscriptions.iter().find(|each| same(&each.id, wanted));
        let problem = match found {
            None => format!(
                "service \"{}\" has no subscription {wanted}; {instead}",
                service.name
            ),
            Some(found) if found.cancelled == Some(true) => format!(
                "subscription {wanted} (\"{}\") of service \"{}\" is cancelled; {instead}",
                found.name, service.name
            ),
            Some(_) if service.user_assigned == Some(false) => format!(
                "nobody can be assigned to service \"{}\": it belongs to the organization as a whole",
                service.name
            ),
            Some(found) => {
                if service.allows_multiple_users == Some(false) {
                    let says = format!(
                        "a subscription of service \"{}\" takes one user",
                        service.name
                    );
                    self.note(Verdict::Note, place, says);
                }
                let says = format!("\"{}\" of service \"{}\"", found.name, service.name);
                self.note(Verdict::Ok, place, says);
                return Some(found);
            }
        };
        self.note(Verdict::Problem, place, problem);
        None
    }

    /// A note when nobody else can be assigned; nothing when the number of seats is not known.
    async fn free_seats(&mut self, place: &str, at: &SubscriptionRef, found: &Subscription) {
        let Some(quantity) = found.quantity else {
            return;
        };
        let Ok(seats) = self.target.seats(at).await else {
            return;
        };
        if i64::try_from(seats.len()).is_ok_and(|taken| taken >= quantity) {
            let says = format!("all {quantity} seats of \"{}\" are taken", found.name);
            self.note(Verdict::Note, place, says);
        }
    }

    fn unreadable(&mut self, place: &str, what: &str, failure: &Failure) {
        let says = format!("{what} could not be checked: {failure}");
        self.note(Verdict::Problem, place, says);
    }

    fn note(&mut self, verdict: Verdict, place: &str, says: impl Into<String>) {
        let dot = if place.is_empty() { "" } else { "." };
        self.notebook.add(Finding {
            verdict,
            tenant: Some(self.tenant.id.to_string()),
            place: format!("{}{dot}{place}", self.at),
            says: says.into(),
        });
    }
}

/// Every subscription that a mapping grants, with its place below the tenant.
fn granted(tenant: &config::Tenant) -> Vec<(String, &SubscriptionRef)> {
    let mappings = tenant.policy.mappings.iter().enumerate();
    mappings
        .flat_map(|(mapping, rule)| {
            let subscriptions = rule.subscriptions.iter().enumerate();
            subscriptions.map(move |(position, granted)| {
                let place = format!("mapping[{mapping}].subscriptions[{position}]");
                (place, &granted.at)
            })
        })
        .collect()
}

fn named(id: impl std::fmt::Display, name: &str) -> String {
    format!("{id} (\"{name}\")")
}

/// What there is, in words.
fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.collect();
    let shown: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
    match names.len().saturating_sub(NAMED) {
        _ if names.is_empty() => "there are none".to_owned(),
        0 => format!("there are: {}", shown.join(", ")),
        more => format!("there are: {} and {more} more", shown.join(", ")),
    }
}

/// Ids are GUIDs as far as is known, and those are equal in either case.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
