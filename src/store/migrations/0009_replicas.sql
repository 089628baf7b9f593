-- A field of Cloudmore that an earlier lock may have set to false, to be set back when the bearer returns.
alter table account add column locked_before text;

-- When a bridge with these mappings was last heard of, microseconds since 1970.
alter table tenant_state add column alive_at bigint not null default 0;
