/*
 * The writes: all units of a turn in one implicit transaction, closed by one sync, and what
 * happens when it fails.
 *
 * The answer is read off the sync: a commit can still fail after every statement went well, and its
 * error arrives just before PIPELINE_SYNC. No explicit BEGIN … COMMIT: a failure inside it
 * would leave the session in an aborted transaction.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "common/logfmt.h"
#include "common/pg_internal.h"

void pg_unit_add(struct pg_unit *unit, struct pg_write *write)
{
    write->next = NULL;
    if (unit->last)
        unit->last->next = write;
    else
        unit->first = write;
    unit->last = write;
}

void pg_commit(struct pg *pg, struct pg_unit *unit)
{
    pg->counters.units++;
    pg->counters.waiting_units++;
    unit->failure[0] = '\0';
    unit->bytes = 0;
    for (struct pg_write *write = unit->first; write; write = write->next)
        unit->bytes += pg_args_bytes(write->args);
    DL_APPEND(pg->units, unit);
}

static void arrive(struct pg *pg, struct pg_unit *unit, enum status status)
{
    pg->counters.waiting_units--;
    if (status == ABORTED)
        pg->counters.stale++;
    if (status == UNKNOWN)
        pg->counters.unknown++;
    unit->arrived(unit, status);
}

static void arrive_all(struct pg *pg, struct pg_unit *units, enum status status)
{
    while (units) {
        struct pg_unit *unit = units;
        DL_DELETE(units, unit);
        arrive(pg, unit, status);
    }
}

/* --- gathering a turn --- */

static bool unit_is_broken(const struct pg_unit *unit)
{
    for (const struct pg_write *write = unit->first; write; write = write->next)
        if (!write->args || write->args->broken)
            return true;
    return false;
}

/* The units of the next transaction: a part of a failed one alone, else what waits, within limits.
 */
static void gather_units(struct pg *pg)
{
    struct pg_turn *turn = &pg->turn;
    size_t bytes = 0;

    turn->units = NULL;
    turn->unit_count = 0;
    if (pg->groups) {
        struct pg_group *group = pg->groups;
        pg->groups = group->next;
        turn->units = group->units;
        for (struct pg_unit *unit = group->units; unit; unit = unit->next)
            turn->unit_count++;
        free(group);
        return;
    }
    while (pg->units && turn->unit_count < pg->options.max_turn_units &&
           (turn->unit_count == 0 || bytes + pg->units->bytes <= pg->options.max_turn_bytes)) {
        struct pg_unit *unit = pg->units;
        DL_DELETE(pg->units, unit);
        if (unit_is_broken(unit)) {
            arrive(pg, unit, RESOURCE_EXHAUSTED);
            continue;
        }
        bytes += unit->bytes;
        turn->unit_count++;
        DL_APPEND(turn->units, unit);
    }
}

/* The execution that a write joins: of the same statement when it merges, else a new one. */
static struct pg_send *find_send(struct pg_turn *turn, const struct pg_statement *statement)
{
    for (size_t i = 0; statement->merge && i < turn->send_count; i++)
        if (turn->sends[i].statement == statement)
            return &turn->sends[i];
    if (turn->send_count == turn->send_room) {
        size_t room = turn->send_room ? turn->send_room * 2 : 32;
        struct pg_send *sends = realloc(turn->sends, room * sizeof(*sends));
        if (!sends)
            return NULL;
        memset(sends + turn->send_room, 0, (room - turn->send_room) * sizeof(*sends));
        turn->sends = sends;
        turn->send_room = room;
    }
    struct pg_send *send = &turn->sends[turn->send_count++];

    send->statement = statement;
    send->count = 0;
    return send;
}

