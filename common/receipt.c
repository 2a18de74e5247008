#include "common/receipt.h"

#include <string.h>

enum {
    FIND,
    ADD,
    LIST_OLD,
    REMOVE,
};

#define KEPT_US (400 * DAY_US)

const struct pg_statement receipt_statements[] = {
    [FIND] = {.name = "receipt_find",
              .sql = "select r.* from unnest($1, $2) as q(source, id) cross join lateral"
                     " (select source, id, request, hash, at from receipt"
                     " where source = q.source and id = q.id offset 0) r",
              .params = {PG_TEXTS, PG_TEXTS}},
    [ADD] = {.name = "receipt_add",
             .sql = "insert into receipt (source, id, request, hash, at)"
                    " select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5)"
                    " order by 1, 2",
             .params = {PG_TEXTS, PG_TEXTS, PG_TEXTS, PG_BYTESES, PG_TIMES},
             .write = true,
             .merge = true,
             .rank = 10},
    [LIST_OLD] = {.name = "receipt_list_old",
                  .sql = "select source, id from receipt where at < $1 limit 5000",
                  .params = {PG_TIME}},
    [REMOVE] = {.name = "receipt_remove",
                .sql = "delete from receipt r using unnest($1, $2) as q(source, id)"
                       " where r.source = q.source and r.id = q.id",
                .params = {PG_TEXTS, PG_TEXTS},
                .write = true,
                .rank = 250},
};
const size_t receipt_statement_count = COUNT_OF(receipt_statements);

struct receipt_question receipt_question_new(struct request *req)
{
    return (struct receipt_question){pg_args_new(req->arena, &receipt_statements[FIND])};
}

void receipt_question_add(struct receipt_question *question, struct text source, struct text id)
{
    pg_put_text_n(question->args, 0, source.at, source.bytes);
    pg_put_text_n(question->args, 1, id.at, id.bytes);
}

static void fill(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct receipts *receipts = out;
    size_t count = (size_t)pg_row_count(rows);

    receipts->list = arena_take_array(arena, count, sizeof(*receipts->list));
    for (size_t i = 0; receipts->list && i < count; i++) {
        struct receipt *receipt = &receipts->list[i];
        int row = (int)i;
        struct text hash = pg_get_text(rows, row, 3);

        receipt->source = pg_keep_text(rows, row, 0, arena);
        receipt->id = pg_keep_text(rows, row, 1, arena);
        receipt->request = pg_copy_text(rows, row, 2, arena);
        if (hash.bytes == RECEIPT_HASH_BYTES)
            memcpy(receipt->hash, hash.at, RECEIPT_HASH_BYTES);
        receipt->at_us = pg_get_time(rows, row, 4);
        receipts->count++;
    }
}

void receipt_find(struct request *req, const struct receipt_question *question,
                  struct receipts *out)
{
    flow_ask(req, &receipt_statements[FIND], question->args, fill, out);
}

void receipt_add(struct request *req, struct text source, struct text id,
                 const uint8_t hash[RECEIPT_HASH_BYTES])
{
    struct pg_args *args = flow_write(req, &receipt_statements[ADD]);

    pg_put_text_n(args, 0, source.at, source.bytes);
    pg_put_text_n(args, 1, id.at, id.bytes);
    pg_put_text(args, 2, req->id);
    pg_put_bytes(args, 3, hash, RECEIPT_HASH_BYTES);
    pg_put_time(args, 4, req->received_us);
}

static void fill_old(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct receipts *old = out;
    size_t count = (size_t)pg_row_count(rows);

    old->list = arena_take_array(arena, count, sizeof(*old->list));
    for (size_t i = 0; old->list && i < count; i++) {
        old->list[i].source = pg_keep_text(rows, (int)i, 0, arena);
        old->list[i].id = pg_keep_text(rows, (int)i, 1, arena);
        old->count++;
    }
}

static enum flow remove_old(struct request *req)
{
    const struct receipts *old = req->state;

    if (old->count == 0)
        return flow_end(req);
    struct pg_args *args = flow_write(req, &receipt_statements[REMOVE]);

    for (size_t i = 0; i < old->count; i++) {
        pg_put_text_n(args, 0, old->list[i].source.at, old->list[i].source.bytes);
        pg_put_text_n(args, 1, old->list[i].id.at, old->list[i].id.bytes);
    }
    return flow_commit(req, flow_end);
}

enum flow receipt_expire(struct request *req)
{
    struct receipts *old = request_state(req, sizeof(*old));
    struct pg_args *args = pg_args_new(req->arena, &receipt_statements[LIST_OLD]);

    pg_put_time(args, 0, req->now_us - KEPT_US);
    flow_ask(req, &receipt_statements[LIST_OLD], args, fill_old, old);
    return flow_wait(req, remove_old);
}
