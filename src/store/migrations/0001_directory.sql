-- The directory: what the IdP told us.
create table directory_user (
    tenant text not null,
    id text not null,
    name_key text not null,          -- userName, folded
    display text,                    -- displayName, as shown among a group's members
    external_key text,               -- externalId, folded
    document text not null,          -- the normalised SCIM document, JSON
    version bigint not null,
    created bigint not null,         -- microseconds since 1970
    modified bigint not null,
    primary key (tenant, id)
);
create unique index directory_user_name on directory_user (tenant, name_key);
create index directory_user_external on directory_user (tenant, external_key);

create table directory_group (
    tenant text not null,
    id text not null,
    name_key text not null,          -- displayName, folded
    display text not null,           -- displayName, as shown among a user's groups
    external_key text,
    document text not null,
    version bigint not null,
    created bigint not null,
    modified bigint not null,
    primary key (tenant, id)
);
create unique index directory_group_name on directory_group (tenant, name_key);
create index directory_group_external on directory_group (tenant, external_key);

create table membership (
    tenant text not null,
    group_id text not null,
    user_id text not null,
    change text not null,            -- the write that added it, so that it alone can be undone
    primary key (tenant, group_id, user_id)
);
create index membership_of_user on membership (tenant, user_id, group_id);

-- Which group a mapping's selector is bound to; a selector that is known but free has no group.
create table binding (
    tenant text not null,
    selector text not null,
    group_id text,
    primary key (tenant, selector)
);

-- What we last knew of Cloudmore. Rows outlive the directory user until the account is gone.
create table account (
    tenant text not null,
    user_id text not null,
    state text not null,             -- uncertain, present
    account_id text,
    origin text,                     -- made, adopted
    profile text not null,           -- JSON, as last written or read
    role bigint,
    primary key (tenant, user_id)
);
create unique index account_id on account (tenant, account_id);

create table seat (
    tenant text not null,
    user_id text not null,
    service text not null,
    subscription text not null,
    state text not null,             -- uncertain, held, absent, refused
    origin text,                     -- made, foreign
    external_user_id text,
    reason text,
    changed bigint not null,
    primary key (tenant, user_id, service, subscription)
);
create index seat_refused on seat (changed) where state = 'refused';

-- One row per user whose account may differ from what is wanted.
create table dirty (
    tenant text not null,
    user_id text not null,
    generation bigint not null,
    due_at bigint not null,
    attempts bigint not null,
    lease text,
    lease_until bigint not null,
    failed bigint not null,          -- 1: refused for good, waits for a person or a new change
    last_error text,
    primary key (tenant, user_id)
);
create index dirty_due on dirty (tenant, due_at) where failed = 0;

-- What the mappings of a tenant were when its users were last marked for them, and which part of
-- Cloudmore its accounts are in.
create table tenant_state (
    tenant text primary key,
    mapping_digest text not null,
    target text not null
);

-- Accounts that were there, and not ours, when the people of a tenant's target were last listed.
create table foreign_account (
    tenant text not null,
    account_id text not null,        -- folded
    primary key (tenant, account_id)
);

create table audit (
    id integer primary key autoincrement,
    at bigint not null,
    tenant text not null,
    actor text not null,
    request text,                    -- correlation id
    kind text not null,
    subject text not null,
    outcome text not null,
    detail text not null             -- JSON
);
create index audit_subject on audit (tenant, subject, id);
