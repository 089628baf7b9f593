//! Performing the steps that are about an assignment.

use super::Errand;
use super::adopt::Trouble;
use crate::cloudmore::{Failure, FailureKind, Seat, Target};
use crate::domain::effect::Effect;
use crate::domain::model::{Account, KnownSeat, SeatOrigin, SubscriptionRef};

/// What is there after an assign of unknown outcome is ours, anything else was there before.
pub(super) async fn find_seat(
    (target, errand): (&Target, &Errand),
    account: &Account,
    at: &SubscriptionRef,
) -> Result<Effect, Trouble> {
    let known = account.seats.get(at);
    let begun = matches!(known, Some(KnownSeat::Uncertain { .. }));
    let is_there = if begun {
        let seat = seat(target, account, at).await?;
        let sent = known.and_then(KnownSeat::external_user_id);
        if let (Some(seat), Some(sent)) = (&seat, sent)
            && seat.external_user_id.as_deref() != Some(sent)
        {
            // Cloudmore may not have taken it along with the assignment.
            target
                .set_external_user_id(at, &account.id, Some(sent))
                .await?;
        }
        seat.is_some()
    } else {
        match errand.saw(target, at, &account.id).await {
            // Nobody can be assigned where nobody can be listed.
            Err(failure) if is_no(&failure) => return Ok(Effect::SeatRefused(failure.to_string())),
            looked => looked?,
        }
    };
    Ok(match (is_there, begun) {
        (false, _) => Effect::NoSeat,
        (true, true) => Effect::Seat(SeatOrigin::Made),
        (true, false) => Effect::Seat(SeatOrigin::Foreign),
    })
}

/// One call, and a look at what is not known of it. A refusal is looked into: what is there already needs no assigning, and for an account
/// that somebody deleted there is another way.
pub(super) async fn assign(
    target: &Target,
    account: &Account,
    at: &SubscriptionRef,
    external_user_id: Option<&str>,
) -> Result<Effect, Trouble> {
    let Err(failure) = target.assign(at, &account.id, external_user_id).await else {
        if let Some(id) = external_user_id {
            let ensured = target.ensure_external_user_id(at, &account.id, id).await;
            ensured.map_err(begun)?;
        }
        return Ok(Effect::Done);
    };
    if !is_no(&failure) {
        return Err(Trouble::Call(failure));
    }
    if let Ok(true) = holds(target, account, at).await {
        return Ok(Effect::Seat(SeatOrigin::Foreign));
    }
    Ok(match target.person(&account.id).await {
        Ok(None) => Effect::NoAccount,
        Ok(Some(_)) | Err(_) => Effect::SeatRefused(failure.words),
    })
}

/// One call. A refusal is looked into: somebody may have taken the assignment away.
pub(super) async fn set_external_user_id(
    target: &Target,
    account: &Account,
    at: &SubscriptionRef,
    external_user_id: &str,
) -> Result<Effect, Trouble> {
    let set = target.set_external_user_id(at, &account.id, Some(external_user_id));
    match set.await {
        Ok(()) => Ok(Effect::Done),
        Err(failure)
            if is_no(&failure) && matches!(holds(target, account, at).await, Ok(false)) =>
        {
            Ok(Effect::NoSeat)
        }
        Err(failure) => Err(Trouble::Call(failure)),
    }
}

/// Whether Cloudmore has said no, which leaves open why.
fn is_no(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Refused | FailureKind::NotFound)
}

/// The assignment is there, whatever went wrong after it.
fn begun(failure: Failure) -> Failure {
    Failure {
        ambiguous: true,
        ..failure
    }
}

async fn holds(target: &Target, account: &Account, at: &SubscriptionRef) -> Result<bool, Failure> {
    Ok(seat(target, account, at).await?.is_some())
}

async fn seat(
    target: &Target,
    account: &Account,
    at: &SubscriptionRef,
) -> Result<Option<Seat>, Failure> {
    let seats = target.seats(at).await?;
    let id = account.id.as_str();
    Ok(seats
        .into_iter()
        .find(|seat| seat.user.as_str().eq_ignore_ascii_case(id)))
}
