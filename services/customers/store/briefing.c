#include "services/customers/store/briefing.h"

#include "common/service.h"
#include "services/customers/store/alias.h"

enum {
    LIST,
    LIST_NOTES,
};

#define MAX_NOTES_TEXT "10"
/* The latest notes of one part of each customer: part, customer, kind, day, text. */
#define NOTES(part, columns, from)                                                                 \
    "(select " part ", q.place, n.* from unnest($1) with ordinality as q(id, place)"               \
    " cross join lateral (select " columns " from " from " limit " MAX_NOTES_TEXT ") n)"

const struct pg_statement briefing_statements[] =
    {
        [LIST] =
            {.name = "briefing_list",
             .sql =
                 "select c.id, c.number, c.name, coalesce(c.region_code, g.region, ''), g.grade,"
                 " p.code, o.first_day, o.last_day, o.days, coalesce((select sum(f.net_micros)"
                 " from " ALIAS_FROM(
                     "c.id") " cross join lateral (select net_micros from sales_figure"
                             " where customer_id = m.id and day between $2 and $3 and currency = $4 offset 0) f),"
                             " 0)::bigint, g.held_to, g.held_until, exists (select from decision_entry d"
                             " join contact k on k.id = d.contact_id where d.customer_id = c.id"
                             " and d.role = 'decider' and k.state = 'active'), cardinality(c.missing),"
                             " (select count(*) from customer_fact where customer_id = c.id"
                             " and status = 'disputed') from unnest($1) with ordinality as q(id, place)"
                             " cross join lateral (select * from customer where id = q.id offset 0) c"
                             " left join lateral (select region, grade::text, held_to::text, held_until"
                             " from grade_current where customer_id = c.id offset 0) g on true"
                             " left join lateral (select s.code from ownership w join staff s on s.id = w.staff_id"
                             " where w.customer_id = c.id and w.role = 'owner' and w.to_at is not null"
                             " order by w.to_at desc, w.id desc limit 1) p on true"
                             " cross join lateral (select min(r.day) as first_day, max(r.day) as last_day,"
                             " count(distinct r.day) as days from " ALIAS_FROM(
                                 "c.id") " cross join lateral (select r.day from orders r cross join lateral"
                                         " (select cancelled_at from order_key where source = r.source and number = r.number"
                                         " offset 0) k where r.customer_id = m.id and r.net_micros > 0"
                                         " and k.cancelled_at is null offset 0) r) o order by q.place",
             .params = {PG_IDS, PG_DATE, PG_DATE, PG_TEXT}},
        /* Parts: 1 last heard, 2 promises, 3 preferences. */
        [LIST_NOTES] = {.name = "briefing_list_notes",
                        .sql =
                            "select * from (" NOTES("1::int8 as part",
                                                    "'major_change' as kind, happened_on as day, kind || ': ' || description"
                                                    " as text",
                                                    "customer_major_change where customer_id = q.id"
                                                    " order by happened_on desc, id desc") " union all " NOTES("1",
                                                                                                               "'file', max(changed_at)::date, string_agg(distinct field, ', ')",
                                                                                                               "customer_fact where customer_id = q.id group by changed_at::date"
                                                                                                               " order by 2 desc") " union all " NOTES("2",
                                                                                                                                                       "'need', coalesce(wanted_on, told_on), description",
                                                                                                                                                       "customer_need where customer_id = q.id and state = 'open'"
                                                                                                                                                       " order by wanted_on nulls last, told_on desc") " union all " NOTES("2",
                                                                                                                                                                                                                           "'entitlement', to_on, kind || case when description = '' then ''"
                                                                                                                                                                                                                           " else ': ' || description end",
                                                                                                                                                                                                                           "entitlement where customer_id = q.id and state = 'active'"
                                                                                                                                                                                                                           " and (to_on is null or to_on >= $2) order by to_on nulls last, id") " union "
                                                                                                                                                                                                                                                                                                "all " NOTES(
                                                                                                                                                                                                                                                                                                    "3",
                                                                                                                                                                                                                                                                                                    "d.role, null::date, concat_ws(', ', k.name, nullif(k.title, ''),"
                                                                                                                                                                                                                                                                                                    " nullif(d.duty, ''), nullif(d.preference, ''),"
                                                                                                                                                                                                                                                                                                    " nullif(d.approach, ''))",
                                                                                                                                                                                                                                                                                                    "decision_entry d join contact k on k.id = d.contact_id"
                                                                                                                                                                                                                                                                                                    " and k.state = 'active' where d.customer_id = q.id"
                                                                                                                                                                                                                                                                                                    " order by array_position('{decider,influencer,supporter,opponent}',"
                                                                                                                                                                                                                                                                                                    " d.role), k.name") ") n order by place, part, day desc nulls last",
                        .params = {PG_IDS, PG_DATE}},
};
const size_t briefing_statement_count = COUNT_OF(briefing_statements);

