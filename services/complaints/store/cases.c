#include "services/complaints/store/cases.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "services/complaints/domain/case_number.h"

enum {
    FIND,
    LIST_CLOCKS,
    LIST_RECUSALS,
    LIST_ATTEMPTS,
    FIND_WORKED,
    LIST_EARLIER,
    LIST_EARLIER_OF,
};

#define SOURCE_MAX 64
#define EXTERNAL_MAX 200
#define NAMED CASES_ID("$1", "$2", "$3", "$4")
#define QUESTION PG_TEXT, PG_ID, PG_TEXT, PG_TEXT

/* In the order of take_file. */
#define FILE_COLUMNS                                                                               \
    "c.id, c.number, c.kind, c.state, c.channel, c.summary, c.content, c.is_anonymous,"            \
    " c.customer_id, c.contact_id, c.customer_source, c.customer_external_id, c.phone_hash,"       \
    " c.reply_to, c.order_number, c.product, c.batch, c.issue, c.region, c.authority,"             \
    " c.authority_number, c.authority_date, c.authority_deadline, c.external_source,"              \
    " c.external_id, c.severity, c.severity_safety, c.severity_legal, c.amount_micros,"            \
    " c.currency, c.priority, c.handler_id, c.team, c.is_supervised, c.chases, c.chased_on,"       \
    " c.submitted_at, c.received_at, c.acknowledged_at, c.first_words_at, c.answered_at,"          \
    " c.closed_at, c.day, c.reopened, c.invited_on, c.cause, c.unit, c.topic, c.fault, c.remedy,"  \
    " c.remedy_micros, c.remedy_currency, c.remedy_text, c.remedy_state, c.remedy_by,"             \
    " c.is_work_done, c.is_charge_noted, c.charge_micros, c.taken_up, c.answer_id,"                \
    " c.confirmation, c.rating, c.duplicate_of, c.recurs_of, c.is_historic, c.recorded_response,"  \
    " c.is_recorded_timely, c.is_recorded_disputed, c.version"

/* A lesson of its own counts most; then one of the same cause, "none, because", and last one of
 * another cause, which does not do. */
#define LESSON                                                                                     \
    "coalesce((select min(case when l.text <> '' then 1 when l.same_as is not null then"           \
    " case when exists (select from case_lesson o join cases oc on oc.id = o.case_id"              \
    " where o.id = l.same_as and oc.cause = c.cause and c.cause <> '') then 2 else 5 end"          \
    " when l.none_because <> '' then 4 else 9 end) from case_lesson l where l.case_id = c.id), 9)"

/* Of `c`: complaints of its customer and with its batch, of its day and before. */
#define EARLIER                                                                                    \
    "(select e.id, e.customer_id, e.kind, e.state, e.cause, e.issue, e.product, e.batch, e.day"    \
    " from c join cases e on e.customer_id = c.customer_id where e.kind = 1 and e.day <= c.day"    \
    " and e.id <> c.id order by e.received_at desc limit 100)"                                     \
    " union (select e.id, e.customer_id, e.kind, e.state, e.cause, e.issue, e.product, e.batch,"   \
    " e.day from c join cases e on e.product = c.product where c.batch <> ''"                      \
    " and e.batch = c.batch and e.kind = 1 and e.day <= c.day and e.id <> c.id"                    \
    " order by e.day desc limit 100)"

