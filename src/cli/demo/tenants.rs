//! The configuration of the demo: two tenants, their mappings, one token for all doors.
//!
//! It is built as a value because the configuration file refuses one token in two tenants, on
//! purpose; a demo is easier to try by hand with one.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;

use crate::cloudmore::Wire;
use crate::config::{
    Admin, AdminToken, Broker, ClientAuth, Config, Oauth, Server, Store, Target, Tenant, Token,
};
use crate::domain::administrator::Role;
use crate::domain::credential::{Authority, Credential, Kind, digest};
use crate::domain::gate::Gate;
use crate::domain::mapping::{ExternalUserId, GroupSelector, MappedSubscription, Mapping, Whom};
use crate::domain::model::{RoleId, SubscriptionRef, TenantId};
use crate::domain::policy::Policy;
use crate::sandbox::seed;
use crate::scim::{Dialect, Limits};

/// The tenant whose people are the users of the organization Acme.
pub(super) const ORGANIZATION: &str = "demo";
/// The tenant whose people are the administrators of the reseller Northwind.
pub(super) const BROKER: &str = "demo-broker";

/// Its members are Organization Admins with a seat in Team plan and in Pro seats.
pub(super) const FINANCE: &str = "Cloudmore Finance";
/// Its members have a seat in Team plan.
pub(super) const SALES: &str = "Cloudmore Sales";
/// Its members are View Only and have a seat in Pro seats.
pub(super) const DESIGN: &str = "Cloudmore Design";
/// Its members have a seat in Team plan.
pub(super) const FIELD: &str = "Cloudmore Field";
/// Its members are Global Support Admins of Northwind.
pub(super) const SERVICE_DESK: &str = "Cloudmore Service Desk";

/// Northwind's role Global Support Admin.
pub(super) const GLOBAL_SUPPORT_ADMIN: i64 = 25;

/// The reseller's name in the configuration.
const NORTHWIND: &str = "northwind";

/// Long, so that on a busy machine an answer still says how a change ended.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The configuration of a bridge at `listen` whose store is at `store` and whose Cloudmore is at
/// `cloudmore` and has these names for its fields.
pub(super) fn config(
    listen: SocketAddr,
    store: String,
    (cloudmore, wire): (String, Wire),
    token: &str,
) -> Config {
    Config {
        admin: Some(Admin {
            tokens: vec![AdminToken {
                token: Token {
                    sha256: digest(token),
                    label: Some("demo".to_owned()),
                },
                role: Role::Admin,
                expires: None,
            }],
            oidc: None,
        }),
        server: Server {
            listen,
            ..Server::default()
        },
        limits: Limits::DEFAULT,
        store: Store {
            url: store,
            password: None,
            encryption_key: None,
        },
        oauth: Oauth::default(),
        brokers: vec![Broker {
            id: NORTHWIND.to_owned(),
            base_url: cloudmore,
            reseller_id: seed::NORTHWIND.to_owned(),
            username: seed::API_USERNAME.to_owned(),
            password: SecretString::from(seed::API_PASSWORD),
            client_secret: SecretString::from(seed::API_SECRET),
            client_auth: ClientAuth::Form,
            requests_per_second: 1000,
            concurrency: 4,
            wire,
        }],
        tenants: vec![
            tenant(
                ORGANIZATION,
                Target::Organization(seed::ACME.to_owned()),
                "acme.example",
                Some(seed::ORGANIZATION_USER),
                acme(),
                token,
            ),
            tenant(
                BROKER,
                Target::Broker,
                "northwind.example",
                None,
                vec![mapping(SERVICE_DESK, Some(GLOBAL_SUPPORT_ADMIN), [])],
                token,
            ),
        ],
    }
}

fn acme() -> Vec<Mapping> {
    let team_plan = || MappedSubscription {
        at: at(seed::OFFICE_SUITE, seed::TEAM_PLAN),
        external_user_id: ExternalUserId::UserName,
    };
    let pro_seats = || MappedSubscription {
        at: at(seed::DESIGN_STUDIO, seed::PRO_SEATS),
        external_user_id: ExternalUserId::None,
    };
    vec![
        mapping(
            FINANCE,
            Some(seed::ORGANIZATION_ADMIN),
            [team_plan(), pro_seats()],
        ),
        mapping(SALES, None, [team_plan()]),
        mapping(DESIGN, Some(seed::VIEW_ONLY), [pro_seats()]),
        mapping(FIELD, None, [team_plan()]),
    ]
}

fn tenant(
    id: &str,
    target: Target,
    account_domain: &str,
    default_role: Option<i64>,
    mappings: Vec<Mapping>,
    token: &str,
) -> Tenant {
    Tenant {
        id: TenantId::new(id),
        broker: NORTHWIND.to_owned(),
        target,
        policy: Policy {
            account_domain: Some(account_domain.to_owned()),
            default_role: default_role.map(RoleId),
            settle_timeout: SETTLE_TIMEOUT,
            mappings,
            ..Policy::default()
        },
        dialect: Dialect::default(),
        credentials: vec![Credential {
            id: "demo".to_owned(),
            kind: Kind::Bearer,
            name: None,
            sha256: digest(token),
            label: "the token of the demo".to_owned(),
            authority: Authority::Full,
            expires_at: None,
            revoked_at: None,
        }],
        jwts: Vec::new(),
        gate: Gate::default(),
    }
}

fn mapping<const N: usize>(
    group: &str,
    role: Option<i64>,
    subscriptions: [MappedSubscription; N],
) -> Mapping {
    Mapping {
        whom: Whom::Group(GroupSelector::DisplayName(group.to_owned())),
        role: role.map(RoleId),
        subscriptions: subscriptions.into(),
    }
}

fn at(service: &str, subscription: &str) -> SubscriptionRef {
    SubscriptionRef {
        service: service.to_owned(),
        subscription: subscription.to_owned(),
    }
}
