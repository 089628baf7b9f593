//! Conditional requests (RFC 7644 section 3.14, RFC 9110 section 13): the entity tag of a version, and what the tags in a
//! request demand of the resource that is there. Tags are weak and compare as such.

use super::ScimError;

/// The weak entity tag of a version, as `meta.version` and the `ETag` header have it.
pub fn entity_tag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// What must hold of a resource for a request to be carried out. The default is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Precondition {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    /// One of these, without the quotation marks.
    These(Vec<String>),
}

impl Precondition {
    /// Reads the two headers; one that came in several lines is joined by commas.
    ///
    /// # Errors
    /// 400 `invalidValue` for a header that is no list of entity tags.
    pub fn parse(if_match: Option<&str>, if_none_match: Option<&str>) -> Result<Self, ScimError> {
        let tags = |name, text: Option<&str>| text.map(|text| Tags::parse(name, text)).transpose();
        Ok(Self {
            if_match: tags("If-Match", if_match)?,
            if_none_match: tags("If-None-Match", if_none_match)?,
        })
    }

    /// Reads the `version` of an operation in a Bulk request, which is to it what `If-Match` is to a request.
    ///
    /// # Errors
    /// 400 `invalidValue` for what is no entity tag.
    pub fn of_version(text: &str) -> Result<Self, ScimError> {
        Ok(Self {
            if_match: Some(Tags::parse("version", text)?),
            if_none_match: None,
        })
    }

    /// The resource must be at this version.
    pub fn is_at(version: i64) -> Self {
        Self {
            if_match: Some(Tags::These(vec![version.to_string()])),
            if_none_match: None,
        }
    }

    /// The resource must be there, at whatever version.
    pub fn exists() -> Self {
        Self {
            if_match: Some(Tags::Any),
            if_none_match: None,
        }
    }

    /// Whether the client says which version it means to change.
    pub fn names_a_version(&self) -> bool {
        self.if_match.is_some()
    }

    /// Whether the client has this version already, so that it need not be sent again.
    ///
    /// # Errors
    /// 412 when the client wants to read other versions only.
    pub fn is_known(&self, version: i64) -> Result<bool, ScimError> {
        self.meets_if_match(version)?;
        let known = self.if_none_match.as_ref();
        Ok(known.is_some_and(|tags| tags.contain(version)))
    }

    /// Lets a change of a resource pass that is at `version`.
    ///
    /// # Errors
    /// 412 when the client means to change another version.
    pub fn allows_change(&self, version: i64) -> Result<(), ScimError> {
        self.meets_if_match(version)?;
        match &self.if_none_match {
            Some(tags) if tags.contain(version) => Err(ScimError::precondition_failed(format!(
                "If-None-Match forbids the change: the resource is there, at version {}.",
                entity_tag(version)
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// Lets a creation go on that meets a resource of the same name. Nothing that could match is there before a
    /// creation, so that `If-Match` has no meaning for it (RFC 9110 section 13.2.1).
    ///
    /// # Errors
    /// 412 when the client said that there must be none.
    pub fn allows_existing(&self) -> Result<(), ScimError> {
        if self.if_none_match == Some(Tags::Any) {
            return Err(ScimError::precondition_failed(
                "If-None-Match forbids the creation: there is such a resource already.",
            ));
        }
        Ok(())
    }

    fn meets_if_match(&self, version: i64) -> Result<(), ScimError> {
        match &self.if_match {
            Some(tags) if !tags.contain(version) => Err(ScimError::precondition_failed(format!(
                "The resource has changed: it is at version {}. Read it again and repeat the change.",
                entity_tag(version)
            ))),
            Some(_) | None => Ok(()),
        }
    }
}

impl Tags {
    /// A list as RFC 9110 section 5.6.1 has it: empty elements do not count.
    fn parse(name: &str, text: &str) -> Result<Self, ScimError> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text.trim_start_matches(is_between);
        while !rest.is_empty() {
            let (tag, after) = entity_tag_at(rest).ok_or_else(|| malformed(name, text))?;
            tags.push(tag.to_owned());
            let next = after.trim_start();
            if !next.is_empty() && !next.starts_with(',') {
                return Err(malformed(name, text));
            }
            rest = next.trim_start_matches(is_between);
        }
        if tags.is_empty() {
            return Err(malformed(name, text));
        }
        Ok(Self::These(tags))
    }

    fn contain(&self, version: i64) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.contains(&version.to_string()),
        }
    }
}

fn is_between(c: char) -> bool {
    c == ',' || c.is_ascii_whitespace()
}

/// The tag that the text begins with, without its marks, and what follows it.
fn entity_tag_at(text: &str) -> Option<(&str, &str)> {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let (tag, after) = quoted.strip_prefix('"')?.split_once('"')?;
    let is_legal = |c: char| !c.is_control() && c != ' ';
    tag.chars().all(is_legal).then_some((tag, after))
}

fn malformed(name: &str, text: &str) -> ScimError {
    ScimError::invalid_value(format!(
        "{name} must be * or entity tags such as {}, not '{text}'.",
        entity_tag(1)
    ))
}
