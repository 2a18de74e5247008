-- Telephones and e-mails of files are sealed (common/seal.h): what a row holds in plain is '' from then on. Values that
-- were there before are sealed by a job, handlers/reseal.c; whole ones are found by their keyed hash, telephones by their
-- last four digits too.
alter table customer_fact
    add column value_sealed bytea,            -- personal; "customer_fact.value", row: customer_id, part: field
    add column value_hash bytea,              -- keyed; of kind "phone" or "email"
    add column last_four text;                -- personal; of telephones
alter table customer_fact add constraint customer_fact_sealed check
    ((value_sealed is null and value_hash is null and last_four is null) or (value = '' and value_hash is not null));
create index customer_fact_hash on customer_fact (value_hash) where value_hash is not null;

-- How far the job is that seals values with the current key: one row per column that holds sealed values, walked once
-- for each key. `waiting` says what was under other keys when the walk began: "key 1: 1200, plain: 3".
create table seal_walk (
    name text primary key,                    -- "customer_fact.value"
    key_id integer not null,
    begins_at timestamptz not null,           -- some seconds after the rotation: other processes seal with the old key until they see the new one
    after_row uuid not null,
    after_part text not null,
    version bigint not null,
    is_done boolean not null,
    unreadable bigint not null default 0,     -- values whose key is not in the ring, or that are broken
    waiting text not null default ''
);

-- Which ring this database's values were sealed with: the keyed hash of nothing. With another ring nothing opens.
create table seal_ring (
    only_row boolean primary key default true check (only_row),
    fingerprint bytea not null
);
