/*
 * Looking through the search index, and what is shown of those who are found.
 *
 * The statements that find take the same parameters: 1 grams, 2 the whole key, 3 patterns of the
 * words, 4 the same where a spelling must begin so, 5 place and 6 id of the last row before the
 * page, 7 limit, 8 and 9 first and last day of the window of purchases, 10 business currency, 11
 * the first key behind all that begin like the whole one.
 */
#include <stdio.h>
#include <string.h>

#include "common/service.h"
#include "services/customers/store/alias.h"
#include "services/customers/store/owner_shown.h"
#include "services/customers/store/sealed.h"
#include "services/customers/store/search.h"

enum {
    FIND_STATISTICS,
    FIND_SAMPLE,
    FIND_BY_GRAMS,
    FIND_IN_ORDER,
    FIND_BEGINNING,
    FIND_NUMBER,
    FIND_ID,
    FIND_REFERENCE,
    FIND_EXACT,
};

/* Words hold no signs of LIKE, and no spaces, which stand between the spellings. */
#define ALL_TEXT_OF(t) "(' ' || " t ".name_key || " t ".phones || " t ".initials || " t ".pinyin)"
#define ALL_TEXT ALL_TEXT_OF("s")
#define BEGINS(t) "starts_with(" t ".name_key, $2)"
#define MATCHES(t) "(" BEGINS(t) " or " ALL_TEXT_OF(t) " like all($3))"
#define RANK                                                                                       \
    "case when s.name_key = $2 then 1 when starts_with(s.name_key, $2) then 2"                     \
    " when ' ' || s.name_key like all($3) then 3"                                                  \
    " when ' ' || s.name_key || s.phones like all($3) then 4"                                      \
    " when ' ' || s.name_key || s.phones || s.initials like all($4) then 5"                        \
    " when " ALL_TEXT " like all($4) then 6 when " ALL_TEXT " like all($3) then 7 end"
#define AFTER "(select name_key from customer_search where customer_id = $6)"
#define COLUMNS "s.customer_id, null::uuid as former, " MATCHED
#define MATCHED                                                                                    \
    "s.name_key, ' ' || s.name_key like any($3) as in_name,"                                       \
    " s.phones like any($3) as in_phone, s.initials like any($3) as in_initials"
#define ZERO "'00000000-0000-0000-0000-000000000000'::uuid"
/* The largest page and one more, as a number that the planner sees, so that it walks in order. */
#define WALK "(select * from (select "
#define WALKED " limit 101) w limit $7)"

#define BY_GRAMS                                                                                   \
    "select s.*, rank as place, name_key as sort from (select " COLUMNS ", " RANK " as rank"       \
    " from customer_search s where s.grams @> $1 and " MATCHES(                                    \
        "s") " offset 0) s where rank is not null"                                                 \
             " and (rank, name_key, customer_id) > ($5, coalesce(" AFTER ", ''), $6)"              \
             " order by place, sort, customer_id limit $7"
/* Beginnings of names by the index; a name itself comes before those that are longer. */
#define BEGINNINGS                                                                                 \
    WALK COLUMNS ", case when s.name_key = $2 then 1 else 2 end as rank,"                          \
                 " case when s.name_key = $2 then 1 else 2 end as place, s.name_key as sort"       \
                 " from customer_search s where $5 <= 2 and s.name_key < $11 and"                  \
                 " (s.name_key, s.customer_id) > (case when $5 = 0 then $2 else " AFTER " end,"    \
                 " case when $5 = 0 then " ZERO " else $6 end)"                                    \
                 " order by s.name_key, s.customer_id" WALKED
/* The second part of a union is begun only when the first has not filled the page. Others come as
 * they were registered: in the order of names those that match may stand far behind. The planner
 * knows nothing of a case and so takes half of all for a match, which is why it walks.
 */
