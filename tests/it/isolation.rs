//! Invariant 7: a tenant's credential sees and changes that tenant only, whatever path, id or
//! filter. The two tenants hold people and groups of the same names and externalIds.

mod random;

use reqwest::{Method, RequestBuilder};
use scim_bridge::sandbox::Switches;
use scim_bridge::sandbox::switches::Names;
use serde_json::{Value, json};

use crate::harness::{BROKER_TOKEN, Bridge, Setup, TOKEN, expect, patch_body, person};

/// A tenant's address and token.
#[derive(Clone, Copy)]
struct Side {
    tenant: &'static str,
    token: &'static str,
}

const ACME: Side = Side {
    tenant: "acme",
    token: TOKEN,
};
const NORTHWIND: Side = Side {
    tenant: "northwind",
    token: BROKER_TOKEN,
};

/// One user and one group with that user, on each side.
struct Twins {
    bridge: Bridge,
    acme: [String; 2],
    northwind: [String; 2],
}

impl Side {
    fn request(self, bridge: &Bridge, method: Method, path: &str) -> RequestBuilder {
        let url = bridge.url_of(self.tenant, path);
        bridge.http.request(method, url).bearer_auth(self.token)
    }

    async fn get(self, bridge: &Bridge, path: &str, status: u16) -> Value {
        expect(self.request(bridge, Method::GET, path), status).await
    }

    async fn send(
        self,
        bridge: &Bridge,
        method: Method,
        path: &str,
        body: &Value,
        status: u16,
    ) -> Value {
        expect(self.request(bridge, method, path).json(body), status).await
    }

    async fn furnish(self, bridge: &Bridge) -> [String; 2] {
        let user = self
            .send(bridge, Method::POST, "/Users", &person("ann"), 201)
            .await;
        let user = user["id"].as_str().unwrap().to_owned();
        let group = json!({"displayName": "Cloudmore Finance", "externalId": "g-1", "members": [{"value": user}]});
        let group = self
            .send(bridge, Method::POST, "/Groups", &group, 201)
            .await;
        [user, group["id"].as_str().unwrap().to_owned()]
    }

    /// All that this side sees, to compare before and after.
    async fn everything(self, bridge: &Bridge) -> [Value; 2] {
        [
            self.get(bridge, "/Users", 200).await,
            self.get(bridge, "/Groups", 200).await,
        ]
    }
}

async fn twins() -> Twins {
    let switches = Switches {
        names: Names::UniqueInList,
        ..Switches::default()
    };
    let bridge = Bridge::with(Setup {
        switches,
        ..Setup::default()
    })
    .await;
    let acme = ACME.furnish(&bridge).await;
    let northwind = NORTHWIND.furnish(&bridge).await;
    Twins {
        bridge,
        acme,
        northwind,
    }
}

#[tokio::test]
async fn the_same_names_and_external_ids_live_side_by_side() {
    // Q009
    let Twins {
        bridge,
        acme,
        northwind,
    } = twins().await;
    for (side, [user, group]) in [(ACME, &acme), (NORTHWIND, &northwind)] {
        for (path, id) in [
            ("/Users", user),
            ("/Users?filter=userName eq \"ann@acme.example\"", user),
            ("/Users?filter=externalId eq \"ann\"", user),
            ("/Users?filter=displayName sw \"ann\"", user),
            ("/Groups", group),
            ("/Groups?filter=displayName eq \"cloudmore finance\"", group),
            ("/Groups?filter=externalId eq \"g-1\"", group),
            ("/Groups?filter=externalId pr", group),
        ] {
            let list = side.get(&bridge, path, 200).await;
            assert_eq!(list["totalResults"], 1, "{} {path}", side.tenant);
            assert_eq!(
                list["Resources"][0]["id"],
                id.as_str(),
                "{} {path}",
                side.tenant
            );
            let location = list["Resources"][0]["meta"]["location"].as_str().unwrap();
            assert!(location.contains(&format!("/scim/{}/v2/", side.tenant)));
        }
    }
}

