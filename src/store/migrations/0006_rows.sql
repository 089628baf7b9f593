-- Whether a row is about somebody who is to lose something: 1 it is, 0 it is not, -1 nobody has looked yet.
alter table dirty add column urgent bigint not null default -1;
-- When it failed for the first time, microseconds since 1970; null if it did not.
alter table dirty add column since bigint;
update dirty set since = due_at where last_error is not null;

drop index dirty_due;
create index dirty_urgent on dirty (tenant, due_at) where failed = 0 and urgent = 1;
create index dirty_due on dirty (tenant, due_at) where failed = 0 and urgent < 1;
create index dirty_unseen on dirty (tenant, due_at) where failed = 0 and urgent = -1;
create index dirty_troubled on dirty (tenant, user_id) where last_error is not null;

-- Tenants for which nothing is begun. The tenant '' stands for all of them.
create table pause (
    tenant text primary key,
    since bigint not null,           -- microseconds since 1970
    actor text not null,
    reason text
);
