/*
 * A world without I/O around the engine: PostgreSQL, Redis, the bus and the clock are played by
 * the test, which says when each ask arrives and how. All in a header, because the archive's own
 * pg, kv, bus, loop and service must stay out of the programs that include it, and only of those.
 */
#ifndef KEHU_TESTS_SCRIPTED_WORLD_H
#define KEHU_TESTS_SCRIPTED_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/call.h"
#include "common/flow_internal.h"
#include "common/logfmt.h"
#include "common/pg_internal.h"
#include "kehu/bus/v1/envelope.pb-c.h"

#define WORLD_MAX 4096
#define WORLD_START_US (INT64_C(1790000000) * SECOND_US) /* 2026-09-21T13:33:20Z */

struct world {
    struct service service;
    struct service_definition definition;
    const struct handler *handlers;
    size_t handler_count;
    struct flows *flows;
    uint64_t counters[512]; /* of the service's own table */
    struct key key;
    uint8_t connection;     /* the next message comes over it */
    bool is_one_connection; /* else each message over one of its own */
    uv_loop_t uv;           /* never run: its clock is set, its one timer rung by world_pass */
    int64_t now_us;
    bool is_pg_ready;
    struct pg_ask *asks[WORLD_MAX]; /* not arrived yet */
    size_t ask_count;
    struct pg_unit *units[WORLD_MAX];
    size_t unit_count;
    struct kv_ask *kv_asks[WORLD_MAX];
    size_t kv_count;
    Kehu__Bus__V1__Reply *replies[WORLD_MAX];
    size_t reply_count;
    /* The driver of whole requests. */
    PGresult *(*rows_of)(const struct pg_ask *ask); /* NULL: an empty answer */
    void (*committing)(const struct pg_unit *unit); /* sees each unit before it ends */
    unsigned long choices; /* which of the waiting asks arrives next, as digits */
    int fails_at;          /* the ask, counted from 0, that fails; -1: none */
    enum status fails_with;
    int arrivals;
    const enum status *commits; /* how units end; after the last all end OK */
    size_t commit_count, commits_done;
};

static struct world world;

/* --- what the engine sees --- */

int64_t loop_now_us(const struct loop *loop)
{
    (void)loop;
    return world.now_us;
}

int64_t loop_real_us(const struct loop *loop)
{
    (void)loop;
    return world.now_us;
}

uv_loop_t *loop_uv(struct loop *loop)
{
    (void)loop;
    return &world.uv;
}

const struct handler *service_find_handler(const struct service *service, const char *type)
{
    (void)service;
    for (size_t i = 0; i < world.handler_count; i++)
        if (strcmp(world.handlers[i].type, type) == 0)
            return &world.handlers[i];
    return NULL;
}

bool pg_is_ready(const struct pg *pg)
{
    (void)pg;
    return world.is_pg_ready;
}

const char *pg_why_refused(const struct pg *pg)
{
    (void)pg;
    return "";
}

void pg_ask(struct pg *pg, struct pg_ask *ask)
{
    (void)pg;
    assert_true(world.ask_count < WORLD_MAX);
    world.asks[world.ask_count++] = ask;
}

void pg_commit(struct pg *pg, struct pg_unit *unit)
{
    (void)pg;
    assert_true(world.unit_count < WORLD_MAX);
    world.units[world.unit_count++] = unit;
}

void pg_unit_add(struct pg_unit *unit, struct pg_write *write)
{
    write->next = NULL;
    if (unit->last)
        unit->last->next = write;
    else
        unit->first = write;
    unit->last = write;
}

void kv_send(struct kv *kv, struct kv_ask *ask)
{
    (void)kv;
    world.kv_asks[world.kv_count++] = ask;
}

/* Nobody here asks another service. */
struct call *service_find_call(const struct service *service, const char *name)
{
    (void)service;
    fail_msg("a call to %s", name);
    return NULL;
}

void call_send(struct call *call, struct call_ask *ask)
{
    (void)call;
    (void)ask;
}

void bus_answer(struct bus *bus, const struct bus_route *route, const uint8_t *bytes, size_t count)
{
    (void)bus;
    assert_int_equal(route->length, 5);
    assert_true(world.reply_count < WORLD_MAX);
    world.replies[world.reply_count] = kehu__bus__v1__reply__unpack(NULL, count, bytes);
    assert_non_null(world.replies[world.reply_count++]);
}

