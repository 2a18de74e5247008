/* The writes of cases: their rows, the work lists, the history. */
#include "services/complaints/store/cases.h"

enum {
    HOLD,
    GUARD_KEPT,
    ADD,
    SAVE,
    PUT_QUEUE,
    REMOVE_QUEUE,
    ADD_ENTRY,
};

/* What never changes after intake comes first, then what commands change, in the order of
 * put_changing. */
#define FIXED                                                                                      \
    "id, version, number, kind, channel, summary, content, is_anonymous, phone_hash, reply_to,"    \
    " issue, region, authority, authority_number, authority_date, authority_deadline,"             \
    " external_source, external_id, submitted_at, day, received_at, is_historic,"                  \
    " recorded_response, is_recorded_timely, is_recorded_disputed"
#define FIXED_COUNT 25
#define CHANGING                                                                                   \
    "state, customer_id, customer_source, customer_external_id, contact_id, severity,"             \
    " severity_safety, severity_legal, amount_micros, currency, priority, handler_id, team,"       \
    " order_number, product, batch, acknowledged_at, first_words_at, answered_at, closed_at,"      \
    " cause, unit, fault, topic, remedy, remedy_micros, remedy_currency, remedy_text,"             \
    " remedy_state, remedy_by, duplicate_of, recurs_of, reopened, chases, chased_on,"              \
    " is_supervised, invited_on, rating, confirmation, answer_id, is_work_done, is_charge_noted,"  \
    " charge_micros, taken_up"
#define CHANGING_TYPES                                                                             \
    PG_INT4S, PG_IDS, PG_TEXTS, PG_TEXTS, PG_IDS, PG_INT4S, PG_INT4S, PG_INT4S, PG_INT8S,          \
        PG_TEXTS, PG_INT4S, PG_IDS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_TIMES, PG_TIMES,    \
        PG_TIMES, PG_TIMES, PG_TEXTS, PG_TEXTS, PG_INT4S, PG_TEXTS, PG_TEXTS, PG_INT8S, PG_TEXTS,  \
        PG_TEXTS, PG_TEXTS, PG_IDS, PG_IDS, PG_IDS, PG_INT4S, PG_INT4S, PG_DATES, PG_BOOLS,        \
        PG_DATES, PG_INT4S, PG_INT4S, PG_IDS, PG_BOOLS, PG_BOOLS, PG_INT8S, PG_TEXTS
#define P1_46                                                                                      \
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"   \
    " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38,"   \
    " $39, $40, $41, $42, $43, $44, $45, $46"

const struct pg_statement cases_save_statements[] = {
    /* All that a transaction changes, in one statement and one order, before it changes any: by
     * id, by reference as given, by number, by the day a chase raised them for. */
    [HOLD] = {.name = "cases_hold",
              .sql = "with held as materialized (select id from cases where id = any(array("
                     "select unnest($1) union all select f.id from unnest($2, $3)"
                     " as q(source, external_id) cross join lateral (select c.id from cases c"
                     " where c.customer_id is null and c.customer_source <> ''"
                     " and c.customer_source = q.source"
                     " and c.customer_external_id = q.external_id offset 0) f"
                     " union all select f.id from unnest($4) as q(hash) cross join lateral"
                     " (select c.id from cases c where c.phone_hash = q.hash offset 0) f"
                     " union all select f.case_id from unnest($5) as q(day) cross join lateral"
                     " (select case_id from case_queue where raised_on < q.day offset 0) f))"
                     " order by id for no key update) select count(*) from held",
              .params = {PG_IDS, PG_TEXTS, PG_TEXTS, PG_BYTESES, PG_DATES},
              .write = true,
              .merge = true,
              .rank = 28},
    /* Held: who forgets them waits, or has. */
    [GUARD_KEPT] = {.name = "cases_guard_kept",
                    .sql = "select stale_unless(not exists (select 1 from cases"
                           " where id = any($1) and forgotten_at is not null))",
                    .params = {PG_IDS},
                    .write = true,
                    .merge = true,
                    .rank = 29},
    /* Numbers and references are unique: the unit is stale when one is taken. */
    [ADD] = {.name = "cases_add",
             .sql = "insert into cases (" FIXED ", " CHANGING ") select * from unnest(" P1_46
                    ", $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61,"
                    " $62, $63, $64, $65, $66, $67, $68, $69) as q(" FIXED ", " CHANGING ")"
                    " order by external_source, external_id, id",
             .params = {PG_IDS,   PG_INT8S,   PG_TEXTS, PG_INT4S, PG_INT4S,      PG_TEXTS, PG_TEXTS,
                        PG_BOOLS, PG_BYTESES, PG_TEXTS, PG_TEXTS, PG_TEXTS,      PG_TEXTS, PG_TEXTS,
                        PG_DATES, PG_DATES,   PG_TEXTS, PG_TEXTS, PG_TIMES,      PG_DATES, PG_TIMES,
                        PG_BOOLS, PG_TEXTS,   PG_BOOLS, PG_BOOLS, CHANGING_TYPES},
             .write = true,
             .merge = true,
             .rank = 30},
    [SAVE] = {.name = "cases_save",
              .sql = "with q as (select * from unnest(" P1_46 ") as q(id, version, " CHANGING ")),"
                     " saved as (update cases c set (version, " CHANGING
                     ") = (select own.version + 1, " CHANGING " from (select q.*) own)"
                     " from q where c.id = q.id and c.version = q.version returning 1)"
                     " select stale_unless((select count(*) from saved) = cardinality($1))",
              .params = {PG_IDS, PG_INT8S, CHANGING_TYPES},
              .write = true,
              .merge = true,
              .rank = 40},
    [PUT_QUEUE] = {.name = "cases_put_queue",
                   .sql = "insert into case_queue (case_id, handler_id, team, priority, due_at,"
                          " due_kind, state, raised_on) select distinct on (id) id, handler,"
                          " team, priority, coalesce(due, 'infinity'), kind, state, raised"
                          " from unnest($1, $2, $3, $4, $5, $6, $7, $8) with ordinality"
                          " as q(id, handler, team, priority, due, kind, state, raised, n)"
                          " order by id, n desc on conflict (case_id) do update set"
                          " handler_id = excluded.handler_id, team = excluded.team,"
                          " priority = excluded.priority, due_at = excluded.due_at,"
                          " due_kind = excluded.due_kind, state = excluded.state,"
                          " raised_on = excluded.raised_on",
                   .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_INT4S, PG_TIMES, PG_TEXTS, PG_INT4S,
                              PG_DATES},
                   .write = true,
                   .merge = true,
                   .rank = 114},
    [REMOVE_QUEUE] = {.name = "cases_remove_queue",
                      .sql = "delete from case_queue where case_id = any($1)",
                      .params = {PG_IDS},
                      .write = true,
                      .merge = true,
                      .rank = 115},
    [ADD_ENTRY] = {.name = "cases_add_entry",
                   .sql = "insert into case_entry (case_id, id, at, act, from_state, to_state, by,"
                          " reason, detail)"
                          " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   .params = {PG_IDS, PG_IDS, PG_TIMES, PG_TEXTS, PG_INT4S, PG_INT4S, PG_TEXTS,
                              PG_TEXTS, PG_TEXTS},
                   .write = true,
                   .merge = true,
                   .rank = 50},
};
const size_t cases_save_statement_count = COUNT_OF(cases_save_statements);

