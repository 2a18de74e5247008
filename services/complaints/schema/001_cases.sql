-- Cases: what was said, by whom, about what, how it stands and how it came there.

-- Numbers people can say: so many per kind and day, "TS-20260930-0001".
create table case_day (
    prefix text not null,
    day date not null,
    last integer not null,
    primary key (prefix, day)
);

create table cases (
    id uuid primary key,
    number text not null unique,
    kind smallint not null,                 -- 1 complaint … 5 service request
    state smallint not null,                -- domain/case.h
    channel smallint not null,
    summary text not null,                  -- personal
    content text not null,                  -- personal
    is_anonymous boolean not null,
    customer_id uuid,                       -- null: not known (yet)
    customer_source text not null default '',   -- the reference as it was given, linked when the customer appears
    customer_external_id text not null default '',  -- personal; may be anything: a number, a name
    contact_id uuid,
    phone_hash bytea,                       -- personal; keyed, of a caller nobody knows
    reply_to text not null default '',
    severity smallint not null,
    severity_safety smallint not null default 0,
    severity_legal smallint not null default 0,
    amount_micros bigint not null default 0,
    currency text not null default '',
    priority smallint not null,
    handler_id uuid,                        -- staff
    team text not null default '',
    order_number text not null default '',
    product text not null default '',
    batch text not null default '',
    issue text not null default '',
    region text not null default '',
    authority text not null default '',
    authority_number text not null default '',
    authority_date date,
    authority_deadline date,
    external_source text not null default '',
    external_id text not null default '',
    submitted_at timestamptz not null,
    day date not null,                      -- of submission, business time
    received_at timestamptz not null,
    acknowledged_at timestamptz,
    first_words_at timestamptz,
    answered_at timestamptz,
    closed_at timestamptz,
    cause text not null default '',
    unit text not null default '',
    fault smallint not null default 0,
    topic text not null default '',
    remedy text not null default '',
    remedy_micros bigint not null default 0,
    remedy_currency text not null default '',
    remedy_text text not null default '',   -- personal
    remedy_state text not null default '',
    remedy_by uuid,                         -- staff
    duplicate_of uuid references cases (id),
    recurs_of uuid references cases (id),
    reopened integer not null default 0,
    chases integer not null default 0,
    chased_on date,                         -- the last
    is_supervised boolean not null default false,
    invited_on date,                        -- to rate
    rating smallint,
    confirmation smallint not null default 0,   -- domain/confirmation.h
    answer_id uuid,                         -- the message that is the answer
    is_work_done boolean not null default false,    -- of a service request
    is_charge_noted boolean not null default false,
    charge_micros bigint not null default 0,
    taken_up text not null default '',      -- personal; of a suggestion
    is_historic boolean not null,
    recorded_response text not null default '',
    is_recorded_timely boolean not null default false,      -- as its source said; false: not, or not said
    is_recorded_disputed boolean not null default false,
    forgotten_at timestamptz,               -- what was written of it went: he was erased (store/case_erase.c)
    version bigint not null default 1,
    -- What reports count of it, in one number (store/case_report.c): few differ, so they are summed up by it.
    figures integer not null generated always as (state
        + case when severity >= 3 then 16 else 0 end + case when reopened > 0 then 32 else 0 end
        + case when fault = 1 then 64 else 0 end + case when is_historic then 128 else 0 end
        + case when acknowledged_at is null then 0 else 256 end + case when answered_at is null then 0 else 512 end
        + case when closed_at is null then 0 else 1024 end + case when rating > 0 then 2048 else 0 end
        + case when invited_on is null then 0 else 4096 end) stored
);
create unique index cases_external on cases (external_source, external_id) where external_source <> '';
-- These two hold all that tells whether a case repeats another (store/case_figure.h): it is judged without the rows.
create index cases_customer on cases (customer_id, day, submitted_at, id) include (kind, state, cause, issue)
    where customer_id is not null;
create index cases_batch on cases (product, batch, day, submitted_at, id) include (kind, state) where batch <> '';
create index cases_unlinked on cases (customer_source, customer_external_id) where customer_id is null and customer_source <> '';
create index cases_chased on cases (chased_on) where chased_on is not null;
create index cases_received on cases (received_at desc, id desc);
-- All that a report reads of a case, by day: it reads this and not the rows. What else a report is to read belongs here too.
create index cases_figures on cases (day) include (id, kind, figures, is_historic, product, issue, channel, state, region,
    cause, customer_id, handler_id, recurs_of, rating, submitted_at, received_at, acknowledged_at, answered_at, closed_at);
-- Lists by a filter, latest first; the order by priority.
create index cases_priority on cases (priority, received_at, id);
create index cases_handler on cases (handler_id, received_at, id) where handler_id is not null;
create index cases_product on cases (product, received_at, id);
create index cases_issue on cases (issue, received_at, id);
create index cases_cause on cases (cause, received_at, id) where cause <> '';
create index cases_cause_priority on cases (cause, priority, received_at, id) where cause <> '';
create index cases_region on cases (region, received_at, id) where region <> '';
create index cases_order on cases (order_number, received_at, id) where order_number <> '';
-- What few cases are: rejected, withdrawn, duplicates.
create index cases_uncounted on cases (state, channel, received_at, id) include (priority) where state in (12, 13, 14);
create index cases_supervised on cases (received_at, id) where is_supervised;
-- Pages of which all rows are known to be seen by everybody are read from the indexes alone.
alter table cases set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

create index cases_contact on cases (contact_id) where contact_id is not null;
create index cases_phone on cases (phone_hash) where phone_hash is not null;

