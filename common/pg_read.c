/*
 * The questions: all asks of a turn leave as one pipeline with one sync. When one fails, the server
 * passes over those behind it; they are sent once more, and only the failed one is told.
 */
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

static void arrive(struct pg *pg, struct pg_ask *ask, enum status status)
{
    pg->counters.waiting_asks--;
    if (status != OK)
        pg->counters.failed_asks++;
    ask->arrived(ask, status);
}

void pg_ask(struct pg *pg, struct pg_ask *ask)
{
    pg->counters.asks++;
    pg->counters.waiting_asks++;
    append(&pg->asks, &pg->asks_last, ask);
}

static void fail_waiting(struct pg *pg, enum status status)
{
    /* Only those that wait now: an ask's arrival may ask again. */
    struct pg_ask *ask = pg->asks;

    pg->asks = pg->asks_last = NULL;
    while (ask) {
        struct pg_ask *next = ask->next;
        arrive(pg, ask, status);
        ask = next;
    }
}

static bool send_ask(struct pg *pg, struct pg_ask *ask)
{
    if (ask->args && ask->args->broken) {
        arrive(pg, ask, RESOURCE_EXHAUSTED);
        return true;
    }
    append(&pg->flying, &pg->flying_last, ask);
    return pg_args_send(pg->read.conn, ask->statement, &ask->args, 1);
}

void pg_read_flush(struct pg *pg)
{
    if (!pg->asks || pg->read_under_way)
        return;
    if (pg->read.state != PG_LINK_READY) {
        fail_waiting(pg, UNAVAILABLE);
        return;
    }
    bool sent = true;

    while (pg->asks && sent)
        sent = send_ask(pg, take_first(&pg->asks, &pg->asks_last));
    if (!pg->flying)
        return;
    pg->read_under_way = true;
    if (!sent || PQpipelineSync(pg->read.conn) != 1) {
        pg_link_lose(&pg->read, PQerrorMessage(pg->read.conn));
        return;
    }
    pg_link_push(&pg->read);
}

bool pg_read_is_busy(const struct pg *pg)
{
    return pg->read_under_way;
}

static enum status failure_status(struct pg *pg, const struct pg_ask *ask, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    (void)pg;
    if (sqlstate && strcmp(sqlstate, "57014") == 0)
        return DEADLINE_EXCEEDED;
    if (sqlstate && strncmp(sqlstate, "22", 2) == 0)
        return OUT_OF_RANGE;
    if (sqlstate && (strncmp(sqlstate, "53", 2) == 0 || strncmp(sqlstate, "57", 2) == 0))
        return UNAVAILABLE;
    logfmt_error("statement", "name", ask->statement->name, "why", PQresultErrorMessage(result),
                 NULL);
    return INTERNAL;
}

static void end_segment(struct pg *pg)
{
    /* What another's failure kept from running goes first in the next pipeline. */
    pg->read_under_way = false;
    if (pg->again) {
        pg->again_last->next = pg->asks;
        if (!pg->asks)
            pg->asks_last = pg->again_last;
        pg->asks = pg->again;
        pg->again = pg->again_last = NULL;
    }
}

void pg_read_result(struct pg *pg, PGresult *result)
{
    struct pg_ask *ask = pg->flying;

    if (!result)
        return; /* the end of a statement that has been dealt with */
    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        end_segment(pg);
        break;
    case PGRES_PIPELINE_ABORTED:
        if (ask) {
            take_first(&pg->flying, &pg->flying_last);
            append(&pg->again, &pg->again_last, ask);
        }
        break;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        if (ask) {
            struct pg_rows rows = {result};
            take_first(&pg->flying, &pg->flying_last);
            if (ask->fill)
                ask->fill(&rows, ask->arena, ask->out);
            arrive(pg, ask, OK);
        }
        break;
    default:
        if (ask) {
            take_first(&pg->flying, &pg->flying_last);
            arrive(pg, ask, failure_status(pg, ask, result));
        }
        break;
    }
}

void pg_read_lost(struct pg *pg)
{
    pg->read_under_way = false;
    while (pg->flying)
        arrive(pg, take_first(&pg->flying, &pg->flying_last), UNAVAILABLE);
    while (pg->again)
        arrive(pg, take_first(&pg->again, &pg->again_last), UNAVAILABLE);
    fail_waiting(pg, UNAVAILABLE);
}
