//! How stored resources are rendered.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{Bridge, status};
use crate::domain::model::{TenantId, UserId};
use crate::scim::schema::{CLOUDMORE_USER, ENTERPRISE_USER};
use crate::scim::{
    Document, GroupRef, ListQuery, MemberRef, Meta, Projection, ResourceKind, ScimError, View,
    render_group, render_user, show_manager,
};
use crate::store::{GroupRecord, Link, ResourceRecord, UserRecord};

/// What is read besides documents, because it is to be seen or compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Besides {
    /// The groups that users are in, or the members of groups: a group can have very many.
    pub(super) links: bool,
    /// What became of the accounts of users.
    account: bool,
    /// Who the managers of users are.
    managers: bool,
}

impl Besides {
    /// What an answer shows.
    pub(super) fn shown(kind: ResourceKind, view: &View<'_>) -> Self {
        Self {
            links: view.wants(links_attribute(kind)),
            account: has_account(kind) && view.wants_extension(&CLOUDMORE_USER),
            managers: has_account(kind) && view.wants_extension(&ENTERPRISE_USER),
        }
    }

    /// What a filter or a sort looks at.
    pub(super) fn compared(kind: ResourceKind, query: &ListQuery) -> Self {
        let links = links_attribute(kind);
        let filter = query.filter.as_ref();
        let sort = query.sort.as_ref();
        let managers = filter
            .is_some_and(|filter| filter.mentions_extension(kind, &ENTERPRISE_USER))
            || sort.is_some_and(|sort| sort.mentions_extension(kind, &ENTERPRISE_USER));
        let account = filter.is_some_and(|filter| {
            // The extension is among the schemas of whoever has one.
            filter.mentions_extension(kind, &CLOUDMORE_USER) || filter.mentions("schemas")
        }) || sort.is_some_and(|sort| sort.mentions_extension(kind, &CLOUDMORE_USER));
        Self {
            links: filter.is_some_and(|filter| filter.mentions(links))
                || sort.is_some_and(|sort| sort.mentions(links)),
            account: has_account(kind) && account,
            managers: has_account(kind) && managers,
        }
    }
}

impl Bridge {
    /// One resource as the projection wants it.
    pub(super) async fn show_stored(
        &self,
        kind: ResourceKind,
        tenant: &TenantId,
        stored: Stored<'_>,
        projection: &Projection,
    ) -> Result<Value, ScimError> {
        let view = projection.of(kind);
        let besides = Besides::shown(kind, &view);
        let rendered = self.render(kind, tenant, &[stored], besides).await?;
        let resource = rendered.into_iter().next().unwrap_or_default();
        Ok(view.apply(resource))
    }

    /// Resources in full, with what is to be read besides their documents.
    pub(super) async fn render(
        &self,
        kind: ResourceKind,
        tenant: &TenantId,
        resources: &[Stored<'_>],
        besides: Besides,
    ) -> Result<Vec<Value>, ScimError> {
        let mut links: HashMap<String, Vec<Link>> = HashMap::new();
        let owners: Vec<_> = resources.iter().map(|stored| stored.meta.id).collect();
        if besides.links {
            for link in self.store.links(tenant, kind, &owners).await? {
                links.entry(link.owner.clone()).or_default().push(link);
            }
        }
        let statuses = if besides.account {
            let users: Vec<_> = owners.iter().map(|id| UserId::new(*id)).collect();
            self.store.statuses(tenant, &users).await?
        } else {
            HashMap::new()
        };
        let managers = if besides.managers {
            self.managers(tenant, resources).await?
        } else {
            HashMap::new()
        };
        let rendered = resources.iter().map(|Stored { document, meta }| {
            let links = links.remove(meta.id).unwrap_or_default().into_iter();
            match kind {
                ResourceKind::User => {
                    let groups: Vec<_> = links.map(group).collect();
                    let account = statuses.get(&UserId::new(meta.id)).map(status::extension);
                    let mut user = render_user(document, meta, &groups, account);
                    if let Some(manager) = document.manager().and_then(|id| managers.get(id)) {
                        show_manager(&mut user, manager, meta.base);
                    }
                    user
                }
                ResourceKind::Group => {
                    let members = besides.links.then(|| links.map(member).collect::<Vec<_>>());
                    render_group(document, meta, members.as_deref())
                }
            }
        });
        Ok(rendered.collect())
    }

    /// The managers of these users that are users of the tenant, by id.
    async fn managers(
        &self,
        tenant: &TenantId,
        users: &[Stored<'_>],
    ) -> Result<HashMap<String, MemberRef>, ScimError> {
        let ids: BTreeSet<_> = users
            .iter()
            .filter_map(|user| user.document.manager())
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<_> = ids.into_iter().collect();
        let found = self.store.names(tenant, &ids).await?.into_iter();
        Ok(found
            .map(|link| (link.other.clone(), member(link)))
            .collect())
    }
}

/// A stored resource, about to be rendered.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    document: &'a Document,
    meta: Meta<'a>,
}

impl<'a> Stored<'a> {
    pub(super) fn user(user: &'a UserRecord, base: &'a str) -> Self {
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

    pub(super) fn group(group: &'a GroupRecord, base: &'a str) -> Self {
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

fn has_account(kind: ResourceKind) -> bool {
    kind == ResourceKind::User
}

fn group(link: Link) -> GroupRef {
    GroupRef {
        id: link.other,
        display: link.display.unwrap_or_default(),
    }
}

/// The other side of a group's link.
pub(super) fn member(link: Link) -> MemberRef {
    MemberRef {
        id: link.other,
        display: link.display,
    }
}