#define OTHERS                                                                                     \
    WALK COLUMNS ", " RANK " as rank, 7 as place, '' as sort from customer_search s"               \
                 " where $5 <= 7 and case when " ALL_TEXT                                          \
                 " like all($3) then not starts_with(s.name_key, $2)"                              \
                 " else false end and s.customer_id > case when $5 = 7 then $6 else " ZERO " end"  \
                 " order by s.customer_id" WALKED
/* Behind all of them survivors who do not match themselves, but somebody merged into them. */
#define BEGIN_BY_INDEX "s.name_key >= $2 and s.name_key < $11"
#define MATCH_BY_GRAMS "s.grams @> $1 and " MATCHES("s")
#define FORMERS(found, matches)                                                                    \
    "select * from (select distinct on (a.survivor_id) a.survivor_id, s.customer_id as former,"    \
    " " MATCHED ", 9 as rank, 8 as place, '' as sort from customer_search_former s"                \
    " join customer_alias a on a.customer_id = s.customer_id where " found                         \
    " and a.survivor_id > case when $5 = 8 then $6 else " ZERO " end and not exists (select 1"     \
    " from customer_search o where o.customer_id = a.survivor_id and " matches(                    \
        "o") ")"                                                                                   \
             " order by a.survivor_id, s.name_key limit $7) f"

/* What a summary shows; only the rows of the page are looked up. The region as in file_list.c. */
#define SUMMARY                                                                                    \
    "c.id, c.number, c.name, c.party_type, coalesce(c.region_code, w.region), g.grade,"            \
    " c.completeness, c.review_due, f.ref"
#define LOOK_UPS                                                                                   \
    " left join lateral (select grade::text from grade_current where customer_id = c.id offset 0)" \
    " g on true left join lateral (select source || ':' || external_id as ref from customer_ref"   \
    " where customer_id = c.id order by added_at, source, external_id limit 1) f on true"          \
    " left join lateral (select coalesce(o.region_code, o.name) as region from " ALIAS_FROM_C      \
    " cross join lateral (select region_id, sum(net_micros) as net, max(day) as latest"            \
    " from sales_figure where customer_id = m.id and day between $8 and $9 and currency = $10"     \
    " group by region_id offset 0) n cross join lateral"                                           \
    " (select region_code, name from order_region where id = n.region_id offset 0) o group by 1"   \
    " order by sum(n.net) desc, max(n.latest) desc, 1 limit 1) w on c.region_code is null"
#define SHOW(found)                                                                                           \
    "select " SUMMARY                                                                                         \
    ", s.place, s.rank, s.in_name, s.in_phone, s.in_initials, z.number, " OWNER_SHOWN(                        \
        "c.id") ", coalesce(z.name, '') from (" found " limit $7) s"                                          \
                " cross join lateral (select * from customer where id = s.customer_id offset 0) c"            \
                " left join lateral (select * from customer where id = s.former offset 0) z on true" LOOK_UPS \
                " order by s.place, s.sort, s.customer_id"
/* By 1 the keyed hash; 2 is the rank of a find. Facts of merged ones are the survivor's; people who
 * are restricted or erased, and those who left, lead to nobody. */
#define HOLDERS                                                                                    \
    "select distinct coalesce(a.survivor_id, h.id) as customer_id from"                            \
    " (select customer_id as id from customer_fact where value_hash = $1 union"                    \
    " select l.customer_id from contact_channel n join contact p on p.id = n.contact_id"           \
    " and p.state = 'active' join contact_link l on l.contact_id = n.contact_id"                   \
    " where n.value_hash = $1 and n.status <> 'wrong') h"                                          \
    " left join customer_alias a on a.customer_id = h.id"
#define EXACT                                                                                           \
    "select h.customer_id, null::uuid as former, 4 as place, '' as sort, $2 as rank, false as in_name," \
    " $2 = 4 as in_phone, false as in_initials from (" HOLDERS ") h"                                    \
    " where $5 = 0 or h.customer_id > $6 order by h.customer_id"
