/*
 * What is refused is kept sealed with the key of its day, and goes after 30 days.
 */
#include "common/quarantine.h"

#include <sodium.h>

#include "tests/unit/scripted_world.h"

static const uint8_t known_key[32] = {7, 7, 7};

static struct {
    bool has_key;
    size_t content_bytes;
    unsigned items;
    int64_t midnight_between;
} script;

struct work {
    struct quarantine_key key;
};

static enum flow done(struct request *req)
{
    return flow_end(req);
}

static enum flow add(struct request *req)
{
    struct work *r = req->state;
    uint8_t *content = arena_take(req->arena, script.content_bytes + 1);
    struct quarantined item = {.source = TEXT_OF("uci\n"),
                               .event_id = TEXT_OF("客户"),
                               .type = TEXT_OF("t.Placed"),
                               .field = "id",
                               .why = "it is wrong",
                               .content = content,
                               .content_bytes = script.content_bytes};

    memset(content, 'c', script.content_bytes);
    for (unsigned i = 0; i < script.items; i++)
        quarantine_add(req, &r->key, &item);
    return flow_commit(req, done);
}

static enum flow find(struct request *req)
{
    struct work *r = request_state(req, sizeof(*r));

    quarantine_find_key(req, &r->key);
    return flow_wait(req, add);
}

static const struct handler handlers[] = {{.type = "t.Work", .step = find}};
static const struct flow_limits limits = {.max_requests = 8,
                                          .max_bytes = 64 << 20,
                                          .max_arena_bytes = 8 << 20,
                                          .deadline_us = 3600 * SECOND_US};

static int open_world(void **state)
{
    (void)state;
    memset(&script, 0, sizeof(script));
    script.items = 1;
    script.content_bytes = 100;
    assert_true(sodium_init() >= 0);
    world_open(handlers, 1, &limits);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    if (world.unit_count > 0)
        world_commit(0, OK);
    world_run();
    world_close();
    return 0;
}

/* Runs until the unit stands to be committed. */
static const struct pg_unit *work(void)
{
    PGresult *rows = script.has_key ? rows_new(1) : NULL;

    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    if (rows)
        rows_put(rows, 0, 0, known_key, sizeof(known_key));
    world.now_us += script.midnight_between;
    world_arrive(0, OK, rows);
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 1);
    return world.units[0];
}

/* The bytes of the first element of an array, or of a scalar. */
static struct text value_of(const struct pg_args *args, int i)
{
    uint32_t length;

    if (args->statement->params[i] < PG_IDS)
        return (struct text){(const char *)args->values[i].bytes, args->values[i].used};
    memcpy(&length, args->values[i].bytes, 4);
    return (struct text){(const char *)args->values[i].bytes + 4, be32toh(length)};
}

static void assert_text(const struct pg_args *args, int i, const char *expected)
{
    struct text value = value_of(args, i);

    assert_int_equal(value.bytes, strlen(expected));
    assert_memory_equal(value.at, expected, value.bytes);
}

static bool opens_with(const struct pg_args *row, const uint8_t *key, size_t expected_bytes)
{
    struct text nonce = value_of(row, 10), sealed = value_of(row, 11);
    static uint8_t plain[QUARANTINE_MAX_BYTES + 1];

    assert_int_equal(nonce.bytes, crypto_secretbox_NONCEBYTES);
    assert_int_equal(sealed.bytes, expected_bytes + crypto_secretbox_MACBYTES);
    return crypto_secretbox_open_easy(plain, (const uint8_t *)sealed.at, sealed.bytes,
                                      (const uint8_t *)nonce.at, key) == 0 &&
           (expected_bytes == 0 || plain[expected_bytes - 1] == 'c');
}

static void content_is_sealed_with_the_key_of_the_day(void **state)
{
    (void)state;
    script.has_key = true;
    const struct pg_unit *unit = work();

    assert_null(world_find_write(unit, "quarantine_add_key"));
    assert_true(opens_with(world_find_write(unit, "quarantine_add"), known_key, 100));
}

static void the_first_of_a_day_makes_its_key_once(void **state)
{
    (void)state;
    script.items = 3;
    const struct pg_unit *unit = work();
    const struct pg_args *key = world_find_write(unit, "quarantine_add_key");

    assert_non_null(key);
    assert_int_equal(value_of(key, 1).bytes, 32);
    assert_int_equal(world_rows_written(unit, "quarantine_add"), 3);
    assert_true(opens_with(world_find_write(unit, "quarantine_add"),
                           (const uint8_t *)value_of(key, 1).at, 100));
    size_t keys = 0;
    for (const struct pg_write *write = unit->first; write; write = write->next)
        keys += strcmp(write->statement->name, "quarantine_add_key") == 0;
    assert_int_equal(keys, 1);
}

static void what_is_too_long_is_cut_and_nothing_is_something(void **state)
{
    (void)state;
    script.has_key = true;
    script.content_bytes = QUARANTINE_MAX_BYTES + 5;
    const struct pg_unit *unit = work();

    assert_true(
        opens_with(world_find_write(unit, "quarantine_add"), known_key, QUARANTINE_MAX_BYTES));
    world_commit(0, OK);
    world_run();
    script.content_bytes = 0;
    unit = work();
    assert_true(opens_with(world_find_write(unit, "quarantine_add"), known_key, 0));
}

static void names_that_may_be_wrong_are_made_plain(void **state)
{
    (void)state;
    const struct pg_args *row = world_find_write(work(), "quarantine_add");

    assert_text(row, 2, "shop");
    assert_text(row, 3, "1");
    assert_text(row, 4, "uci?");
    assert_text(row, 5, "??????");
    assert_text(row, 6, "t.Placed");
    assert_text(row, 7, "id");
    assert_text(row, 8, "it is wrong");
}

static void midnight_between_question_and_row_keeps_key_and_day_together(void **state)
{
    int32_t days[2];

    (void)state;
    script.midnight_between = DAY_US;
    const struct pg_unit *unit = work();

    memcpy(&days[0], value_of(world_find_write(unit, "quarantine_add_key"), 0).at, 4);
    memcpy(&days[1], value_of(world_find_write(unit, "quarantine_add"), 1).at, 4);
    assert_int_equal(days[0], days[1]);
    assert_int_equal((int32_t)be32toh((uint32_t)days[0]) + 10957, WORLD_START_US / DAY_US);
}

#define QUARANTINE_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUARANTINE_TEST(content_is_sealed_with_the_key_of_the_day),
        QUARANTINE_TEST(the_first_of_a_day_makes_its_key_once),
        QUARANTINE_TEST(what_is_too_long_is_cut_and_nothing_is_something),
        QUARANTINE_TEST(names_that_may_be_wrong_are_made_plain),
        QUARANTINE_TEST(midnight_between_question_and_row_keeps_key_and_day_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
