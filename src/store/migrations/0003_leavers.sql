-- Accounts that stay although their bearers have left.
alter table account add column lock text;                                -- JSON: how the account gives no access
alter table account add column locked_since bigint;                      -- microseconds since 1970
alter table account add column locked_seen bigint;                       -- 1: it was seen to be so
create index account_locked on account (tenant, locked_since) where locked_since is not null;

-- What deleted accounts had, for the day their bearers come back.
create table keepsake (
    tenant text not null,
    user_id text not null,
    account text not null,           -- JSON, as Cloudmore showed it
    primary key (tenant, user_id)
);
