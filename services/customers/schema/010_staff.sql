-- The staff directory: who works for the company, in which unit and roles, under whom, and who stands in for whom.

create table unit (
    code text primary key,
    name text not null,
    parent_code text references unit (code),
    version bigint not null default 1
);

create table staff (
    id uuid primary key,
    code text not null unique,       -- what keys and requests name him by: "li.na"
    name text not null,              -- personal
    roles text[] not null,           -- domain/rights.h
    level text not null default 'staff'
        check (level in ('staff', 'office_head', 'middle', 'top', 'owner')),
    unit_code text references unit (code),
    regions text[] not null default '{}',  -- codes of the region tree he answers for
    manager_id uuid references staff (id),
    deputy_id uuid references staff (id),
    absent_from date,                -- both included; the deputy stands in
    absent_to date,
    capacity integer,                -- customers a round-robin gives him at most; null: no limit
    state text not null default 'active' check (state in ('active', 'left')),
    joined_on date not null,
    left_on date,
    version bigint not null default 1,
    check ((absent_from is null) = (absent_to is null))
);
create index staff_unit on staff (unit_code);
create index staff_manager on staff (manager_id) where manager_id is not null;
create index staff_deputy on staff (deputy_id) where deputy_id is not null;
