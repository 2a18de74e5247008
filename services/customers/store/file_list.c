/*
 * Lists of files. A list is a driver, which names the candidates, an order and the filters. A walk
 * goes through everybody by the index of the order, and gives up after WALK_ROWS; most pages are
 * full long before. What it did not fill is gathered by the filter that leaves the fewest, and
 * sorted. What only the page's rows need (reference, region by purchases) is looked up for those.
 *
 * All take the same parameters: 1 party types, 2 region, 3 grade, 4 parent, 5 only incomplete,
 * 6 review due by, 7 missing field, 8 number of the last row before the page, 9 limit, 10 and 11
 * first and last day of the window of purchases, 12 business currency, 13 to 15 what scope_put
 * puts, 16 only repeat complainants, 17 the owner, zeroes: none. People who do not see everybody
 * have lists of their own: their walk leaves out whom they may not see. What it did not fill is
 * gathered from their own customers where these are few (scope_is_narrow); else by the filter,
 * without those they may not see, and only where no filter leaves few from all they see. How many
 * that is nobody knows before, so it is asked as slow.
 */
#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/customers/store/file.h"
#include "services/customers/store/owner_shown.h"
#include "services/customers/store/scope.h"

#define WALK_ROWS_TEXT "5000"

enum driver {
    DRIVER_WALK,
    DRIVER_PARENT,
    DRIVER_REGION,
    DRIVER_GRADE,
    DRIVER_PARTY,
    DRIVER_REVIEW,
    DRIVER_MISSING,
    DRIVER_REPEAT,
    DRIVER_OWNER, /* of one person, before whoever asks */
    DRIVER_REST,  /* filters that no index serves, or none: in the order of the table */
    DRIVER_SCOPE_WALK,
    DRIVER_SCOPE, /* the customers of somebody who sees few */
    /* Of somebody who sees many. */
    DRIVER_SEEN_PARENT,
    DRIVER_SEEN_REGION,
    DRIVER_SEEN_GRADE,
    DRIVER_SEEN_PARTY,
    DRIVER_SEEN_REVIEW,
    DRIVER_SEEN_MISSING,
    DRIVER_SEEN_REPEAT,
    DRIVER_SEEN,
};

#define PARAMS                                                                                     \
    {                                                                                              \
        PG_TEXTS, PG_TEXT, PG_TEXT, PG_ID, PG_BOOL, PG_DATE, PG_TEXT, PG_INT8, PG_INT8, PG_DATE,   \
            PG_DATE, PG_TEXT, PG_BOOL, PG_BOOL, PG_IDS, PG_BOOL, PG_ID                             \
    }

/* The region in which this customer's net of the window is largest; the same as in file.c. */
#define PURCHASE_REGION(customer)                                                                  \
    "(select coalesce(o.region_code, o.name) as region from customer_and_merged(" customer         \
    ") as m(id) cross join lateral (select region_id, sum(net_micros) as net, max(day) as latest"  \
    " from sales_figure where customer_id = m.id and day between $10 and $11 and currency = $12"   \
    " group by region_id offset 0) f"                                                              \
    " cross join lateral (select region_code, name from order_region"                              \
    " where id = f.region_id offset 0) o group by 1"                                               \
    " order by sum(f.net) desc, max(f.latest) desc, 1 limit 1)"
#define SUBTREE                                                                                    \
    "with recursive s as (select $2::text as code union select r.code from s"                      \
    " join region r on r.parent_code = s.code)"

/* With the name as lists have it in their order: a column, so that the planner sees that what comes
 * out of a walk is in order already. */
#define FILES "(select *, coalesce(name, '') as sort_name from customer) f"

#define FROM_PARENT(by, after)                                                                     \
    "(with recursive down as (select id, 1 as level from customer where parent_id = $4"            \
    " union all select k.id, down.level + 1 from down cross join lateral (select id from customer" \
    " where parent_id = down.id offset 0) k where down.level < 10) select id from down) d"         \
    " cross join lateral (select * from " FILES " where id = d.id offset 0) c"
/* Who is in no grade run yet, or never will be: his region is that of his purchases now. */
#define BY_PURCHASES_NOW                                                                           \
    "(c.party_type in ('supplier', 'partner', 'competitor') or c.registered_at >="                 \
    " coalesce((select max(started_at) from grade_run where not is_dry and state = 'finished'),"   \
    " '-infinity'))"
