-- The customer file: parties, facts with their provenance, organisations, major changes.

alter table customer drop constraint customer_party_type_check;
alter table customer add constraint customer_party_type_check
    check (party_type in ('customer', 'channel', 'supplier', 'partner', 'competitor', 'anonymous'));
alter table customer
    add column nature text not null default 'organisation' check (nature in ('organisation', 'person')),
    add column parent_id uuid references customer (id),
    add column region_code text,              -- set on the file; null: by its purchases
    add column file_version bigint not null default 1,
    add column completeness integer not null default 0 check (completeness between 0 and 1000000), -- millionths
    add column missing text[] not null default '{}',  -- fields to be collected before pitching
    add column reviewed_on date,              -- when the file was last verified as a whole
    add column review_due date;
create index customer_parent on customer (parent_id) where parent_id is not null;
create index customer_review on customer (review_due) where review_due is not null;
create index customer_registered on customer (registered_at, id);
create index customer_named on customer (name, id) where name is not null;

-- One row per known field; the dictionary of fields is code (domain/fields.c).
create table customer_fact (
    customer_id uuid not null references customer (id),
    field text not null,
    value text not null,                      -- personal
    source text not null,
    collector text not null,
    status text not null check (status in ('unverified', 'verified', 'disputed')),
    verified_on date,
    changed_at timestamptz not null,
    primary key (customer_id, field)
);

create table customer_major_change (
    customer_id uuid not null references customer (id),
    id uuid not null,
    kind text not null,
    description text not null,                -- personal
    happened_on date not null,
    told_at timestamptz not null,
    told_by text not null,
    primary key (customer_id, id)
);
