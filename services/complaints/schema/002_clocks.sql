-- Clocks are rows: what was promised, on which calendar, since when, paused how long, and what became of it.
create table clock (
    case_id uuid not null references cases (id),
    id uuid not null,
    version integer not null default 1,     -- raised by every change: the guard of those that ring and those that command
    kind smallint not null,                 -- domain/clock_policy.h
    state smallint not null,                -- domain/clock.h
    outcome smallint not null default 0,
    cause smallint not null,
    priority smallint not null,
    policy_version integer not null,
    calendar text not null default '',      -- '': the business's
    calendar_version integer not null default 0,    -- 0: built in
    minutes integer not null,
    working_days integer not null,
    is_wall boolean not null,
    from_min smallint not null default 0,
    to_min smallint not null default 0,
    warn_first_percent smallint not null,
    warn_percent smallint not null,
    max_extensions smallint not null,
    pause_limit_us bigint not null,
    started_at timestamptz not null,
    due_at timestamptz not null,
    colour_at timestamptz not null,
    warn_at timestamptz not null,
    warned_at timestamptz,
    breached_at timestamptz,
    stopped_at timestamptz,
    given_from timestamptz,                 -- due so long after: what was left to it, a promise kept, the grace; null: by its term
    given_us bigint not null default 0,
    paused_at timestamptz,                  -- it stands still
    pause_until timestamptz,
    pauses_us bigint not null default 0,
    pause_used_us bigint not null default 0,
    extensions smallint not null default 0,
    extension_until timestamptz,            -- asked for
    extension_by uuid,
    is_provisional boolean not null default false,
    action_id uuid,
    next_at timestamptz,                    -- clock_next: something happens then; null: nothing will
    primary key (case_id, id)
);
-- What happens next, in the order of time.
create index clock_next on clock (next_at) where next_at is not null;
-- How they were kept, as reports count it.
create index clock_judged on clock (case_id) include (kind, outcome) where outcome in (1, 2);
alter table clock set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
-- Who has ever been late.
create index clock_breached on clock (case_id) where breached_at is not null;

-- Open cases whose priority is to be weighed again, since their customer is another than he was (store/case_weigh.h).
create table case_weigh_mark (
    id bigint generated always as identity primary key,
    case_id uuid not null
);

-- Working calendars as documents, version by version; the last of a name is in force. The built-in ones have no row.
create table calendar (
    name text not null,
    version integer not null,
    made_at timestamptz not null,
    made_by text not null,
    document text not null,                 -- kehu.complaints.v1.WorkingCalendar as canonical JSON
    primary key (name, version)
);
-- Clocks that a change of their calendar may move.
create index clock_calendar on clock (calendar, case_id, id) where state in (1, 2) and breached_at is null;
