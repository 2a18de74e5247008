/*
 * Receipts against a scripted store: what is asked, what is written, what expires.
 */
#include "common/receipt.h"

#include "tests/unit/scripted_world.h"

static const uint8_t hash[RECEIPT_HASH_BYTES] = {9, 8, 7};
static struct receipts seen;
static int old_rows;

static enum flow keep(struct request *req)
{
    seen = *(struct receipts *)req->state;
    for (size_t i = 0; i < seen.count; i++)
        assert_true(seen.list[i].source.bytes > 0);
    receipt_add(req, TEXT_OF("uci"), TEXT_OF("3"), hash);
    return flow_commit(req, flow_end);
}

static enum flow find(struct request *req)
{
    struct receipts *found = request_state(req, sizeof(*found));
    struct receipt_question question = receipt_question_new(req);

    receipt_question_add(&question, TEXT_OF("uci"), TEXT_OF("1"));
    receipt_question_add(&question, TEXT_OF("uci"), TEXT_OF(""));
    receipt_find(req, &question, found);
    return flow_wait(req, keep);
}

static const struct handler handlers[] = {{.type = "t.Work", .step = find}};
static const struct flow_limits limits = {.max_requests = 8,
                                          .max_bytes = 64 << 20,
                                          .max_arena_bytes = 8 << 20,
                                          .deadline_us = 30 * SECOND_US};

static int open_world(void **state)
{
    (void)state;
    seen = (struct receipts){0};
    old_rows = 0;
    world_open(handlers, 1, &limits);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static PGresult *one_receipt(size_t hash_bytes)
{
    PGresult *rows = rows_new(5);

    rows_put_text(rows, 0, 0, "uci");
    rows_put_text(rows, 0, 1, "1");
    rows_put_text(rows, 0, 2, "request 7");
    rows_put(rows, 0, 3, hash, hash_bytes);
    rows_put_time(rows, 0, 4, WORLD_START_US);
    return rows;
}

static void what_is_found_says_with_which_request_it_came(void **state)
{
    (void)state;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(world.asks[0]->args->values[0].elements, 2);
    assert_int_equal(world.asks[0]->args->values[1].elements, 2);
    world_arrive(0, OK, one_receipt(sizeof(hash)));
    flows_run(world.flows);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.list[0].request, "request 7");
    assert_memory_equal(seen.list[0].hash, hash, sizeof(hash));
    assert_int_equal(seen.list[0].at_us, WORLD_START_US);
    world_run();
}

static void a_receipt_without_a_whole_hash_equals_no_payload(void **state)
{
    static const uint8_t none[RECEIPT_HASH_BYTES];

    (void)state;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    world_arrive(0, OK, one_receipt(5));
    flows_run(world.flows);
    assert_memory_equal(seen.list[0].hash, none, sizeof(none));
    world_run();
}

static void a_receipt_is_written_in_the_unit_of_its_effect(void **state)
{
    (void)state;
    world_ask("17", "t.Work", "");
    flows_run(world.flows);
    world_arrive(0, OK, NULL);
    flows_run(world.flows);
    const struct pg_args *row = world_find_write(world.units[0], "receipt_add");

    assert_int_equal(row->values[0].elements, 1);
    assert_memory_equal(row->values[2].bytes + 4, "17", 2); /* the request it came with */
    assert_memory_equal(row->values[3].bytes + 4, hash, sizeof(hash));
    world_run();
}

static PGresult *old_receipts(const struct pg_ask *ask)
{
    PGresult *rows = rows_new(2);
    int count = old_rows < 5000 ? old_rows : 5000;

    assert_string_equal(ask->statement->name, "receipt_list_old");
    for (int i = 0; i < count; i++) {
        rows_put_text(rows, i, 0, "uci");
        rows_put_text(rows, i, 1, "id");
    }
    return rows;
}

static uint32_t removed;

static void count_removed(const struct pg_unit *unit)
{
    removed += world_rows_written(unit, "receipt_remove");
    old_rows -= (int)world_rows_written(unit, "receipt_remove");
}

static void old_receipts_are_removed_and_without_any_nothing_is_written(void **state)
{
    (void)state;
    removed = 0;
    world.rows_of = old_receipts;
    world.committing = count_removed;
    flows_start(world.flows, "receipt_expire", receipt_expire);
    world_run();
    assert_int_equal(world.commits_done, 0);
    old_rows = 3;
    flows_start(world.flows, "receipt_expire", receipt_expire);
    world_run();
    assert_int_equal(removed, 3);
    assert_int_equal(old_rows, 0);
}

#define RECEIPT_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECEIPT_TEST(what_is_found_says_with_which_request_it_came),
        RECEIPT_TEST(a_receipt_without_a_whole_hash_equals_no_payload),
        RECEIPT_TEST(a_receipt_is_written_in_the_unit_of_its_effect),
        RECEIPT_TEST(old_receipts_are_removed_and_without_any_nothing_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