/* Parameters put one after the other. */
struct putting {
    struct pg_args *args;
    int next;
};

static void put_text(struct putting *put, struct text text)
{
    pg_put_text_n(put->args, put->next++, text.at ? text.at : "", text.bytes);
}

static void put_id(struct putting *put, const struct id *id)
{
    pg_put_id_or_null(put->args, put->next++, id);
}

static void put_int(struct putting *put, int32_t value)
{
    pg_put_int4(put->args, put->next++, value);
}

static void put_int8(struct putting *put, int64_t value)
{
    pg_put_int8(put->args, put->next++, value);
}

static void put_bool(struct putting *put, bool value)
{
    pg_put_bool(put->args, put->next++, value);
}

static void put_time(struct putting *put, int64_t at_us)
{
    pg_put_time_or_null(put->args, put->next++, at_us);
}

static void put_day(struct putting *put, int32_t day)
{
    pg_put_date_or_null(put->args, put->next++, day);
}

static void put_fixed(struct putting *put, const struct case_file *file)
{
    put_id(put, &file->id);
    put_int8(put, 1);
    put_text(put, file->number);
    put_int(put, (int32_t)file->kind);
    put_int(put, (int32_t)file->channel);
    put_text(put, file->summary);
    put_text(put, file->content);
    put_bool(put, file->is_anonymous);
    if (file->phone_hash.bytes > 0)
        pg_put_bytes(put->args, put->next++, file->phone_hash.at, file->phone_hash.bytes);
    else
        pg_put_null(put->args, put->next++);
    put_text(put, file->reply_to);
    put_text(put, file->issue);
    put_text(put, file->region);
    put_text(put, file->authority.name);
    put_text(put, file->authority.number);
    put_day(put, file->authority.date);
    put_day(put, file->authority.deadline);
    put_text(put, file->external_source);
    put_text(put, file->external_id);
    put_time(put, file->submitted_us);
    put_day(put, file->day);
    put_time(put, file->received_us);
    put_bool(put, file->is_historic);
    put_text(put, file->recorded_response);
    put_bool(put, file->is_recorded_timely);
    put_bool(put, file->is_recorded_disputed);
}

