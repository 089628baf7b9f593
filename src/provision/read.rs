//! SCIM reads of one resource, and how stored resources are rendered.

use std::collections::HashMap;

use serde_json::Value;

use super::{Bridge, Context};
use crate::domain::model::TenantId;
use crate::scim::{
    Document, GroupRef, MemberRef, Meta, Projection, ResourceKind, ScimError, render_group,
    render_user,
};
use crate::store::{GroupRecord, Link, ResourceRecord, UserKey, UserRecord};

impl Bridge {
    /// A user, rendered. `base` is the tenant's SCIM base address.
    ///
    /// # Errors
    /// 404 for an unknown id.
    pub async fn read_user(
        &self,
        context: &Context,
        base: &str,
        id: &str,
        projection: &Projection,
    ) -> Result<Value, ScimError> {
        let key = UserKey::Id(context.tenant.id.clone(), id.to_owned());
        let Some(user) = self.store.user(key).await? else {
            let words = format!("There is no user with the id \"{id}\".");
            return Err(ScimError::not_found(words));
        };
        self.show_user(base, &user, projection).await
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
        let stored = Stored::user(user, base);
        self.show(ResourceKind::User, &user.tenant, stored, projection)
            .await
    }

    /// A group, rendered; its members are read only where they are shown.
    ///
    /// # Errors
    /// 404 for an unknown id.
    pub async fn read_group(
        &self,
        context: &Context,
        base: &str,
        id: &str,
        projection: &Projection,
    ) -> Result<Value, ScimError> {
        let Some(group) = self.store.group(&context.tenant.id, id).await? else {
            let words = format!("There is no group with the id \"{id}\".");
            return Err(ScimError::not_found(words));
        };
        self.show_group(base, &group, projection).await
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
        let stored = Stored::group(group, base);
        self.show(ResourceKind::Group, &group.tenant, stored, projection)
            .await
    }

    async fn show(
        &self,
        kind: ResourceKind,
        tenant: &TenantId,
        stored: Stored<'_>,
        projection: &Projection,
    ) -> Result<Value, ScimError> {
        let with_links = projection.wants(kind, links_attribute(kind));
        let rendered = self.render(kind, tenant, &[stored], with_links).await?;
        let resource = rendered.into_iter().next().unwrap_or_default();
        Ok(projection.apply(kind, resource))
    }

    /// Resources in full, with the groups that users are in and the members that groups have if those are to be seen: a
    /// group can have very many.
    pub(super) async fn render(
        &self,
        kind: ResourceKind,
        tenant: &TenantId,
        resources: &[Stored<'_>],
        with_links: bool,
    ) -> Result<Vec<Value>, ScimError> {
        let mut links: HashMap<String, Vec<Link>> = HashMap::new();
        if with_links {
            let owners: Vec<_> = resources.iter().map(|stored| stored.meta.id).collect();
            for link in self.store.links(tenant, kind, &owners).await? {
                links.entry(link.owner.clone()).or_default().push(link);
            }
        }
        let rendered = resources.iter().map(|Stored { document, meta }| {
            let links = links.remove(meta.id).unwrap_or_default().into_iter();
            match kind {
                ResourceKind::User => {
                    render_user(document, meta, &links.map(group).collect::<Vec<_>>())
                }
                ResourceKind::Group => {
                    let members = with_links.then(|| links.map(member).collect::<Vec<_>>());
                    render_group(document, meta, members.as_deref())
                }
            }
        });
        Ok(rendered.collect())
    }
}

/// A stored resource, about to be rendered.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    document: &'a Document,
    meta: Meta<'a>,
}

impl<'a> Stored<'a> {
    fn user(user: &'a UserRecord, base: &'a str) -> Self {
        let meta = Meta {
            id: user.id.as_str(),
            created: user.created,
            modified: user.modified,
            version: user.version,
            base,
        };
        let document = &user.document;
        Self { document, meta }
    }

    fn group(group: &'a GroupRecord, base: &'a str) -> Self {
        let meta = Meta {
            id: group.id.as_str(),
            created: group.created,
            modified: group.modified,
            version: group.version,
            base,
        };
        let document = &group.document;
        Self { document, meta }
    }

    /// A resource of either type.
    pub(super) fn resource(resource: &'a ResourceRecord, base: &'a str) -> Self {
        Self {
            document: &resource.document,
            meta: resource.meta(base),
        }
    }
}

/// The attribute that is not in the document but in memberships.
pub(super) fn links_attribute(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "groups",
        ResourceKind::Group => "members",
    }
}

fn group(link: Link) -> GroupRef {
    GroupRef {
        id: link.other,
        display: link.display.unwrap_or_default(),
    }
}

fn member(link: Link) -> MemberRef {
    MemberRef {
        id: link.other,
        display: link.display,
    }
}