static char letter(const struct pg_rows *rows, int row, int i)
{
    struct text text = pg_get_text(rows, row, i);

    return text.bytes ? text.at[0] : ' ';
}

static void fill_heads(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct briefings *found = out;
    size_t count = (size_t)pg_row_count(rows);

    found->list = arena_take_array(arena, count, sizeof(*found->list));
    for (size_t i = 0; found->list && i < count; i++) {
        int row = (int)i;
        const struct purchases orders = {.first_day = pg_get_date_or_none(rows, row, 6),
                                         .last_day = pg_get_date_or_none(rows, row, 7),
                                         .order_days = pg_get_int8(rows, row, 8)};

        found->list[found->count++] = (struct briefing){
            .customer = pg_get_id(rows, row, 0),
            .number = pg_get_int8(rows, row, 1),
            .name = pg_keep_text(rows, row, 2, arena),
            .region = pg_keep_text(rows, row, 3, arena),
            .grade = letter(rows, row, 4),
            .is_key = letter(rows, row, 4) == 'A',
            .previous_owner = pg_keep_text(rows, row, 5, arena),
            .last_order = orders.last_day,
            .expected_next = file_expected_next(&orders),
            .net_12_months_micros = pg_get_int8(rows, row, 9),
            .held_to = letter(rows, row, 10),
            .held_until = pg_get_date_or_none(rows, row, 11),
            .has_decider = pg_get_bool(rows, row, 12),
            .missing = (uint32_t)pg_get_int4(rows, row, 13),
            .disputed = (uint32_t)pg_get_int8(rows, row, 14),
        };
    }
}

void briefing_list(struct request *req, const struct id *customers, size_t count, int32_t today,
                   struct briefings *out)
{
    struct pg_args *args = pg_args_new(req->arena, &briefing_statements[LIST]);

    *out = (struct briefings){0};
    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &customers[i]);
    pg_put_date(args, 1, file_window_from(today));
    pg_put_date(args, 2, today);
    pg_put_text(args, 3, req->service->currency);
    flow_ask(req, &briefing_statements[LIST], args, fill_heads, out);
}

static struct briefing_notes *part_of(struct briefing *briefing, int64_t part)
{
    if (part == 1)
        return &briefing->contacts;
    return part == 2 ? &briefing->promises : &briefing->preferences;
}

static void fill_notes(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct briefings *briefings = out;

    for (int row = 0; row < pg_row_count(rows); row++) {
        size_t place = (size_t)pg_get_int8(rows, row, 1) - 1;
        struct briefing_notes *notes = part_of(&briefings->list[place], pg_get_int8(rows, row, 0));

        if (!notes->list)
            notes->list = arena_take_array(arena, BRIEFING_MAX_NOTES, sizeof(*notes->list));
        if (!notes->list || notes->count == BRIEFING_MAX_NOTES)
            continue;
        notes->list[notes->count++] =
            (struct briefing_note){.kind = pg_copy_text(rows, row, 2, arena),
                                   .day = pg_get_date_or_none(rows, row, 3),
                                   .text = pg_keep_text(rows, row, 4, arena),
                                   .chinese = {"", 0}};
    }
}

void briefing_list_notes(struct request *req, struct briefings *briefings)
{
    struct pg_args *args = pg_args_new(req->arena, &briefing_statements[LIST_NOTES]);

    for (size_t i = 0; i < briefings->count; i++)
        pg_put_id(args, 0, &briefings->list[i].customer);
    pg_put_date(args, 1, zone_day(&req->service->zone, req->now_us));
    flow_ask(req, &briefing_statements[LIST_NOTES], args, fill_notes, briefings);
}
