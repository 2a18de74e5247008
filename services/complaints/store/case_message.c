#include "services/complaints/store/case_message.h"

enum {
    ADD,
    FIND,
    SAVE_DELIVERY,
    LIST,
};

#define COLUMNS                                                                                    \
    "m.case_id, m.id, m.at, m.is_internal, m.is_from_complainant, m.text, m.channel, m.by,"        \
    " m.is_substantive, m.delivery, m.delivery_at, m.attachments"
#define QUESTION PG_TEXT, PG_ID, PG_TEXT, PG_TEXT
#define NAMED CASES_ID("$1", "$2", "$3", "$4")

const struct pg_statement case_message_statements[] = {
    [ADD] = {.name = "case_message_add",
             .sql = "insert into case_message (case_id, id, at, is_internal, is_from_complainant,"
                    " text, channel, by, is_substantive, delivery, delivery_at, attachments)"
                    " select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
             .params = {PG_IDS, PG_IDS, PG_TIMES, PG_BOOLS, PG_BOOLS, PG_TEXTS, PG_TEXTS, PG_TEXTS,
                        PG_BOOLS, PG_TEXTS, PG_TIMES, PG_TEXTS},
             .write = true,
             .merge = true,
             .rank = 51},
    [FIND] = {.name = "case_message_find",
              .sql = "select " COLUMNS " from case_message m where m.case_id = " NAMED
                     " and m.id = $5",
              .params = {QUESTION, PG_ID}},
    [SAVE_DELIVERY] = {.name = "case_message_save_delivery",
                       .sql = "with q as (select distinct on (id) * from"
                              " unnest($1, $2, $3, $4) with ordinality"
                              " as t(case_id, id, delivery, at, n) order by id, n desc),"
                              " held as materialized (select m.case_id, m.id"
                              " from case_message m join q on q.case_id = m.case_id"
                              " and q.id = m.id order by m.case_id, m.id for update of m)"
                              " update case_message m set delivery = q.delivery,"
                              " delivery_at = q.at from q join held h on h.case_id = q.case_id"
                              " and h.id = q.id where m.case_id = q.case_id and m.id = q.id",
                       .params = {PG_IDS, PG_IDS, PG_TEXTS, PG_TIMES},
                       .write = true,
                       .merge = true,
                       .rank = 52},
    [LIST] = {.name = "case_message_list",
              .sql = "select " COLUMNS " from case_message m where m.case_id = " NAMED
                     " and ($6::uuid is null or m.id < $6) and not (m.is_internal and $7)"
                     " order by m.id desc limit $5",
              .params = {QUESTION, PG_INT8, PG_ID, PG_BOOL}},
};
const size_t case_message_statement_count = COUNT_OF(case_message_statements);

void case_message_add(struct request *req, const struct case_message *message)
{
    struct pg_args *args = flow_write(req, &case_message_statements[ADD]);
    struct text attachments = message->attachments.bytes > 0 ? message->attachments : TEXT_OF("[]");

    pg_put_id(args, 0, &message->case_id);
    pg_put_id(args, 1, &message->id);
    pg_put_time(args, 2, message->at_us);
    pg_put_bool(args, 3, message->is_internal);
    pg_put_bool(args, 4, message->is_from_complainant);
    pg_put_text_n(args, 5, message->text.at ? message->text.at : "", message->text.bytes);
    pg_put_text(args, 6, message->channel);
    pg_put_text(args, 7, message->by);
    pg_put_bool(args, 8, message->is_substantive);
    pg_put_text(args, 9, message->has_delivery ? delivery_name(message->delivery) : "");
    pg_put_time_or_null(args, 10, message->has_delivery ? message->delivery_us : 0);
    pg_put_text_n(args, 11, attachments.at, attachments.bytes);
}

static struct case_message message_of(const struct pg_rows *rows, int row, struct arena *arena)
{
    struct text delivery = pg_get_text(rows, row, 9);

    return (struct case_message){
        .case_id = pg_get_id(rows, row, 0),
        .id = pg_get_id(rows, row, 1),
        .at_us = pg_get_time(rows, row, 2),
        .is_internal = pg_get_bool(rows, row, 3),
        .is_from_complainant = pg_get_bool(rows, row, 4),
        .text = pg_keep_text(rows, row, 5, arena),
        .channel = pg_copy_text(rows, row, 6, arena),
        .by = pg_copy_text(rows, row, 7, arena),
        .is_substantive = pg_get_bool(rows, row, 8),
        .has_delivery = delivery.bytes > 0,
        .delivery = delivery_read(delivery),
        .delivery_us = pg_get_time(rows, row, 10),
        .attachments = pg_keep_text(rows, row, 11, arena),
    };
}

static void fill_one(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_message_found *out = owner;

    if (pg_row_count(rows) == 0)
        return;
    out->found = true;
    out->message = message_of(rows, 0, arena);
}

void case_message_find(struct request *req, const struct cases_question *question,
                       const struct id *id, struct case_message_found *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_message_statements[FIND]);

    *out = (struct case_message_found){0};
    cases_put_question(args, 0, question);
    pg_put_id(args, 4, id);
    flow_ask(req, &case_message_statements[FIND], args, fill_one, out);
}

void case_message_save_delivery(struct request *req, const struct case_message *message)
{
    struct pg_args *args = flow_write(req, &case_message_statements[SAVE_DELIVERY]);

    pg_put_id(args, 0, &message->case_id);
    pg_put_id(args, 1, &message->id);
    pg_put_text(args, 2, delivery_name(message->delivery));
    pg_put_time_or_null(args, 3, message->delivery_us);
}

static void fill_list(const struct pg_rows *rows, struct arena *arena, void *owner)
{
    struct case_messages *out = owner;
    int count = pg_row_count(rows);

    out->list = arena_take_array(arena, (size_t)count, sizeof(*out->list));
    for (int i = 0; out->list && i < count; i++)
        out->list[out->count++] = message_of(rows, i, arena);
}

void case_message_list(struct request *req, const struct cases_question *question,
                       const struct case_message_page *page, struct case_messages *out)
{
    struct pg_args *args = pg_args_new(req->arena, &case_message_statements[LIST]);

    *out = (struct case_messages){0};
    cases_put_question(args, 0, question);
    pg_put_int8(args, 4, page->max);
    pg_put_id_or_null(args, 5, &page->before);
    pg_put_bool(args, 6, page->without_notes);
    flow_ask(req, &case_message_statements[LIST], args, fill_list, out);
}
