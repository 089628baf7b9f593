//! SCIM reads: one resource, or a list by filter and page.

use std::collections::HashMap;

use serde_json::Value;

use super::{Bridge, Context};
use crate::domain::model::{TenantId, UserId};
use crate::scim::{
    Filter, GroupRef, Key, ListQuery, MemberRef, Meta, Projection, ResourceKind, ScimError, fold,
    list_response, render_group, render_user,
};
use crate::store::{GroupRecord, UserKey, UserRecord};

/// Resources on a page when the client does not say.
const PAGE_DEFAULT: u64 = 100;

/// Most resources on a page; a client that asks for more gets this many and the true total.
const PAGE_MAX: u64 = 200;

/// Resources read at once while a filter is evaluated.
const CHUNK: u64 = 500;

/// Collects the resources of one page out of all that match.
struct Page {
    from: u64,
    size: u64,
    total: u64,
    resources: Vec<Value>,
}

impl Page {
    fn new(query: &ListQuery) -> Self {
        Self {
            from: query.start_index,
            size: query.count.unwrap_or(PAGE_DEFAULT).min(PAGE_MAX),
            total: 0,
            resources: Vec::new(),
        }
    }

    fn take(&mut self, resource: Value) {
        self.total += 1;
        let wanted = self.total >= self.from && (self.resources.len() as u64) < self.size;
        if wanted {
            self.resources.push(resource);
        }
    }

