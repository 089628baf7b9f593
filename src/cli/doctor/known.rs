//! What the doctor calls its test data, and what it has learned so far.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::check::Skip;

/// Something that a check learns and later checks use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fact {
    /// The ServiceProviderConfig.
    Config,
    /// The list of resource types.
    ResourceTypes,
    /// The list of schemas.
    Schemas,
    /// The id of the user that Entra makes.
    User,
    /// The id of the user that Okta makes.
    Colleague,
    /// Okta's user as it was last read.
    ColleagueAsRead,
    /// The id of the group.
    Group,
    /// The id of the resource on the first page.
    FirstOnPage,
    /// The entity tag of Entra's user.
    EntityTag,
}

impl Fact {
    /// Why a check that needs it was not tried.
    fn missing(self) -> Skip {
        Skip(match self {
            Self::Config => "there is no ServiceProviderConfig",
            Self::ResourceTypes => "there is no list of resource types",
            Self::Schemas => "there is no list of schemas",
            Self::User => "Entra's test user could not be made",
            Self::Colleague => "Okta's test user could not be made",
            Self::ColleagueAsRead => "Okta's test user could not be read",
            Self::Group => "the test group could not be made",
            Self::FirstOnPage => "the first page could not be read",
            Self::EntityTag => "the test user has no entity tag",
        })
    }
}

/// Names and facts.
pub(super) struct Known {
    /// What all names of test data begin with; different in each run.
    pub(super) prefix: String,
    domain: String,
    facts: HashMap<Fact, Value>,
}

impl Known {
    /// Nothing but names.
    pub(super) fn new(domain: String) -> Self {
        let random = Uuid::now_v7().simple().to_string();
        let run = random.get(20..).unwrap_or(&random);
        Self {
            prefix: format!("scim-bridge-doctor-{run}"),
            domain,
            facts: HashMap::new(),
        }
    }

    /// The userName and e-mail address of a test user.
    pub(super) fn address(&self, who: &str) -> String {
        format!("{}-{who}@{}", self.prefix, self.domain)
    }

    /// The externalId of a test resource.
    pub(super) fn external_id(&self, who: &str) -> String {
        format!("{}-{who}", self.prefix)
    }

    /// The name of the test group.
    pub(super) fn group_name(&self) -> String {
        format!("{}-group", self.prefix)
    }

    /// An id that no server has given.
    pub(super) fn stranger(&self) -> String {
        format!("{}-nobody", self.prefix)
    }

    /// Learns something.
    pub(super) fn keep(&mut self, fact: Fact, value: impl Into<Value>) {
        self.facts.insert(fact, value.into());
    }

    /// What was learned, or why a check that needs it cannot be tried.
    pub(super) fn get(&self, fact: Fact) -> Result<&Value, Skip> {
        self.facts.get(&fact).ok_or_else(|| fact.missing())
    }

    /// The same as a text.
    pub(super) fn text(&self, fact: Fact) -> Result<&str, Skip> {
        self.get(fact)?.as_str().ok_or_else(|| fact.missing())
    }

    /// The address of a resource whose id was learned.
    pub(super) fn path(&self, endpoint: &str, fact: Fact) -> Result<String, Skip> {
        Ok(format!("{endpoint}/{}", self.text(fact)?))
    }

    /// Whether the configuration says of a feature that it is supported; `Err` if it does not.
    pub(super) fn advertises(&self, feature: &str, otherwise: &'static str) -> Result<(), Skip> {
        let config = self.get(Fact::Config)?;
        if config.pointer(feature) == Some(&Value::Bool(true)) {
            Ok(())
        } else {
            Err(Skip(otherwise))
        }
    }
}
