//! Users and groups alike: what a client may ask of a resource, whatever its type.

use std::sync::Arc;

use serde_json::Value;

use super::read::Stored;
use super::{Bridge, Context};
use crate::scim::{Projection, ResourceKind, ScimError, location};
use crate::store::{GroupRecord, UserKey, UserRecord};

/// A user or a group.
#[derive(Clone, Debug)]
pub enum Resource {
    /// A user.
    User(Arc<UserRecord>),
    /// A group.
    Group(GroupRecord),
}

impl Resource {
    /// Its SCIM id.
    pub fn id(&self) -> &str {
        match self {
            Self::User(user) => user.id.as_str(),
            Self::Group(group) => group.id.as_str(),
        }
    }

    /// Its version.
    pub fn version(&self) -> i64 {
        match self {
            Self::User(user) => user.version,
            Self::Group(group) => group.version,
        }
    }

    /// Its address below the tenant's SCIM base address.
    pub fn location(&self, base: &str) -> String {
        location(self.kind(), base, self.id())
    }

    fn kind(&self) -> ResourceKind {
        match self {
            Self::User(_) => ResourceKind::User,
            Self::Group(_) => ResourceKind::Group,
        }
    }
}

/// A resource that was read.
#[derive(Debug)]
pub struct Shown {
    /// Its version.
    pub version: i64,
    /// The resource, rendered; `None` when the client has this version already.
    pub body: Option<Value>,
}

impl Bridge {
    /// Makes a resource.
    ///
    /// # Errors
    /// As for [`Bridge::create_user`] and [`Bridge::create_group`].
    pub async fn create(
        self: &Arc<Self>,
        context: &Context,
        kind: ResourceKind,
        body: &Value,
    ) -> Result<Resource, ScimError> {
        Ok(match kind {
            ResourceKind::User => Resource::User(self.create_user(context, body).await?),
            ResourceKind::Group => Resource::Group(self.create_group(context, body).await?),
        })
    }

    /// Replaces a resource.
    ///
    /// # Errors
    /// As for [`Bridge::replace_user`] and [`Bridge::replace_group`].
    pub async fn replace(
        self: &Arc<Self>,
        context: &Context,
        kind: ResourceKind,
        id: &str,
        body: &Value,
    ) -> Result<Resource, ScimError> {
        Ok(match kind {
            ResourceKind::User => Resource::User(self.replace_user(context, id, body).await?),
            ResourceKind::Group => Resource::Group(self.replace_group(context, id, body).await?),
        })
    }

    /// Changes a resource by a PATCH.
    ///
    /// # Errors
    /// As for [`Bridge::patch_user`] and [`Bridge::patch_group`].
    pub async fn patch(
        self: &Arc<Self>,
        context: &Context,
        kind: ResourceKind,
        id: &str,
        body: &Value,
    ) -> Result<Resource, ScimError> {
        Ok(match kind {
            ResourceKind::User => Resource::User(self.patch_user(context, id, body).await?),
            ResourceKind::Group => Resource::Group(self.patch_group(context, id, body).await?),
        })
    }

    /// Deletes a resource.
    ///
    /// # Errors
    /// As for [`Bridge::delete_user`] and [`Bridge::delete_group`].
    pub async fn delete(
        self: &Arc<Self>,
        context: &Context,
        kind: ResourceKind,
        id: &str,
    ) -> Result<(), ScimError> {
        match kind {
            ResourceKind::User => self.delete_user(context, id).await,
            ResourceKind::Group => self.delete_group(context, id).await,
        }
    }

    /// A resource, rendered, unless the client has it already. `base` is the tenant's SCIM base address.
    ///
    /// # Errors
    /// 404 for an unknown id, 412 for a version that the client does not want.
    pub async fn get(
        &self,
        context: &Context,
        base: &str,
        (kind, id): (ResourceKind, &str),
        projection: &Projection,
    ) -> Result<Shown, ScimError> {
        let tenant = &context.tenant.id;
        let found = match kind {
            ResourceKind::User => {
                let key = UserKey::Id(tenant.clone(), id.to_owned());
                self.store.user(key).await?.map(Resource::User)
            }
            ResourceKind::Group => self.store.group(tenant, id).await?.map(Resource::Group),
        };
        let resource = found.ok_or_else(|| {
            let kind = kind.name().to_lowercase();
            ScimError::not_found(format!("There is no {kind} with the id \"{id}\"."))
        })?;
        let known = context.precondition.is_known(resource.version())?;
        Ok(Shown {
            version: resource.version(),
            body: match known {
                true => None,
                false => Some(self.show(base, &resource, projection).await?),
            },
        })
    }

    /// A resource as the answer to a write. A group's members are read only where they are shown.
    ///
    /// # Errors
    /// 500 when the store fails.
    pub async fn show(
        &self,
        base: &str,
        resource: &Resource,
        projection: &Projection,
    ) -> Result<Value, ScimError> {
        let (tenant, stored) = match resource {
            Resource::User(user) => (&user.tenant, Stored::user(user, base)),
            Resource::Group(group) => (&group.tenant, Stored::group(group, base)),
        };
        self.show_stored(resource.kind(), tenant, stored, projection)
            .await
    }
}
