/*
 * A scripted case: what the store answers to who asks for it (store/cases.c), and what commands
 * write of it. Columns are those of cases_find, by their place.
 */
#ifndef KEHU_TESTS_SCRIPTED_CASE_H
#define KEHU_TESTS_SCRIPTED_CASE_H

#include "common/pure/calendar_cn.h"
#include "services/complaints/domain/case_file.h"
#include "services/complaints/handlers/counters.h"
#include "services/complaints/handlers/handlers.h"

#include "tests/unit/scripted_world.h"

#define TYPE(name) "kehu.complaints.v1." name
#define CASE_REF "00000000-0000-0000-0000-000000000005"

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

/* How the case stands, and what was written of it. */
static struct {
    bool is_unknown, is_unseen;
    enum case_kind kind;
    enum case_state state;
    enum severity severity;
    bool is_forgotten;
    enum remedy_fault fault;
    enum remedy_kind remedy;
    enum remedy_state remedy_state;
    enum confirmation confirmation;
    const char *cause;
    bool is_answered;
    int64_t version;
    int32_t open_subtasks;
    uint32_t saved, entries, messages, clocks, events, receipts, audited, parts, ratings;
} scene;
static struct complaints_counters counters;
static struct calendar usual;

static inline void scene_count(const struct pg_unit *unit)
{
    scene.saved += world_rows_written(unit, "cases_save");
    scene.entries += world_rows_written(unit, "cases_add_entry");
    scene.messages += world_rows_written(unit, "case_message_add");
    scene.clocks += world_rows_written(unit, "case_clock_add");
    scene.events += world_rows_written(unit, "log_add");
    scene.receipts += world_rows_written(unit, "command_add");
    scene.audited += world_rows_written(unit, "audit_add");
    scene.parts += world_find_write(unit, "case_part_put_subtask") != NULL;
    scene.parts += world_find_write(unit, "case_part_put_action") != NULL;
    scene.parts += world_find_write(unit, "case_part_put_lesson") != NULL;
    scene.ratings += world_find_write(unit, "case_part_add_rating") != NULL;
}

/* What each column holds: t text, i int, l bigint, b boolean, m moment, d day, u id, 0 null. */
static inline PGresult *case_row(void)
{
    static const char types[] =
        "utiiittbu0tt0tttttttt00ttiiiltiutbi0mmmmm0diitttitltttubbltuii00btbbl"
        "iiiit0ttbtbbb";
    PGresult *rows = rows_new((int)sizeof(types) - 1);

    if (scene.is_unknown)
        return rows;
    for (int i = 0; types[i]; i++)
        switch (types[i]) {
        case 't':
            rows_put_text(rows, 0, i, "");
            break;
        case 'i':
            rows_put_int4(rows, 0, i, 0);
            break;
        case 'l':
            rows_put_int8(rows, 0, i, 0);
            break;
        case 'b':
            rows_put_bool(rows, 0, i, false);
            break;
        case 'm':
            rows_put_time(rows, 0, i, world.now_us - DAY_US);
            break;
        case 'd':
            rows_put_int4(rows, 0, i, 20717 - 10957); /* 2026-09-21, since 2000 */
            break;
        case 'u':
            rows_put_id(rows, 0, i, (uint8_t)(i == 0 ? 5 : i == 31 ? 7 : 6));
            break;
        default:
            rows_put_null(rows, 0, i);
        }
    return rows;
}

static inline PGresult *case_row_as_it_stands(void)
{
    PGresult *rows = case_row();

    if (scene.is_unknown)
        return rows;
    rows_put_text(rows, 0, 1, "TS-20260921-0001");
    rows_put_int4(rows, 0, 2, (int32_t)scene.kind);
    rows_put_int4(rows, 0, 3, (int32_t)scene.state);
    rows_put_int4(rows, 0, 25, (int32_t)scene.severity);
    rows_put_int4(rows, 0, 30, PRIORITY_NORMAL);
    if (!scene.is_answered)
        rows_put_null(rows, 0, 40);
    rows_put_null(rows, 0, 44);
    rows_put_text(rows, 0, 45, scene.cause ? scene.cause : "");
    rows_put_int4(rows, 0, 48, (int32_t)scene.fault);
    rows_put_text(rows, 0, 49, remedy_kind_name(scene.remedy));
    rows_put_text(rows, 0, 53, remedy_state_name(scene.remedy_state));
    rows_put_int4(rows, 0, 60, (int32_t)scene.confirmation);
    rows_put_int8(rows, 0, 68, scene.version);
    rows_put_int4(rows, 0, 69, scene.open_subtasks);
    rows_put_int4(rows, 0, 72, 9);
    rows_put_bool(rows, 0, 79, !scene.is_unseen);
    rows_put_bool(rows, 0, 80, true);
    rows_put_bool(rows, 0, 81, scene.is_forgotten);
    return rows;
}

/* The answers that all scenes share; NULL: empty. */
static inline PGresult *scene_rows(const struct pg_ask *ask)
{
    return strcmp(ask->statement->name, "cases_find") == 0 ? case_row_as_it_stands() : NULL;
}

static inline void scene_begin(const struct handler *handlers, size_t count)
{
    memset(&scene, 0, sizeof(scene));
    calendars_in_force_free(&counters);
    memset(&counters, 0, sizeof(counters));
    scene.kind = CASE_IS_COMPLAINT;
    scene.state = CASE_INVESTIGATING;
    scene.severity = SEVERITY_ORDINARY;
    scene.fault = FAULT_OF_CUSTOMER;
    scene.version = 4;
    world_open(handlers, count, &limits);
    world.definition.name = "complaints";
    world.service.counters = &counters;
    memcpy(world.service.currency, "CNY", 4);
    calendar_cn_set(&usual, &world.service.zone, CALENDAR_CN_USUAL);
    world.service.calendar = usual;
    world.rows_of = scene_rows;
    world.committing = scene_count;
}

static inline void scene_send(const char *type, const ProtobufCMessage *ask)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[4000];

    request.id = "1";
    request.type = (char *)type;
    request.source = "desk";
    request.payload = (ProtobufCBinaryData){protobuf_c_message_pack(ask, payload), payload};
    world_send(&request);
}

/* Runs it to its end and forgets the answer, after a look at its status. */
static inline void scene_check(enum status status)
{
    world_run();
    assert_int_equal(world.reply_count, 1);
    if ((enum status)world.replies[0]->status != status)
        fail_msg("%s: %s", status_name((enum status)world.replies[0]->status),
                 world.replies[0]->message);
    world_forget_replies();
}

/* Of the test: the scene with its handlers, as each of its tests begins. */
static void begin(void);

static inline int open_world(void **state)
{
    (void)state;
    limits.max_arena_bytes = 8 << 20;
    begin();
    return 0;
}

static inline int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

#endif
