//! `[[tenant]]`: one SCIM address, bound to one Cloudmore target, with its policies.

use std::time::Duration;

use crate::domain::credential::Credential;
use crate::domain::deadlines::LONGEST_SETTLE;
use crate::domain::gate::Gate;
use crate::domain::model::TenantId;
use crate::domain::policy::Policy;
use crate::scim::Dialect;

use super::account;
use super::broker::BROKER_ID;
use super::credential;
use super::deprovision;
use super::dialect;
use super::gate;
use super::guard;
use super::jwt::{self, Jwt};
use super::mapping;
use super::policy;
use super::reader::At;
use super::reconcile;
use super::role::Roles;
use super::section::Section;
use super::tree::Value;
use super::values;

/// One SCIM address, bound to one Cloudmore target.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its name in addresses: `/scim/{id}/v2`.
    pub id: TenantId,
    /// The id of the broker whose API account it uses.
    pub broker: String,
    /// Whose people it keeps.
    pub target: Target,
    /// Its rules.
    pub policy: Policy,
    /// How its client speaks SCIM.
    pub dialect: Dialect,
    /// What it takes from callers, besides what is in the store.
    pub credentials: Vec<Credential>,
    /// The issuers whose JWTs it takes.
    pub jwts: Vec<Jwt>,
    /// From where and how often it may be reached, and the client certificates that it takes.
    pub gate: Gate,
}

/// Whose people a tenant keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The users of one organization, by Cloudmore's id of it.
    Organization(String),
    /// The administrators of the broker itself.
    Broker,
}

const SHORTEST_SETTLE: Duration = Duration::from_millis(100);

/// What the rest of the configuration has that matters to tenants.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Whether credentials can be made while the bridge runs.
    pub(super) has_admin: bool,
    /// Whether private keys can be kept in the store.
    pub(super) seals: bool,
}

pub(super) fn read(at: &At<'_>, around: Around) -> Option<Tenant> {
    let usual = Policy::default();
    at.table(|tenant| {
        let id = tenant.required("id", "a name of your choice: `id = \"acme\"`", |at| {
            let id = at.text()?;
            at.claim("tenant id", id.to_owned(), "give every tenant its own");
            at.parsed(values::name)
        });
        let example = "the id of a `[[broker]]`: `broker = \"northwind\"`";
        let broker = tenant.required("broker", example, broker);
        let target = tenant.required(
            "target",
            "`target = { organization = \"…\" }` or `target = \"broker\"`",
            |at| target(at, broker),
        );
        let is_broker = target == Some(Target::Broker);
        let privileged_roles = tenant.or("privileged_roles", false, At::flag);
        let roles = Roles::new(is_broker && privileged_roles == Some(false));
        let account_name = tenant.or("account_name", usual.account_name, policy::account_name);
        let account_data = tenant.or("account", usual.account_data, account::read);
        let allowed_domains = tenant.or("allowed_domains", Vec::new(), |at| {
            at.some_items(|at| at.parsed(values::domain))
        });
        let account_domain = tenant.optional("account_domain", |at| at.parsed(values::domain));
        let default_role = tenant.optional("default_role", |at| roles.read(at));
        let adopt = tenant.or("adopt", usual.adopt, policy::adopt);
        let adopt_by = tenant.or("adopt_by", usual.adopt_by, policy::adopt_by);
        let observe = tenant.or("observe", usual.observe, At::flag);
        tenant.renamed("paused", "observe");
        let deprovision = deprovision::read(tenant, &roles);
        let on_outage = tenant.or("on_outage", usual.on_outage, policy::on_outage);
        let on_refused_assignment = tenant.or(
            "on_refused_assignment",
            usual.on_refused_assignment,
            policy::on_refused_assignment,
        );
        let settle_timeout = tenant.or("settle_timeout", usual.settle_timeout, |at| {
            at.parsed(|text| values::duration(text, &(SHORTEST_SETTLE..=LONGEST_SETTLE)))
        });
        let reconcile = tenant.or("reconcile", usual.reconcile, reconcile::read);
        let tokens = tenant.or("token", Vec::new(), |at| at.some_items(credential::token));
        let basics = tenant.or("basic", Vec::new(), |at| at.some_items(credential::basic));
        let clients = tenant.or("client", Vec::new(), |at| {
            at.some_items(|at| credential::client(at, around.seals))
        });
        let jwts = tenant.or("jwt", Vec::new(), |at| at.some_items(jwt::read));
        let gate = gate::read(tenant, id.as_deref());
        if !around.has_admin {
            refuse_without_credentials(tenant);
        }
        let dialect = tenant.or("scim", Dialect::default(), dialect::read);
        let mappings = tenant.or("mapping", Vec::new(), |mappings| {
            mappings.items(|mapping| mapping::read(mapping, &at.key, !is_broker, &roles))
        });
        refuse_without_roles(tenant);
        let guard = tenant.or("guard", usual.guard, |at| {
            guard::read(at, &roles, mappings.as_deref())
        });
        let id = TenantId::new(id?);
        let credentials = [("token", tokens?), ("basic", basics?), ("client", clients?)];
        Some(Tenant {
            credentials: credential::labelled(&id, credentials),
            id,
            broker: broker?.to_owned(),
            target: target?,
            policy: Policy {
                account_name: account_name?,
                account_data: account_data?,
                account_domain: account_domain?,
                allowed_domains: allowed_domains?,
                default_role: default_role?,
                role_names: roles.into_names(),
                privileged_roles: privileged_roles?,
                adopt: adopt?,
                adopt_by: adopt_by?,
                observe: observe?,
                deprovision: deprovision?,
                guard: guard?,
                on_outage: on_outage?,
                on_refused_assignment: on_refused_assignment?,
                reconcile: reconcile?,
                settle_timeout: settle_timeout?,
                mappings: mappings?,
            },
            dialect: dialect?,
            jwts: jwts?,
            gate: gate?,
        })
    })
}

