/*
 * The search index. What the SQL compares are keys and grams made in C (domain/search.h,
 * common/pinyin.h), so that a query and a name are always read by the same rules.
 */
#include "services/customers/store/search.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/pinyin.h"
#include "common/pure/utf8.h"
#include "common/service.h"

#define CHUNK 200 /* of customers who wait for their first index */

enum {
    INDEX,
    OFFER,
    LIST_WAITING,
    INDEX_WAITING,
    REMOVE_WAITING,
};

#define TOLD_OF_ALL                                                                                \
    "(select distinct on (id) * from unnest($1, $2, $3, $4, $5, $6, $7)"                           \
    " with ordinality as u(id, name, key, pinyin, initials, grams, phones, place)"                 \
    " order by id, place desc) t join customer c on c.id = t.id and c.name = t.name"
#define TOLD TOLD_OF_ALL " and not c.is_merged"
/* The grams of the telephones that the row has already. */
#define KEPT_PHONES                                                                                \
    "array(select '#4:' || substr(p, 2) from unnest(string_to_array(ltrim(s.phones), ' ')) p)"
#define TOLD_PARAMS                                                                                \
    {                                                                                              \
        PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS                         \
    }

const struct pg_statement search_statements[] = {
    /* Whoever saves a file has just set its name, or has read one that an order changed since. */
    [INDEX] = {.name = "search_index",
               .sql = "with saved as (insert into customer_search as s (customer_id, name_key,"
                      " pinyin, initials, phones, grams) select t.id, t.key, t.pinyin, t.initials,"
                      " t.phones, string_to_array(t.grams, ' ') from " TOLD
                      " order by t.id on conflict (customer_id) do update set"
                      " name_key = excluded.name_key, pinyin = excluded.pinyin,"
                      " initials = excluded.initials, phones = excluded.phones,"
                      " grams = excluded.grams returning customer_id)"
                      " select stale_unless((select count(*) from saved)"
                      " = (select count(distinct id) from unnest($1) as u(id)))",
               .params = TOLD_PARAMS,
               .write = true,
               .merge = true,
               .rank = 120},
    [OFFER] = {.name = "search_offer_name",
               .sql = "insert into customer_search as s (customer_id, name_key, pinyin, initials,"
                      " grams) select t.id, t.key, t.pinyin, t.initials,"
                      " string_to_array(t.grams, ' ') from (select distinct on (u.id) u.* from"
                      " unnest($1, $2, $3, $4, $5, $6) as u(id, name, key, pinyin, initials, grams)"
                      " join customer c on c.id = u.id and c.name = u.name and not c.is_merged"
                      " order by u.id) t"
                      " on conflict (customer_id) do update set name_key = excluded.name_key,"
                      " pinyin = excluded.pinyin, initials = excluded.initials,"
                      " grams = excluded.grams || " KEPT_PHONES
                      " where (s.name_key, s.pinyin, s.initials) is distinct from"
                      " (excluded.name_key, excluded.pinyin, excluded.initials)",
               .params = {PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS},
               .write = true,
               .merge = true,
               .rank = 120},
    [LIST_WAITING] = {.name = "search_list_waiting",
                      .sql = "select c.id, coalesce(c.name, ''), c.nature = 'person',"
                             " array_to_string(array(select coalesce(last_four, value)"
                             " from customer_fact f"
                             " where f.customer_id = c.id and f.field in ('phone', 'mobile')),"
                             " chr(10)) from (select customer_id from customer_search_waiting"
                             " order by customer_id limit $1) w cross join lateral"
                             " (select * from customer where id = w.customer_id offset 0) c",
                      .params = {PG_INT4}},
    /* Who was indexed meanwhile knows better. Merged ones are found by what they were called. */
    [INDEX_WAITING] = {.name = "search_index_waiting",
                       .sql = "with told as materialized (select t.id, t.key, t.pinyin, t.initials,"
                              " t.phones, string_to_array(t.grams, ' ') as grams, c.is_merged"
                              " from " TOLD_OF_ALL " order by t.id), formers as (insert into"
                              " customer_search_former (customer_id, name_key, pinyin, initials,"
                              " phones, grams) select id, key, pinyin, initials, phones, grams"
                              " from told where is_merged on conflict (customer_id) do nothing)"
                              " insert into customer_search (customer_id, name_key, pinyin,"
                              " initials, phones, grams) select id, key, pinyin, initials, phones,"
                              " grams from told where not is_merged"
                              " on conflict (customer_id) do nothing",
                       .params = TOLD_PARAMS,
                       .write = true,
                       .merge = true,
                       .rank = 120},
    [REMOVE_WAITING] = {.name = "search_remove_waiting",
                        .sql = "delete from customer_search_waiting where customer_id = any($1)",
                        .params = {PG_IDS},
                        .write = true,
                        .merge = true,
                        .rank = 121},
};
const size_t search_statement_count = COUNT_OF(search_statements);

