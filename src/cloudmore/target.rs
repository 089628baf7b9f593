//! The people side of Cloudmore: the users of one organization, or the administrators of the broker.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{HeaderValue, LOCATION};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use crate::domain::model::{AccountId, Keepsake, Profile, RoleId};

use super::answer::Answer;
use super::breaker::Standing;
use super::catalog::Role;
use super::client::{Client, Scope};
use super::failure::Failure;
use super::fields::{Field, Model, Names, Wire};
use super::limits::Lane;
use super::listing::Listing;
use super::operation::{Caller, Operation};
use super::password;
use super::person::{self, Person, PersonRow};
use super::record::{Lacks, Record};
use super::wire;

/// What a tenant is bound to. Clones are cheap and share the client.
#[derive(Clone, Debug)]
pub struct Target {
    client: Client,
    scope: Arc<Scope>,
    /// The queue of its calls.
    lane: Arc<Lane>,
    correlation: Option<HeaderValue>,
    /// When its writes come too late, in microseconds since 1970.
    not_after: Option<i64>,
}

/// How an update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// There is certainly no such account.
    Gone,
    /// Cloudmore has it so already; nothing was written.
    Unchanged,
    /// It was written.
    Written,
    /// Cloudmore accepted the write, and still has what was before.
    Kept(Kept),
}

/// What Cloudmore kept although it accepted another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The login name.
    Name,
    /// The role.
    Role,
    /// The field that locks the account.
    Lock,
}

impl Target {
    pub(super) fn new(client: Client, scope: Scope) -> Self {
        Self {
            client,
            scope: Arc::new(scope),
            lane: Arc::default(),
            correlation: None,
            not_after: None,
        }
    }

    /// The same target, whose calls carry `id` as `X-Correlation-Id`. An id that cannot be a header value is left out.
    pub fn with_correlation(&self, id: &str) -> Self {
        Self {
            correlation: HeaderValue::from_str(id).ok(),
            ..self.clone()
        }
    }

    /// The same target, whose writes are not sent any more from the moment `not_after` on, in microseconds since 1970:
    /// somebody else may have the right to them then.
    #[must_use]
    pub fn until(self, not_after: i64) -> Self {
        Self {
            not_after: Some(not_after),
            ..self
        }
    }

    /// Whether Cloudmore is called at the moment. Targets of one client agree.
    pub fn standing(&self) -> Standing {
        self.client.gate().standing()
    }

    /// All people.
    ///
    /// # Errors
    /// [`Failure`], also when the list is not whole.
    pub async fn people(&self) -> Result<Listing<PersonRow>, Failure> {
        self.begin().list(&self.people_path(), self.model()).await
    }

    /// One person. `None` only when it is certain: Cloudmore does not show the person, and the list answers without the
    /// id.
    ///
    /// # Errors
    /// [`Failure`], also when the list does not explain why the person is not shown.
    pub async fn person(&self, id: &AccountId) -> Result<Option<Person>, Failure> {
        let detail = self.detail(&self.begin(), id).await?;
        detail
            .map(|detail| self.read_person(id, &detail))
            .transpose()
    }

    /// Creates a person with a random password that nobody keeps, with what is kept of an earlier account of theirs.
    /// `None`: created, but Cloudmore did not say under which id.
    ///
    /// # Errors
    /// [`Failure`]; when it is ambiguous, look for the name before repeating.
    pub async fn create(
        &self,
        profile: &Profile,
        role: RoleId,
        kept: Option<&Keepsake>,
    ) -> Result<Option<AccountId>, Failure> {
        self.spare_api_account(&profile.name)?;
        let names = [
            &profile.name,
            &profile.first_name,
            &profile.last_name,
            &profile.display_name,
            &profile.email,
        ];
        let password = password::generate(&names.map(String::as_str)).map_err(|error| {
            Failure::unavailable(format!(
                "no password could be made, so nothing was sent: {error}"
            ))
        })?;
        let body = person::create(profile, role, &password, kept, self.names());
        let path = self.people_path();
        let operation = self.begin();
        let secret = (&Map::new(), password.expose_secret());
        let answer = self
            .write_person(&operation, Method::POST, &path, &body, secret)
            .await?;
        Ok(created_id(&answer, &path, self.names()))
    }

    /// Brings a person's directory fields and role to what is wanted and leaves everything else as Cloudmore has it.
    /// `unlock` is the field that a lock has set to `false`.
    ///
    /// # Errors
    /// [`Failure`]; an update may be repeated.
    pub async fn update(
        &self,
        id: &AccountId,
        profile: &Profile,
        role: RoleId,
        unlock: Option<&str>,
    ) -> Result<Update, Failure> {
        self.spare_api_account(&profile.name)?;
        let operation = self.begin();
        let Some(detail) = self.detail(&operation, id).await? else {
            return Ok(Update::Gone);
        };
        let before = self.read_person(id, &detail)?;
        self.spare_api_account(&before.profile.name)?;
        let Some(body) = person::overlay(&detail, profile, role, unlock, self.names()) else {
            return Ok(Update::Unchanged);
        };
        let path = self.person_path(id);
        self.write_person(&operation, Method::PUT, &path, &body, (&detail, ""))
            .await?;
        let renames = !person::same_name(&before.profile.name, &profile.name);
        if !renames && before.role == Some(role) && unlock.is_none() {
            return Ok(Update::Written);
        }
        // What a PUT can change is not documented, so what access hangs on is looked at.
        let after = self.detail(&operation, id).await.and_then(|detail| {
            let Some(detail) = detail else {
                return Ok(Update::Gone);
            };
            let after = self.read_person(id, &detail)?;
            Ok(if !person::same_name(&after.profile.name, &profile.name) {
                Update::Kept(Kept::Name)
            } else if after.role.is_some_and(|is| is != role) {
                Update::Kept(Kept::Role)
            } else if unlock.is_some_and(|field| person::flag(&detail, field) == Some(false)) {
                Update::Kept(Kept::Lock)
            } else {
                Update::Written
            })
        });
        after.map_err(unseen)
    }

