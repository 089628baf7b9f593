//! The demo seed: the reseller Northwind with its customer Acme.

use serde_json::{Value, json};

use super::world::{
    ApiAccount, Assignment, CustomProperty, Organization, OrganizationGroup, Person, Reseller,
    Role, Service, Subscription, World,
};

/// Id of the reseller Northwind.
pub const NORTHWIND: &str = "7c0b5c1e-3b52-4c55-9a51-0d8f2f6a1001";
/// Id of the organization Acme, whose domain is `acme.example`.
pub const ACME: &str = "5d3e8a70-91f4-4e7c-8d2a-6b1c4f0e2001";
/// Name of the API account, an administrator of Northwind.
pub const API_USERNAME: &str = "scim@northwind.example";
/// Password of the API account; with the characters that a client must encode.
pub const API_PASSWORD: &str = "Fjord & 7 blue+kites = 100%";
/// Secret that goes with the client id `ro.customer.client`.
pub const API_SECRET: &str = "demo/secret+not&real%";
/// Name of the other administrator, made by hand.
pub const HAND_MADE_ADMINISTRATOR: &str = "hanna.boss@northwind.example";

/// The broker's role Super Admin.
pub const SUPER_ADMIN: i64 = 1;
/// The custom property Cost centre.
pub const COST_CENTRE: &str = "d4c3b2a1-0001-4c9d-8f44-6b8a0c2e6001";
/// The custom property Department.
pub const DEPARTMENT: &str = "d4c3b2a1-0002-4c9d-8f44-6b8a0c2e6002";
/// The custom property Employee number.
pub const EMPLOYEE_NUMBER: &str = "d4c3b2a1-0003-4c9d-8f44-6b8a0c2e6003";
/// The group of organizations Key customers, with Acme in it.
pub const KEY_CUSTOMERS: &str = "e5f4a3b2-0001-4d0e-9a55-7c9b1d3f7001";

/// Acme's role Organization Admin.
pub const ORGANIZATION_ADMIN: i64 = 6;
/// Acme's role Organization User.
pub const ORGANIZATION_USER: i64 = 7;
/// Acme's role View Only.
pub const VIEW_ONLY: i64 = 8;

/// The service Office Suite; users are assigned.
pub const OFFICE_SUITE: &str = "a1f0c2d3-0001-4b6e-9c11-3e5d7f9b3001";
/// Its subscription Team plan, ten seats, one of them taken by hand.
pub const TEAM_PLAN: &str = "b2e1d3c4-0001-4f7a-8d22-4f6e8a0c4001";
/// Its cancelled subscription Starter plan.
pub const CANCELLED_PLAN: &str = "b2e1d3c4-0002-4f7a-8d22-4f6e8a0c4002";
/// The service Design Studio; users are assigned.
pub const DESIGN_STUDIO: &str = "a1f0c2d3-0002-4b6e-9c11-3e5d7f9b3002";
/// Its subscription Pro seats, three seats, one of them taken by hand.
pub const PRO_SEATS: &str = "b2e1d3c4-0003-4f7a-8d22-4f6e8a0c4003";
/// The service Expert Hotline; a subscription takes a single user.
pub const EXPERT_HOTLINE: &str = "a1f0c2d3-0003-4b6e-9c11-3e5d7f9b3003";
/// Its subscription Named contact.
pub const NAMED_CONTACT: &str = "b2e1d3c4-0004-4f7a-8d22-4f6e8a0c4004";
/// The service Backup Vault; it belongs to the organization, users are not assigned.
pub const BACKUP_VAULT: &str = "a1f0c2d3-0004-4b6e-9c11-3e5d7f9b3004";
/// Its subscription Company backup.
pub const COMPANY_BACKUP: &str = "b2e1d3c4-0005-4f7a-8d22-4f6e8a0c4005";

/// The hand-made user `olga.first@acme.example`: an admin with address, phone and custom properties, on Team plan.
pub const OLGA: &str = "c3d2e4f5-0001-4a8b-9e33-5a7f9b1d5001";
/// The hand-made user `peter.craft@acme.example`, on Pro seats.
pub const PETER: &str = "c3d2e4f5-0002-4a8b-9e33-5a7f9b1d5002";
/// The hand-made user `vera.reader@acme.example`, without assignments, who never signed in.
pub const VERA: &str = "c3d2e4f5-0003-4a8b-9e33-5a7f9b1d5003";

impl World {
    /// Northwind and Acme, with hand-made people and assignments that a bridge must leave alone.
    pub fn demo() -> Self {
        Self {
            resellers: vec![northwind()],
            ids_given: 0,
        }
    }
}

