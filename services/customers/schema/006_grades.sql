-- Grades: runs in chunks, the current grade of each customer, its dated history, overrides and held demotions.

create table grade_run (
    id uuid primary key,
    as_of date not null,
    window_from date not null,
    policy_version integer not null,
    policy text not null,                     -- the document in force, with what this run was asked otherwise
    method integer not null,
    long_term_days integer not null,          -- 0: by months
    is_dry boolean not null,
    holds_demotions boolean not null,
    state text not null check (state in ('running', 'finished', 'failed')),
    asked_by text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    total bigint not null,
    done bigint not null default 0,
    -- Where the run is. Every chunk raises `step`, the guard between processes.
    step bigint not null default 0,
    phase integer not null default 1 check (phase between 1 and 3), -- figures, grading, report
    last_customer uuid not null default '00000000-0000-0000-0000-000000000000',
    -- Grading goes in the order of region and net: the place within the region.
    last_region text not null default '',
    last_numerator_micros bigint not null default 0,
    place bigint not null default 0,          -- 0: nobody of this region yet
    place_rank bigint not null default 0,
    accumulated_micros bigint not null default 0,
    accumulated_before_micros bigint not null default 0,
    grades_a bigint not null default 0,
    grades_b bigint not null default 0,
    grades_c bigint not null default 0,
    changed bigint not null default 0,
    held bigint not null default 0,
    report text not null default ''           -- canonical JSON of GradeReport
);
create unique index grade_run_one_at_a_time on grade_run ((true)) where state = 'running';
create index grade_run_started on grade_run (started_at desc, id);

-- The grading regions of a run: what everybody bought there is the denominator.
create table grade_run_region (
    run_id uuid not null references grade_run (id) on delete cascade,
    region text not null,                     -- code of the tree, or the name the source wrote
    is_mapped boolean not null,
    net_micros bigint not null,
    customers bigint not null,                -- that belong there and bought in the window
    primary key (run_id, region)
);

-- Amounts in currencies without a rate, kept out.
create table grade_run_aside (
    run_id uuid not null references grade_run (id) on delete cascade,
    currency text not null,
    net_micros bigint not null,
    primary key (run_id, currency)
);

-- What a run says of each customer, dry runs too; deleted when a later run has finished.
create table grade_result (
    run_id uuid not null references grade_run (id) on delete cascade,
    customer_id uuid not null,
    region text not null,
    numerator_micros bigint not null,
    first_purchase date,
    is_long_term boolean not null,
    before char(1),                           -- the grade in force when he was graded; null: none
    grade char(1),                            -- in force afterwards, or of a dry run would be
    flags integer not null default 0,
    primary key (run_id, customer_id)
);
-- The order of grading; net upside down, so that one comparison of rows finds the next chunk.
create index grade_result_order on grade_result (run_id, region, (-numerator_micros), customer_id);

create table grade_current (
    customer_id uuid primary key,
    version bigint not null,                  -- counts changes; the guard of concurrent savers
    grade char(1) not null check (grade in ('A', 'B', 'C')),
    computed char(1) not null,                -- what the last run says, whatever override or hold
    run_id uuid not null references grade_run (id),
    as_of date not null,
    region text not null,
    numerator_micros bigint not null,
    denominator_micros bigint not null,
    first_purchase date,
    is_long_term boolean not null,
    flags integer not null,
    place_rank bigint not null,               -- within the region
    accumulated_before_micros bigint not null,
    since date not null,                      -- as-of date from which this grade holds
    runs_below integer not null,              -- runs in a row that would demote
    override_reason text,
    override_until date,                      -- included
    held_to char(1),                          -- a demotion that waits for the manager
    held_since date,
    held_until date                           -- included
) with (fillfactor = 80);
create index grade_current_list on grade_current (grade, (-numerator_micros), customer_id);
create index grade_current_region on grade_current (region, grade, (-numerator_micros), customer_id);
create index grade_current_held on grade_current (held_until, customer_id) where held_to is not null;

create table grade_history (
    customer_id uuid not null,
    id uuid not null,                         -- UUIDv7: the order of time
    grade char(1) not null,
    as_of date not null,
    run_id uuid,                              -- the run that calculated the figures
    reason text not null,                     -- "run", "override", … as GradeHistory tells
    note text not null default '',            -- what the manager said; personal
    policy_version integer not null,
    numerator_micros bigint not null,
    denominator_micros bigint not null,
    flags integer not null,
    said_by text not null,
    at timestamptz not null,
    primary key (customer_id, id)
);