/* Who has no grade row has none of these grades. */
#define NO_GRADE_ASKED "$3 not in ('A', 'B', 'C')"
/* Set on the file; or by purchases: of graded customers as the last run saw it, of those registered
 * since then as it is now. */
#define FROM_REGION(by, after)                                                                     \
    "(" SUBTREE " select c.* from s cross join lateral"                                            \
    " (select * from " FILES " where region_code = s.code offset 0) c"                             \
    " union all select c.* from s cross join lateral (select customer_id from grade_current"       \
    " where region = s.code and (" NO_GRADE_ASKED " or grade = $3::char(1)) offset 0) g"           \
    " cross join lateral (select * from " FILES                                                    \
    " where id = g.customer_id and region_code is null offset 0) c"                                \
    " union all select c.* from (select c.* from (select * from " FILES ") c"                      \
    " where " NO_GRADE_ASKED " and c.party_type <> 'anonymous'"                                    \
    " and " BY_PURCHASES_NOW " and c.region_code is null offset 0) c"                              \
    " where not exists (select 1 from grade_current where customer_id = c.id)"                     \
    " and " PURCHASE_REGION("c.id") " in (select code from s)) c"
#define FROM_REST(by, after)                                                                       \
    "(select * from " FILES " where number > 0 and party_type <> 'anonymous'"                      \
    " and (not $5 or is_incomplete) and ($7 = '' or $7 = any(missing)) offset 0) c"
/* In an order in which one index has them: another knows grades too, but only below regions. */
#define FROM_GRADE(by, after)                                                                      \
    "(select customer_id from grade_current where grade = $3::char(1)"                             \
    " order by -numerator_micros offset 0) d"                                                      \
    " cross join lateral (select * from " FILES " where id = d.customer_id offset 0) c"
#define FROM_PARTY(by, after)                                                                      \
    "(select * from " FILES " where party_type = any($1)"                                          \
    " and party_type not in ('customer', 'anonymous') offset 0) c"
#define FROM_REVIEW(by, after)                                                                     \
    "(select * from " FILES " where review_due <= $6 and party_type <> 'anonymous' offset 0) c"
#define FROM_MISSING(by, after)                                                                    \
    "(select * from " FILES " where missing @> array[$7] and party_type <> 'anonymous' offset 0) c"

#define FROM_REPEAT(by, after)                                                                     \
    "(select customer_id from customer_cases where is_repeat offset 0) d"                          \
    " cross join lateral (select * from " FILES                                                    \
    " where id = d.customer_id and party_type <> 'anonymous' offset 0) c"

#define OWNED_BY_HIM "to_at is null and role = 'owner' and staff_id = $17"
#define FROM_OWNER(by, after)                                                                      \
    "(select customer_id from ownership where " OWNED_BY_HIM " offset 0) d"                        \
    " cross join lateral (select * from " FILES                                                    \
    " where id = d.customer_id and party_type <> 'anonymous' offset 0) c"

#define FROM_SCOPE(by, after)                                                                      \
    "(select distinct customer_id as id from " SCOPE_CUSTOMERS(                                    \
        "$14", "$15") " s) d"                                                                      \
                      " cross join lateral (select * from " FILES " where id = d.id offset 0) c"

/* Whom nobody owns are found on the way through the others. */
#define OWNED                                                                                      \
    " and case when $17 is null then true when $17 = '" SCOPE_NOBODY "' then not exists"           \
    " (select 1 from ownership where customer_id = c.id and to_at is null and role = 'owner')"     \
    " else exists (select 1 from ownership where customer_id = c.id and " OWNED_BY_HIM ") end"
#define FILTERS                                                                                         \
    " left join lateral (select grade::text, region from grade_current where customer_id = c.id"        \
    " offset 0) g on true where c.party_type <> 'anonymous' and not c.is_merged and c.privacy = 'open'" \
    " and (cardinality($1) = 0 or c.party_type = any($1))"                                              \
    " and ($3 = '' or coalesce(g.grade, 'none') = $3) and (not $5 or c.is_incomplete)"                  \
    " and ($6 is null or c.review_due <= $6) and ($7 = '' or $7 = any(c.missing))"                      \
    " and (not $16 or exists (select 1 from customer_cases r where r.customer_id = c.id and r.is_repeat))" OWNED