    fn respond(self, kind: ResourceKind, query: &ListQuery) -> Value {
        let shown = self.resources.into_iter();
        let shown = shown.map(|resource| query.projection.apply(kind, resource));
        list_response(shown.collect(), self.total, query.start_index)
    }
}

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
        let users = std::slice::from_ref(user);
        let resources = self
            .render_users(&user.tenant, base, users, with_groups(projection, None))
            .await?;
        let resource = resources.into_iter().next().unwrap_or_default();
        Ok(projection.apply(ResourceKind::User, resource))
    }

    /// The users that match the query.
    ///
    /// # Errors
    /// 400 for a filter that cannot be evaluated.
    pub async fn list_users(
        &self,
        context: &Context,
        base: &str,
        query: &ListQuery,
    ) -> Result<Value, ScimError> {
        let (kind, tenant) = (ResourceKind::User, &context.tenant.id);
        let groups = with_groups(&query.projection, query.filter.as_ref());
        let mut page = Page::new(query);
        let Some(filter) = &query.filter else {
            page.total = self.store.user_count(tenant).await?;
            let offset = query.start_index.saturating_sub(1);
            let users = self.store.users_page(tenant, offset, page.size).await?;
            page.resources = self.render_users(tenant, base, &users, groups).await?;
            return Ok(page.respond(kind, query));
        };
        filter.check(kind)?;
        if let Some(candidates) = self.candidate_users(tenant, filter).await? {
            for user in self.render_users(tenant, base, &candidates, groups).await? {
                if filter.matches(kind, &user) {
                    page.take(user);
                }
            }
            return Ok(page.respond(kind, query));
        }
        let mut after = String::new();
        loop {
            let users = self.store.users_after(tenant, &after, CHUNK).await?;
            let Some(last) = users.last() else { break };
            after = last.id.to_string();
            for user in self.render_users(tenant, base, &users, groups).await? {
                if filter.matches_exactly(kind, &user) {
                    page.take(user);
                }
            }
        }
        Ok(page.respond(kind, query))
    }

    /// The few users that can match at all, where an index tells.
    async fn candidate_users(
        &self,
        tenant: &TenantId,
        filter: &Filter,
    ) -> Result<Option<Vec<UserRecord>>, ScimError> {
        let key = match filter.key(ResourceKind::User) {
            Some(Key::Id(id)) => UserKey::Id(tenant.clone(), id),
            Some(Key::UserName(name)) => UserKey::Name(tenant.clone(), name),
            Some(Key::ExternalId(id)) => {
                return self.users_by_external_id(tenant, &id).await.map(Some);
            }
            Some(Key::DisplayName(_) | Key::Member(_)) | None => return Ok(None),
        };
        let user = self.store.user(key).await?;
        Ok(Some(user.iter().map(|user| (**user).clone()).collect()))
    }

    /// `externalId` is exact about case; without an exact hit, a single hit without case is what a
    /// client means that changed the case of its matching attribute
    /// (`reference/idp-behaviour.md`, section 8, decision 2).
    async fn users_by_external_id(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Vec<UserRecord>, ScimError> {
        let key = UserKey::External(tenant.clone(), fold(id));
        if let Some(user) = self.store.user(key).await? {
            return Ok(vec![(*user).clone()]);
        }
        let mut users = self.store.users_by_external_key(tenant, &fold(id)).await?;
        users.retain(|user| user.document.external_id() == Some(id));
        Ok(users)
    }

    async fn render_users(
        &self,
        tenant: &TenantId,
        base: &str,
        users: &[UserRecord],
        with_groups: bool,
    ) -> Result<Vec<Value>, ScimError> {
        let mut groups: HashMap<UserId, Vec<GroupRef>> = HashMap::new();
        if with_groups {
            let ids: Vec<_> = users.iter().map(|user| user.id.clone()).collect();
            for (user, id, display) in self.store.groups_of(tenant, &ids).await? {
                let id = id.to_string();
                groups
                    .entry(user)
                    .or_default()
                    .push(GroupRef { id, display });
            }
        }
        let none = Vec::new();
        let rendered = users.iter().map(|user| {
            let meta = Meta {
                id: user.id.as_str(),
                created: user.created,
                modified: user.modified,
                version: user.version,
                base,
            };
            render_user(&user.document, &meta, groups.get(&user.id).unwrap_or(&none))
        });
        Ok(rendered.collect())
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
        let with_members = projection.wants(ResourceKind::Group, "members");
        let resource = self.render_group(base, group, with_members).await?;
        Ok(projection.apply(ResourceKind::Group, resource))
    }

    /// The groups that match the query.
    ///
    /// # Errors
    /// 400 for a filter that cannot be evaluated.
    pub async fn list_groups(
        &self,
        context: &Context,
        base: &str,
        query: &ListQuery,
    ) -> Result<Value, ScimError> {
        let (kind, tenant) = (ResourceKind::Group, &context.tenant.id);
        let shown = query.projection.wants(kind, "members");
        let mut page = Page::new(query);
        let Some(filter) = &query.filter else {
            page.total = self.store.group_count(tenant).await?;
            let offset = query.start_index.saturating_sub(1);
            for group in self.store.groups_page(tenant, offset, page.size).await? {
                let resource = self.render_group(base, &group, shown).await?;
                page.resources.push(resource);
            }
            return Ok(page.respond(kind, query));
        };
        filter.check(kind)?;
        let with_members = shown || filter.mentions("members");
        if let Some(candidates) = self.candidate_groups(tenant, filter).await? {
            for group in &candidates {
                let resource = self.render_group(base, group, with_members).await?;
                if filter.matches(kind, &resource) {
                    page.take(resource);
                }
            }
            return Ok(page.respond(kind, query));
        }
        let mut after = String::new();
        loop {
            let groups = self.store.groups_after(tenant, &after, CHUNK).await?;
            let Some(last) = groups.last() else { break };
            after = last.id.to_string();
            for group in &groups {
                let resource = self.render_group(base, group, with_members).await?;
                if filter.matches_exactly(kind, &resource) {
                    page.take(resource);
                }
            }
        }
        Ok(page.respond(kind, query))
    }

    /// The few groups that can match at all, where an index tells.
    async fn candidate_groups(
        &self,
        tenant: &TenantId,
        filter: &Filter,
    ) -> Result<Option<Vec<GroupRecord>>, ScimError> {
        let one = match filter.key(ResourceKind::Group) {
            Some(Key::Id(id)) => self.store.group(tenant, &id).await?,
            Some(Key::DisplayName(name)) => self.store.group_by_name(tenant, &name).await?,
            Some(Key::ExternalId(id)) => {
                let mut groups = self
                    .store
                    .groups_by_external_key(tenant, &fold(&id))
                    .await?;
                if groups.len() > 1 {
                    groups.retain(|group| group.document.external_id() == Some(&id));
                }
                return Ok(Some(groups));
            }
            Some(Key::Member(_) | Key::UserName(_)) | None => return Ok(None),
        };
        Ok(Some(one.into_iter().collect()))
    }

    async fn render_group(
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

fn with_groups(projection: &Projection, filter: Option<&Filter>) -> bool {
    projection.wants(ResourceKind::User, "groups")
        || filter.is_some_and(|filter| filter.mentions("groups"))
}
