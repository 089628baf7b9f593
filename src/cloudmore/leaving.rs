//! Taking an account away from a leaver: locking it or deleting it, and looking whether that had its effect.

use reqwest::Method;

use crate::domain::model::{AccountId, Keepsake, Lock};

use super::failure::{Failure, FailureKind};
use super::person;
use super::target::{Target, unseen};

impl Target {
    /// Locks an account, and looks whether it is locked. `false`: there is certainly no such account.
    ///
    /// # Errors
    /// [`Failure`], also when Cloudmore accepted the lock and does not show it; may be repeated.
    pub async fn lock(&self, id: &AccountId, lock: &Lock) -> Result<bool, Failure> {
        let operation = self.begin();
        let Some(detail) = self.detail(&operation, id).await? else {
            return Ok(false);
        };
        let before = self.read_person(id, &detail)?;
        self.spare_api_account(&before.profile.name)?;
        let Some(body) = person::locking(&detail, lock, self.names()) else {
            return Ok(true);
        };
        let path = self.person_path(id);
        let locked = self.write_person(&operation, Method::PUT, &path, &body, (&detail, ""));
        if let Err(failure) = locked.await {
            // What a person entered may be something that Cloudmore does not take back. It must not keep a leaver in.
            let less = person::without_refused(&body, &failure, self.names());
            let body = less.ok_or(failure)?;
            operation.write(Method::PUT, &path, Some(&body), "").await?;
        }
        let after = self.detail(&operation, id).await.map_err(unseen)?;
        let Some(after) = after else {
            return Ok(false);
        };
        if person::is_locked(&after, lock, self.names()) {
            return Ok(true);
        }
        Err(not_so(match lock {
            Lock::Role(role) => format!(
                "Cloudmore accepted role {role} for the account and shows another: choose another role \
                 for leavers, or delete their accounts"
            ),
            Lock::Flag(field) => format!(
                "Cloudmore accepted `{field}` = false for the account and does not show it: it may have \
                 no such field; choose another, or delete leavers' accounts"
            ),
        }))
    }

    /// Deletes a person, and looks whether they are gone. One who is certainly not there counts as deleted. That the
    /// account is the bridge's to delete is for the caller to know.
    ///
    /// # Errors
    /// [`Failure`], also when Cloudmore accepted the deletion and still shows the account; may be repeated.
    pub async fn delete(&self, id: &AccountId) -> Result<(), Failure> {
        let operation = self.begin();
        let path = self.person_path(id);
        match operation.write(Method::DELETE, &path, None, "").await {
            Ok(_) => {}
            Err(failure) if failure.kind == FailureKind::NotFound => {
                self.certainly_gone(&operation, id).await?;
                return Ok(());
            }
            Err(failure) if failure.may_mean_missing() => {
                return match self.detail(&operation, id).await {
                    Ok(None) => Ok(()),
                    Ok(Some(_)) | Err(_) => Err(failure),
                };
            }
            Err(failure) => return Err(failure),
        }
        let left = match operation.object(&path).await {
            Err(failure) if failure.kind == FailureKind::NotFound => None,
            Ok(Some(detail)) => Some(detail),
            Ok(None) => self.detail(&operation, id).await.map_err(unseen)?,
            Err(failure) if failure.may_mean_missing() => {
                self.detail(&operation, id).await.map_err(unseen)?
            }
            Err(failure) => return Err(unseen(failure)),
        };
        match left {
            None => Ok(()),
            Some(_) => Err(not_so(
                "Cloudmore accepted the deletion of the account and still shows it".to_owned(),
            )),
        }
    }

    /// What an account has that could be given to another; `None` if it cannot be read now.
    pub async fn keepsake(&self, id: &AccountId) -> Option<Keepsake> {
        let operation = self.begin();
        let detail = operation.object(&self.person_path(id)).await.ok()??;
        Some(Keepsake(person::to_put_back(&detail, self.names())))
    }
}

/// Cloudmore said yes and did not do it. It may do it yet.
pub(super) fn not_so(words: String) -> Failure {
    unseen(Failure::refused(words))
}
