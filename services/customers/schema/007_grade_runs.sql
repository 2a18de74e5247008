-- A run that cannot go on ends by itself, with its reason.
alter table grade_run
    add column tries integer not null default 0, -- at the present chunk, that failed
    add column failure text not null default ''; -- why the last of them did; of a failed run: why it failed

-- The walk over all files after another review policy came into force: one row.
create table review_pass (
    is_only boolean primary key default true check (is_only),
    version integer not null,                 -- of the policy whose months it sets
    last_customer uuid not null,
    is_done boolean not null
);
insert into review_pass (version, last_customer, is_done) values (1, '00000000-0000-0000-0000-000000000000', true);
