-- Consuming another service's log: how far we are, who reads now, how many events of each subject were applied, and
-- what cannot be applied yet. `log` is the name of the service whose log it is.
create table consumer (
    log text primary key,
    position text not null default '',          -- `next` of what was applied last; opaque; '' from the beginning
    lease text not null default '',             -- the process that reads now
    leased_until timestamptz not null default '-infinity',  -- by the database's clock, which no virtual clock moves
    epoch bigint not null default 0,            -- rises with every change of hands; each commit checks it
    caught_up_at timestamptz                    -- when there was nothing more to read, last
);

-- The versions 1 … `version` of a subject are applied, each once. What is above is parked.
create table consumer_subject (
    log text not null,
    subject uuid not null,
    version bigint not null,
    primary key (log, subject)
) with (fillfactor = 80);

-- Events that cannot be applied yet, and the followers of their subject. The one with version + 1 is tried again.
create table consumer_parked (
    log text not null,
    subject uuid not null,
    version bigint not null,
    id text not null,
    type text not null,
    at timestamptz not null,
    correlation_id text not null,
    traceparent text not null,
    data bytea not null,
    parked_at timestamptz not null,
    why text not null,
    tries integer not null default 0,
    try_at timestamptz not null,                -- not before; infinity: it waits for an earlier one of its subject
    primary key (log, subject, version)
);
create index consumer_parked_due on consumer_parked (log, try_at);
create index consumer_parked_oldest on consumer_parked (log, parked_at);
