-- The customer file: parties, facts with their provenance, organisations, major changes.

alter table customer drop constraint customer_party_type_check;
alter table customer add constraint customer_party_type_check
    check (party_type in ('customer', 'channel', 'supplier', 'partner', 'competitor', 'anonymous'));
alter table customer
    add column nature text not null default 'organisation' check (nature in ('organisation', 'person')),
    add column parent_id uuid references customer (id),
    add column region_code text,              -- set on the file; null: by its purchases
    add column file_version bigint not null default 1,
    add column completeness integer not null default 0 check (completeness between 0 and 1000000), -- millionths
    -- Fields to be collected before pitching; of a file that nobody filled, those of an organisation (domain/fields.c).
    add column missing text[] not null default '{name,address,phone,email,legal_representative}',
    add column reviewed_on date,              -- when the file was last verified as a whole, or registered
    add column review_due date;               -- reviewed_on plus the months of its grade (domain/review.c)
-- A name set on the file by a person has name_known_at 'infinity': what orders tell is older for ever.

update customer set reviewed_on = registered_at::date,
    review_due = (registered_at::date + interval '12 months')::date where party_type <> 'anonymous';
update customer set missing = array_remove(missing, 'name'), completeness = 62500 where name is not null;

create index customer_parent on customer (parent_id) where parent_id is not null;
create index customer_review on customer (review_due, number) where party_type <> 'anonymous';
create index customer_registered on customer (registered_at, number) where party_type <> 'anonymous';
create index customer_named on customer ((coalesce(name, '')), number) where party_type <> 'anonymous';
create index customer_region on customer (region_code, number) where region_code is not null;
create index customer_other on customer (party_type, number) where party_type not in ('customer', 'anonymous');

-- One row per known field; the dictionary of fields is code (domain/fields.c).
create table customer_fact (
    customer_id uuid not null references customer (id),
    field text not null,
    value text not null,                      -- personal
    source text not null,
    collector text not null,
    status text not null check (status in ('unverified', 'verified', 'disputed')),
    verified_on date,
    changed_at timestamptz not null,
    primary key (customer_id, field)
);

create table customer_major_change (
    customer_id uuid not null references customer (id),
    id uuid not null,
    kind text not null,
    description text not null,                -- personal
    happened_on date not null,
    told_at timestamptz not null,
    told_by text not null,
    primary key (customer_id, id)
);
