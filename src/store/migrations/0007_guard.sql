-- Users from whom the guard let something be taken. Those that were counted within a window bear on what is let through.
create table removal (
    tenant text not null,
    user_id text not null,
    at bigint not null,              -- microseconds since 1970
    takes text not null,             -- JSON: what was taken, by kind
    released bigint not null,        -- 1: a person released it, so it takes no place
    primary key (tenant, user_id)
);
create index removal_at on removal (tenant, at);

-- Users whose removals wait for a person.
create table held_removal (
    tenant text not null,
    user_id text not null,
    since bigint not null,           -- microseconds since 1970
    reason text not null,            -- count, user, group, role
    takes text not null,             -- JSON: what would be taken
    wish text not null,              -- digest of what the directory said of the user
    stage text not null,             -- waiting, released, rejected
    decided_by text,                 -- who released or rejected it
    by_count bigint not null,        -- 1: released as one of a number, and not by name
    primary key (tenant, user_id)
);
create index held_removal_since on held_removal (tenant, stage, since, user_id);

-- What a user has that is protected, as JSON: whoever leaves a protected group is protected until that was taken.
create table shield (
    tenant text not null,
    user_id text not null,
    shield text not null,
    primary key (tenant, user_id)
);

-- What the guard let the work on this row take, as JSON. It goes with the row: a removal that began is ended.
alter table dirty add column taking text;