#[tokio::test]
async fn an_id_of_another_tenant_leads_nowhere_and_changes_nothing() {
    let Twins {
        bridge,
        acme,
        northwind,
    } = twins().await;
    for (side, other, [user, group]) in [(ACME, NORTHWIND, &northwind), (NORTHWIND, ACME, &acme)] {
        let before = other.everything(&bridge).await;
        bridge.calls();
        let rename = patch_body(json!([{"op": "replace", "path": "displayName", "value": "Mine"}]));
        let whole_group = json!({"displayName": "Mine", "members": []});
        for (path, whole) in [
            (format!("/Users/{user}"), person("mine")),
            (format!("/Groups/{group}"), whole_group),
        ] {
            side.get(&bridge, &path, 404).await;
            side.send(&bridge, Method::PATCH, &path, &rename, 404).await;
            side.send(&bridge, Method::PUT, &path, &whole, 404).await;
            side.send(&bridge, Method::DELETE, &path, &json!({}), 404)
                .await;
        }
        for filter in [
            format!("/Users?filter=id eq \"{user}\""),
            format!("/Users?filter=id eq \"{user}\" or userName eq \"nobody\""),
            format!("/Users?filter=groups.value eq \"{group}\""),
            format!("/Groups?filter=id eq \"{group}\""),
            format!("/Groups?filter=members.value eq \"{user}\""),
            format!("/Groups?filter=members[value eq \"{user}\"]"),
        ] {
            let list = side.get(&bridge, &filter, 200).await;
            assert_eq!(list["totalResults"], 0, "{filter}");
        }
        assert_eq!(other.everything(&bridge).await, before);
        assert_eq!(bridge.calls(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_user_of_another_tenant_is_no_member() {
    let Twins {
        bridge,
        acme,
        northwind,
    } = twins().await;
    for (side, [own, group], [stranger, _]) in
        [(ACME, &acme, &northwind), (NORTHWIND, &northwind, &acme)]
    {
        bridge.calls();
        let path = format!("/Groups/{group}");
        let add = json!([{"op": "add", "path": "members", "value": [{"value": stranger}]}]);
        side.send(&bridge, Method::PATCH, &path, &patch_body(add), 204)
            .await;
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{stranger}\"]")}]);
        side.send(&bridge, Method::PATCH, &path, &patch_body(remove), 204)
            .await;
        let whole = json!({"displayName": "Cloudmore Finance", "externalId": "g-1",
            "members": [{"value": own}, {"value": stranger}]});
        let read = side.send(&bridge, Method::PUT, &path, &whole, 200).await;
        assert_eq!(read["members"].as_array().unwrap().len(), 1);
        assert_eq!(read["members"][0]["value"], own.as_str());
        let made = json!({"displayName": "With a stranger", "members": [{"value": stranger}]});
        side.send(&bridge, Method::POST, "/Groups", &made, 400)
            .await;
        assert_eq!(side.get(&bridge, "/Groups", 200).await["totalResults"], 1);
        assert_eq!(bridge.calls(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_change_on_one_side_leaves_the_other_as_it_was() {
    let Twins {
        bridge,
        acme: [user, group],
        ..
    } = twins().await;
    let before = NORTHWIND.everything(&bridge).await;
    bridge.set_active(&user, false, 200).await;
    bridge.leave(&group, &user).await;
    bridge.delete(&format!("/Groups/{group}"), 204).await;
    bridge.delete(&format!("/Users/{user}"), 204).await;
    assert_eq!(NORTHWIND.everything(&bridge).await, before);
    let world = bridge.sandbox.snapshot();
    let named = world.person("ann@acme.example");
    assert!(named.is_some(), "the administrator of that name stays");
}

#[tokio::test]
async fn a_token_opens_its_own_tenant_only() {
    let Twins {
        bridge,
        acme,
        northwind,
    } = twins().await;
    let swapped = [
        (
            Side {
                tenant: "acme",
                token: BROKER_TOKEN,
            },
            acme,
        ),
        (
            Side {
                tenant: "northwind",
                token: TOKEN,
            },
            northwind,
        ),
    ];
    let before = [
        ACME.everything(&bridge).await,
        NORTHWIND.everything(&bridge).await,
    ];
    for (side, [user, group]) in &swapped {
        let (user, group) = (format!("/Users/{user}"), format!("/Groups/{group}"));
        for (method, path) in [
            (Method::GET, "/Users"),
            (Method::POST, "/Users"),
            (Method::GET, &user),
            (Method::PUT, &user),
            (Method::PATCH, &user),
            (Method::DELETE, &user),
            (Method::GET, "/Groups"),
            (Method::POST, "/Groups"),
            (Method::GET, &group),
            (Method::PUT, &group),
            (Method::PATCH, &group),
            (Method::DELETE, &group),
        ] {
            side.send(&bridge, method, path, &person("ben"), 401).await;
        }
    }
    let after = [
        ACME.everything(&bridge).await,
        NORTHWIND.everything(&bridge).await,
    ];
    assert_eq!(after, before);
}
