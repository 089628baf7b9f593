-- What was decided at the doors of tenants, counted: who was refused and why, and who was let in.
create table admission (
    id text primary key,             -- what is counted together, hashed
    tenant text not null,            -- as the address named it
    known bigint not null,           -- whether there was such a tenant
    admitted bigint not null,
    reason text not null,            -- in words; empty if somebody was let in
    advice text not null,            -- what to change
    kind text not null,              -- what was shown
    credential text not null,        -- its id and its label; empty if it was not recognised
    label text not null,
    address text not null,           -- from where
    said text not null,              -- JSON: what the last one said of itself
    request text not null,           -- the correlation id of the last one
    first_at bigint not null,        -- microseconds since 1970
    last_at bigint not null,
    times bigint not null
);
create index admission_of_tenant on admission (known, tenant, reason, last_at);
create index admission_in_time on admission (last_at);