static bool add_write(struct pg *pg, struct pg_unit *unit, struct pg_write *write)
{
    struct pg_send *send = find_send(&pg->turn, write->statement);

    if (!send)
        return false;
    if (send->count == send->room) {
        size_t room = send->room ? send->room * 2 : 8;
        struct pg_args **args = realloc(send->args, room * sizeof(struct pg_args *));
        if (args)
            send->args = args;
        struct pg_unit **units = realloc(send->units, room * sizeof(struct pg_unit *));
        if (units)
            send->units = units;
        if (!args || !units)
            return false;
        send->room = room;
    }
    if (send->count > 0)
        pg->counters.merged_statements++;
    send->args[send->count] = write->args;
    send->units[send->count++] = unit;
    return true;
}

static int by_rank(const void *a, const void *b)
{
    const struct pg_send *one = a, *other = b;
    int difference = (int)one->statement->rank - (int)other->statement->rank;

    /* qsort is not stable; the address keeps equal ranks in the order of arrival only if nothing
     * moved, so equal ranks are ordered by name: any fixed order will do between statements, and
     * within one unit what must come first has the lower rank. */
    return difference ? difference : strcmp(one->statement->name, other->statement->name);
}

static bool build_sends(struct pg *pg)
{
    struct pg_turn *turn = &pg->turn;

    turn->send_count = 0;
    for (struct pg_unit *unit = turn->units; unit; unit = unit->next)
        for (struct pg_write *write = unit->first; write; write = write->next)
            if (!add_write(pg, unit, write))
                return false;
    qsort(turn->sends, turn->send_count, sizeof(*turn->sends), by_rank);
    return true;
}

void pg_write_flush(struct pg *pg)
{
    struct pg_turn *turn = &pg->turn;

    if (turn->is_under_way || (!pg->units && !pg->groups))
        return;
    if (pg->write.state != PG_LINK_READY) {
        struct pg_unit *units = pg->units;
        pg->units = NULL;
        arrive_all(pg, units, UNAVAILABLE);
        return;
    }
    gather_units(pg);
    if (!turn->units)
        return;
    turn->is_under_way = true;
    turn->answered = 0;
    turn->failed_send = SIZE_MAX;
    turn->sqlstate[0] = turn->failure[0] = '\0';
    turn->begun_us = (int64_t)(uv_hrtime() / 1000);
    pg->counters.turns++;

    bool sent = build_sends(pg);
    for (size_t i = 0; sent && i < turn->send_count; i++) {
        const struct pg_send *send = &turn->sends[i];
        sent = pg_args_send(pg->write.conn, send->statement, send->args, send->count);
        pg->counters.statements++;
    }
    if (!sent || PQpipelineSync(pg->write.conn) != 1) {
        pg_link_lose(&pg->write, PQerrorMessage(pg->write.conn));
        return;
    }
    pg_link_push(&pg->write);
}

bool pg_write_is_busy(const struct pg *pg)
{
    return pg->turn.is_under_way;
}

/* --- what came of it --- */

static enum status failure_status(const char *sqlstate)
{
    static const char *const stale[] = {"KH001", "23503", "23505", "40001", "40P01"};

    for (size_t i = 0; i < COUNT_OF(stale); i++)
        if (strcmp(sqlstate, stale[i]) == 0)
            return ABORTED;
    if (strncmp(sqlstate, "22", 2) == 0)
        return OUT_OF_RANGE;
    /* A lock that somebody holds too long (55P03), a primary that is none any more (25006), a plan
     * that a migration overtook (0A000): another try, some of them on another connection. */
    if (strcmp(sqlstate, "55P03") == 0 || pg_is_wrong_server(sqlstate))
        return UNAVAILABLE;
    /* Cancelled, shutting down: no unit's fault either. */
    if (pg_is_out_of_room(sqlstate) || strncmp(sqlstate, "57", 2) == 0)
        return UNAVAILABLE;
    return INTERNAL;
}

static void push_group(struct pg *pg, struct pg_unit *units)
{
    struct pg_group *group = calloc(1, sizeof(*group));

    if (!group) {
        arrive_all(pg, units, UNAVAILABLE);
        return;
    }
    group->units = units;
    group->next = pg->groups;
    pg->groups = group;
}

