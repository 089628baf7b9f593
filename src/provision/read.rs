//! SCIM reads of one resource, and how stored resources are rendered.

use std::collections::HashMap;

use serde_json::Value;

use super::{Bridge, Context, status};
use crate::domain::model::{TenantId, UserId};
use crate::scim::schema::CLOUDMORE_USER;
use crate::scim::{
    Filter, GroupRef, MemberRef, Meta, Projection, ResourceKind, ScimError, render_group,
    render_user,
};
use crate::store::{GroupRecord, UserKey, UserRecord};

/// What the reader of a resource is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The version of the resource.
    pub version: i64,
    /// The resource; `None` for a client that has this version already.
    pub body: Option<Value>,
}

/// What of users is read besides their documents, because it is to be seen or compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Besides {
    groups: bool,
    account: bool,
}

impl Besides {
    /// What an answer shows.
    pub(super) fn shown(projection: &Projection) -> Self {
        let kind = ResourceKind::User;
        Self {
            groups: projection.wants(kind, "groups"),
            account: projection.wants_extension(kind, &CLOUDMORE_USER),
        }
    }

    /// What a filter looks at.
    pub(super) fn compared(filter: &Filter) -> Self {
        Self {
            groups: filter.mentions("groups"),
            account: filter.mentions_extension(ResourceKind::User, &CLOUDMORE_USER),
        }
    }
}

impl Bridge {
    /// A user, rendered. `base` is the tenant's SCIM base address.
    ///
    /// # Errors
    /// 404 for an unknown id, 412 for a version that the client does not want.
    pub async fn read_user(
        &self,
        context: &Context,
        base: &str,
        id: &str,
        projection: &Projection,
    ) -> Result<Shown, ScimError> {
        let key = UserKey::Id(context.tenant.id.clone(), id.to_owned());
        let Some(user) = self.store.user(key).await? else {
            let words = format!("There is no user with the id \"{id}\".");
            return Err(ScimError::not_found(words));
        };
        let known = context.precondition.is_known(user.version)?;
        Ok(Shown {
            version: user.version,
            body: match known {
                true => None,
                false => Some(self.show_user(base, &user, projection).await?),
            },
        })
    }

    /// A user as the answer to a write.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn show_user(
        &self,
        base: &str,
        user: &UserRecord,
        projection: &Projection,
    ) -> Result<Value, ScimError> {
        let users = std::slice::from_ref(user);
        let resources = self
            .render_users(&user.tenant, base, users, Besides::shown(projection))
            .await?;
        let resource = resources.into_iter().next().unwrap_or_default();
        Ok(projection.apply(ResourceKind::User, resource))
    }

    /// Users in full, with what is to be read besides their documents.
    pub(super) async fn render_users(
        &self,
        tenant: &TenantId,
        base: &str,
        users: &[UserRecord],
        besides: Besides,
    ) -> Result<Vec<Value>, ScimError> {
        let ids: Vec<_> = users.iter().map(|user| user.id.clone()).collect();
        let mut groups: HashMap<UserId, Vec<GroupRef>> = HashMap::new();
        if besides.groups {
            for (user, id, display) in self.store.groups_of(tenant, &ids).await? {
                let id = id.to_string();
                groups
                    .entry(user)
                    .or_default()
                    .push(GroupRef { id, display });
            }
        }
        let statuses = if besides.account {
            self.store.statuses(tenant, &ids).await?
        } else {
            HashMap::new()
        };
        let none = Vec::new();
        let rendered = users.iter().map(|user| {
            let meta = Meta {
                id: user.id.as_str(),
                created: user.created,
                modified: user.modified,
                version: user.version,
                base,
            };
            let groups = groups.get(&user.id).unwrap_or(&none);
            let account = statuses.get(&user.id).map(status::extension);
            render_user(&user.document, &meta, groups, account)
        });
        Ok(rendered.collect())
    }

    /// A group, rendered; its members are read only where they are shown.
    ///
    /// # Errors
    /// 404 for an unknown id, 412 for a version that the client does not want.
    pub async fn read_group(
        &self,
        context: &Context,
        base: &str,
        id: &str,
        projection: &Projection,
    ) -> Result<Shown, ScimError> {
        let Some(group) = self.store.group(&context.tenant.id, id).await? else {
            let words = format!("There is no group with the id \"{id}\".");
            return Err(ScimError::not_found(words));
        };
        let known = context.precondition.is_known(group.version)?;
        Ok(Shown {
            version: group.version,
            body: match known {
                true => None,
                false => Some(self.show_group(base, &group, projection).await?),
            },
        })
    }

    /// A group as the answer to a write.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn show_group(
        &self,
        base: &str,
        group: &GroupRecord,
        projection: &Projection,
    ) -> Result<Value, ScimError> {
        let with_members = projection.wants(ResourceKind::Group, "members");
        let resource = self.render_group(base, group, with_members).await?;
        Ok(projection.apply(ResourceKind::Group, resource))
    }

    /// A group in full, with its members if those are to be seen: a group can have very many.
    pub(super) async fn render_group(
        &self,
        base: &str,
        group: &GroupRecord,
        with_members: bool,
    ) -> Result<Value, ScimError> {
        let members = if with_members {
            Some(self.store.members_shown(&group.tenant, &group.id).await?)
        } else {
            None
        };
        let members: Option<Vec<MemberRef>> = members.map(|members| {
            let member = |(id, display): (UserId, Option<String>)| MemberRef {
                id: id.to_string(),
                display,
            };
            members.into_iter().map(member).collect()
        });
        let meta = Meta {
            id: group.id.as_str(),
            created: group.created,
            modified: group.modified,
            version: group.version,
            base,
        };
        Ok(render_group(&group.document, &meta, members.as_deref()))
    }
}
