-- A field of Cloudmore that an earlier lock may have set to false, to be set back when the bearer returns.
alter table account add column locked_before text;