/* When the failed statement was one unit's own, that unit stands apart; else the turn is halved. */
static void split(struct pg *pg, struct pg_unit *units, unsigned count)
{
    struct pg_turn *turn = &pg->turn;
    struct pg_unit *apart = NULL, *next;

    pg->counters.bisections++;
    if (turn->failed_send < turn->send_count && turn->sends[turn->failed_send].count == 1) {
        struct pg_unit *blamed = turn->sends[turn->failed_send].units[0];
        DL_DELETE(units, blamed);
        DL_APPEND(apart, blamed);
    } else {
        for (unsigned i = 0; i < count / 2; i++) {
            next = units;
            DL_DELETE(units, next);
            DL_APPEND(apart, next);
        }
    }
    push_group(pg, apart);
    push_group(pg, units); /* the larger rest is likely good: it goes first */
}

/* Said once when it begins and once when it is over; meanwhile health says it. */
static void note_room(struct pg *pg, const char *why)
{
    bool was_refused = pg->why_refused[0] != '\0';

    snprintf(pg->why_refused, sizeof(pg->why_refused), "%s", why);
    if (was_refused == (why[0] != '\0'))
        return;
    if (was_refused)
        logfmt_info("postgres", "state", "takes_changes", NULL);
    else
        logfmt_warning("postgres", "state", "refuses_changes", "why", why, NULL);
}

static void end_turn(struct pg *pg)
{
    struct pg_turn *turn = &pg->turn;
    struct pg_unit *units = turn->units;
    unsigned count = turn->unit_count;

    turn->is_under_way = false;
    turn->units = NULL;
    if (turn->sqlstate[0] == '\0') {
        pg->counters.commits++;
        pg->counters.last_commit_us = (int64_t)(uv_hrtime() / 1000) - turn->begun_us;
        note_room(pg, "");
        arrive_all(pg, units, OK);
        return;
    }
    enum status status = failure_status(turn->sqlstate);

    if (pg_is_out_of_room(turn->sqlstate))
        note_room(pg, turn->failure);
    if (count == 1 || status == UNAVAILABLE) {
        for (struct pg_unit *unit = units; unit; unit = unit->next)
            snprintf(unit->failure, sizeof(unit->failure), "%s", turn->failure);
        bool is_wrong = pg_is_wrong_server(turn->sqlstate);
        arrive_all(pg, units, status);
        if (is_wrong)
            pg_link_lose(&pg->write, turn->failure);
        return;
    }
    split(pg, units, count);
}

static void note_failure(struct pg *pg, const PGresult *result)
{
    struct pg_turn *turn = &pg->turn;
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *name =
        turn->answered < turn->send_count ? turn->sends[turn->answered].statement->name : "commit";

    if (turn->sqlstate[0])
        return;
    snprintf(turn->sqlstate, sizeof(turn->sqlstate), "%s", sqlstate ? sqlstate : "XX000");
    snprintf(turn->failure, sizeof(turn->failure), "%s %s: %s", turn->sqlstate, name,
             PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)
                 ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)
                 : "");
    turn->failed_send = turn->answered;
}

void pg_write_result(struct pg *pg, PGresult *result)
{
    if (!result) {
        pg->turn.answered++;
        return;
    }
    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        end_turn(pg);
        break;
    case PGRES_FATAL_ERROR:
        note_failure(pg, result);
        break;
    default:
        break; /* rows nobody asked for, or passed over after a failure */
    }
}

void pg_write_lost(struct pg *pg)
{
    struct pg_turn *turn = &pg->turn;
    struct pg_unit *units = turn->units;

    /* It may have committed: whoever asks must look for his receipt. */
    turn->is_under_way = false;
    turn->units = NULL;
    arrive_all(pg, units, UNKNOWN);
    while (pg->groups) {
        struct pg_group *group = pg->groups;
        pg->groups = group->next;
        arrive_all(pg, group->units, UNAVAILABLE);
        free(group);
    }
    units = pg->units;
    pg->units = NULL;
    arrive_all(pg, units, UNAVAILABLE);
}
