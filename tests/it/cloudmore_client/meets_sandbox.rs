//! The client against the simulated Cloudmore: one life of a person, whatever the answers to the open questions are.

use scim_bridge::cloudmore::{
    Client, ClientAuth, FailureKind, Kept, Scope, Settings, Target, Update,
};
use scim_bridge::domain::model::{AccountId, Detail, Profile, RoleId, SubscriptionRef};
use scim_bridge::sandbox::{Options, Sandbox, Switches, seed, switches};

use super::ada;
use super::script::settings;

async fn sandbox(switches: Switches) -> (Sandbox, Client) {
    let client_auth = match switches.client_auth {
        switches::ClientAuth::Basic => ClientAuth::Basic,
        switches::ClientAuth::Both | switches::ClientAuth::Form => ClientAuth::Form,
    };
    let sandbox = Sandbox::start(Options {
        switches,
        ..Options::default()
    })
    .await
    .unwrap();
    let settings = Settings {
        reseller_id: seed::NORTHWIND.to_owned(),
        username: seed::API_USERNAME.to_owned(),
        password: seed::API_PASSWORD.into(),
        client_secret: seed::API_SECRET.into(),
        client_auth,
        ..settings(&sandbox.url())
    };
    let client = Client::new(settings, || 0).unwrap();
    (sandbox, client)
}

async fn find(target: &Target, name: &str) -> Option<AccountId> {
    let people = target.people().await.unwrap();
    people
        .into_iter()
        .find(|person| person.name == name)
        .map(|person| person.id)
}

async fn a_whole_life(switches: Switches) {
    let renames = switches.put_name == switches::PutName::Renames;
    let (_sandbox, client) = sandbox(switches).await;
    client.verify().await.unwrap();
    assert_eq!(client.organizations().await.unwrap().len(), 1);
    for scope in [Scope::Organization(seed::ACME.to_owned()), Scope::Broker] {
        let domain = if scope == Scope::Broker {
            "northwind.example"
        } else {
            "acme.example"
        };
        let role = |organization, broker| {
            RoleId(if scope == Scope::Broker {
                broker
            } else {
                organization
            })
        };
        let target = client.target(scope.clone());
        assert!(
            target
                .roles()
                .await
                .unwrap()
                .iter()
                .any(|known| known.id == role(7, 24))
        );
        let profile = Profile {
            name: format!("ada@{domain}"),
            ..ada()
        };
        let created = target.create(&profile, role(7, 24), None).await.unwrap();
        let id = find(&target, &profile.name).await.unwrap();
        assert!(created.is_none_or(|created| created == id));

        let person = target.person(&id).await.unwrap().unwrap();
        assert_eq!(person.profile, profile);
        assert_eq!(person.role, Some(role(7, 24)));
        assert_eq!(
            target.update(&id, &profile, role(7, 24), None).await,
            Ok(Update::Unchanged)
        );
        let renamed = Profile {
            name: format!("ada.king@{domain}"),
            details: [(Detail::Title, "Analyst".to_owned())].into(),
            ..profile.clone()
        };
        let update = target.update(&id, &renamed, role(6, 2), None).await;
        assert_eq!(
            update,
            Ok(if renames {
                Update::Written
            } else {
                Update::Kept(Kept::Name)
            })
        );
        let person = target.person(&id).await.unwrap().unwrap();
        assert_eq!(person.role, Some(role(6, 2)));
        assert_eq!(person.profile.details[&Detail::Title], "Analyst");
        let name = person.profile.name.clone();
        let again = target
            .create(
                &Profile {
                    name,
                    ..profile.clone()
                },
                role(7, 24),
                None,
            )
            .await
            .unwrap_err();
        assert_eq!(again.kind, FailureKind::Refused);

        if scope != Scope::Broker {
            let at = SubscriptionRef {
                service: seed::OFFICE_SUITE.to_owned(),
                subscription: seed::TEAM_PLAN.to_owned(),
            };
            assert_eq!(target.services().await.unwrap().len(), 4);
            let subscriptions = target.subscriptions(&at.service).await.unwrap();
            let cancelled: Vec<_> = subscriptions
                .iter()
                .map(|subscription| subscription.cancelled)
                .collect();
            assert_eq!(cancelled, [Some(false), Some(true)]);
            target.assign(&at, &id, Some("ada")).await.unwrap();
            target
                .set_external_user_id(&at, &id, Some("ada.king"))
                .await
                .unwrap();
            let seats = target.seats(&at).await.unwrap();
            let seat = seats.iter().find(|seat| seat.user == id).unwrap();
            assert_eq!(seat.external_user_id.as_deref(), Some("ada.king"));
            target.unassign(&at, &id).await.unwrap();
            target.unassign(&at, &id).await.unwrap();
            assert_eq!(target.seats(&at).await.unwrap().len(), 1);
            let nowhere = SubscriptionRef {
                service: "none".to_owned(),
                ..at
            };
            assert_eq!(
                target.unassign(&nowhere, &id).await.unwrap_err().kind,
                FailureKind::NotFound
            );
        }
        target.delete(&id).await.unwrap();
        target.delete(&id).await.unwrap();
        assert_eq!(target.person(&id).await, Ok(None));
        assert_eq!(
            target.update(&id, &profile, role(7, 24), None).await,
            Ok(Update::Gone)
        );
    }
    let nobody = client.target(Scope::Organization("nobody".to_owned()));
    assert_eq!(
        nobody.delete(&AccountId::new("x")).await.unwrap_err().kind,
        FailureKind::NotFound
    );
}

#[tokio::test]
async fn a_person_lives_whatever_cloudmore_answers() {
    use switches::{
        CreatedId, DeleteMissing, Duplicate, KeyCase, ListRows, Lists, MissingIs, Put, PutName,
        PutReply, Refusals, RoleIds, UnassignMissing,
    };
    let d = Switches::default;
    for switches in [
        d(),
        Switches {
            created_id: CreatedId::BodyString,
            lists: Lists::Items,
            put: Put::Keeps,
            ..d()
        },
        Switches {
            created_id: CreatedId::BodyObject,
            lists: Lists::Data,
            put_name: PutName::Keeps,
            ..d()
        },
        Switches {
            created_id: CreatedId::Neither,
            lists: Lists::Value,
            put_reply: PutReply::Body,
            ..d()
        },
        Switches {
            lists: Lists::Results,
            role_ids: RoleIds::String,
            key_case: KeyCase::Pascal,
            ..d()
        },
        Switches {
            list_rows: ListRows::Full,
            duplicate: Duplicate::Conflict,
            unassign_missing: UnassignMissing::NoContent,
            ..d()
        },
        Switches {
            duplicate: Duplicate::FieldMap,
            token_calls: Some(3),
            client_auth: switches::ClientAuth::Basic,
            ..d()
        },
        Switches {
            duplicate: Duplicate::Empty,
            created_id: CreatedId::BodyObject,
            key_case: KeyCase::Pascal,
            ..d()
        },
        Switches {
            missing_is: MissingIs::BadRequest,
            ..d()
        },
        Switches {
            missing_is: MissingIs::BadRequest,
            refusals: Refusals::Empty,
            delete_missing: DeleteMissing::NoContent,
            ..d()
        },
        Switches {
            missing_is: MissingIs::Null,
            ..d()
        },
        Switches {
            missing_is: MissingIs::Null,
            delete_missing: DeleteMissing::NoContent,
            ..d()
        },
    ] {
        a_whole_life(switches).await;
    }
}