#define FIND_PARAMS                                                                                \
    {                                                                                              \
        PG_TEXTS, PG_TEXT, PG_TEXTS, PG_TEXTS, PG_INT4, PG_ID, PG_INT8, PG_DATE, PG_DATE, PG_TEXT, \
            PG_TEXT                                                                                \
    }
/* One customer by 1 number, 2 id, or 3 source and 4 external id; without names none is anonymous.
 */
#define SHOW_ONE(condition)                                                                        \
    "select " SUMMARY ", 0, 0, false, false, false, " ALIAS_MERGED_FROM ", " OWNER_SHOWN(          \
        "c.id") ", coalesce((select name from customer where id = q.asked and id <> c.id), '')"    \
                " from " ALIAS_CUSTOMER(condition) LOOK_UPS " where c.party_type <> 'anonymous'"
#define SHOW_PARAMS                                                                                \
    {                                                                                              \
        PG_INT8, PG_ID, PG_TEXT, PG_TEXT, PG_INT4, PG_INT4, PG_INT4, PG_DATE, PG_DATE, PG_TEXT     \
    }

#define TEXT_OF_NUMBER(number) #number
#define NUMBER_TEXT(number) TEXT_OF_NUMBER(number)
#define SAMPLE_ROWS_TEXT NUMBER_TEXT(SEARCH_SAMPLE_ROWS)

const struct pg_statement search_find_statements[] = {
    [FIND_STATISTICS] =
        {.name = "search_find_statistics",
         .sql = "select greatest(t.reltuples, 0)::bigint, e.gram, (e.share * 1000000)::integer"
                " from pg_class t left join lateral (select m.gram, m.share from pg_stats p"
                " cross join lateral unnest(p.most_common_elems::text::text[],"
                " p.most_common_elem_freqs) as m(gram, share) where p.schemaname ="
                " current_schema() and p.tablename = 'customer_search' and p.attname = 'grams'"
                " and m.gram = any($1)) e on true where t.oid = 'customer_search'::regclass",
         .params = {PG_TEXTS}},
    [FIND_SAMPLE] = {.name = "search_find_sample",
                     .sql = "select count(*), count(*) filter (where " ALL_TEXT " like all($1))"
                            " from (select * from customer_search order by customer_id"
                            " limit " SAMPLE_ROWS_TEXT ") s",
                     .params = {PG_TEXTS}},
    [FIND_BY_GRAMS] = {.name = "search_find_by_grams",
                       .sql = SHOW("(" BY_GRAMS ") union all " FORMERS(MATCH_BY_GRAMS, MATCHES)),
                       .params = FIND_PARAMS},
    [FIND_IN_ORDER] = {.name = "search_find_in_order",
                       .sql = SHOW(BEGINNINGS " union all " OTHERS
                                              " union all " FORMERS(MATCH_BY_GRAMS, MATCHES)),
                       .params = FIND_PARAMS},
    [FIND_BEGINNING] = {.name = "search_find_beginning",
                        .sql = SHOW(BEGINNINGS " union all " FORMERS(BEGIN_BY_INDEX, BEGINS)),
                        .params = FIND_PARAMS},
    [FIND_NUMBER] = {.name = "search_find_number",
                     .sql = SHOW_ONE("n.number = $1"),
                     .params = SHOW_PARAMS},
    [FIND_ID] = {.name = "search_find_id", .sql = SHOW_ONE("n.id = $2"), .params = SHOW_PARAMS},
    [FIND_REFERENCE] = {.name = "search_find_reference",
                        .sql = SHOW_ONE("n.id = (select customer_id from customer_ref"
                                        " where source = $3 and external_id = $4)"),
                        .params = SHOW_PARAMS},
    [FIND_EXACT] = {.name = "search_find_exact",
                    .sql = SHOW(EXACT),
                    .params = {PG_BYTES, PG_INT4, PG_INT4, PG_INT4, PG_INT4, PG_ID, PG_INT8,
                               PG_DATE, PG_DATE, PG_TEXT}},
};
const size_t search_find_statement_count = COUNT_OF(search_find_statements);

