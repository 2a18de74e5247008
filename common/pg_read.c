/*
 * The questions: all asks of a turn leave as one pipeline with one sync. When one fails, the server
 * passes over those behind it; they are sent once more, and only the failed one is told.
 *
 * Slow ones leave one by one, each with what is left of the time in which somebody waits for it: a
 * report whose asker has gone must not hold up the next one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/logfmt.h"
#include "common/pg_internal.h"

static void append(struct pg_ask **first, struct pg_ask **last, struct pg_ask *ask)
{
    ask->next = NULL;
    if (*last)
        (*last)->next = ask;
    else
        *first = ask;
    *last = ask;
}

static struct pg_ask *take_first(struct pg_ask **first, struct pg_ask **last)
{
    struct pg_ask *ask = *first;

    *first = ask->next;
    if (!*first)
        *last = NULL;
    return ask;
}

/* Behind the deadline: who looks once more as it passes still hears, and who is told of it is told
 * by flow, which looks for it every 100 ms. */
#define GRACE_MS 200

static void arrive(struct pg_reader *reader, struct pg_ask *ask, enum status status)
{
    if (ask == &reader->limit)
        return; /* our own */
    reader->pg->counters.waiting_asks--;
    if (status != OK)
        reader->pg->counters.failed_asks++;
    ask->arrived(ask, status);
}

void pg_ask(struct pg *pg, struct pg_ask *ask)
{
    struct pg_reader *reader = ask->statement->slow ? &pg->slow : &pg->quick;

    pg->counters.asks++;
    pg->counters.waiting_asks++;
    append(&reader->asks, &reader->asks_last, ask);
}

static void fail_waiting(struct pg_reader *reader, enum status status)
{
    /* Only those that wait now: an ask's arrival may ask again. */
    struct pg_ask *ask = reader->asks;

    reader->asks = reader->asks_last = NULL;
    while (ask) {
        struct pg_ask *next = ask->next;
        arrive(reader, ask, status);
        ask = next;
    }
}

static bool is_slow(const struct pg_reader *reader)
{
    return reader == &reader->pg->slow;
}

/* How long it may take yet; not above 0: nobody waits for it. */
static int64_t left_ms(const struct pg_reader *reader, const struct pg_ask *ask)
{
    int64_t longest_ms = reader->pg->options.statement_timeout_ms;
    int64_t left =
        ask->wanted_until_us / 1000 + GRACE_MS - (int64_t)uv_now(loop_uv(reader->pg->loop));

    return ask->wanted_until_us == 0 || left > longest_ms ? longest_ms : left;
}

static bool send_limit(struct pg_reader *reader, int64_t limit_ms)
{
    char text[60];

    snprintf(text, sizeof(text), "set statement_timeout = %" PRId64, limit_ms);
    return PQsendQueryParams(reader->link.conn, text, 0, NULL, NULL, NULL, NULL, 1);
}

static bool send_ask(struct pg_reader *reader, struct pg_ask *ask)
{
    int64_t left = left_ms(reader, ask);
    bool sent = true;

    if (ask->args && ask->args->broken) {
        arrive(reader, ask, RESOURCE_EXHAUSTED);
        return true;
    }
    if (left <= 0) {
        arrive(reader, ask, DEADLINE_EXCEEDED);
        return true;
    }
    if (is_slow(reader)) {
        append(&reader->flying, &reader->flying_last, &reader->limit);
        sent = send_limit(reader, left);
    }
    append(&reader->flying, &reader->flying_last, ask);
    return sent && pg_args_send(reader->link.conn, ask->statement, &ask->args, 1);
}

void pg_read_flush(struct pg_reader *reader)
{
    if (!reader->asks || reader->is_under_way)
        return;
    if (reader->link.state != PG_LINK_READY) {
        fail_waiting(reader, UNAVAILABLE);
        return;
    }
    bool sent = true;

    while (reader->asks && sent && !(is_slow(reader) && reader->flying))
        sent = send_ask(reader, take_first(&reader->asks, &reader->asks_last));
    if (!reader->flying)
        return;
    reader->is_under_way = true;
    if (!sent || PQpipelineSync(reader->link.conn) != 1) {
        pg_link_lose(&reader->link, PQerrorMessage(reader->link.conn));
        return;
    }
    pg_link_push(&reader->link);
}

bool pg_read_is_busy(const struct pg_reader *reader)
{
    return reader->is_under_way;
}

static enum status failure_status(const struct pg_ask *ask, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (sqlstate && strcmp(sqlstate, "57014") == 0)
        return DEADLINE_EXCEEDED;
    if (sqlstate && strncmp(sqlstate, "22", 2) == 0)
        return OUT_OF_RANGE;
    if (sqlstate && (strcmp(sqlstate, "55P03") == 0 || pg_is_wrong_server(sqlstate) ||
                     pg_is_out_of_room(sqlstate) || strncmp(sqlstate, "57", 2) == 0))
        return UNAVAILABLE;
    logfmt_error("statement", "name", ask->statement->name, "why", PQresultErrorMessage(result),
                 NULL);
    return INTERNAL;
}

static void end_segment(struct pg_reader *reader)
{
    /* What another's failure kept from running goes first in the next pipeline. */
    reader->is_under_way = false;
    if (reader->again) {
        reader->again_last->next = reader->asks;
        if (!reader->asks)
            reader->asks_last = reader->again_last;
        reader->asks = reader->again;
        reader->again = reader->again_last = NULL;
    }
}

void pg_read_result(struct pg_reader *reader, PGresult *result)
{
    struct pg_ask *ask = reader->flying;

    if (!result)
        return; /* the end of a statement that has been dealt with */
    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        end_segment(reader);
        break;
    case PGRES_PIPELINE_ABORTED:
        if (ask) {
            take_first(&reader->flying, &reader->flying_last);
            append(&reader->again, &reader->again_last, ask);
        }
        break;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        if (ask) {
            struct pg_rows rows = {result};
            take_first(&reader->flying, &reader->flying_last);
            if (ask->fill)
                ask->fill(&rows, ask->arena, ask->out);
            arrive(reader, ask, OK);
        }
        break;
    default:
        if (ask) {
            take_first(&reader->flying, &reader->flying_last);
            arrive(reader, ask, failure_status(ask, result));
        }
        break;
    }
}

void pg_read_lost(struct pg_reader *reader)
{
    reader->is_under_way = false;
    while (reader->flying)
        arrive(reader, take_first(&reader->flying, &reader->flying_last), UNAVAILABLE);
    while (reader->again)
        arrive(reader, take_first(&reader->again, &reader->again_last), UNAVAILABLE);
    fail_waiting(reader, UNAVAILABLE);
}