/* How it stands, who has it and what it is about: the first half of CHANGING. */
static void put_standing(struct putting *put, const struct case_file *file)
{
    put_int(put, (int32_t)file->state);
    put_id(put, &file->customer);
    put_text(put, file->customer_source);
    put_text(put, file->customer_external_id);
    put_id(put, &file->contact);
    put_int(put, (int32_t)file->severity);
    put_int(put, (int32_t)file->safety);
    put_int(put, (int32_t)file->legal_or_media);
    put_int8(put, file->amount_micros);
    put_text(put, file->currency);
    put_int(put, (int32_t)file->priority);
    put_id(put, &file->handler);
    put_text(put, file->team);
    put_text(put, file->order_number);
    put_text(put, file->product);
    put_text(put, file->batch);
    put_time(put, file->acknowledged_us);
    put_time(put, file->first_words_us);
    put_time(put, file->answered_us);
    put_time(put, file->closed_us);
}

static void put_text_of(struct putting *put, const char *text)
{
    pg_put_text(put->args, put->next++, text);
}

/* What came of it: the second half. */
static void put_outcome(struct putting *put, const struct case_file *file)
{
    put_text(put, file->cause);
    put_text(put, file->unit);
    put_int(put, (int32_t)file->fault);
    put_text(put, file->topic);
    put_text_of(put, remedy_kind_name(file->remedy));
    put_int8(put, file->remedy_micros);
    put_text(put, file->remedy_currency);
    put_text(put, file->remedy_text);
    put_text_of(put, remedy_state_name(file->remedy_state));
    put_id(put, &file->remedy_by);
    put_id(put, &file->duplicate_of);
    put_id(put, &file->recurs_of);
    put_int(put, (int32_t)file->reopened);
    put_int(put, (int32_t)file->chases);
    put_day(put, file->chased_day);
    put_bool(put, file->is_supervised);
    put_day(put, file->invited_day);
    if (file->rating > 0)
        pg_put_int4(put->args, put->next++, (int32_t)file->rating);
    else
        pg_put_null(put->args, put->next++);
    put_int(put, (int32_t)file->confirmation);
    put_id(put, &file->answer);
    put_bool(put, file->is_work_done);
    put_bool(put, file->is_charge_noted);
    put_int8(put, file->charge_micros);
    put_text(put, file->taken_up);
}

void cases_add(struct request *req, const struct case_file *file)
{
    struct putting put = {flow_write(req, &cases_save_statements[ADD]), 0};

    put_fixed(&put, file);
    put_standing(&put, file);
    put_outcome(&put, file);
}

static struct pg_args *hold(struct request *req)
{
    return flow_write(req, &cases_save_statements[HOLD]);
}

void cases_hold(struct request *req, const struct id *id)
{
    pg_put_id(hold(req), 0, id);
}

void cases_hold_kept(struct request *req, const struct id *id)
{
    cases_hold(req, id);
    pg_put_id(flow_write(req, &cases_save_statements[GUARD_KEPT]), 0, id);
}

void cases_hold_reference(struct request *req, struct text source, struct text external_id)
{
    struct putting put = {hold(req), 1};

    put_text(&put, source);
    put_text(&put, external_id);
}

void cases_hold_number(struct request *req, struct text hash)
{
    pg_put_bytes(hold(req), 3, hash.at, hash.bytes);
}

void cases_hold_raised(struct request *req, int32_t before)
{
    pg_put_date(hold(req), 4, before);
}

void cases_save(struct request *req, const struct case_file *after)
{
    struct putting put;

    cases_hold(req, &after->id);
    put = (struct putting){flow_write(req, &cases_save_statements[SAVE]), 0};
    put_id(&put, &after->id);
    put_int8(&put, after->version);
    put_standing(&put, after);
    put_outcome(&put, after);
}

void cases_put_queue(struct request *req, const struct case_file *file, enum priority queued,
                     int64_t due_us, enum clock_kind due_kind)
{
    bool is_ended = case_is_ended(file->state);
    struct putting put = {
        flow_write(req, &cases_save_statements[is_ended ? REMOVE_QUEUE : PUT_QUEUE]), 0};

    put_id(&put, &file->id);
    if (is_ended)
        return;
    put_id(&put, &file->handler);
    put_text(&put, file->team);
    put_int(&put, (int32_t)queued);
    put_time(&put, due_us == CLOCK_NEVER ? 0 : due_us);
    put_text_of(&put, clock_kind_name(due_kind));
    put_int(&put, (int32_t)file->state);
    /* Until the end of that day; then case_queue_settle puts it where it belongs. */
    put_day(&put, queued == file->priority ? CASE_NO_DAY : file->chased_day);
}

void cases_add_entry(struct request *req, const struct cases_entry *entry)
{
    struct putting put = {flow_write(req, &cases_save_statements[ADD_ENTRY]), 0};
    struct id id = request_new_id(req);

    /* Ids of one microsecond are in no order: the first of the random bits give these one. */
    id.bytes[8] = 0x80 | (entry->nth & 0x3f);
    put_id(&put, &entry->case_id);
    put_id(&put, &id);
    put_time(&put, entry->at_us);
    put_text_of(&put, entry->act);
    put_int(&put, (int32_t)entry->from);
    put_int(&put, (int32_t)entry->to);
    put_text_of(&put, entry->by);
    put_text(&put, entry->reason);
    put_text_of(&put, entry->detail ? entry->detail : "");
}
