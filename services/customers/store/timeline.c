/*
 * One branch per kind, each along the customer's own rows, the latest of each taken; of a kind that
 * is not asked for nothing is read. Texts are read where they stand and kept nowhere twice.
 *
 * Parameters: 1 customer, 2 and 3 time and key before which it begins, 4 from, 5 limit, 6 kinds.
 */
#include "services/customers/store/timeline.h"

#include "services/customers/store/alias.h"

enum {
    LIST,
    ADD,
};

/* clang-format off */
#define WANTED(kind) "(cardinality($6) = 0 or " kind " = any($6))"
/* `fields`: what, ref, name, text, net_micros, currency, by, historic. `from` begins with the rows
 * m of the customer and those merged into him. */
#define BRANCH(kind, at, key, fields, from)                                                        \
    "(select " at " as at, " kind " as kind, " fields ", m.id as on_id, (" key ")" \
    " collate \"C\" as key from " ALIAS_FROM_1 from " and " WANTED(kind) " and " at " >= $4"       \
    " and (" at ", (" key ") collate \"C\") < ($2, $3) order by 1 desc, key desc limit $5)"
#define NUMBER(of)                                                                                 \
    "(select 'KH' || lpad(number::text, greatest(6, length(number::text)), '0') from customer"     \
    " where id = " of ")"
#define DOCUMENTS                                                                                  \
    " join orders o on o.customer_id = m.id cross join lateral (select * from order_key"           \
    " where source = o.source and number = o.number offset 0) k"
#define DOCUMENT "o.source || ':' || o.number"
#define KIND_OF_DOCUMENT "case k.kind when 3 then 'return' when 2 then 'adjustment' else 'order' end"
/* Of restricted and erased people nothing is said but that they are there. */
#define PERSON "case when c.state in ('active', 'left') then c.name else '' end"

#define REGISTERED                                                                                 \
    BRANCH("'registered'", "c.registered_at", "'registered:' || c.id",                             \
           "'' as what, '' as ref, '' as name, '' as text, 0::bigint as net_micros,"               \
           " '' as currency, '' as by, c.is_historic as historic",                                 \
           " join customer c on c.id = m.id where true")
#define DOCUMENTED                                                                                 \
    BRANCH(KIND_OF_DOCUMENT, "o.ordered_at", "'order:' || " DOCUMENT,                              \
           "case when k.cancelled_at is null then '' else 'cancelled' end, " DOCUMENT ", '', '',"  \
           " o.net_micros, o.currency, '', o.is_historic", DOCUMENTS " where true")
#define CANCELLED                                                                                  \
    BRANCH("'cancelled'", "k.cancelled_at", "'cancelled:' || " DOCUMENT,                           \
           "'', " DOCUMENT ", '', '', 0, '', '', o.is_historic",                                   \
           DOCUMENTS " where k.cancelled_at is not null")
#define PAID                                                                                       \
    BRANCH("'paid'", "p.paid_at", "'paid:' || " DOCUMENT " || ':' || p.event_id",                  \
           "'', " DOCUMENT ", '', '', p.amount_micros, p.currency, '', o.is_historic",             \
           " join orders o on o.customer_id = m.id cross join lateral (select * from order_payment"\
           " where source = o.source and number = o.number offset 0) p where true")
#define DELIVERED                                                                                  \
    BRANCH("'delivered'", "k.delivered_at", "'delivered:' || " DOCUMENT,                           \
           "'', " DOCUMENT ", '', '', 0, '', '', o.is_historic",                                   \
           DOCUMENTS " where k.delivered_at is not null")
#define GRADED                                                                                     \
    BRANCH("'grade'", "h.at", "'grade:' || h.id",                                                  \
           "h.grade::text, '', '', h.reason, 0, '', h.said_by, false",                             \
           " join grade_history h on h.customer_id = m.id where true")
#define TOLD                                                                                       \
    BRANCH("'fact'", "f.changed_at", "'fact:' || f.customer_id || ':' || f.field",                 \
           "f.field, '', '', f.status, 0, '', f.collector, false",                                 \
           " join customer_fact f on f.customer_id = m.id where true")
#define CHANGED                                                                                    \
    BRANCH("'major_change'", "j.told_at", "'major_change:' || j.id",                               \
           "j.kind, j.happened_on::text, '', j.description, 0, '', j.told_by, false",              \
           " join customer_major_change j on j.customer_id = m.id where true")
#define LINKED                                                                                     \
    BRANCH("'contact'", "l.linked_at", "'contact:' || l.customer_id || ':' || l.contact_id",       \
           "l.role, l.contact_id::text, " PERSON ", '', 0, '', l.linked_by, false",                \
           " join contact_link l on l.customer_id = m.id join contact c on c.id = l.contact_id"    \
           " where true")
