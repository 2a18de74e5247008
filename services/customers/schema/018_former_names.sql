-- By what merged customers were found: who types the old name finds the survivor. A row goes from customer_search to here
-- with the merge; the undo writes it there anew.
create table customer_search_former (
    customer_id uuid primary key references customer (id),   -- the tombstone; the survivor says customer_alias
    name_key text collate "C" not null,               -- personal; as in customer_search
    pinyin text collate "C" not null,                 -- personal; likewise
    initials text collate "C" not null,               -- personal; likewise
    phones text collate "C" not null default '',      -- personal; likewise
    grams text[] not null                             -- personal; likewise
);
create index customer_search_former_grams on customer_search_former using gin (grams);
create index customer_search_former_name on customer_search_former (name_key);

-- Those who were merged before this table was made.
insert into customer_search_waiting select id from customer where is_merged and name is not null on conflict do nothing;
