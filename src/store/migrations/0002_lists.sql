-- What lists filter and sort by, so that they need not look at every document.
alter table directory_user add column display_key text;                  -- displayName, folded
alter table directory_user add column active bigint;                     -- null: not said
create index directory_user_created on directory_user (tenant, created, id);
create index directory_group_created on directory_group (tenant, created, id);
create index directory_user_display on directory_user (tenant, display_key, id);
create index directory_user_active on directory_user (tenant, active, id);
create index directory_user_modified on directory_user (tenant, modified, id);
create index directory_group_modified on directory_group (tenant, modified, id);

-- With the id, so that what is found by it is also in order.
drop index directory_user_external;
drop index directory_group_external;
create index directory_user_external on directory_user (tenant, external_key, id);
create index directory_group_external on directory_group (tenant, external_key, id);

create table user_email (
    tenant text not null,
    user_id text not null,
    value_key text not null,         -- the value of one of the user's emails, folded
    primary key (tenant, value_key, user_id)
);
create index user_email_of_user on user_email (tenant, user_id);

-- Random values that all bridges on this store share.
create table secret (
    name text primary key,
    value text not null
);

-- What is left to be done to rows that an earlier version wrote, because SQL does not fold as the bridge does.
create table chore (
    name text primary key
);
insert into chore (name) values ('user keys');
