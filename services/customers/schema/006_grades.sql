-- Grades: runs in chunks, the current grade of each customer, its dated history, overrides and held demotions.

create table grade_run (
    id uuid primary key,
    as_of date not null,
    window_from date not null,
    policy_version integer not null,
    policy text not null,                     -- the document in force, with what this run was asked otherwise
    is_dry boolean not null,
    holds_demotions boolean not null,
    state text not null check (state in ('running', 'finished', 'failed')),
    asked_by text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    total bigint not null default 0,
    done bigint not null default 0,
    last_customer uuid,                       -- chunks go in the order of id; where to go on
    report text                               -- canonical JSON of GradeReport
);
create unique index grade_run_one_at_a_time on grade_run ((true)) where state = 'running';

-- The regions of a run: the grading region of each order region, and its total, the denominator.
create table grade_run_region (
    run_id uuid not null references grade_run (id) on delete cascade,
    region text not null,                     -- code of the tree, or the name the source wrote
    is_mapped boolean not null,
    net_micros bigint not null,
    customers bigint not null,
    primary key (run_id, region)
);

-- What a run says of each customer: numerator, denominator, share, flags. Dry runs write it too.
create table grade_result (
    run_id uuid not null references grade_run (id) on delete cascade,
    customer_id uuid not null,
    region text not null,
    grade char(1) not null,
    numerator_micros bigint not null,
    denominator_micros bigint not null,
    first_purchase date,
    flags integer not null,
    primary key (run_id, customer_id)
);
create index grade_result_largest on grade_result (run_id, grade, numerator_micros desc);

create table grade_current (
    customer_id uuid primary key,
    grade char(1) not null check (grade in ('A', 'B', 'C')),
    computed char(1) not null,                -- what the last run says, whatever override or hold
    run_id uuid not null,
    region text not null,
    numerator_micros bigint not null,
    flags integer not null,
    since date not null,                      -- as-of date from which this grade holds
    runs_below integer not null default 0,    -- runs in a row that would demote
    override_reason text,
    override_until date,
    held_to char(1),                          -- a demotion that waits for the manager
    held_since date,
    held_until date
);
create index grade_current_list on grade_current (grade, numerator_micros desc, customer_id);
create index grade_current_region on grade_current (region, customer_id);  -- ListCustomers by region

create table grade_history (
    customer_id uuid not null,
    id uuid not null,                         -- UUIDv7: the order of time
    grade char(1) not null,
    as_of date not null,
    run_id uuid,
    reason text not null,
    policy_version integer not null,
    numerator_micros bigint not null,
    denominator_micros bigint not null,
    flags integer not null,
    said_by text not null,
    at timestamptz not null,
    primary key (customer_id, id)
);
