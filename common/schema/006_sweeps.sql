-- Sweeps: which process takes the due rows of which kind now. Economy only: each set is guarded by its own rows.
create table sweep (
    name text primary key,
    lease text not null,
    leased_until timestamptz not null       -- by the database's clock, which no virtual clock moves
);

-- Rows that a sweep could not settle: they wait by themselves, the others go on (common/sweep.h).
create table sweep_aside (
    sweep text not null,
    id uuid not null,                       -- of the row, as the sweep names it
    tries integer not null default 1,
    set_aside_at timestamptz not null default clock_timestamp(),    -- these too by the database's clock
    try_at timestamptz not null,            -- not before
    why text not null,
    primary key (sweep, id)
);
create index sweep_aside_due on sweep_aside (sweep, try_at);
