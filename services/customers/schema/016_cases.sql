-- What the complaints service told of customers: how their cases stand, which there are, who handles the open ones.
-- Written by the consumer of its log alone; ids, states and days, nothing personal.

create table customer_cases (              -- as of its CustomerCasesChanged
    customer_id uuid primary key,          -- of merged ones the survivor
    open integer not null,
    complaints_90_days integer not null,
    complaints_12_months integer not null,
    our_fault_12_months integer not null,
    total integer not null,
    is_repeat boolean not null,
    is_serious_open boolean not null,
    last_at timestamptz
);
create index customer_cases_repeat on customer_cases (customer_id) where is_repeat;

-- Whoever handles an open case of a customer may see him.
create table customer_case_handler (
    customer_id uuid not null,
    staff_id uuid not null,
    primary key (customer_id, staff_id)
);
create index customer_case_handler_staff on customer_case_handler (staff_id, customer_id);

-- Since when a customer was known for something, and until when: "repeat_complainant".
create table customer_flag (
    customer_id uuid not null,
    flag text not null,
    from_at timestamptz not null,
    to_at timestamptz,
    detail text not null,
    primary key (customer_id, flag, from_at)
);
create unique index customer_flag_on on customer_flag (customer_id, flag) where to_at is null;

-- Cases whose customer or contact is known: for the timeline, and for the holds of erasure.
create table case_seen (
    case_id uuid primary key,
    number text not null,
    kind text not null,
    state text not null,
    customer_id uuid,
    contact_id uuid,
    opened_at timestamptz not null,
    ended_at timestamptz,
    is_historic boolean not null
);
create index case_seen_customer on case_seen (customer_id, opened_at desc) where customer_id is not null;
create index case_seen_contact on case_seen (contact_id) where contact_id is not null;
create table case_step (
    case_id uuid not null,
    version bigint not null,               -- of the case in its log
    at timestamptz not null,
    state text not null,
    is_historic boolean not null,
    primary key (case_id, version)
);