-- Cases whose customer or contact was found out, or is another now: a job tells it (handlers/case_links.c). However it came.
create table case_link_mark (
    id uuid primary key default gen_random_uuid(),
    case_id uuid not null
);
create function case_link_mark() returns trigger language plpgsql as $$
begin
    insert into case_link_mark (case_id) values (new.id);
    return null;
end $$;
create trigger case_link_mark after update of customer_id, contact_id on cases for each row
    when (old.customer_id is distinct from new.customer_id or old.contact_id is distinct from new.contact_id)
    execute function case_link_mark();

-- What is open, as work lists are read: by priority, then by the first clock that is due.
create table case_queue (
    case_id uuid primary key references cases (id),
    handler_id uuid,
    team text not null default '',
    priority smallint not null,
    due_at timestamptz not null,            -- infinity: no clock runs
    due_kind text not null default '',
    state smallint not null,
    raised_on date                          -- by a chase, for that day; null: the priority is the case's
);
create index case_queue_all on case_queue ((-priority), due_at, case_id);
create index case_queue_due on case_queue (due_at, case_id);
create index case_queue_raised on case_queue (raised_on) where raised_on is not null;
create index case_queue_handler on case_queue (handler_id, (-priority), due_at, case_id) where handler_id is not null;
create index case_queue_unassigned on case_queue ((-priority), due_at, case_id) where handler_id is null;
create index case_queue_team on case_queue (team, (-priority), due_at, case_id) where team <> '';
create index case_queue_team_unassigned on case_queue (team, (-priority), due_at, case_id)
    where team <> '' and handler_id is null;

create table case_similar (                 -- it may be the same as another: told, never merged
    case_id uuid not null references cases (id),
    other_id uuid not null references cases (id),
    primary key (case_id, other_id)
);

create table case_entry (                   -- history
    case_id uuid not null references cases (id),
    id uuid not null,                       -- UUIDv7: the order of time
    at timestamptz not null,
    act text not null,
    from_state smallint not null,
    to_state smallint not null,
    by text not null,
    reason text not null default '',        -- personal; as somebody wrote it
    detail text not null default '',
    primary key (case_id, id)
);

create table case_message (
    case_id uuid not null references cases (id),
    id uuid not null,
    at timestamptz not null,
    is_internal boolean not null,
    is_from_complainant boolean not null default false,
    text text not null,                     -- personal
    channel text not null default '',
    by text not null default '',
    is_substantive boolean not null default false,
    delivery text not null default '',      -- '', 'wanted', 'accepted', 'delivered', 'bounced', 'unproven', 'spoken'
    delivery_at timestamptz,
    attachments text not null default '[]', -- personal; JSON of references
    primary key (case_id, id)
);

create table case_subtask (
    case_id uuid not null references cases (id),
    id uuid not null,
    unit text not null,
    owner text not null default '',
    text text not null,                     -- personal
    due_at timestamptz,
    result text not null default '',        -- personal
    done_at timestamptz,
    done_by text not null default '',
    primary key (case_id, id)
);
create index case_subtask_open on case_subtask (due_at, id) where done_at is null;

create table case_action (
    case_id uuid not null references cases (id),
    id uuid not null,
    kind text not null,
    text text not null,                     -- personal
    owner text not null,
    due_on date not null,
    verified_on date,
    verified_by text not null default '',
    improvement_id uuid,
    primary key (case_id, id)
);
create index case_action_open on case_action (due_on, id)
    where verified_on is null and improvement_id is null;
create table improvement (
    id uuid primary key,
    text text not null,                     -- personal
    owner text not null,
    due_on date not null,
    done_on date,
    cause text not null default '',
    effect text not null default ''         -- personal
);
create index improvement_due on improvement (due_on, id);

create table case_lesson (
    case_id uuid not null references cases (id),
    id uuid not null,
    text text not null default '',          -- personal
    cause text not null default '',
    same_as uuid,
    none_because text not null default '',
    primary key (case_id, id)
);
create unique index case_lesson_id on case_lesson (id);

-- How lessons are searched: half width, small letters; every character, and every two neighbouring ones, so that two Chinese
-- ones find.
create function lesson_key(t text) returns text language sql immutable parallel safe
    return lower(normalize(t, nfkc));
create function lesson_grams(t text) returns text[] language sql immutable parallel safe
    return (select coalesce(array_agg(distinct substr(k, i, n)), '{}')
            from lesson_key(t) k, generate_series(1, length(k)) i, generate_series(1, 2) n);
-- The words of a question; what stands in all that hold them.
create function lesson_words(query text) returns text[] language sql immutable parallel safe
    return (select coalesce(array_agg(distinct w), '{}')
            from regexp_split_to_table(lesson_key(query), '\s+') w where w <> '');
create function lesson_query(query text) returns text[] language sql immutable parallel safe
    return (select coalesce(array_agg(distinct g), '{}')
            from unnest(lesson_words(query)) w, unnest(lesson_grams(w)) g
            where length(g) = least(2, length(w)));
create index case_lesson_grams on case_lesson using gin (lesson_grams(text)) where text <> '';
create index case_lesson_cause on case_lesson (cause, id) where text <> '';

create table case_recusal (
    case_id uuid not null references cases (id),
    staff_id uuid not null,
    hides_complainant boolean not null,
    at timestamptz not null,
    primary key (case_id, staff_id)
);

create table case_rating (
    case_id uuid not null references cases (id),
    id uuid not null,
    at timestamptz not null,
    rating smallint not null,
    text text not null default '',          -- personal
    by text not null,
    primary key (case_id, id)
);

create table case_attempt (                 -- to confirm
    case_id uuid not null references cases (id),
    id uuid not null,
    at timestamptz not null,
    day date not null,
    channel text not null,
    outcome text not null,
    by text not null,
    primary key (case_id, id)
);