fn northwind() -> Reseller {
    Reseller {
        id: NORTHWIND.to_owned(),
        name: "Northwind".to_owned(),
        api_accounts: vec![ApiAccount {
            username: API_USERNAME.to_owned(),
            password: API_PASSWORD.to_owned(),
            client_secret: API_SECRET.to_owned(),
        }],
        // As printed in `reference/cloudmore-api.md`, section 4.1.
        roles: roles(&[
            (SUPER_ADMIN, "Super Admin"),
            (24, "Global Admin"),
            (2, "Global View Only Admin"),
            (25, "Global Support Admin"),
            (3, "Global Billing Admin"),
            (14, "Key Account Manager"),
            (26, "Key Account View Only Manager"),
            (17, "Limited Key Account Manager"),
            (18, "Sales Agent"),
        ]),
        administrators: vec![
            person("c3d2e4f5-0101-4a8b-9e33-5a7f9b1d5101", API_USERNAME, 24)
                .with("allowRestApiAccess", true),
            hanna(),
        ],
        services: vec![
            service(OFFICE_SUITE, "Office Suite", true, true),
            service(DESIGN_STUDIO, "Design Studio", true, true),
            service(EXPERT_HOTLINE, "Expert Hotline", true, false),
            service(BACKUP_VAULT, "Backup Vault", false, true),
        ],
        custom_properties: [
            (COST_CENTRE, "Cost centre"),
            (DEPARTMENT, "Department"),
            (EMPLOYEE_NUMBER, "Employee number"),
        ]
        .map(|(id, name)| CustomProperty {
            id: id.to_owned(),
            name: name.to_owned(),
            mandatory: false,
        })
        .to_vec(),
        organizations: vec![acme()],
        organization_groups: vec![OrganizationGroup {
            id: KEY_CUSTOMERS.to_owned(),
            name: "Key customers".to_owned(),
            members: vec![ACME.to_owned()],
        }],
    }
}

/// The owner of Northwind, made by hand.
fn hanna() -> Person {
    let id = "c3d2e4f5-0102-4a8b-9e33-5a7f9b1d5102";
    let mut hanna = person(id, HAND_MADE_ADMINISTRATOR, SUPER_ADMIN)
        .with("title", "Owner")
        .with("cellPhonePrefix", "46")
        .with("cellPhone", "5550102")
        .with(
            "address",
            json!({"countryCode": "SE", "street": "2 Mill Lane", "postalCode": "11120", "city": "Stockholm"}),
        )
        .with("customProperties", json!([{"name": "Department", "value": "Board"}]));
    hanna.last_accessed_date = Some("2025-03-12T07:05:11Z".to_owned());
    hanna
}

fn acme() -> Organization {
    let mut olga = person(OLGA, "olga.first@acme.example", ORGANIZATION_ADMIN)
        .with("title", "IT manager")
        .with("cellPhonePrefix", "372")
        .with("cellPhone", "5550101")
        .with(
            "address",
            json!({"countryCode": "EE", "street": "1 Harbour Road", "postalCode": "10111", "city": "Tallinn"}),
        )
        .with("customProperties", json!([{"name": "Cost centre", "value": "4711"}]));
    olga.last_accessed_date = Some("2025-03-14T09:26:53Z".to_owned());
    Organization {
        id: ACME.to_owned(),
        name: "Acme".to_owned(),
        domains: vec!["acme.example".to_owned()],
        roles: roles(&[
            (ORGANIZATION_ADMIN, "Organization Admin"),
            (ORGANIZATION_USER, "Organization User"),
            (VIEW_ONLY, "View Only"),
        ]),
        users: vec![
            olga,
            person(PETER, "peter.craft@acme.example", ORGANIZATION_USER),
            person(VERA, "vera.reader@acme.example", VIEW_ONLY),
        ],
        groups: Vec::new(),
        subscriptions: vec![
            subscription(TEAM_PLAN, OFFICE_SUITE, "Team plan", 10, Some(OLGA)),
            Subscription {
                cancelled: true,
                ..subscription(CANCELLED_PLAN, OFFICE_SUITE, "Starter plan", 5, None)
            },
            subscription(PRO_SEATS, DESIGN_STUDIO, "Pro seats", 3, Some(PETER)),
            subscription(NAMED_CONTACT, EXPERT_HOTLINE, "Named contact", 5, None),
            subscription(COMPANY_BACKUP, BACKUP_VAULT, "Company backup", 1, None),
        ],
    }
}

fn roles(list: &[(i64, &str)]) -> Vec<Role> {
    list.iter()
        .map(|(id, name)| Role {
            id: *id,
            name: (*name).to_owned(),
        })
        .collect()
}

fn person(id: &str, name: &str, role_id: i64) -> Person {
    Person {
        id: id.to_owned(),
        ..Person::new(name, role_id).with("isActive", Value::Bool(true))
    }
}

fn service(id: &str, name: &str, user_assigned: bool, allow_multiple_users: bool) -> Service {
    Service {
        id: id.to_owned(),
        name: name.to_owned(),
        user_assigned,
        allow_multiple_users,
    }
}

fn subscription(
    id: &str,
    service: &str,
    product: &str,
    quantity: usize,
    assigned: Option<&str>,
) -> Subscription {
    Subscription {
        id: id.to_owned(),
        service: service.to_owned(),
        product: product.to_owned(),
        quantity: Some(quantity),
        cancelled: false,
        assignments: assigned
            .map(|user_id| Assignment {
                user_id: user_id.to_owned(),
                external_user_id: Some("hand-made".to_owned()),
            })
            .into_iter()
            .collect(),
    }
}
