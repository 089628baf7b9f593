-- What opens a tenant besides the configuration. Secrets are 256 random bits, so their SHA-256 is all that is kept.
create table credential (
    id text primary key,
    tenant text not null,
    kind text not null,
    -- The user name or the client id that goes with the secret. Those that follow one another share it.
    name text,
    sha256 text not null unique,
    label text not null,
    authority text not null,
    created bigint not null,
    created_by text not null,
    expires_at bigint,
    revoked_at bigint,
    last_used bigint
);
create index credential_of_tenant on credential (tenant, kind, name);

-- Whom the doors refused, and whom they let in for the first time, counted by the minute.
create table admission (
    id integer primary key autoincrement,
    -- As the address named it; whether there was such a tenant.
    tenant text not null,
    known bigint not null,
    minute bigint not null,
    admitted bigint not null,
    reason text not null,
    kind text not null,
    -- Empty if it was not recognised.
    credential text not null,
    label text not null,
    -- Of the last one.
    address text,
    request text not null,
    first_at bigint not null,
    last_at bigint not null,
    times bigint not null
);
create unique index admission_of_minute on admission (tenant, minute, reason, kind, credential);
create index admission_in_time on admission (last_at);