/* --- making and ending it --- */

static inline void world_open(const struct handler *handlers, size_t count,
                              const struct flow_limits *within)
{
    static char *everything[] = {"*"};

    memset(&world, 0, sizeof(world));
    logfmt_set_enabled(false);
    world.handlers = handlers;
    world.handler_count = count;
    world.definition.name = "customers";
    world.service.definition = &world.definition;
    world.service.zone = (struct zone){.name = "Asia/Shanghai", .first_offset_s = 8 * 3600};
    world.service.counters = world.counters;
    world.now_us = WORLD_START_US;
    world.is_pg_ready = true;
    world.fails_at = -1;
    world.key = (struct key){.name = "shop",
                             .kind = "service",
                             .max_in_flight = 256,
                             .publish_count = 1,
                             .call_count = 1,
                             .publish = everything,
                             .call = everything};
    assert_int_equal(uv_loop_init(&world.uv), 0);
    world.uv.time = 5000000;
    world.flows = flows_new(&world.service, within);
    assert_non_null(world.flows);
    world.service.flows = world.flows;
}

static inline void world_forget_replies(void)
{
    for (size_t i = 0; i < world.reply_count; i++)
        kehu__bus__v1__reply__free_unpacked(world.replies[i], NULL);
    world.reply_count = 0;
}

/* Nothing may be at work any more; what was freed twice or never, the sanitizer tells. */
static inline void world_close(void)
{
    const struct flow_counters *counters = flows_counters(world.flows);

    assert_int_equal(world.ask_count + world.unit_count + world.kv_count, 0);
    assert_int_equal(counters->begun, counters->ended);
    assert_int_equal(counters->in_flight, 0);
    assert_int_equal(counters->polls, 0);
    assert_int_equal(counters->bytes, 0);
    assert_int_equal(counters->waiting_subjects, 0);
    assert_null(world.flows->all);
    assert_null(world.flows->subjects);
    assert_null(world.flows->loads);
    flows_close(world.flows);
    uv_run(&world.uv, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world.uv), 0);
    flows_free(world.flows);
    world_forget_replies();
}

/* Time passes: what is due by then is woken or ended. */
static inline void world_pass(int64_t us)
{
    uv_timer_t *waker = &world.flows->waker;

    world.now_us += us;
    world.uv.time += (uint64_t)us / 1000;
    while (uv_is_active((uv_handle_t *)waker) && uv_timer_get_due_in(waker) == 0) {
        uv_timer_stop(waker);
        waker->timer_cb(waker);
    }
}

/* --- what comes in --- */

static inline void world_send_frame(const uint8_t *frame, size_t bytes)
{
    struct bus_message message = {.route = {.bytes = {0, 1, 2, 3, world.connection}, .length = 5},
                                  .key = &world.key,
                                  .body = frame,
                                  .body_bytes = bytes};

    flows_receive(world.flows, &message);
    world.connection += !world.is_one_connection;
}

static inline void world_send(const Kehu__Bus__V1__Request *request)
{
    size_t bytes = kehu__bus__v1__request__get_packed_size(request);
    uint8_t *frame = malloc(bytes + 1);

    kehu__bus__v1__request__pack(request, frame);
    world_send_frame(frame, bytes);
    free(frame); /* it was borrowed for the call */
}

static inline void world_ask(const char *id, const char *type, const char *subject)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    request.id = (char *)id;
    request.type = (char *)type;
    request.subject = (char *)subject;
    world_send(&request);
}

/* What does not fit into its memory is refused; where it might fit another time, to be repeated. */
static inline bool world_is_too_large(const Kehu__Bus__V1__Reply *reply)
{
    return (enum status)reply->status == RESOURCE_EXHAUSTED ||
           (enum status)reply->status == INVALID_ARGUMENT;
}

/* --- what arrives --- */