static void fill_statistics(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct search_statistics *statistics = out;
    size_t count = (size_t)pg_row_count(rows);
    struct search_common *common = arena_take_array(arena, count, sizeof(*common));

    for (size_t i = 0; common && i < count; i++) {
        struct text gram = pg_get_text(rows, (int)i, 1);

        statistics->customers = pg_get_int8(rows, (int)i, 0);
        if (gram.bytes == 0 || gram.bytes >= SEARCH_GRAM_BYTES)
            continue;
        memcpy(common[statistics->common_count].gram.text, gram.at, gram.bytes);
        common[statistics->common_count++].micros = pg_get_int4(rows, (int)i, 2);
    }
    statistics->common = common;
}

void search_find_statistics(struct request *req, const struct search_grams *grams,
                            struct search_statistics *out)
{
    struct pg_args *args = pg_args_new(req->arena, &search_find_statements[FIND_STATISTICS]);

    *out = (struct search_statistics){0};
    for (size_t i = 0; i < grams->count; i++)
        pg_put_text(args, 0, grams->list[i].text);
    flow_ask(req, &search_find_statements[FIND_STATISTICS], args, fill_statistics, out);
}

static struct file_summary get_summary(const struct pg_rows *rows, int row, struct arena *arena)
{
    struct text grade = pg_get_text(rows, row, 5);

    return (struct file_summary){
        .id = pg_get_id(rows, row, 0),
        .number = pg_get_int8(rows, row, 1),
        .name = pg_keep_text(rows, row, 2, arena),
        .party = file_party_read(pg_get_text(rows, row, 3)),
        .region = pg_keep_text(rows, row, 4, arena),
        .grade = grade.bytes ? grade.at[0] : ' ',
        .completeness_micros = pg_get_int4(rows, row, 6),
        .review_due = pg_get_date_or_none(rows, row, 7),
        .ref = pg_keep_text(rows, row, 8, arena),
        .merged_from = pg_get_int8(rows, row, 14),
        .owner = pg_keep_text(rows, row, 15, arena),
        .former_name = pg_keep_text(rows, row, 16, arena),
    };
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct search_hits *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        struct search_hit *hit = &found->list[found->count++];
        int row = (int)i;

        hit->summary = get_summary(rows, row, arena);
        hit->place = pg_get_int4(rows, row, 9);
        hit->match.rank = (enum search_rank)pg_get_int4(rows, row, 10);
        hit->match.in_name = pg_get_bool(rows, row, 11);
        hit->match.in_phone = pg_get_bool(rows, row, 12);
        hit->match.in_initials = pg_get_bool(rows, row, 13);
    }
}

static void fill_sample(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(struct search_sample *)out =
        (struct search_sample){pg_get_int8(rows, 0, 0), pg_get_int8(rows, 0, 1)};
}

/* Where it may stand anywhere, and, of what begins a spelling, where it must begin one. */
static void put_pattern(struct pg_args *args, const struct search_word *word, int at, bool begins)
{
    char pattern[SEARCH_QUERY_BYTES + 4];
    const char *before = "";

    if (word->kind == SEARCH_WORD_PHONE)
        before = "#";
    /* Only what is spelt in letters can begin a spelling; the rest is as it is. */
    if (word->kind == SEARCH_WORD_BEGINS ||
        (begins && word->kind == SEARCH_WORD_PLAIN && search_is_spelling(word)))
        before = " ";
    snprintf(pattern, sizeof(pattern), "%%%s%s%%", before, word->text);
    pg_put_text(args, at, pattern);
}

void search_find_sample(struct request *req, const struct search_query *query,
                        struct search_sample *out)
{
    struct pg_args *args = pg_args_new(req->arena, &search_find_statements[FIND_SAMPLE]);

    for (size_t i = 0; i < query->word_count; i++)
        put_pattern(args, &query->words[i], 0, false);
    flow_ask(req, &search_find_statements[FIND_SAMPLE], args, fill_sample, out);
}

