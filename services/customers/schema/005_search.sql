-- The search index: one row per customer with a name. `grams` holds pairs of Chinese characters of the name, triples of
-- letters of name, pinyin and initials, their beginnings ("^ch") and tokens for phones ("#4:0001"): domain/search.h.
-- Comparisons are of bytes, so that one index serves beginnings and the order of pages.
create table customer_search (
    customer_id uuid primary key references customer (id),
    name_key text collate "C" not null,               -- personal; lower case, half width, letters and digits only
    pinyin text collate "C" not null,                 -- personal; each way of reading with a space before it
    initials text collate "C" not null,               -- personal; likewise
    phones text collate "C" not null default '',      -- personal; " #0001 #2233"
    grams text[] not null                             -- personal
);
alter table customer_search alter column grams set statistics 300;
create index customer_search_grams on customer_search using gin (grams) with (fastupdate = off);
create index customer_search_name on customer_search (name_key, customer_id);

-- Customers whose names no program has indexed yet: pinyin is not made by SQL. A job empties it.
create table customer_search_waiting (
    customer_id uuid primary key references customer (id)
);
insert into customer_search_waiting select id from customer where name is not null;