/* clang-format off */
#define IN_REGION                                                                                  \
    " and ($2 = '' or coalesce(c.region_code, g.region, case when " BY_PURCHASES_NOW               \
    " then " PURCHASE_REGION("c.id") " end) in (" SUBTREE " select code from s))"
/* clang-format on */

#define BELOW_PARENT                                                                               \
    " and ($4 is null or c.id in (with recursive down as (select id, 1 as level from customer"     \
    " where parent_id = $4 union all select k.id, down.level + 1 from down cross join lateral"     \
    " (select id from customer where parent_id = down.id offset 0) k where down.level < 10)"       \
    " select id from down))"
#define IN_SCOPE " and " SCOPE_FILTER("c.id", "$13", "$14", "$15")

#define BY_NUMBER(t) t ".number"
#define AFTER_NUMBER(t) t ".number > $8"
#define BY_NAME(t) t ".sort_name, " t ".number"
#define AFTER_NAME(t)                                                                              \
    "(" t ".sort_name, " t ".number) > (coalesce((select b.name from customer b"                   \
    " where b.number = $8), ''), $8)"
#define BY_REGISTERED(t) t ".registered_at, " t ".number"
#define AFTER_REGISTERED(t)                                                                        \
    "(" t ".registered_at, " t ".number) > (coalesce((select b.registered_at from customer b"      \
    " where b.number = $8), '-infinity'), $8)"
#define BY_LATEST(t) t ".registered_at desc, " t ".number desc"
#define AFTER_LATEST(t)                                                                            \
    "(" t ".registered_at, " t ".number) < (coalesce((select b.registered_at from customer b"      \
    " where b.number = $8), 'infinity'), $8)"

/* Else a walk would pass everybody for a few, who are soon gathered; found out before it begins. */
#define MANY_OF_GRADE                                                                              \
    "($3 not in ('A', 'B', 'C') or (select count(*) = 2000 from (select from grade_current"        \
    " where grade = $3::char(1) order by -numerator_micros limit 2000) few))"
#define FROM_WALK(by, after)                                                                       \
    "(select * from (select * from " FILES ") k where k.party_type <> 'anonymous'"                 \
    " and " MANY_OF_GRADE " and " after("k") " order by " by("k") " limit " WALK_ROWS_TEXT ") c"
#define LIST(called, from, more, is_slow, by, after)                                                                                                \
    {                                                                                                                                               \
        .name = called,                                                                                                                             \
        .sql =                                                                                                                                      \
            "select p.id, p.number, p.name, p.party_type, coalesce(p.region_code, w.region),"                                                       \
            " p.grade, p.completeness, p.review_due, f.ref, " OWNER_SHOWN(                                                                          \
                "p.id") ", exists (select 1 from customer_cases r where r.customer_id = p.id and r.is_repeat) from (select c.id, c.number, c.name," \
                        " c.sort_name, c.party_type, c.region_code, c.registered_at, g.grade, c.completeness,"                                      \
                        " c.review_due from " from(by, after) FILTERS more                                                                          \
            " and " after("c") " order by " by(                                                                                                     \
                "c") " limit $9) p left join lateral"                                                                                               \
                     " (select source || ':' || external_id as ref from customer_ref"                                                               \
                     " where customer_id = p.id order by added_at, source, external_id limit 1) f"                                                  \
                     " on true left join lateral " PURCHASE_REGION(                                                                                 \
                         "p.id") " w on p.region_code is null order by " by("p"),                                                                   \
        .params = PARAMS, .slow = is_slow,                                                                                                          \
    }
#define AT(driver, sort) [(driver)*FILE_SORTS + (sort)]
#define LISTS(driver, called, from, more, is_slow)                                                 \
    AT(driver, FILE_SORT_NUMBER) =                                                                 \
        LIST("file_list_" called "_by_number", from, more, is_slow, BY_NUMBER, AFTER_NUMBER),      \
               AT(driver, FILE_SORT_NAME) =                                                        \
                   LIST("file_list_" called "_by_name", from, more, is_slow, BY_NAME, AFTER_NAME), \
               AT(driver, FILE_SORT_REGISTERED) =                                                  \
                   LIST("file_list_" called "_by_registered", from, more, is_slow, BY_REGISTERED,  \
                        AFTER_REGISTERED),                                                         \
               AT(driver, FILE_SORT_LATEST) = LIST("file_list_" called "_by_latest", from, more,   \
                                                   is_slow, BY_LATEST, AFTER_LATEST)