static void put_patterns(struct pg_args *args, const struct search_query *query)
{
    for (size_t i = 0; i < query->word_count; i++) {
        put_pattern(args, &query->words[i], 2, false);
        put_pattern(args, &query->words[i], 3, true);
    }
}

static void put_window(struct pg_args *args, int32_t today, const char currency[4])
{
    pg_put_date(args, 7, file_window_from(today));
    pg_put_date(args, 8, today);
    pg_put_text(args, 9, currency);
}

void search_find(struct request *req, const struct search_query *query,
                 const struct search_grams *grams, enum search_path path,
                 const struct search_page *page, int32_t today, const char currency[4],
                 struct search_hits *out)
{
    const struct pg_statement *statement = &search_find_statements[FIND_BEGINNING];
    char behind[SEARCH_QUERY_BYTES + 4];

    if (path == SEARCH_BY_GRAMS)
        statement = &search_find_statements[FIND_BY_GRAMS];
    if (path == SEARCH_IN_ORDER)
        statement = &search_find_statements[FIND_IN_ORDER];
    struct pg_args *args = pg_args_new(req->arena, statement);

    for (size_t i = 0; i < grams->count; i++)
        pg_put_text(args, 0, grams->list[i].text);
    pg_put_text(args, 1, query->whole);
    put_patterns(args, query);
    pg_put_int4(args, 4, page->after_place);
    pg_put_id(args, 5, &page->after);
    pg_put_int8(args, 6, (int64_t)page->size);
    put_window(args, today, currency);
    snprintf(behind, sizeof(behind), "%s\xf4\x8f\xbf\xbf", query->whole); /* U+10FFFF */
    pg_put_text(args, 10, behind);
    flow_ask(req, statement, args, fill, out);
}

void search_find_exact(struct request *req, const struct search_query *query,
                       const struct search_page *page, int32_t today, const char currency[4],
                       struct search_hits *out)
{
    bool is_phone = query->exact == SEARCH_EXACT_PHONE;
    struct pg_args *args = pg_args_new(req->arena, &search_find_statements[FIND_EXACT]);
    uint8_t hash[SEAL_HASH_BYTES];

    sealed_hash(req->service->seal, is_phone ? SEALED_PHONE : SEALED_EMAIL,
                (struct text){query->exact_value, strlen(query->exact_value)}, hash);
    pg_put_bytes(args, 0, hash, sizeof(hash));
    pg_put_int4(args, 1, is_phone ? SEARCH_RANK_PHONE : SEARCH_RANK_EMAIL);
    pg_put_int4(args, 2, 0);
    pg_put_int4(args, 3, 0);
    pg_put_int4(args, 4, page->after_place);
    pg_put_id(args, 5, &page->after);
    pg_put_int8(args, 6, (int64_t)page->size);
    put_window(args, today, currency);
    flow_ask(req, &search_find_statements[FIND_EXACT], args, fill, out);
}

void search_find_ref(struct request *req, const struct search_query *query, int32_t today,
                     const char currency[4], struct search_hits *out)
{
    const struct customer_question *ref = &query->ref;
    const struct pg_statement *statement = &search_find_statements[FIND_NUMBER];

    if (ref->kind == CUSTOMER_REF_ID)
        statement = &search_find_statements[FIND_ID];
    if (ref->kind == CUSTOMER_REF_EXTERNAL)
        statement = &search_find_statements[FIND_REFERENCE];
    struct pg_args *args = pg_args_new(req->arena, statement);

    pg_put_int8(args, 0, ref->number);
    pg_put_id(args, 1, &ref->id);
    pg_put_text_n(args, 2, ref->reference.source.at, ref->reference.source.bytes);
    pg_put_text_n(args, 3, ref->reference.external_id.at, ref->reference.external_id.bytes);
    for (int unused = 4; unused < 7; unused++)
        pg_put_int4(args, unused, 0);
    put_window(args, today, currency);
    flow_ask(req, statement, args, fill, out);
}