struct pinyin *search_pinyin(void)
{
    static struct pinyin *pinyin;
    char why[200] = "";

    if (!pinyin && pinyin_new(&pinyin, why, sizeof(why)) != OK) {
        fprintf(stderr, "%s\n", why);
        assert(!"ICU's data is part of the installation");
    }
    return pinyin;
}

/* What a name becomes; texts are in the arena. */
struct keys {
    char *key, *pinyin, *initials, *grams, *phones;
};

/* All ways of reading, each once, with a space before it. */
static char *join_ways(const struct pinyin_keys *read, bool initials, struct search_grams *grams,
                       struct arena *arena)
{
    char *all = "";

    for (size_t i = 0; i < read->count && all; i++) {
        const char *way = initials ? read->ways[i].initials : read->ways[i].full;
        bool is_known = false;

        for (size_t k = 0; initials && k < i; k++)
            is_known = is_known || strcmp(way, read->ways[k].initials) == 0;
        if (is_known || !way[0])
            continue;
        search_add_grams(grams, (struct text){way, strlen(way)});
        all = arena_print(arena, "%s %s", all, way);
    }
    return all;
}

static char *join_grams(const struct search_grams *grams, struct arena *arena)
{
    char *all = arena_take(arena, grams->count * SEARCH_GRAM_BYTES + 1);
    size_t bytes = 0;

    for (size_t i = 0; all && i < grams->count; i++) {
        size_t count = strlen(grams->list[i].text);

        if (i > 0)
            all[bytes++] = ' ';
        memcpy(all + bytes, grams->list[i].text, count);
        bytes += count;
    }
    return all;
}

/* The last four digits of what stands before the extension. */
static bool last_four(struct text phone, char out[5])
{
    char number[24];
    size_t bytes = 0;

    while (bytes < phone.bytes && bytes < sizeof(number) - 1 && phone.at[bytes] != ' ')
        bytes++;
    memcpy(number, phone.at, bytes);
    number[bytes] = '\0';
    china_last_four(number, out);
    return strlen(out) == 4;
}

static char *join_phones(const struct text *phones, size_t count, struct search_grams *grams,
                         struct arena *arena)
{
    char *all = "";
    char four[5];

    for (size_t i = 0; i < count && all; i++) {
        if (!last_four(phones[i], four))
            continue;
        search_add_phone(grams, four);
        all = arena_print(arena, "%s #%s", all, four);
    }
    return all;
}

/* False: the arena is full, and the request will be refused. */
static bool make_keys(struct arena *arena, struct text name, bool is_person,
                      const struct text *phones, size_t phone_count, struct keys *out)
{
    struct search_grams grams;
    struct pinyin_keys read;

    out->key = arena_take(arena, name.bytes + 1);
    if (!out->key)
        return false;
    search_open_grams(&grams);
    size_t bytes = search_make_key(name, out->key, name.bytes + 1);

    pinyin_make_keys(search_pinyin(), name, is_person, &read);
    search_add_grams(&grams, (struct text){out->key, bytes});
    out->pinyin = join_ways(&read, false, &grams, arena);
    out->initials = join_ways(&read, true, &grams, arena);
    out->phones = join_phones(phones, phone_count, &grams, arena);
    out->grams = join_grams(&grams, arena);
    return out->pinyin && out->initials && out->phones && out->grams;
}

