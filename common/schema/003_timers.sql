-- Timers: what is to happen later, as rows. The business key makes arming idempotent; the loop sleeps until the
-- next due one and takes what is due in sets.
create table timer (
    key text primary key,            -- "grade_run:monthly", "grade_override:<customer>"
    kind text not null,              -- the part before the colon: which handler
    subject uuid,
    due_at timestamptz not null,
    armed_at timestamptz not null,
    data bytea not null default '',
    lease text,                      -- who works on it now
    leased_until timestamptz
);
create index timer_due on timer (due_at);
