//! Comparing what was seen of a user with what the user should have.

use std::collections::BTreeSet;

use super::super::entitlement::{Wanted, WantedAccount};
use super::super::model::{Account, Known, KnownSeat, Lock, SeatOrigin};
use super::super::policy::{Leaving, Policy};
use super::super::sighting::{ProfileField, Sight, Sighting, fields};
use super::{Difference, Seen, may_be_ours};
use crate::scim::fold;

/// Says where what was seen differs from what the user should have. What was not seen differs in nothing.
pub fn compare(wanted: &Wanted, known: &Known, seen: &Seen, policy: &Policy) -> Vec<Difference> {
    let mut differences = Vec::new();
    match (wanted, known) {
        (Wanted::Account(_), Known::Nothing) => differences.push(Difference::AccountMissing),
        (Wanted::Account(wanted), Known::Account(account)) => match &seen.account {
            Sight::Absent => differences.push(Difference::AccountMissing),
            Sight::Unknown => {}
            Sight::Present(sighting) => {
                differences.extend(role(wanted, sighting));
                differences.extend(profile(wanted, sighting));
                differences.extend(locked_out(sighting, policy));
                differences.extend(granted(wanted, account, seen));
                differences.extend(extra(Some(wanted), account, seen));
            }
        },
        (Wanted::Nothing(_), Known::Account(account)) if seen.account != Sight::Absent => {
            differences.push(Difference::AccountExtra);
            differences.extend(extra(None, account, seen));
        }
        (Wanted::Locked { lock, .. }, Known::Account(account)) => {
            differences.extend(unlocked(account, lock, &seen.account));
            if seen.account != Sight::Absent {
                differences.extend(extra(None, account, seen));
            }
        }
        // A create that was begun may have had its effect.
        (Wanted::Nothing(_) | Wanted::Locked { .. }, Known::Uncertain { .. }) => {
            differences.push(Difference::AccountExtra);
        }
        (Wanted::Nothing(_), Known::Account(_))
        | (Wanted::Nothing(_) | Wanted::Locked { .. }, Known::Nothing)
        | (Wanted::Account(_), Known::Uncertain { .. }) => {}
    }
    let survivors = seen.survivors.iter().cloned();
    differences.extend(survivors.map(Difference::AccountBack));
    differences
}

fn role(wanted: &WantedAccount, sighting: &Sighting) -> Option<Difference> {
    let is = sighting.role.filter(|is| *is != wanted.role)?;
    let should = wanted.role;
    Some(Difference::Role { should, is })
}

fn profile(wanted: &WantedAccount, sighting: &Sighting) -> Vec<Difference> {
    let differing = fields(&wanted.profile).filter_map(|(field, should)| {
        let is = match sighting.field(&field) {
            Sight::Unknown => return None,
            Sight::Absent => "",
            Sight::Present(is) => is,
        };
        let same = match field {
            ProfileField::Name => fold(is.trim()) == fold(should.trim()),
            ProfileField::FirstName
            | ProfileField::LastName
            | ProfileField::DisplayName
            | ProfileField::Email
            | ProfileField::Detail(_) => is.trim() == should.trim(),
        };
        (!same).then(|| Difference::Field {
            field,
            should: should.to_owned(),
            is: is.to_owned(),
        })
    });
    differing.collect()
}

fn locked_out(sighting: &Sighting, policy: &Policy) -> Option<Difference> {
    let leaving = [&policy.deprovision.deactivated, &policy.deprovision.deleted];
    leaving.into_iter().find_map(|leaving| match leaving {
        Leaving::Lock(Lock::Flag(field)) => {
            let is = sighting.flags.get(&field.to_ascii_lowercase());
            let field = field.clone();
            (is == Some(&false)).then_some(Difference::LockedOut { field })
        }
        Leaving::Lock(Lock::Role(_)) | Leaving::Delete => None,
    })
}

/// A lock that was seen to hold must go on doing so, and one that was not is not done yet.
fn unlocked(account: &Account, lock: &Lock, seen: &Sight<Sighting>) -> Option<Difference> {
    let held = account.locked.as_ref().filter(|locked| locked.seen);
    let Some(held) = held else {
        let lock = lock.clone();
        return Some(Difference::Unlocked { lock });
    };
    let Sight::Present(sighting) = seen else {
        return None;
    };
    let lock = held.lock.clone();
    (sighting.locked(&lock) == Sight::Absent).then_some(Difference::Unlocked { lock })
}

fn granted(wanted: &WantedAccount, account: &Account, seen: &Seen) -> Vec<Difference> {
    let each = wanted.seats.iter().filter_map(|(at, seat)| {
        let known = account.seats.get(at);
        let external = match seen.seats.get(at)? {
            Sight::Unknown => return None,
            Sight::Absent => {
                return Some(Difference::AssignmentMissing {
                    at: at.clone(),
                    refused: match known {
                        Some(KnownSeat::Refused { reason }) => Some(reason.clone()),
                        _ => None,
                    },
                });
            }
            Sight::Present(external) => external,
        };
        let should = seat.external_user_id.clone()?;
        let is = match external {
            Sight::Unknown => return None,
            Sight::Absent => None,
            Sight::Present(is) => Some(is.clone()),
        };
        let ours = matches!(
            known,
            Some(KnownSeat::Held {
                origin: SeatOrigin::Made,
                ..
            })
        );
        let differs = ours && is.as_ref() != Some(&should);
        let at = at.clone();
        differs.then_some(Difference::ExternalUserId { at, should, is })
    });
    each.collect()
}

/// What is there and should not be. What the bridge has taken away and is there again belongs to another hand, unless
/// nobody should have any access: then it is taken away again.
fn extra(wanted: Option<&WantedAccount>, account: &Account, seen: &Seen) -> Vec<Difference> {
    let ours = account.seats.iter().filter(|(_, seat)| may_be_ours(seat));
    let ours: BTreeSet<_> = ours.map(|(at, _)| at).collect();
    let all = account.seats.keys().chain(seen.seats.keys());
    let all: BTreeSet<_> = all.collect();
    let extra = all
        .into_iter()
        .filter(|at| wanted.is_none_or(|wanted| !wanted.seats.contains_key(at)));
    let extra = extra.filter_map(|at| {
        let sight = seen.seats.get(at).unwrap_or(&Sight::Unknown);
        let is_there = matches!(sight, Sight::Present(_));
        let was_ours = wanted.is_none() && seen.taken.contains(at);
        let at = at.clone();
        if ours.contains(&at) && *sight != Sight::Absent || is_there && was_ours {
            Some(Difference::AssignmentExtra { at })
        } else {
            is_there.then_some(Difference::AssignmentForeign { at })
        }
    });
    extra.collect()
}