static void put_keys(struct pg_args *args, const struct id *customer, struct text name,
                     const struct keys *keys)
{
    pg_put_id(args, 0, customer);
    pg_put_text_n(args, 1, name.at, name.bytes);
    pg_put_text(args, 2, keys->key);
    pg_put_text(args, 3, keys->pinyin);
    pg_put_text(args, 4, keys->initials);
    pg_put_text(args, 5, keys->grams);
}

void search_index(struct request *req, const struct id *customer, struct text name, bool is_person,
                  const struct text *phones, size_t phone_count)
{
    struct keys keys;

    if (!make_keys(req->arena, name, is_person, phones, phone_count, &keys))
        return;
    struct pg_args *args = flow_write(req, &search_statements[INDEX]);

    put_keys(args, customer, name, &keys);
    pg_put_text(args, 6, keys.phones);
}

/* Orders do not say whether a name is a person's: two to four characters are read as one. */
static bool may_be_person(struct text name)
{
    size_t count = 0;

    for (size_t at = 0; at < name.bytes; count++)
        if (!utf8_is_han(utf8_next(name, &at)))
            return false;
    return count >= 2 && count <= 4;
}

void search_offer_name(struct request *req, const struct id *customer, struct text name)
{
    struct keys keys;

    if (make_keys(req->arena, name, may_be_person(name), NULL, 0, &keys))
        put_keys(flow_write(req, &search_statements[OFFER]), customer, name, &keys);
}

/* --- those who wait for their first index --- */

struct waiting {
    struct id id;
    struct text name;
    bool is_person;
    struct text phones; /* separated by line breaks */
};

struct waitings {
    struct waiting *list;
    size_t count;
};

static void fill_waiting(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct waitings *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++)
        found->list[found->count++] =
            (struct waiting){pg_get_id(rows, (int)i, 0), pg_keep_text(rows, (int)i, 1, arena),
                             pg_get_bool(rows, (int)i, 2), pg_keep_text(rows, (int)i, 3, arena)};
}

static size_t split_lines(struct text lines, struct text *out, size_t room)
{
    size_t count = 0, begin = 0;

    for (size_t i = 0; i <= lines.bytes && count < room; i++) {
        if (i < lines.bytes && lines.at[i] != '\n')
            continue;
        out[count++] = (struct text){lines.at + begin, i - begin};
        begin = i + 1;
    }
    return count;
}

static void index_waiting(struct request *req, const struct waiting *one)
{
    struct text phones[8];
    struct keys keys;
    size_t count = split_lines(one->phones, phones, COUNT_OF(phones));

    pg_put_id(flow_write(req, &search_statements[REMOVE_WAITING]), 0, &one->id);
    if (!make_keys(req->arena, one->name, one->is_person, phones, count, &keys))
        return;
    struct pg_args *args = flow_write(req, &search_statements[INDEX_WAITING]);

    put_keys(args, &one->id, one->name, &keys);
    pg_put_text(args, 6, keys.phones);
}

static enum flow start_next(struct request *req)
{
    flows_start(req->service->flows, req->type, search_index_waiting);
    return flow_end(req);
}

static enum flow index_chunk(struct request *req)
{
    struct waitings *r = req->state;

    for (size_t i = 0; i < r->count; i++)
        index_waiting(req, &r->list[i]);
    return flow_commit(req, r->count == CHUNK ? start_next : flow_end);
}

enum flow search_index_waiting(struct request *req)
{
    struct waitings *r = request_state(req, sizeof(*r));
    struct pg_args *args = pg_args_new(req->arena, &search_statements[LIST_WAITING]);

    pg_put_int4(args, 0, CHUNK);
    flow_ask(req, &search_statements[LIST_WAITING], args, fill_waiting, r);
    return flow_wait(req, index_chunk);
}
