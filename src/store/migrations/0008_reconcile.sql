-- When what is known of an account last changed, microseconds since 1970: a read that began before says nothing about it.
alter table account add column changed bigint;

-- Accounts that were ours and are gone, as far as was seen. If one is there again, somebody has access who lost it.
create table former_account (
    tenant text not null,
    account_id text not null,        -- folded
    user_id text not null,
    id text not null,                -- the account's id as Cloudmore spells it
    origin text not null,            -- made, adopted
    since bigint not null,           -- microseconds since 1970
    primary key (tenant, account_id)
);
create index former_account_of_user on former_account (tenant, user_id);

-- Assignments that the bridge has taken away.
create table former_seat (
    tenant text not null,
    account_id text not null,        -- folded
    service text not null,
    subscription text not null,
    primary key (tenant, account_id, service, subscription)
);

-- The comparison of each tenant with Cloudmore: the run under way, and how the last one ended.
create table reconcile (
    tenant text primary key,
    rested_since bigint not null,    -- when the last run ended, or when the tenant was first seen
    asked bigint not null,           -- 1: somebody asked for the run that is under way or waits
    mode text not null,              -- report, repair: of the run that is under way or waits
    started bigint,                  -- when the run under way began; null: none is
    due_at bigint not null,          -- when the run under way goes on
    last_user text not null,         -- as far as the run under way has come
    progress text not null,          -- JSON: counts of the run under way
    last_run text,                   -- JSON: how the last one ended
    lease text,
    lease_until bigint not null
);

-- Where Cloudmore differs from what users should have.
create table drift (
    tenant text not null,
    user_id text not null,
    kind text not null,
    place text not null,             -- which field, subscription or account; empty if there is one such only
    detail text not null,            -- JSON
    repairing bigint not null,       -- 1: the user was marked for it
    seen_at bigint not null,
    primary key (tenant, user_id, kind, place)
);