/* clang-format off */
const struct pg_statement file_list_statements[] = {
    LISTS(DRIVER_WALK, "walk", FROM_WALK, IN_REGION, false),
    LISTS(DRIVER_PARENT, "parent", FROM_PARENT, IN_REGION, false),
    LISTS(DRIVER_REGION, "region", FROM_REGION, "", true),
    LISTS(DRIVER_GRADE, "grade", FROM_GRADE, "", false),
    LISTS(DRIVER_PARTY, "party", FROM_PARTY, "", false),
    LISTS(DRIVER_REVIEW, "review", FROM_REVIEW, "", false),
    LISTS(DRIVER_MISSING, "missing", FROM_MISSING, "", false),
    LISTS(DRIVER_REPEAT, "repeat", FROM_REPEAT, IN_REGION BELOW_PARENT, false),
    LISTS(DRIVER_OWNER, "owner", FROM_OWNER, IN_REGION BELOW_PARENT IN_SCOPE, true),
    LISTS(DRIVER_REST, "rest", FROM_REST, "", true),
    LISTS(DRIVER_SCOPE_WALK, "scope_walk", FROM_WALK, IN_REGION IN_SCOPE, false),
    LISTS(DRIVER_SCOPE, "scope", FROM_SCOPE, IN_REGION BELOW_PARENT, false),
    LISTS(DRIVER_SEEN_PARENT, "seen_parent", FROM_PARENT, IN_REGION IN_SCOPE, true),
    LISTS(DRIVER_SEEN_REGION, "seen_region", FROM_REGION, IN_SCOPE, true),
    LISTS(DRIVER_SEEN_GRADE, "seen_grade", FROM_GRADE, IN_SCOPE, true),
    LISTS(DRIVER_SEEN_PARTY, "seen_party", FROM_PARTY, IN_SCOPE, true),
    LISTS(DRIVER_SEEN_REVIEW, "seen_review", FROM_REVIEW, IN_SCOPE, true),
    LISTS(DRIVER_SEEN_MISSING, "seen_missing", FROM_MISSING, IN_SCOPE, true),
    LISTS(DRIVER_SEEN_REPEAT, "seen_repeat", FROM_REPEAT, IN_REGION IN_SCOPE, true),
    LISTS(DRIVER_SEEN, "seen", FROM_SCOPE, IN_REGION, true),
};
/* clang-format on */
const size_t file_list_statement_count = COUNT_OF(file_list_statements);

static bool wants_customers(const struct file_list_question *question)
{
    for (size_t i = 0; i < question->party_count; i++)
        if (question->parties[i] == FILE_PARTY_CUSTOMER)
            return true;
    return question->party_count == 0;
}

/* The filter that leaves the fewest. */
static enum driver choose_filter(const struct file_list_question *question)
{
    if (question->only_repeat_complainants)
        return DRIVER_REPEAT;
    if (question->has_parent)
        return DRIVER_PARENT;
    if (question->region.bytes > 0)
        return DRIVER_REGION;
    if (question->grade.bytes == 1 && question->grade.at[0] != 'C')
        return DRIVER_GRADE;
    if (!wants_customers(question))
        return DRIVER_PARTY;
    if (question->review_due_by != FILE_NO_DAY)
        return DRIVER_REVIEW;
    if (question->missing_field.bytes > 0)
        return DRIVER_MISSING;
    return question->grade.bytes == 1 ? DRIVER_GRADE : DRIVER_REST;
}

/* The same for somebody who sees many, but not everybody. */
static enum driver choose_seen(const struct file_list_question *question)
{
    switch (choose_filter(question)) {
    case DRIVER_PARENT:
        return DRIVER_SEEN_PARENT;
    case DRIVER_REGION:
        return DRIVER_SEEN_REGION;
    case DRIVER_GRADE:
        return question->grade.at[0] == 'C' ? DRIVER_SEEN : DRIVER_SEEN_GRADE;
    case DRIVER_PARTY:
        return DRIVER_SEEN_PARTY;
    case DRIVER_REVIEW:
        return DRIVER_SEEN_REVIEW;
    case DRIVER_MISSING:
        return DRIVER_SEEN_MISSING;
    case DRIVER_REPEAT:
        return DRIVER_SEEN_REPEAT;
    default:
        return DRIVER_SEEN;
    }
}

