//! The people side of Cloudmore: the users of one organization, or the administrators of the broker.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{HeaderValue, LOCATION};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use crate::domain::model::{AccountId, Profile, RoleId};

use super::answer::Answer;
use super::catalog::Role;
use super::client::{Client, Scope};
use super::failure::{Failure, FailureKind};
use super::fields::{Field, Model, Names, Wire};
use super::listing::{Listing, Row};
use super::operation::Operation;
use super::password;
use super::person::{self, Person, PersonRow};
use super::record::{Lacks, Record};
use super::wire;

/// What a tenant is bound to. Clones are cheap and share the client.
#[derive(Clone, Debug)]
pub struct Target {
    client: Client,
    scope: Arc<Scope>,
    correlation: Option<HeaderValue>,
}

/// How an update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// There is certainly no such account.
    Gone,
    /// Cloudmore has it so already; nothing was written.
    Unchanged,
    /// It was written.
    Written {
        /// Cloudmore accepted the write and kept another login name than the one wanted.
        name_kept: bool,
    },
}

impl Target {
    pub(super) fn new(client: Client, scope: Scope) -> Self {
        Self {
            client,
            scope: Arc::new(scope),
            correlation: None,
        }
    }

    /// The same target, whose calls carry `id` as `X-Correlation-Id`. An id that cannot be a header value is left out.
    pub fn with_correlation(&self, id: &str) -> Self {
        Self {
            correlation: HeaderValue::from_str(id).ok(),
            ..self.clone()
        }
    }

    /// All people.
    ///
    /// # Errors
    /// [`Failure`], also when the list is not whole.
    pub async fn people(&self) -> Result<Listing<PersonRow>, Failure> {
        self.begin().list(&self.people_path(), self.model()).await
    }

    /// One person. `None` only when it is certain: 404, and the list answers without the id.
    ///
    /// # Errors
    /// [`Failure`], also when a 404 is not explained by the list.
    pub async fn person(&self, id: &AccountId) -> Result<Option<Person>, Failure> {
        let detail = self.detail(&self.begin(), id).await?;
        detail
            .map(|detail| self.read_person(id, &detail))
            .transpose()
    }

    /// Creates a person with a random password that nobody keeps. `None`: created, but Cloudmore did not say under which id.
    ///
    /// # Errors
    /// [`Failure`]; when it is ambiguous, look for the name before repeating.
    pub async fn create(
        &self,
        profile: &Profile,
        role: RoleId,
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
        let body = person::create(profile, role, &password, self.names());
        let path = self.people_path();
        let operation = self.begin();
        let secret = password.expose_secret();
        let answer = self
            .write_person(
                &operation,
                Method::POST,
                &path,
                &body,
                (&Map::new(), secret),
            )
            .await?;
        Ok(created_id(&answer, &path, self.names()))
    }

    /// Brings a person's directory fields and role to what is wanted and leaves everything else as Cloudmore has it.
    ///
    /// # Errors
    /// [`Failure`]; an update may be repeated.
    pub async fn update(
        &self,
        id: &AccountId,
        profile: &Profile,
        role: RoleId,
    ) -> Result<Update, Failure> {
        self.spare_api_account(&profile.name)?;
        let operation = self.begin();
        let Some(detail) = self.detail(&operation, id).await? else {
            return Ok(Update::Gone);
        };
        let before = self.read_person(id, &detail)?;
        self.spare_api_account(&before.profile.name)?;
        let Some(body) = person::overlay(&detail, profile, role, self.names()) else {
            return Ok(Update::Unchanged);
        };
        self.write_person(
            &operation,
            Method::PUT,
            &self.person_path(id),
            &body,
            (&detail, ""),
        )
        .await?;
        if person::same_name(&before.profile.name, &profile.name) {
            return Ok(Update::Written { name_kept: false });
        }
        // Whether a PUT can rename is not documented, so a rename is looked at.
        let after = self.detail(&operation, id).await.and_then(|detail| {
            let person = detail.map(|detail| self.read_person(id, &detail));
            let person = person.transpose()?;
            Ok(person.map(|person| person.profile.name))
        });
        match after {
            Ok(None) => Ok(Update::Gone),
            Ok(Some(name)) => Ok(Update::Written {
                name_kept: !person::same_name(&name, &profile.name),
            }),
            Err(failure) => Err(Failure {
                ambiguous: true,
                ..failure
            }),
        }
    }