#define CONSENTED                                                                                  \
    BRANCH("'consent'", "x.recorded_at", "'consent:' || x.id",                                     \
           "x.state, x.contact_id::text, " PERSON ", x.purpose || ' ' || x.channel, 0, '',"        \
           " x.recorded_by, false",                                                                \
           " join contact_link l on l.customer_id = m.id join contact c on c.id = l.contact_id"    \
           " join contact_consent x on x.contact_id = c.id where true")
#define OWNED                                                                                      \
    BRANCH("'owner'", "w.from_at", "'owner:' || w.id",                                             \
           "w.role, s.code, s.name, w.reason, 0, '', w.made_by, false",                            \
           " join ownership w on w.customer_id = m.id join staff s on s.id = w.staff_id where true")
#define OWNED_NO_MORE                                                                              \
    BRANCH("'owner_ended'", "w.to_at", "'owner_ended:' || w.id",                                   \
           "w.role, s.code, s.name, coalesce(w.end_reason, ''), 0, '', coalesce(w.ended_by, ''),"  \
           " false",                                                                               \
           " join ownership w on w.customer_id = m.id join staff s on s.id = w.staff_id"           \
           " where w.to_at is not null")
#define HANDED_OVER                                                                                \
    BRANCH("'handover'", "h.at", "'handover:' || i.customer_id || ':' || i.handover_id",           \
           "i.state, s.code, s.name, '', 0, '', h.made_by, false",                                 \
           " join handover_item i on i.customer_id = m.id join handover h on h.id = i.handover_id" \
           " join staff s on s.id = i.receiver_id where true")
#define NEEDED                                                                                     \
    BRANCH("'need'", "n.added_at", "'need:' || n.id",                                              \
           "n.state, n.id::text, '', n.description, coalesce(n.budget_micros, 0), n.currency,"     \
           " n.added_by, false",                                                                   \
           " join customer_need n on n.customer_id = m.id where true")
#define ENTITLED                                                                                   \
    BRANCH("'entitlement'", "e.added_at", "'entitlement:' || e.id",                                \
           "e.kind, e.id::text, '', e.description, 0, '', e.added_by, false",                      \
           " join entitlement e on e.customer_id = m.id where true")
#define USED                                                                                       \
    BRANCH("'entitlement_use'", "u.recorded_at", "'entitlement_use:' || u.id",                     \
           "e.kind, e.id::text, '', u.note, u.quantity * 1000000::bigint, '', u.recorded_by,"      \
           " false",                                                                               \
           " join entitlement e on e.customer_id = m.id join entitlement_use u"                    \
           " on u.customer_id = e.customer_id and u.entitlement_id = e.id where true")
/* A merge stands once in the stream of whoever has to do with it. */
#define MERGED_WITH                                                                                \
    " join lateral (select g.*, case when g.survivor_id = m.id then g.merged_id"                   \
    " else g.survivor_id end as other from merge g where g.survivor_id = m.id"                     \
    " or g.merged_id = m.id and g.survivor_id not in " ALIAS_ALL_OF_1 ") g on true"
#define MERGED                                                                                     \
    BRANCH("'merged'", "g.made_at", "'merged:' || g.id",                                           \
           "case when g.undone_at is null then '' else 'undone' end, " NUMBER("g.other")           \
           ", '', g.reason, 0, '', g.made_by, false", MERGED_WITH " where true")
#define UNMERGED                                                                                   \
    BRANCH("'merge_undone'", "g.undone_at", "'merge_undone:' || g.id",                             \
           "'', " NUMBER("g.other") ", '', g.undo_reason, 0, '', g.undone_by, false",              \
           MERGED_WITH " where g.undone_at is not null")
#define CASE_OPENED                                                                                \
    BRANCH("'case_opened'", "k.opened_at", "'case_opened:' || k.case_id",                          \
           "k.kind, k.number, '', '', 0, '', '', k.is_historic",                                   \
           " join case_seen k on k.customer_id = m.id where true")
#define CASE_MOVED                                                                                 \
    BRANCH("'case_moved'", "p.at", "'case_moved:' || p.case_id || ':' || p.version",               \
           "p.state, k.number, '', '', 0, '', '', p.is_historic",                                  \
           " join case_seen k on k.customer_id = m.id join case_step p on p.case_id = k.case_id"   \
           " where true")
#define FLAGGED                                                                                    \
    BRANCH("'flag'", "g.from_at", "'flag:' || g.customer_id || ':' || g.flag || ':' || g.from_at", \
           "g.flag, '', '', g.detail, 0, '', '', false",                                           \
           " join customer_flag g on g.customer_id = m.id where true")
