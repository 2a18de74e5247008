/*
 * Handlers that do what the test says, and what they saw, for the tests of flow.
 */
#ifndef KEHU_TESTS_SCRIPTED_WORK_H
#define KEHU_TESTS_SCRIPTED_WORK_H

#include "tests/unit/scripted_world.h"

static const struct pg_statement question = {.name = "question", .sql = "select"};
static const struct pg_statement add = {
    .name = "add", .sql = "insert", .params = {PG_INT8S}, .write = true, .merge = true};
static const struct pg_statement with_params = {
    .name = "with_params", .sql = "select", .params = {PG_TEXT}};

static const struct flow_limits limits = {.max_requests = 8,
                                          .max_polls = 4,
                                          .max_bytes = 1024 * 1024,
                                          .max_arena_bytes = 256 * 1024,
                                          .deadline_us = 30 * SECOND_US};

/* What the handlers do, and what they saw. */
static struct {
    unsigned asks, writes;
    uint64_t hashes[4];
    size_t hash_count;
    unsigned first_steps, seconds, lasts;
    unsigned tries;
    bool fills_arena;
    char order[200]; /* ids in the order in which their first step ran */
    char held[200];  /* and in which they got what they hold */
} script;

static enum flow last(struct request *req)
{
    script.lasts++;
    return flow_end(req);
}

static enum flow second(struct request *req)
{
    script.seconds++;
    assert_non_null(req->state);
    snprintf(script.held + strlen(script.held), 20, "%s ", req->id);
    for (unsigned i = 0; i < script.writes; i++)
        pg_put_int8(flow_write(req, &add), 0, i);
    return flow_commit(req, last);
}

static enum flow ask(struct request *req)
{
    for (unsigned i = 0; i < script.asks; i++)
        flow_ask(req, &question, NULL, NULL, NULL);
    return flow_wait(req, second);
}

static enum flow work(struct request *req)
{
    uint64_t *fresh = request_state(req, sizeof(uint64_t));

    assert_int_equal(*fresh, 0); /* fresh at each try */
    *fresh = 1;
    script.first_steps++;
    script.tries = req->tries;
    snprintf(script.order + strlen(script.order), 20, "%s ", req->id);
    if (script.fills_arena)
        while (arena_take(req->arena, 4096))
            ;
    if (script.hash_count > 0)
        return flow_hold(req, script.hashes, script.hash_count, ask);
    return flow_go(req, ask);
}

static enum flow sleep_then(struct request *req)
{
    bool *has_slept = request_state(req, sizeof(*has_slept));

    script.first_steps++;
    if (*has_slept)
        return flow_end(req);
    *has_slept = true;
    return flow_sleep(req, flow_clock_us(req) + 5 * SECOND_US, sleep_then);
}

static enum flow refuse_all_fields(struct request *req)
{
    for (int i = 0; i < 30; i++)
        flow_violation(req, "field", "wrong in way %d", i);
    return flow_refuse(req, INVALID_ARGUMENT, "%d fields are wrong", 30);
}

static enum flow violate_unnamed(struct request *req)
{
    flow_violation(req, arena_print(req->arena, "%*s", 1 << 20, ""), "no room for its name");
    return flow_refuse(req, INVALID_ARGUMENT, "refused all the same");
}

static enum flow ask_without_room(struct request *req)
{
    flow_ask(req, &question, NULL, NULL, NULL);
    while (arena_take(req->arena, 4096))
        ;
    flow_ask(req, &with_params, pg_args_new(req->arena, &with_params), NULL, NULL);
    return flow_wait(req, last);
}

static enum flow use_cache(struct request *req)
{
    struct kv_ask *cached = request_state(req, sizeof(*cached));

    flow_ask_kv(req, cached);
    return flow_wait(req, last);
}

static enum flow say_ping(struct request *req)
{
    return flow_end(req);
}

static const struct handler handlers[] = {
    {.type = "t.Work", .step = work},
    {.type = "t.Look", .step = work, .is_query = true},
    {.type = "t.Sleep", .step = sleep_then, .is_query = true, .limit = LIMIT_POLL},
    {.type = "t.RefuseAll", .step = refuse_all_fields},
    {.type = "t.Unnamed", .step = violate_unnamed},
    {.type = "t.AskWithoutRoom", .step = ask_without_room},
    {.type = "t.Cache", .step = use_cache},
    {.type = "t.Ping", .step = say_ping, .limit = LIMIT_NONE, .rights = RIGHTS_ANY},
    {.type = "t.Publish", .step = say_ping, .rights = RIGHTS_PUBLISH},
    {.type = "t.Admin", .step = say_ping, .rights = RIGHTS_ADMIN},
};

static inline int open_world(void **state)
{
    (void)state;
    memset(&script, 0, sizeof(script));
    world_open(handlers, COUNT_OF(handlers), &limits);
    return 0;
}

static inline int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static inline const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static inline void send_with_deadline(const char *id, const char *type, int64_t at_us,
                                      int32_t nanos)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    Google__Protobuf__Timestamp deadline = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

    deadline.seconds = at_us / SECOND_US;
    deadline.nanos = nanos;
    request.id = (char *)id;
    request.type = (char *)type;
    request.deadline = &deadline;
    world_send(&request);
}

static inline void hold(uint64_t one, uint64_t other)
{
    script.hash_count = 2;
    script.hashes[0] = one;
    script.hashes[1] = other;
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

#endif
