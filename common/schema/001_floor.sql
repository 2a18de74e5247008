-- What every service keeps in its own schema: receipts, the event log, versions of subjects, quarantine, audit.

-- A guard that fails stops its whole unit: it raises, it is never a row count that nobody looks at.
create function stale_unless(holds boolean) returns void language plpgsql immutable as $$
begin
    if not holds then
        raise exception 'stale' using errcode = 'KH001';
    end if;
end $$;

-- What kind of installation this is, and the virtual clock of tests and demonstrations.
create table installation (
    only_row boolean primary key default true check (only_row),
    kind text not null default 'live' check (kind in ('live', 'demo', 'test')),
    clock_offset_us bigint not null default 0 check (clock_offset_us = 0 or kind <> 'live'),
    log_epoch integer not null default 1
);
insert into installation (kind)
    values (coalesce(nullif(current_setting('kehu.installation', true), ''), 'live'));

-- An effect that was committed, by who said it and under which id. Plain inserts: 23505 is the signal
-- that it was there before. Deleted after 400 days.
create table receipt (
    source text not null,
    id text not null,
    request text not null,           -- the request it came with: its repeat gets the same answer
    hash bytea not null,             -- SHA-256 of what was said
    at timestamptz not null,         -- when it was received
    reply bytea,                     -- of a command: the packed Reply; null for an event
    primary key (source, id)
) partition by hash (source, id);
create table receipt_0 partition of receipt for values with (modulus 8, remainder 0);
create table receipt_1 partition of receipt for values with (modulus 8, remainder 1);
create table receipt_2 partition of receipt for values with (modulus 8, remainder 2);
create table receipt_3 partition of receipt for values with (modulus 8, remainder 3);
create table receipt_4 partition of receipt for values with (modulus 8, remainder 4);
create table receipt_5 partition of receipt for values with (modulus 8, remainder 5);
create table receipt_6 partition of receipt for values with (modulus 8, remainder 6);
create table receipt_7 partition of receipt for values with (modulus 8, remainder 7);

create index receipt_at on receipt using brin (at);

-- How many events a subject has had. Its row lock orders the events of one subject among all processes.
create table subject_version (
    subject uuid primary key,
    version bigint not null
) with (fillfactor = 80);

-- The event log. `xid` decides what a reader may see (rows below the oldest running transaction are final),
-- `position` is drawn while the subject's row lock is held, so it rises with the version of each subject.
create sequence log_position;
create table log (
    position bigint not null default nextval('log_position'),
    epoch integer not null,
    xid bigint not null default pg_current_xact_id()::text::bigint,
    id uuid not null,
    type text not null,
    subject uuid not null,
    version bigint not null,
    at timestamptz not null,
    correlation_id text not null,
    causation_id text not null,
    traceparent text not null,
    data bytea not null,
    primary key (position)
) partition by range (position);
create table log_0 partition of log for values from (minvalue) to (20000000);
create table log_1 partition of log for values from (20000000) to (40000000);
create table log_2 partition of log for values from (40000000) to (60000000);
create table log_3 partition of log for values from (60000000) to (80000000);
create table log_rest partition of log default;
create index log_xid on log (epoch, xid, position);

-- The next window of transactions [from_xid, below) that a reader of `of_epoch` may read in the order of position.
-- Transactions below the oldest running one are final. But a final one may have waited for another, of a higher
-- xid, that a third still keeps above that horizon: its events follow events not to be read yet. So the window
-- ends before every transaction that drew a position after one that is visible above the window.
-- And it ends right after its last event: what committed is on disk, and with it every lower xid. The xid of a
-- transaction that came to nothing may not be; after a crash PostgreSQL gives it to another, whose events a
-- reader that had passed over it would never see.
-- `offset 0` holds the planner to the few rows in question.
create function log_window(of_epoch integer, from_xid bigint,
                           out epoch integer, out below bigint, out first bigint)
language plpgsql stable as $$
declare
    above bigint;
    late bigint;
begin
    select log_epoch into epoch from installation;
    if of_epoch < epoch then
        below := 900000000000000000;  -- an epoch that is over is final as a whole
    else
        below := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
        loop
            select min(l.position) into above from (
                select log.position from log
                where log.epoch = of_epoch and log.xid >= below offset 0) l;
            exit when above is null;
            select min(l.xid) into late from (
                select log.xid, log.epoch from log where log.position > above offset 0) l
            where l.epoch = of_epoch and l.xid < below and l.xid >= from_xid;
            exit when late is null;
            below := late;
        end loop;
    end if;
    if from_xid = 0 then
        first := 1;  -- from the beginning: no need to look for it
        select max(l.xid) + 1 into below from log l where l.epoch = of_epoch and l.xid < below;
    else
        select min(l.position), max(l.xid) + 1 into first, below from (
            select log.position, log.xid from log
            where log.epoch = of_epoch and log.xid >= from_xid and log.xid < below offset 0) l;
    end if;
    below := coalesce(below, from_xid);
end $$;

-- What was refused, as it came. Encrypted with a key of its day; the key goes after 30 days, and with it the content.
create table quarantine_key (
    day date primary key,
    key bytea not null
);
create table quarantine (
    at timestamptz not null,
    day date not null,
    key_name text not null,          -- whose key brought it
    request text not null,
    source text not null,
    event_id text not null,
    type text not null,
    field text not null,
    why text not null,
    hash bytea not null,             -- of all that was said and why it was refused
    nonce bytea not null,
    content bytea not null,
    primary key (day, hash)          -- the same thing sent again and again on one day is kept once
);
create index quarantine_at on quarantine (at);

-- Who did or saw what. The run role can add and nothing else.
create table audit (
    at timestamptz not null,
    key_name text not null,
    actor text not null,
    act text not null,
    subject text not null,
    detail text not null
);
create index audit_at on audit (at);

do $$
declare
    run_role text := current_schema() || '_run';
    part regclass;
begin
    execute format('revoke update, delete, truncate on audit from %I', run_role);
    execute format('revoke select on audit from %I', run_role);
    execute format('grant insert on audit to %I', run_role);
    execute format('revoke insert, update, delete, truncate on installation from %I', run_role);
    execute format('grant update (clock_offset_us) on installation to %I', run_role);
    execute format('revoke update, delete, truncate on log from %I', run_role);
    -- A partition has rights of its own, which hold for whoever names it.
    for part in select inhrelid::regclass from pg_inherits where inhparent = 'log'::regclass loop
        execute format('revoke all on %s from %I', part, run_role);
    end loop;
end $$;
