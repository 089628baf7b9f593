//! What a step that went wrong means: for the rest of the plan, for what is known, for the row.

use std::time::Duration;

use super::adopt::{Trouble, Waiting};
use super::{Refusal, Why};
use crate::cloudmore::FailureKind;
use crate::domain::effect::Effect;
use crate::domain::entitlement::Wanted;
use crate::domain::model::Known;
use crate::domain::plan::Step;
use crate::store::StoreError;

/// What a failed step means for the row.
pub(super) enum Verdict {
    Refused(Refusal),
    Held(Waiting),
    Later {
        words: String,
        wait: Option<Duration>,
        outage: bool,
        /// Whether anything was tried at all.
        tried: bool,
    },
}

impl Verdict {
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.words,
            Self::Held(waiting) => &waiting.words,
            Self::Later { words, .. } => words,
        }
    }

    /// Whether the log is told.
    pub(super) fn is_news(&self) -> bool {
        !matches!(self, Self::Held(_) | Self::Later { tried: false, .. })
    }
}

pub(super) fn verdict(step: &Step, trouble: Trouble) -> Result<Verdict, StoreError> {
    Ok(match trouble {
        Trouble::Store(error) => return Err(error),
        Trouble::Refused(refusal) => Verdict::Refused(refusal),
        Trouble::Call(failure) if failure.kind == FailureKind::Refused => {
            Verdict::Refused(Refusal {
                why: match failure.status {
                    _ if step.revokes() => Why::Revocation,
                    Some(409) => Why::Taken,
                    _ => Why::Invalid,
                },
                words: failure.words,
            })
        }
        Trouble::Held(waiting) => Verdict::Held(*waiting),
        Trouble::Waits(words) => Verdict::Later {
            words,
            wait: None,
            outage: false,
            tried: true,
        },
        Trouble::Call(failure) => Verdict::Later {
            words: failure.to_string(),
            wait: failure.retry_after(),
            outage: failure.is_outage(),
            tried: failure.was_tried(),
        },
    })
}

/// Whether a step changes the role of the account as known, which may take access away.
fn moves_role(step: &Step, known: &Known) -> bool {
    match (step, known) {
        (Step::UpdateAccount { role, .. }, Known::Account(account)) => account.role != Some(*role),
        _ => false,
    }
}

/// Whether somebody is to lose access, or may be.
pub(super) fn takes_away(wanted: &Wanted, steps: &[Step], known: &Known) -> bool {
    let takes = |step: &Step| step.revokes() || moves_role(step, known);
    !matches!(wanted, Wanted::Account(_)) || steps.iter().any(takes)
}

/// Whether the rest of the plan has lost its ground.
pub(super) fn ends_the_plan(step: &Step, performed: &Result<Effect, Trouble>) -> bool {
    match performed {
        Ok(effect) => matches!(
            effect,
            Effect::NoAccount | Effect::Unlisted | Effect::Linked(_)
        ),
        Err(Trouble::Call(failure)) => !step.revokes() || failure.is_outage(),
        Err(Trouble::Refused(_) | Trouble::Waits(_) | Trouble::Held(_) | Trouble::Store(_)) => true,
    }
}

/// Whether a step that failed may have had an effect all the same. An update that failed may have
/// written the role or a part, whatever the last of its calls said.
pub(super) fn may_have_happened(step: &Step, trouble: &Trouble) -> bool {
    let in_part = matches!(step, Step::UpdateAccount { .. });
    match trouble {
        Trouble::Call(failure) => failure.ambiguous || in_part,
        Trouble::Refused(_) | Trouble::Waits(_) | Trouble::Held(_) => in_part,
        Trouble::Store(_) => true,
    }
}

/// Whether the audit is told of a step: not that a user still waits, and not that nothing was tried.
pub(super) fn is_news(performed: &Result<Effect, Trouble>) -> bool {
    match performed {
        Err(Trouble::Held(waiting)) => !waiting.again,
        Err(Trouble::Call(failure)) => failure.was_tried(),
        Ok(_) | Err(Trouble::Refused(_) | Trouble::Waits(_) | Trouble::Store(_)) => true,
    }
}

/// Whether a call that failed may have its effect later.
pub(super) fn may_be_under_way(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Call(failure) => failure.may_be_under_way(),
        Trouble::Refused(_) | Trouble::Waits(_) | Trouble::Held(_) | Trouble::Store(_) => false,
    }
}