/* The ask at `i` of the waiting ones; `rows` are freed, NULL are none. */
static inline void world_arrive(size_t i, enum status status, PGresult *rows)
{
    assert_true(i < world.ask_count);
    struct pg_ask *ask = world.asks[i];

    memmove(&world.asks[i], &world.asks[i + 1], (--world.ask_count - i) * sizeof(ask));
    if (status == OK && ask->args && ask->args->broken)
        status = RESOURCE_EXHAUSTED; /* as pg_read.c says */
    if (status == OK && ask->fill) {
        PGresult *none = rows ? NULL : PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
        struct pg_rows arrived = {rows ? rows : none};
        ask->fill(&arrived, ask->arena, ask->out);
        PQclear(none);
    }
    PQclear(rows);
    ask->arrived(ask, status);
}

static inline void world_commit(size_t i, enum status status)
{
    assert_true(i < world.unit_count);
    struct pg_unit *unit = world.units[i];

    memmove(&world.units[i], &world.units[i + 1], (--world.unit_count - i) * sizeof(unit));
    unit->arrived(unit, status);
}

static inline void world_arrive_kv(enum status status)
{
    assert_true(world.kv_count > 0);
    struct kv_ask *ask = world.kv_asks[--world.kv_count];

    ask->arrived(ask, status);
}

/* Runs what is ready and answers what is asked, as the script says, until nothing is left to do. */
static inline void world_run(void)
{
    for (;;) {
        flows_run(world.flows);
        if (world.ask_count > 0) {
            size_t i = world.choices % world.ask_count;
            bool fails = world.arrivals++ == world.fails_at;

            world.choices /= world.ask_count;
            world_arrive(i, fails ? world.fails_with : OK,
                         world.rows_of && !fails ? world.rows_of(world.asks[i]) : NULL);
        } else if (world.unit_count > 0) {
            size_t n = world.commits_done++;
            if (world.committing)
                world.committing(world.units[0]);
            world_commit(0, n < world.commit_count ? world.commits[n] : OK);
        } else if (!flows_has_ready(world.flows)) {
            return;
        }
    }
}

/* --- what a unit writes --- */

static inline const struct pg_args *world_find_write(const struct pg_unit *unit, const char *name)
{
    for (const struct pg_write *write = unit->first; write; write = write->next)
        if (strcmp(write->statement->name, name) == 0)
            return write->args;
    return NULL;
}

/* How many rows the unit gives to the statement of that name. */
static inline uint32_t world_rows_written(const struct pg_unit *unit, const char *name)
{
    const struct pg_args *args = world_find_write(unit, name);

    return args ? args->values[0].elements : 0;
}

/* --- rows, in binary --- */

static inline PGresult *rows_new(int columns)
{
    PGresAttDesc columns_of[96] = {{0}};
    PGresult *rows = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

    for (int i = 0; i < columns; i++)
        columns_of[i] = (PGresAttDesc){.name = (char *)"column", .format = 1};
    assert_int_equal(PQsetResultAttrs(rows, columns, columns_of), 1);
    return rows;
}

static inline void rows_put(PGresult *rows, int row, int i, const void *bytes, size_t count)
{
    assert_int_equal(PQsetvalue(rows, row, i, (char *)bytes, (int)count), 1);
}

static inline void rows_put_null(PGresult *rows, int row, int i)
{
    assert_int_equal(PQsetvalue(rows, row, i, NULL, -1), 1);
}

static inline void rows_put_text(PGresult *rows, int row, int i, const char *text)
{
    rows_put(rows, row, i, text, strlen(text));
}

static inline void rows_put_int8(PGresult *rows, int row, int i, int64_t value)
{
    uint64_t net = htobe64((uint64_t)value);

    rows_put(rows, row, i, &net, sizeof(net));
}

static inline void rows_put_int4(PGresult *rows, int row, int i, int32_t value)
{
    uint32_t net = htobe32((uint32_t)value);

    rows_put(rows, row, i, &net, sizeof(net));
}

static inline void rows_put_bool(PGresult *rows, int row, int i, bool value)
{
    rows_put(rows, row, i, value ? "\1" : "\0", 1);
}

static inline void rows_put_time(PGresult *rows, int row, int i, int64_t at_us)
{
    rows_put_int8(rows, row, i, at_us - INT64_C(946684800) * SECOND_US);
}

static inline void rows_put_id(PGresult *rows, int row, int i, uint8_t number)
{
    uint8_t id[16] = {0};

    id[15] = number;
    rows_put(rows, row, i, id, sizeof(id));
}

#endif
