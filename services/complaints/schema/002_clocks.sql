-- Clocks are rows: what was promised, on which calendar, since when, paused how long, and what became of it.
create table clock (
    case_id uuid not null references cases (id),
    id uuid not null,
    kind text not null,
    started_at timestamptz not null,
    due_at timestamptz not null,
    warn_at timestamptz,                    -- null: warned, or nothing to warn of
    paused_at timestamptz,                  -- it stands still
    paused_us bigint not null default 0,    -- business time so far
    state smallint not null,                -- domain/clock.h
    outcome smallint not null default 0,
    stopped_at timestamptz,
    warned_at timestamptz,
    breached_at timestamptz,
    minutes integer not null,
    working_days integer not null,
    is_wall boolean not null,
    calendar text not null,
    policy_version integer not null,
    priority smallint not null,
    cause text not null,
    action_id uuid,
    extensions smallint not null default 0,
    primary key (case_id, id)
);
-- What happens next, in the order of time: due_at of those not breached, warn_at of those not warned.
create index clock_due on clock (due_at) where state = 1 and breached_at is null;
create index clock_warn on clock (warn_at) where state = 1 and warn_at is not null;