    /// Deletes a person. One who is certainly not there counts as deleted. That the account is the bridge's to delete
    /// is for the caller to know.
    ///
    /// # Errors
    /// [`Failure`]; a delete may be repeated.
    pub async fn delete(&self, id: &AccountId) -> Result<(), Failure> {
        let operation = self.begin();
        match operation
            .write(Method::DELETE, &self.person_path(id), None, "")
            .await
        {
            Ok(_) => Ok(()),
            Err(failure) if failure.kind == FailureKind::NotFound => {
                self.certainly_gone(&operation, id).await
            }
            Err(failure) => Err(failure),
        }
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

    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(super) fn begin(&self) -> Operation<'_> {
        Operation::begin(&self.client, self.correlation.as_ref())
    }

    /// Writes a person, once more with the phone number as it was before if Cloudmore refuses the one in the body: a
    /// number must not cost anybody the account. `secret` is a part of the body that no message may repeat.
    async fn write_person(
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

    /// The detail as Cloudmore sends it, or `None` when there is certainly none.
    async fn detail(
        &self,
        operation: &Operation<'_>,
        id: &AccountId,
    ) -> Result<Option<Map<String, Value>>, Failure> {
        match operation.object(&self.person_path(id)).await {
            Ok(detail) => Ok(Some(detail)),
            Err(failure) if failure.kind == FailureKind::NotFound => {
                self.certainly_gone(operation, id).await.map(|()| None)
            }
            Err(failure) => Err(failure),
        }
    }

    async fn certainly_gone(
        &self,
        operation: &Operation<'_>,
        id: &AccountId,
    ) -> Result<(), Failure> {
        let is_it = |person: &PersonRow| same_id(&person.id, id);
        absent_from(operation, &self.people_path(), self.model(), is_it).await
    }

    fn read_person(&self, id: &AccountId, detail: &Map<String, Value>) -> Result<Person, Failure> {
        person::read(id, Record::new(detail, self.names())).map_err(|Lacks(field)| {
            Failure::incomplete(format!(
                "Cloudmore's detail of a person has no usable `{field}`"
            ))
        })
    }

    pub(super) fn wire(&self) -> &Wire {
        self.client.wire()
    }

    fn names(&self) -> Names<'_> {
        self.wire().of(self.model())
    }

    fn model(&self) -> Model {
        match self.scope.as_ref() {
            Scope::Organization(_) => Model::User,
            Scope::Broker => Model::Administrator,
        }
    }

    fn people_path(&self) -> Vec<&str> {
        match self.scope.as_ref() {
            Scope::Organization(id) => vec!["organizations", id, "Users"],
            Scope::Broker => vec!["ResellerAdministrators"],
        }
    }

    fn person_path<'a>(&'a self, id: &'a AccountId) -> Vec<&'a str> {
        [self.people_path(), vec![id.as_str()]].concat()
    }

    fn spare_api_account(&self, name: &str) -> Result<(), Failure> {
        if person::same_name(name, self.client.api_account()) {
            return Err(Failure::refused(
                "this is the account that the bridge itself uses, which it never changes",
            ));
        }
        Ok(())
    }
}

/// After a 404: certain only when the parent list answers without the item. If the list is not found either, the failure
/// is that of the list, because then an id before it is wrong.
pub(super) async fn absent_from<T: Row>(
    operation: &Operation<'_>,
    list: &[&str],
    model: Model,
    is_it: impl Fn(&T) -> bool,
) -> Result<(), Failure> {
    if operation.list::<T>(list, model).await?.iter().any(is_it) {
        return Err(Failure::incomplete(format!(
            "Cloudmore lists this {} and says that it does not exist",
            T::WHAT
        )));
    }
    Ok(())
}

/// Ids are GUIDs as far as is known, and those are equal in either case: to take an id for missing because of its case
/// would pass for a revocation.
pub(super) fn same_id(one: &AccountId, other: &AccountId) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
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