#define FLAGGED_NO_MORE                                                                            \
    BRANCH("'flag_ended'", "g.to_at",                                                              \
           "'flag_ended:' || g.customer_id || ':' || g.flag || ':' || g.from_at",                  \
           "g.flag, '', '', '', 0, '', '', false",                                                 \
           " join customer_flag g on g.customer_id = m.id where g.to_at is not null")
#define ENTERED                                                                                    \
    BRANCH("t.kind", "t.at", "'entry:' || t.id",                                                   \
           "t.what, t.ref, '', t.text, t.net_micros, t.currency, t.by, t.is_historic",             \
           " join timeline_entry t on t.customer_id = m.id where true")
#define AND " union all "
/* clang-format on */

const struct pg_statement timeline_statements[] = {
    [LIST] = {.name = "timeline_list",
              .sql = "select t.at, t.kind, t.what, t.ref, t.name, t.text, t.net_micros,"
                     " t.currency, t.by, t.historic, t.key, r.number"
                     " from (select * from (" REGISTERED AND DOCUMENTED AND CANCELLED AND PAID AND
                         DELIVERED AND GRADED AND TOLD AND CHANGED AND LINKED AND CONSENTED AND
                             OWNED AND OWNED_NO_MORE AND HANDED_OVER AND NEEDED AND ENTITLED AND
                                 USED AND MERGED AND UNMERGED AND CASE_OPENED AND CASE_MOVED AND
                                     FLAGGED AND FLAGGED_NO_MORE AND ENTERED
                     ") a order by at desc, key desc limit $5) t"
                     " left join customer r on r.id = t.on_id and t.on_id <> $1"
                     " order by t.at desc, t.key desc",
              .params = {PG_ID, PG_TIME, PG_TEXT, PG_TIME, PG_INT8, PG_TEXTS},
              .slow = true},
    [ADD] = {.name = "timeline_add",
             .sql = "insert into timeline_entry (customer_id, id, at, kind, what, ref, text, by)"
                    " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)",
             .params = {PG_IDS, PG_IDS, PG_TIMES, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS},
             .write = true,
             .merge = true,
             .rank = 66},
};
const size_t timeline_statement_count = COUNT_OF(timeline_statements);

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct timeline_entries *entries = out;
    size_t count = (size_t)pg_row_count(rows);

    entries->list = arena_take_array(arena, count, sizeof(*entries->list));
    for (size_t i = 0; entries->list && i < count; i++) {
        int row = (int)i;

        entries->list[entries->count++] = (struct timeline_entry){
            .at_us = pg_get_time(rows, row, 0),
            .kind = pg_keep_text(rows, row, 1, arena),
            .what = pg_keep_text(rows, row, 2, arena),
            .ref = pg_keep_text(rows, row, 3, arena),
            .name = pg_keep_text(rows, row, 4, arena),
            .text = pg_keep_text(rows, row, 5, arena),
            .net_micros = pg_get_int8(rows, row, 6),
            .currency = pg_keep_text(rows, row, 7, arena),
            .by = pg_keep_text(rows, row, 8, arena),
            .is_historic = pg_get_bool(rows, row, 9),
            .key = pg_keep_text(rows, row, 10, arena),
            .recorded_on = pg_get_int8(rows, row, 11),
        };
    }
}

void timeline_list(struct request *req, const struct timeline_window *window,
                   struct timeline_entries *out)
{
    struct pg_args *args = pg_args_new(req->arena, &timeline_statements[LIST]);
    const struct timeline_question *question = window->question;
    struct text key = window->before.key;

    *out = (struct timeline_entries){.count = 0};
    pg_put_id(args, 0, window->customer);
    pg_put_time(args, 1, window->before.at_us);
    pg_put_text_n(args, 2, key.at ? key.at : "", key.bytes);
    pg_put_time(args, 3, window->from_us);
    pg_put_int8(args, 4, window->limit);
    for (size_t i = 0; i < question->kind_count; i++)
        pg_put_text_n(args, 5, question->kinds[i].at, question->kinds[i].bytes);
    flow_ask(req, &timeline_statements[LIST], args, fill, out);
}

void timeline_add(struct request *req, const struct id *customer, const struct timeline_fact *fact)
{
    struct pg_args *args = flow_write(req, &timeline_statements[ADD]);
    struct id id = request_new_id(req);

    pg_put_id(args, 0, customer);
    pg_put_id(args, 1, &id);
    pg_put_time(args, 2, req->now_us);
    pg_put_text(args, 3, fact->kind);
    pg_put_text(args, 4, fact->what ? fact->what : "");
    pg_put_text(args, 5, fact->ref ? fact->ref : "");
    pg_put_text(args, 6, fact->text ? fact->text : "");
    pg_put_text(args, 7, req->actor[0] ? req->actor : req->key.name);
}
