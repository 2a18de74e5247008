-- What this service must know of the customers service, kept by its consumer.
create table customer_seen (
    customer_id uuid primary key,
    number text,                            -- "KH000123"; null: not told yet
    grade char(1),
    owner_id uuid,
    survivor_id uuid,                       -- merged into
    counts_as uuid,                         -- the last survivor of that chain; null: himself
    last_order_on date
);
create unique index customer_seen_number on customer_seen (number);
create index customer_seen_survivor on customer_seen (survivor_id) where survivor_id is not null;
create index customer_seen_counts_as on customer_seen (counts_as) where counts_as is not null;
-- Who is restricted or being erased, by each of his ids: customers and contacts. His cases are shown without him.
create table person_restricted (
    person_id uuid primary key,             -- any id of his
    of_id uuid not null                     -- by which the customers service names him
);
create index person_restricted_of on person_restricted (of_id);
-- What is to be forgotten here: at once, or when his last case is closed.
create table person_erased (
    person_id uuid primary key,
    asked_at timestamptz not null,
    done_at timestamptz,                    -- null: a case of his is open, or it was not looked at yet
    values_erased bigint not null default 0,
    -- What is quarantined is looked through in steps (handlers/erase_cases.c): where the next one begins.
    named uuid not null default '00000000-0000-0000-0000-000000000000',    -- the names behind this one (store/case_erase.c)
    looked_day date not null default '1970-01-01',
    looked_hash bytea not null default '',  -- with the day the key of a row of quarantine
    version bigint not null default 1
);
create index person_erased_waiting on person_erased (asked_at) where done_at is null;
create table phone_holder (                 -- who alone holds a number
    hash bytea primary key,                 -- personal; keyed, as in cases.phone_hash
    customer_id uuid,                       -- null: a contact of several
    contact_id uuid                         -- null: it is the customer's own
);
create index phone_holder_customer on phone_holder (customer_id) where customer_id is not null;
create index phone_holder_contact on phone_holder (contact_id) where contact_id is not null;
create table customer_reference (           -- source:external_id → customer
    source text not null,
    external_id text not null,
    customer_id uuid not null,
    primary key (source, external_id)
);
create index customer_reference_customer on customer_reference (customer_id);
create table customer_order (
    customer_id uuid not null,
    order_id uuid not null,
    day date not null,
    net_micros bigint not null,
    currency text not null,
    primary key (customer_id, order_id)
);
create index customer_order_day on customer_order (customer_id, day desc, order_id desc);
create table staff_seen (
    staff_id uuid primary key,
    code text unique,                       -- null: told by an event from before events named it
    roles text[] not null,
    unit text not null default '',
    manager_id uuid,
    deputy_id uuid,
    absent_from date,
    absent_to date,
    is_active boolean not null
);

-- Customers to be counted again (store/standing.h): one row per change, so that those who mark
-- never wait for those who count.
create table customer_standing_mark (
    id uuid primary key,                    -- UUIDv7: the order of time
    customer_id uuid not null
);
-- How the cases of a customer stand, as it was last told.
create table customer_standing (
    customer_id uuid primary key,
    next_on date,                           -- a case leaves a window then; null: none will
    told bytea not null,                    -- the packed CustomerCasesChanged
    version bigint not null default 1
);
create index customer_standing_next on customer_standing (next_on) where next_on is not null;
