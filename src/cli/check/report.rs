//! What a check found, thing by thing.

use std::fmt;

use crate::config::Mistakes;

/// How one thing that was looked at is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Works, but somebody should know.
    Note,
    /// Wrong, or it could not be checked.
    Problem,
    /// Not looked at, because of a problem that is reported by itself.
    Skipped,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub verdict: Verdict,
    /// The tenant that it belongs to; `None` for what tenants share.
    pub tenant: Option<String>,
    /// Where it stands in the configuration, such as `tenant[0].mapping[1].role`.
    pub place: String,
    /// What was found, for people.
    pub says: String,
}

/// Everything that was looked at, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report(Vec<Finding>);

impl Report {
    /// Everything that was looked at.
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// What is wrong.
    pub fn problems(&self) -> impl Iterator<Item = &Finding> {
        self.with(Verdict::Problem)
    }

    /// What somebody should know.
    pub fn notes(&self) -> impl Iterator<Item = &Finding> {
        self.with(Verdict::Note)
    }

    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.problems().next().is_none()
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    fn with(&self, verdict: Verdict) -> impl Iterator<Item = &Finding> {
        let all = self.0.iter();
        all.filter(move |finding| finding.verdict == verdict)
    }
}

impl From<&Mistakes> for Report {
    /// Each mistake in the configuration is a problem.
    fn from(mistakes: &Mistakes) -> Self {
        let problem = |mistake: &crate::config::Mistake| Finding {
            verdict: Verdict::Problem,
            tenant: None,
            place: match mistake.key.as_str() {
                "" => mistake.place.clone(),
                key => format!("{}: {key}", mistake.place),
            },
            says: mistake.says.clone(),
        };
        Self(mistakes.iter().map(problem).collect())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Note => "note",
            Verdict::Problem => "problem",
            Verdict::Skipped => "skipped",
        };
        write!(f, "{verdict:<8} ")?;
        if let Some(tenant) = &self.tenant {
            write!(f, "{tenant}: ")?;
        }
        write!(f, "{}: {}", self.place, self.says)
    }
}