static enum driver choose(const struct request *req, const struct file_list_question *question)
{
    const struct scope *scope = scope_of(req);

    if (question->has_owner_id && !uuid_is_none(&question->owner_id))
        return DRIVER_OWNER;
    if (scope->sees_all)
        return choose_filter(question);
    return scope_is_narrow(scope) ? DRIVER_SCOPE : choose_seen(question);
}

/* Few enough to be gathered at once. Not those of a grade: by cumulative net a third may be A. */
static bool is_narrow(enum driver driver)
{
    return driver == DRIVER_SCOPE || driver == DRIVER_PARENT || driver == DRIVER_SEEN_PARENT ||
           driver == DRIVER_REPEAT || driver == DRIVER_SEEN_REPEAT || driver == DRIVER_OWNER;
}

bool file_list_is_done(const struct request *req, const struct file_list_question *question,
                       const struct file_summaries *found)
{
    return found->count > question->page_size || is_narrow(choose(req, question));
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct file_summaries *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;
        struct text grade = pg_get_text(rows, row, 5);

        found->list[found->count++] = (struct file_summary){
            .id = pg_get_id(rows, row, 0),
            .number = pg_get_int8(rows, row, 1),
            .name = pg_keep_text(rows, row, 2, arena),
            .party = file_party_read(pg_get_text(rows, row, 3)),
            .region = pg_keep_text(rows, row, 4, arena),
            .grade = grade.bytes ? grade.at[0] : ' ',
            .completeness_micros = pg_get_int4(rows, row, 6),
            .review_due = pg_get_date_or_none(rows, row, 7),
            .ref = pg_keep_text(rows, row, 8, arena),
            .owner = pg_keep_text(rows, row, 9, arena),
            .is_repeat_complainant = pg_get_bool(rows, row, 10),
        };
    }
}

static void ask(struct request *req, enum driver driver, const struct file_list_question *question,
                int32_t today, struct file_summaries *out)
{
    const struct pg_statement *statement =
        &file_list_statements[(size_t)driver * FILE_SORTS + question->sort];
    struct pg_args *args = pg_args_new(req->arena, statement);

    for (size_t i = 0; i < question->party_count; i++)
        pg_put_text(args, 0, file_party_name(question->parties[i]));
    pg_put_text_n(args, 1, question->region.at, question->region.bytes);
    pg_put_text_n(args, 2, question->grade.at, question->grade.bytes);
    if (question->has_parent)
        pg_put_id(args, 3, &question->parent_id);
    else
        pg_put_null(args, 3);
    pg_put_bool(args, 4, question->only_incomplete);
    pg_put_date_or_null(args, 5, question->review_due_by);
    pg_put_text_n(args, 6, question->missing_field.at, question->missing_field.bytes);
    pg_put_int8(args, 7, question->after_number);
    pg_put_int8(args, 8, (int64_t)question->page_size + 1);
    pg_put_date(args, 9, file_window_from(today));
    pg_put_date(args, 10, today);
    pg_put_text(args, 11, req->service->currency);
    scope_put(req, args, 12);
    pg_put_bool(args, 15, question->only_repeat_complainants);
    if (question->has_owner_id)
        pg_put_id(args, 16, &question->owner_id);
    else
        pg_put_null(args, 16);
    *out = (struct file_summaries){.count = 0};
    flow_ask(req, statement, args, fill, out);
}

void file_list(struct request *req, const struct file_list_question *question, int32_t today,
               struct file_summaries *out)
{
    enum driver driver = choose(req, question);
    enum driver walk = scope_of(req)->sees_all ? DRIVER_WALK : DRIVER_SCOPE_WALK;

    ask(req, is_narrow(driver) ? driver : walk, question, today, out);
}

void file_list_rest(struct request *req, const struct file_list_question *question, int32_t today,
                    struct file_summaries *out)
{
    ask(req, choose(req, question), question, today, out);
}
