//! The subscription side of Cloudmore: what an organization subscribes to, and who is assigned. Organizations only.

use std::sync::atomic::Ordering;

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::domain::model::{AccountId, SubscriptionRef};

use super::catalog::{Seat, Service, Subscription};
use super::client::Scope;
use super::failure::{Failure, FailureKind};
use super::fields::{Field, Model, Names};
use super::leaving::not_so;
use super::listing::Listing;
use super::missing::{absent_from, same_id};
use super::target::{Target, unseen};

impl Target {
    /// The services that the organization has.
    ///
    /// # Errors
    /// [`Failure`], also when the list is not whole; `Refused` for a broker.
    pub async fn services(&self) -> Result<Listing<Service>, Failure> {
        self.begin()
            .list(&self.below_services(&[])?, Model::Service)
            .await
    }

    /// The organization's subscriptions to a service, cancelled ones included.
    ///
    /// # Errors
    /// As for [`Target::services`].
    pub async fn subscriptions(&self, service: &str) -> Result<Listing<Subscription>, Failure> {
        self.begin()
            .list(
                &self.below_services(&[service, "subscriptions"])?,
                Model::Subscription,
            )
            .await
    }

    /// Everyone who is assigned to a subscription.
    ///
    /// # Errors
    /// As for [`Target::services`].
    pub async fn seats(&self, at: &SubscriptionRef) -> Result<Listing<Seat>, Failure> {
        self.begin().list(&self.seats_path(at)?, Model::Seat).await
    }

    /// Assigns a user, with exactly one request.
    ///
    /// # Errors
    /// [`Failure`]; when it is ambiguous, look at the seats before repeating.
    pub async fn assign(
        &self,
        at: &SubscriptionRef,
        user: &AccountId,
        external_user_id: Option<&str>,
    ) -> Result<(), Failure> {
        let names = self.seat_names();
        let mut body = Map::new();
        body.insert(names.get(Field::UserId).to_owned(), user.as_str().into());
        if let Some(id) = external_user_id {
            body.insert(names.get(Field::ExternalUserId).to_owned(), id.into());
        }
        let body = Value::Object(body);
        let path = self.seats_path(at)?;
        self.begin()
            .write(Method::POST, &path, Some(&body), "")
            .await
            .map(drop)
    }

    /// Sets, or with `None` clears, the external user id of an assigned user.
    ///
    /// # Errors
    /// [`Failure`]; may be repeated.
    pub async fn set_external_user_id(
        &self,
        at: &SubscriptionRef,
        user: &AccountId,
        external_user_id: Option<&str>,
    ) -> Result<(), Failure> {
        let names = self.seat_names();
        let body = json!({
            names.get(Field::UserId): user.as_str(),
            names.get(Field::ExternalUserId): external_user_id,
        });
        let path = self.seats_path(at)?;
        self.begin()
            .write(Method::PUT, &path, Some(&body), "")
            .await
            .map(drop)
    }

    /// Sees to it that an assignment that was just made has its external user id. Whether Cloudmore takes it along with
    /// the assignment is not documented, so it is looked at until it was seen once.
    ///
    /// # Errors
    /// [`Failure`]; may be repeated.
    pub async fn ensure_external_user_id(
        &self,
        at: &SubscriptionRef,
        user: &AccountId,
        external_user_id: &str,
    ) -> Result<(), Failure> {
        let takes_them = self.client().takes_external_ids();
        if takes_them.load(Ordering::Relaxed) {
            return Ok(());
        }
        let seats = self.seats(at).await?;
        let mut seats = seats.iter().filter(|seat| same_id(&seat.user, user));
        if seats.any(|seat| seat.external_user_id.as_deref() == Some(external_user_id)) {
            takes_them.store(true, Ordering::Relaxed);
            return Ok(());
        }
        self.set_external_user_id(at, user, Some(external_user_id))
            .await
    }

    /// Takes an assignment away, and looks whether it is gone. One that is certainly not there counts as taken away.
    ///
    /// # Errors
    /// [`Failure`], also when Cloudmore accepted it and still lists the assignment; may be repeated.
    pub async fn unassign(&self, at: &SubscriptionRef, user: &AccountId) -> Result<(), Failure> {
        let operation = self.begin();
        let seats = self.seats_path(at)?;
        let seat = [seats.as_slice(), &[user.as_str()]].concat();
        match operation.write(Method::DELETE, &seat, None, "").await {
            Ok(_) => {
                let left = operation.list::<Seat>(&seats, Model::Seat).await;
                let left = left.map_err(unseen)?;
                if left.iter().any(|seat| same_id(&seat.user, user)) {
                    return Err(not_so(
                        "Cloudmore accepted to take the assignment away and still lists it"
                            .to_owned(),
                    ));
                }
                Ok(())
            }
            Err(failure) if failure.kind == FailureKind::NotFound => {
                absent_from(&operation, &seats, Model::Seat, |seat: &Seat| {
                    same_id(&seat.user, user)
                })
                .await
            }
            Err(failure) => Err(failure),
        }
    }

    fn seat_names(&self) -> Names<'_> {
        self.wire().of(Model::Seat)
    }

    fn seats_path<'a>(&'a self, at: &'a SubscriptionRef) -> Result<Vec<&'a str>, Failure> {
        self.below_services(&[&at.service, "subscriptions", &at.subscription, "users"])
    }

    fn below_services<'a>(&'a self, rest: &[&'a str]) -> Result<Vec<&'a str>, Failure> {
        match self.scope() {
            Scope::Organization(id) => {
                Ok([&["organizations", id.as_str(), "services"], rest].concat())
            }
            Scope::Broker => Err(Failure::refused(
                "a broker's administrators have no subscriptions; they belong to organizations",
            )),
        }
    }
}
