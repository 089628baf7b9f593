-- What Cloudmore called its roles when they were last looked at.
create table role_name (
    tenant text not null,
    role bigint not null,
    name text not null,
    primary key (tenant, role)
);

-- When the bearer of an account signed in last, as far as Cloudmore has said: microseconds since 1970.
alter table account add column last_access bigint;
