//! SCIM lists: the resources that a filter selects, by page.

use serde_json::Value;

use super::read::Besides;
use super::{Bridge, Context};
use crate::domain::model::{TenantId, UserId};
use crate::scim::{Filter, Key, Limits, ListQuery, ResourceKind, ScimError, fold, list_response};
use crate::store::{GroupRecord, UserKey, UserRecord};

/// Resources read at once while a filter is evaluated.
const CHUNK: u64 = 500;

/// The records of one page out of all that match. They are rendered for the client once it is
/// known which ones these are.
struct Page<R> {
    from: u64,
    size: u64,
    total: u64,
    records: Vec<R>,
}

impl<R> Page<R> {
    /// A client that asks for more than a page may hold gets as many as that and the true total.
    fn new(query: &ListQuery, limits: &Limits) -> Self {
        let wanted = query.count.unwrap_or_else(|| limits.usual_page());
        Self {
            from: query.start_index,
            size: wanted.min(limits.page_size),
            total: 0,
            records: Vec::new(),
        }
    }

    /// How many records stand before the page.
    fn offset(&self) -> u64 {
        self.from.saturating_sub(1)
    }

    /// Takes note of the next record that matches.
    fn meet(&mut self, record: R) {
        self.total += 1;
        if self.total >= self.from && (self.records.len() as u64) < self.size {
            self.records.push(record);
        }
    }

    fn respond(&self, kind: ResourceKind, query: &ListQuery, resources: Vec<Value>) -> Value {
        let shown = resources.into_iter();
        let shown = shown.map(|resource| query.projection.apply(kind, resource));
        list_response(shown.collect(), self.total, self.from)
    }
}

impl Bridge {
    /// The users that match the query. `base` is the tenant's SCIM base address.
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
        let mut page = Page::new(query, &context.tenant.dialect.limits);
        match &query.filter {
            Some(filter) => {
                self.read(context, |reading| filter.check(kind, reading))?;
                self.find_users(tenant, base, filter, &mut page).await?;
            }
            None => {
                page.total = self.store.user_count(tenant).await?;
                let users = self.store.users_page(tenant, page.offset(), page.size);
                page.records = users.await?;
            }
        }
        let besides = Besides::shown(&query.projection);
        let users = self.render_users(tenant, base, &page.records, besides);
        Ok(page.respond(kind, query, users.await?))
    }

    async fn find_users(
        &self,
        tenant: &TenantId,
        base: &str,
        filter: &Filter,
        page: &mut Page<UserRecord>,
    ) -> Result<(), ScimError> {
        let kind = ResourceKind::User;
        let besides = Besides::compared(filter);
        if let Some(users) = self.candidate_users(tenant, filter).await? {
            let rendered = self.render_users(tenant, base, &users, besides).await?;
            for (user, resource) in users.into_iter().zip(rendered) {
                if filter.matches(kind, &resource) {
                    page.meet(user);
                }
            }
            return Ok(());
        }
        let mut after = String::new();
        loop {
            let users = self.store.users_after(tenant, &after, CHUNK).await?;
            let Some(last) = users.last() else {
                return Ok(());
            };
            after = last.id.to_string();
            let rendered = self.render_users(tenant, base, &users, besides).await?;
            for (user, resource) in users.into_iter().zip(rendered) {
                if filter.matches_exactly(kind, &resource) {
                    page.meet(user);
                }
            }
        }
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

    /// The groups that match the query; their members are read only where they are shown or
    /// filtered by.
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
        let mut page = Page::new(query, &context.tenant.dialect.limits);
        match &query.filter {
            Some(filter) => {
                self.read(context, |reading| filter.check(kind, reading))?;
                self.find_groups(tenant, base, filter, &mut page).await?;
            }
            None => {
                page.total = self.store.group_count(tenant).await?;
                let groups = self.store.groups_page(tenant, page.offset(), page.size);
                page.records = groups.await?;
            }
        }
        let with_members = query.projection.wants(kind, "members");
        let mut groups = Vec::with_capacity(page.records.len());
        for group in &page.records {
            groups.push(self.render_group(base, group, with_members).await?);
        }
        Ok(page.respond(kind, query, groups))
    }

    async fn find_groups(
        &self,
        tenant: &TenantId,
        base: &str,
        filter: &Filter,
        page: &mut Page<GroupRecord>,
    ) -> Result<(), ScimError> {
        let kind = ResourceKind::Group;
        let with_members = filter.mentions("members");
        if let Some(candidates) = self.candidate_groups(tenant, filter).await? {
            let is_single = candidates.len() == 1;
            for group in candidates {
                let resource = self.render_group(base, &group, with_members).await?;
                if (is_single && filter.matches(kind, &resource))
                    || filter.matches_exactly(kind, &resource)
                {
                    page.meet(group);
                }
            }
            return Ok(());
        }
        let mut after = String::new();
        loop {
            let groups = self.store.groups_after(tenant, &after, CHUNK).await?;
            let Some(last) = groups.last() else {
                return Ok(());
            };
            after = last.id.to_string();
            for group in groups {
                let resource = self.render_group(base, &group, with_members).await?;
                if filter.matches_exactly(kind, &resource) {
                    page.meet(group);
                }
            }
        }
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
                let key = fold(&id);
                let mut groups = self.store.groups_by_external_key(tenant, &key).await?;
                if groups.len() > 1 {
                    groups.retain(|group| group.document.external_id() == Some(&id));
                }
                return Ok(Some(groups));
            }
            Some(Key::Member(id)) => {
                let mut groups = Vec::new();
                for (_, group, _) in self.store.groups_of(tenant, &[UserId::new(id)]).await? {
                    groups.extend(self.store.group(tenant, group.as_str()).await?);
                }
                return Ok(Some(groups));
            }
            Some(Key::UserName(_)) | None => return Ok(None),
        };
        Ok(Some(one.into_iter().collect()))
    }
}
