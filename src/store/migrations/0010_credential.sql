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