const struct pg_statement cases_statements[] = {
    [FIND] =
        {.name = "cases_find",
         .sql =
             "select " FILE_COLUMNS ","
             " (select count(*)::int from case_subtask s where s.case_id = c.id"
             " and s.done_at is null),"
             " (select count(*)::int from case_action a where a.case_id = c.id),"
             " (select count(*)::int from case_action a where a.case_id = c.id"
             " and a.verified_on is null and a.improvement_id is null)," LESSON
             ", m.delivery, m.delivery_at, m.channel,"
             " v.grade, exists (select 1 from person_restricted p"
             " where p.person_id in (c.customer_id, v.customer_id, c.contact_id)), h.code, " SIGHT_FILTER(
                 "c", "$5", "$8",
                 "$9") ", " SIGHT_PERSON("c", "$6", "$7",
                                         "$8") ", c.forgotten_at is not null from cases c"
                                               " left join case_message m on m.case_id = c.id and m.id = c.answer_id"
                                               " left join customer_seen k on k.customer_id = c.customer_id"
                                               " left join customer_seen v"
                                               " on v.customer_id = coalesce(k.counts_as, k.customer_id)"
                                               " left join staff_seen h on h.staff_id = c.handler_id"
                                               " where c.id = " NAMED,
         .params = {QUESTION, SIGHT_PARAMS}},
    /* Those that run, which are one of each kind and CASE_PART_MAX actions at most, and the latest
     * that ran. */
    [LIST_CLOCKS] = {.name = "cases_list_clocks",
                     .sql = "select " CASE_CLOCK_COLUMNS " from (select * from clock"
                            " where case_id = " NAMED " order by (state in (1, 2)) desc, id desc"
                            " limit 150) k order by k.id",
                     .params = {QUESTION}},
    [LIST_RECUSALS] = {.name = "cases_list_recusals",
                       .sql = "select staff_id, hides_complainant from case_recusal"
                              " where case_id = " NAMED,
                       .params = {QUESTION}},
    /* Since the answer that stands: what he was asked of an earlier one is another matter. The
     * latest are enough to know that it was tried. */
    [LIST_ATTEMPTS] = {.name = "cases_list_attempts",
                       .sql = "select a.channel, a.day, a.outcome from cases c"
                              " join case_attempt a on a.case_id = c.id and a.at >= c.answered_at"
                              " where c.id = " NAMED " order by a.id desc limit 50",
                       .params = {QUESTION}},
    /* What makes a case somebody's own, whoever has it now. */
    [FIND_WORKED] = {.name = "cases_find_worked",
                     .sql = "select exists (select from case_entry e where e.case_id = " NAMED
                            " and e.by = $5 and e.act in ('investigate', 'propose', 'answer',"
                            " 'settle'))",
                     .params = {QUESTION, PG_TEXT}},
    [LIST_EARLIER] = {.name = "cases_list_earlier",
                      .sql = "with c as (select id, customer_id, product, batch, day from cases"
                             " where id = " NAMED ") " EARLIER,
                      .params = {QUESTION}},
    [LIST_EARLIER_OF] = {.name = "cases_list_earlier_of",
                         .sql =
                             "with c as (select $1::uuid as id, $2::uuid as customer_id,"
                             " $3::text as product, $4::text as batch, $5::date as day) " EARLIER,
                         .params = {PG_ID, PG_ID, PG_TEXT, PG_TEXT, PG_DATE}},
};
const size_t cases_statement_count = COUNT_OF(cases_statements);

/* --- what is asked for --- */

static bool parse_external(struct text ref, struct cases_question *out)
{
    const char *colon = memchr(ref.at, ':', ref.bytes);
    size_t source = colon ? (size_t)(colon - ref.at) : 0;

    if (!colon || source == 0 || source > SOURCE_MAX || ref.bytes - source - 1 == 0 ||
        ref.bytes - source - 1 > EXTERNAL_MAX)
        return false;
    *out = (struct cases_question){.kind = CASES_REF_EXTERNAL,
                                   .source = {ref.at, source},
                                   .external_id = {colon + 1, ref.bytes - source - 1}};
    return true;
}

bool cases_ref_parse(struct text ref, struct arena *arena, struct cases_question *out)
{
    enum case_kind kind;
    int32_t day;
    uint32_t nth;
    struct id id;

    if (uuid_parse(ref.at, ref.bytes, &id)) {
        *out = (struct cases_question){.kind = CASES_REF_ID, .id = id};
        return true;
    }
    if (case_number_parse(ref, &kind, &day, &nth)) {
        char *number = arena_take(arena, CASE_NUMBER_BYTES);

        if (!number)
            return false;
        size_t bytes = case_number_print(kind, day, nth, number);

        *out = (struct cases_question){.kind = CASES_REF_NUMBER, .number = {number, bytes}};
        return true;
    }
    return parse_external(ref, out);
}

void cases_put_question(struct pg_args *args, int first, const struct cases_question *question)
{
    for (int i = 0; i < 4; i++)
        if (i != (question->kind == CASES_REF_NUMBER ? 0
                  : question->kind == CASES_REF_ID   ? 1
                                                     : 2) &&
            !(question->kind == CASES_REF_EXTERNAL && i == 3))
            pg_put_null(args, first + i);
    if (question->kind == CASES_REF_NUMBER)
        pg_put_text_n(args, first, question->number.at, question->number.bytes);
    else if (question->kind == CASES_REF_ID)
        pg_put_id(args, first + 1, &question->id);
    else {
        pg_put_text_n(args, first + 2, question->source.at, question->source.bytes);
        pg_put_text_n(args, first + 3, question->external_id.at, question->external_id.bytes);
    }
}

/* --- rows --- */

/* A row read column by column. */
struct row {
    const struct pg_rows *rows;
    struct arena *arena;
    int column;
};

static struct text take_text(struct row *row)
{
    return pg_keep_text(row->rows, 0, row->column++, row->arena);
}

static struct id take_id(struct row *row)
{
    return pg_get_id(row->rows, 0, row->column++);
}

/* smallint comes as such, or as int: both by pg_get_int4. */
static int32_t take_int(struct row *row)
{
    return pg_get_int4(row->rows, 0, row->column++);
}