fn refuse_without_credentials(tenant: &Section<'_, '_>) {
    let ways = ["token", "basic", "client", "jwt", "certificate"];
    if ways.iter().all(|way| tenant.find(way).is_none()) {
        let says = "is missing: add a `[[tenant.token]]` with `sha256 = \"…\"` or `token = { env = \"NAME\" }`, \
                    a `[[tenant.certificate]]`, or a `[[tenant.jwt]]`; or add `[admin]` and make one with \
                    `scim-bridge token create --tenant`";
        tenant.missing::<()>("token", says);
    }
}

fn refuse_without_roles(tenant: &Section<'_, '_>) {
    let mapping = tenant.find("mapping");
    let maps_a_role = mapping.is_some_and(|mappings| mappings.some_item_has("role"));
    if tenant.find("default_role").is_none() && !maps_a_role {
        let says =
            "is missing, and no mapping gives a role, so nobody could get an account: add either";
        tenant.missing::<()>("default_role", says);
    }
}

fn broker<'a>(at: &At<'a>) -> Option<&'a str> {
    let id = at.text()?;
    if at.is_claimed(BROKER_ID, id) {
        Some(id)
    } else {
        at.wrong("no `[[broker]]` has this id: correct it, or add the broker")
    }
}

/// Two tenants with one target would undo each other's work.
fn target(at: &At<'_>, broker: Option<&str>) -> Option<Target> {
    let target = if let Value::Table(_) = at.node.value {
        at.table(|target| {
            let example = "Cloudmore's id of it: `{ organization = \"…\" }`";
            let organization = target.required("organization", example, At::text);
            Some(Target::Organization(organization?.to_owned()))
        })?
    } else if matches!(&at.node.value, Value::Text(text) if text == "broker") {
        Target::Broker
    } else {
        return at.wrong("must be `{ organization = \"…\" }` or \"broker\"");
    };
    if let Some(broker) = broker {
        let what = format!("{broker} {target:?}").to_lowercase();
        at.claim(
            "target",
            what,
            "two tenants would undo each other's work, remove one of the two",
        );
    }
    Some(target)
}
