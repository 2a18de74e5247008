-- The search index: one row per customer with a name. `grams` holds pairs of Chinese characters of the name,
-- triples of letters of its pinyin, initials and Latin words, and tokens for phones ("#4:0001").
create table customer_search (
    customer_id uuid primary key references customer (id),
    name_key text not null,                   -- personal; lower case, half width, without spaces
    pinyin text not null,                     -- personal; alternatives separated by a space
    initials text not null,                   -- personal
    phone_last4 text[] not null default '{}', -- personal
    grams text[] not null                     -- personal
);
create index customer_search_grams on customer_search using gin (grams) with (fastupdate = off);
create index customer_search_name on customer_search (name_key text_pattern_ops);
create index customer_search_initials on customer_search (initials text_pattern_ops);