    /// The roles that people of this target can have.
    ///
    /// # Errors
    /// [`Failure`], also when the list is not whole.
    pub async fn roles(&self) -> Result<Listing<Role>, Failure> {
        let path = match self.scope.as_ref() {
            Scope::Organization(id) => vec!["organizations", id, "OrganizationRoles"],
            Scope::Broker => vec!["ResellerRoles"],
        };
        self.begin().list(&path, Model::Role).await
    }

    /// Whether people of this target are assigned to subscriptions.
    pub fn has_subscriptions(&self) -> bool {
        matches!(self.scope.as_ref(), Scope::Organization(_))
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(super) fn begin(&self) -> Operation<'_> {
        let caller = Caller {
            lane: &self.lane,
            correlation: self.correlation.as_ref(),
            not_after: self.not_after,
        };
        Operation::begin(&self.client, caller)
    }

    /// Writes a person, once more with the phone number as it was before if Cloudmore refuses the one in the body: a
    /// number must not cost anybody the account. `secret` is a part of the body that no message may repeat.
    pub(super) async fn write_person(
        &self,
        operation: &Operation<'_>,
        method: Method,
        path: &[&str],
        body: &Value,
        (before, secret): (&Map<String, Value>, &str),
    ) -> Result<Answer, Failure> {
        let written = operation.write(method.clone(), path, Some(body), secret);
        let failure = match written.await {
            Err(failure) if person::is_about_phones(&failure, self.names()) => failure,
            written => return written,
        };
        let Some(body) = person::with_phone_of(before, body, self.names()) else {
            return Err(failure);
        };
        tracing::warn!(error = %failure, "Cloudmore refuses a phone number, which is left out");
        operation.write(method, path, Some(&body), secret).await
    }

    pub(super) fn read_person(
        &self,
        id: &AccountId,
        detail: &Map<String, Value>,
    ) -> Result<Person, Failure> {
        person::read(id, Record::new(detail, self.names())).map_err(|Lacks(field)| {
            Failure::incomplete(format!(
                "Cloudmore's detail of a person has no usable `{field}`"
            ))
        })
    }

    pub(super) fn wire(&self) -> &Wire {
        self.client.wire()
    }

    pub(super) fn names(&self) -> Names<'_> {
        self.wire().of(self.model())
    }

    pub(super) fn model(&self) -> Model {
        match self.scope.as_ref() {
            Scope::Organization(_) => Model::User,
            Scope::Broker => Model::Administrator,
        }
    }

    pub(super) fn people_path(&self) -> Vec<&str> {
        match self.scope.as_ref() {
            Scope::Organization(id) => vec!["organizations", id, "Users"],
            Scope::Broker => vec!["ResellerAdministrators"],
        }
    }

    pub(super) fn person_path<'a>(&'a self, id: &'a AccountId) -> Vec<&'a str> {
        [self.people_path(), vec![id.as_str()]].concat()
    }

    pub(super) fn spare_api_account(&self, name: &str) -> Result<(), Failure> {
        if person::same_name(name, self.client.api_account()) {
            return Err(Failure::refused(
                "this is the account that the bridge itself uses, which it never changes",
            ));
        }
        Ok(())
    }
}

/// A write whose effect could not be seen.
pub(super) fn unseen(failure: Failure) -> Failure {
    Failure {
        ambiguous: true,
        ..failure
    }
}

/// The id of what was created: the last segment of `Location`, whose host is never contacted, or the body
/// (`reference/cloudmore-api.md`, section 5).
fn created_id(answer: &Answer, collection: &[&str], names: Names<'_>) -> Option<AccountId> {
    let located = answer.header(LOCATION).and_then(|location| {
        let path = location.split(['?', '#']).next()?;
        let last = path.rsplit('/').find(|segment| !segment.is_empty())?;
        let is_collection = collection
            .last()
            .is_some_and(|name| last.eq_ignore_ascii_case(name));
        (!is_collection).then(|| last.to_owned())
    });
    let id = located.or_else(|| match wire::json(answer.body().ok()?)? {
        Value::Object(body) => {
            let body = Record::new(&body, names);
            body.id(Field::Id).or_else(|| body.id(Field::UserId))
        }
        body @ (Value::String(_) | Value::Number(_)) => wire::id_of(&body),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    });
    id.map(AccountId::new)
}