static int64_t take_int8(struct row *row)
{
    return pg_get_int8(row->rows, 0, row->column++);
}

static int64_t take_time(struct row *row)
{
    return pg_get_time(row->rows, 0, row->column++);
}

static bool take_bool(struct row *row)
{
    return pg_get_bool(row->rows, 0, row->column++);
}

static int32_t take_day(struct row *row)
{
    int i = row->column++;

    return pg_get_date_or_none(row->rows, 0, i);
}

static void take_story(struct row *row, struct case_file *out)
{
    out->id = take_id(row);
    out->number = take_text(row);
    out->kind = (enum case_kind)take_int(row);
    out->state = (enum case_state)take_int(row);
    out->channel = (enum case_channel)take_int(row);
    out->summary = take_text(row);
    out->content = take_text(row);
    out->is_anonymous = take_bool(row);
    out->customer = take_id(row);
    out->contact = take_id(row);
    out->customer_source = take_text(row);
    out->customer_external_id = take_text(row);
    out->phone_hash = take_text(row);
    out->reply_to = take_text(row);
    out->order_number = take_text(row);
    out->product = take_text(row);
    out->batch = take_text(row);
    out->issue = take_text(row);
    out->region = take_text(row);
    out->authority.name = take_text(row);
    out->authority.number = take_text(row);
    out->authority.date = take_day(row);
    out->authority.deadline = take_day(row);
    out->external_source = take_text(row);
    out->external_id = take_text(row);
}

static void take_progress(struct row *row, struct case_file *out)
{
    out->severity = (enum severity)take_int(row);
    out->safety = (enum severity)take_int(row);
    out->legal_or_media = (enum severity)take_int(row);
    out->amount_micros = take_int8(row);
    out->currency = take_text(row);
    out->priority = (enum priority)take_int(row);
    out->handler = take_id(row);
    out->team = take_text(row);
    out->is_supervised = take_bool(row);
    out->chases = (uint32_t)take_int(row);
    out->chased_day = take_day(row);
    out->submitted_us = take_time(row);
    out->received_us = take_time(row);
    out->acknowledged_us = take_time(row);
    out->first_words_us = take_time(row);
    out->answered_us = take_time(row);
    out->closed_us = take_time(row);
    out->day = take_day(row);
    out->reopened = (uint32_t)take_int(row);
    out->invited_day = take_day(row);
}

static void take_outcome(struct row *row, struct case_file *out)
{
    out->cause = take_text(row);
    out->unit = take_text(row);
    out->topic = take_text(row);
    out->fault = (enum remedy_fault)take_int(row);
    out->remedy = remedy_kind_read(take_text(row));
    out->remedy_micros = take_int8(row);
    out->remedy_currency = take_text(row);
    out->remedy_text = take_text(row);
    out->remedy_state = remedy_state_read(take_text(row));
    out->remedy_by = take_id(row);
    out->is_work_done = take_bool(row);
    out->is_charge_noted = take_bool(row);
    out->charge_micros = take_int8(row);
    out->taken_up = take_text(row);
    out->answer = take_id(row);
    out->confirmation = (enum confirmation)take_int(row);
    out->rating = (uint32_t)take_int(row);
    out->duplicate_of = take_id(row);
    out->recurs_of = take_id(row);
    out->is_historic = take_bool(row);
    out->recorded_response = take_text(row);
    out->is_recorded_timely = take_bool(row);
    out->is_recorded_disputed = take_bool(row);
    out->version = take_int8(row);
}

/* As LESSON numbers them. */
static enum condition_lesson lesson_of(int32_t rank)
{
    return rank == 1   ? CONDITION_LESSON_IS_OWN
           : rank == 2 ? CONDITION_LESSON_OF_SAME_CAUSE
           : rank == 4 ? CONDITION_LESSON_NONE_BECAUSE
           : rank == 5 ? CONDITION_LESSON_OF_OTHER_CAUSE
                       : CONDITION_LESSON_IS_NONE;
}

static void take_standing(struct row *row, struct case_standing *out)
{
    struct text delivery, channel;
    int64_t at_us;

    out->open_subtasks = (uint32_t)take_int(row);
    out->actions = (uint32_t)take_int(row);
    out->open_actions = (uint32_t)take_int(row);
    out->lesson = lesson_of(take_int(row));
    out->has_answer = !pg_is_null(row->rows, 0, row->column);
    delivery = take_text(row);
    at_us = take_time(row);
    channel = take_text(row);
    out->answer = delivery_recorded(delivery_read(delivery), at_us, channel);
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct cases_found *out = owner;
    struct row row = {rows, arena, 0};
    struct text grade;

    if (pg_row_count(rows) == 0)
        return;
    out->found = true;
    take_story(&row, &out->file);
    take_progress(&row, &out->file);
    take_outcome(&row, &out->file);
    take_standing(&row, &out->standing);
    grade = take_text(&row);
    out->customer.grade = grade.bytes > 0 ? grade.at[0] : ' ';
    out->customer_restricted = take_bool(&row);
    out->handler_code = pg_copy_text(rows, 0, row.column++, arena);
    out->is_seen = take_bool(&row);
    out->is_person_seen = take_bool(&row);
    out->is_forgotten = take_bool(&row);
}

