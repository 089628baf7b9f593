-- Users who wait until a person decides whether an account that was there before is theirs.
create table held (
    tenant text not null,
    user_id text not null,
    account_id text not null,
    name text not null,              -- login name of the account
    email text not null,
    found_by text not null,          -- name, email
    since bigint not null,           -- microseconds since 1970
    decision text,                   -- link, refuse; of this account alone
    primary key (tenant, user_id)
);

-- Users whose account was there before, and who have not been as wanted since it was taken over: if the change that took it
-- over is undone, the account is let go and not treated like a leaver's.
create table fresh_link (
    tenant text not null,
    user_id text not null,
    primary key (tenant, user_id)
);