static void fill_recusals(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct cases_found *out = owner;
    int count = pg_row_count(rows);

    out->recusals = arena_take_array(arena, (size_t)count, sizeof(*out->recusals));
    for (int i = 0; out->recusals && i < count; i++)
        out->recusals[out->recusal_count++] =
            (struct conduct_recusal){pg_get_id(rows, i, 0), pg_get_bool(rows, i, 1)};
}

static void fill_attempts(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct cases_found *out = owner;
    int count = pg_row_count(rows);

    out->attempts = arena_take_array(arena, (size_t)count, sizeof(*out->attempts));
    for (int i = 0; out->attempts && i < count; i++)
        out->attempts[out->attempt_count++] = (struct confirmation_attempt){
            .channel = pg_keep_text(rows, i, 0, arena),
            .day = pg_get_date(rows, i, 1),
            .outcome = delivery_call_read(pg_keep_text(rows, i, 2, arena)),
        };
}

static void ask_part(struct request *req, int statement, const struct cases_question *question,
                     pg_fill fill_part, void *out)
{
    struct pg_args *args = pg_args_new(req->arena, &cases_statements[statement]);

    cases_put_question(args, 0, question);
    flow_ask(req, &cases_statements[statement], args, fill_part, out);
}

void cases_find(struct request *req, const struct cases_question *question,
                const struct sight *sight, struct cases_found *out)
{
    static const struct sight everything = {.sees_all = true, .sees_restricted = true};
    struct pg_args *args = pg_args_new(req->arena, &cases_statements[FIND]);

    *out = (struct cases_found){.handler_code = ""};
    cases_put_question(args, 0, question);
    sight_put(sight ? sight : &everything, args, 4);
    flow_ask(req, &cases_statements[FIND], args, fill, out);
    ask_part(req, LIST_CLOCKS, question, case_clock_fill, &out->clocks);
    ask_part(req, LIST_RECUSALS, question, fill_recusals, out);
    ask_part(req, LIST_ATTEMPTS, question, fill_attempts, out);
}

static void fill_worked(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    bool *out = owner;

    (void)arena;
    *out = pg_row_count(rows) > 0 && pg_get_bool(rows, 0, 0);
}

void cases_find_worked(struct request *req, const struct cases_question *question, const char *by,
                       bool *out)
{
    struct pg_args *args = pg_args_new(req->arena, &cases_statements[FIND_WORKED]);

    *out = false;
    cases_put_question(args, 0, question);
    pg_put_text(args, 4, by);
    flow_ask(req, &cases_statements[FIND_WORKED], args, fill_worked, out);
}

static void fill_earlier(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct cases_earlier *out = owner;
    int count = pg_row_count(rows);

    out->list = arena_take_array(arena, (size_t)count, sizeof(*out->list));
    for (int i = 0; out->list && i < count; i++)
        out->list[out->count++] = (struct recurrence_case){
            .id = pg_get_id(rows, i, 0),
            .customer = pg_get_id(rows, i, 1),
            .kind = (enum case_kind)pg_get_int4(rows, i, 2),
            .state = (enum case_state)pg_get_int4(rows, i, 3),
            .cause = pg_keep_text(rows, i, 4, arena),
            .issue = pg_keep_text(rows, i, 5, arena),
            .product = pg_keep_text(rows, i, 6, arena),
            .batch = pg_keep_text(rows, i, 7, arena),
            .day = pg_get_date(rows, i, 8),
        };
}

void cases_list_earlier(struct request *req, const struct cases_question *question,
                        struct cases_earlier *out)
{
    *out = (struct cases_earlier){0};
    ask_part(req, LIST_EARLIER, question, fill_earlier, out);
}

void cases_list_earlier_of(struct request *req, const struct case_file *file,
                           struct cases_earlier *out)
{
    struct pg_args *args = pg_args_new(req->arena, &cases_statements[LIST_EARLIER_OF]);

    *out = (struct cases_earlier){0};
    pg_put_id(args, 0, &file->id);
    pg_put_id_or_null(args, 1, &file->customer);
    pg_put_text_n(args, 2, file->product.at ? file->product.at : "", file->product.bytes);
    pg_put_text_n(args, 3, file->batch.at ? file->batch.at : "", file->batch.bytes);
    pg_put_date(args, 4, file->day);
    flow_ask(req, &cases_statements[LIST_EARLIER_OF], args, fill_earlier, out);
}
