/*
 * MergeCustomers and UndoMerge against a scripted store: orders of arrival, each ask failing in
 * turn, commits that fail, every refusal before anything is written, and too little memory at every
 * place.
 */
#include "services/customers/domain/file.h"
#include "services/customers/handlers/handlers.h"

#include "kehu/customers/v1/merge.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.MergeCustomers", .step = handle_merge_customers},
    {.type = "kehu.customers.v1.UndoMerge", .step = handle_undo_merge},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

static struct {
    /* Of customer 2, who is to be merged into 1. */
    bool is_person, is_erased, is_unknown;
    int64_t merged_from;
    bool run_adds_up, is_above, is_undone, survivor_is_merged;
    int height;
    unsigned events, audited, receipts, merges, owners, undone, returns, guards;
} store;

static void count_writes(const struct pg_unit *unit)
{
    store.events += world_rows_written(unit, "log_add");
    store.audited += world_rows_written(unit, "audit_add");
    store.receipts += world_find_write(unit, "command_add") != NULL;
    store.merges += world_find_write(unit, "merge_add") != NULL;
    store.undone += world_find_write(unit, "merge_undo") != NULL;
    store.returns += world_find_write(unit, "merge_return_links") != NULL;
    for (const struct pg_write *write = unit->first; write; write = write->next) {
        store.owners += strcmp(write->statement->name, "merge_add_owner") == 0;
        store.guards += strcmp(write->statement->name, "file_guard_chain") == 0;
    }
}

/* KH000001 or KH000002, by number or id. */
static PGresult *file_of(const struct pg_ask *ask)
{
    const struct pg_arg *value = &ask->args->values[0];
    uint8_t number = value->bytes[value->used - 1];
    bool is_merged = number == 2;
    PGresult *rows = rows_new(18);

    if (is_merged && store.is_unknown)
        return rows;
    rows_put_id(rows, 0, 0, number);
    rows_put_int8(rows, 0, 1, number);
    rows_put_text(rows, 0, 2, is_merged ? "大观商贸" : "翠湖商贸");
    rows_put_text(rows, 0, 3, "customer");
    rows_put_text(rows, 0, 4, is_merged && store.is_person ? "person" : "organisation");
    for (int i = 5; i <= 7; i++)
        rows_put_null(rows, 0, i);
    rows_put_int8(rows, 0, 8, 1);
    rows_put_time(rows, 0, 9, world.now_us);
    rows_put_int8(rows, 0, 10, 1);
    for (int i = 11; i <= 13; i++)
        rows_put_null(rows, 0, i);
    if (is_merged && store.merged_from)
        rows_put_int8(rows, 0, 14, store.merged_from);
    else
        rows_put_null(rows, 0, 14);
    rows_put_bool(rows, 0, 15, is_merged && store.is_erased);
    rows_put_text(rows, 0, 16, "");
    rows_put_text(rows, 0, 17, is_merged && store.is_erased ? "erased" : "open");
    return rows;
}

/* Customer 2 has an owner, 1 has none. */
static PGresult *owned_of(const struct pg_ask *ask)
{
    bool is_merged = ask->args->values[0].bytes[15] == 2;
    PGresult *rows = rows_new(5);

    rows_put_int4(rows, 0, 0, 1);
    rows_put_text(rows, 0, 1, is_merged ? "owned" : "unassigned");
    if (is_merged) {
        rows_put_id(rows, 0, 2, 7);
        rows_put_id(rows, 0, 3, 8);
    } else {
        rows_put_null(rows, 0, 2);
        rows_put_null(rows, 0, 3);
    }
    rows_put_bool(rows, 0, 4, true);
    return rows;
}

static PGresult *above(void)
{
    PGresult *rows = rows_new(2);

    rows_put_id(rows, 0, 0, 1);
    rows_put_int8(rows, 0, 1, 1);
    rows_put_id(rows, 1, 0, 9);
    rows_put_int8(rows, 1, 1, 1);
    if (store.is_above) {
        rows_put_id(rows, 2, 0, 2);
        rows_put_int8(rows, 2, 1, 1);
    }
    return rows;
}

static PGresult *merge_found(void)
{
    PGresult *rows = rows_new(15);

    rows_put_id(rows, 0, 0, 5);
    rows_put_id(rows, 0, 1, 1);
    rows_put_int8(rows, 0, 2, 1);
    rows_put_text(rows, 0, 3, "翠湖商贸");
    rows_put_id(rows, 0, 4, 2);
    rows_put_int8(rows, 0, 5, 2);
    rows_put_text(rows, 0, 6, "大观商贸");
    rows_put_text(rows, 0, 7, "同一家");
    rows_put_time(rows, 0, 8, world.now_us - DAY_US);
    rows_put_text(rows, 0, 9, "li.na");
    if (store.is_undone)
        rows_put_time(rows, 0, 10, world.now_us);
    else
        rows_put_null(rows, 0, 10);
    rows_put_text(rows, 0, 11, store.is_undone ? "wang" : "");
    rows_put_text(rows, 0, 12, "");
    if (store.survivor_is_merged)
        rows_put_int8(rows, 0, 13, 3);
    else
        rows_put_null(rows, 0, 13);
    rows_put_bool(rows, 0, 14, store.is_erased);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows;

    if (strncmp(name, "file_find_by", 12) == 0)
        return file_of(ask);
    if (strcmp(name, "merge_find_owned") == 0)
        return owned_of(ask);
    if (strcmp(name, "merge_find_obstacle") == 0) {
        rows = rows_new(1);
        rows_put_bool(rows, 0, 0, store.run_adds_up);
        return rows;
    }
    if (strcmp(name, "file_list_above") == 0)
        return above();
    if (strcmp(name, "file_find_height") == 0) {
        rows = rows_new(1);
        rows_put_int4(rows, 0, 0, store.height);
        return rows;
    }
    if (strcmp(name, "merge_find_by_number") == 0)
        return store.is_unknown ? NULL : merge_found();
    return NULL;
}

static void begin_world(void)
{
    memset(&store, 0, sizeof(store));
    store.height = 1;
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = count_writes;
}

static int open_world(void **state)
{
    (void)state;
    limits.max_arena_bytes = 8 << 20;
    begin_world();
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static void send_message(const char *type, const ProtobufCMessage *message)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[300];

    assert_in_range(protobuf_c_message_get_packed_size(message), 1, sizeof(payload));
    request.id = "1";
    request.source = "test";
    request.type = (char *)type;
    request.payload = (ProtobufCBinaryData){protobuf_c_message_pack(message, payload), payload};
    world_send(&request);
}

static void merge(void)
{
    Kehu__Customers__V1__MergeCustomers ask = KEHU__CUSTOMERS__V1__MERGE_CUSTOMERS__INIT;

    ask.survivor = "KH000001";
    ask.merged = "KH000002";
    ask.reason = "同一家";
    send_message("kehu.customers.v1.MergeCustomers", &ask.base);
}

static void undo(void)
{
    Kehu__Customers__V1__UndoMerge ask = KEHU__CUSTOMERS__V1__UNDO_MERGE__INIT;

    ask.merged = "KH000002";
    send_message("kehu.customers.v1.UndoMerge", &ask.base);
}

static void assert_merged(void)
{
    Kehu__Customers__V1__Merge *made;

    assert_int_equal(only_reply()->status, OK);
    made = kehu__customers__v1__merge__unpack(NULL, only_reply()->payload.len,
                                              only_reply()->payload.data);
    assert_non_null(made);
    assert_string_equal(made->survivor, "KH000001");
    assert_string_equal(made->merged, "KH000002");
    kehu__customers__v1__merge__free_unpacked(made, NULL);
}

static void assert_refused(enum status status, const char *field)
{
    assert_int_equal(only_reply()->status, status);
    assert_int_equal(only_reply()->n_violations, field ? 1 : 0);
    if (field)
        assert_string_equal(only_reply()->violations[0]->field, field);
    assert_int_equal(store.merges + store.undone + store.events + store.receipts, 0);
    world_forget_replies();
}

static void a_merge_is_written_whole_in_every_order_of_arrival(void **state)
{
    (void)state;
    for (unsigned long order = 0; order < 800; order++) {
        store.merges = store.events = store.audited = store.receipts = store.owners = 0;
        store.guards = 0;
        world.choices = order * 7919;
        merge();
        world_run();
        assert_merged();
        assert_int_equal(store.merges, 1);
        assert_int_equal(store.events, 2); /* either customer hears of it */
        assert_int_equal(store.audited, 1);
        assert_int_equal(store.receipts, 1);
        assert_int_equal(store.owners, 1); /* the survivor had nobody */
        assert_int_equal(store.guards, 1); /* the organisation above him */
        world_forget_replies();
    }
}

static void an_undo_is_written_whole_in_every_order_of_arrival(void **state)
{
    (void)state;
    for (unsigned long order = 0; order < 300; order++) {
        store.undone = store.events = store.audited = store.receipts = store.returns = 0;
        world.choices = order * 7919;
        undo();
        world_run();
        assert_merged();
        assert_int_equal(store.undone, 1);
        assert_int_equal(store.returns, 1);
        assert_int_equal(store.events, 2);
        assert_int_equal(store.audited, 1);
        assert_int_equal(store.receipts, 1);
        world_forget_replies();
    }
}

static void what_may_not_be_merged_is_refused_before_anything_is_written(void **state)
{
    (void)state;
    store.is_person = true;
    merge();
    world_run();
    assert_refused(FAILED_PRECONDITION, "merged");
    store.is_person = false;
    store.is_erased = true;
    merge();
    world_run();
    assert_refused(FAILED_PRECONDITION, "merged");
    store.is_erased = false;
    store.merged_from = 7;
    merge();
    world_run();
    assert_refused(FAILED_PRECONDITION, "merged");
    store.merged_from = 0;
    store.is_unknown = true;
    merge();
    world_run();
    assert_refused(NOT_FOUND, "merged");
    store.is_unknown = false;
    store.run_adds_up = true;
    merge();
    world_run();
    assert_refused(FAILED_PRECONDITION, NULL);
}

static void organisations_that_would_stand_in_a_circle_or_too_deep_are_refused(void **state)
{
    (void)state;
    store.is_above = true;
    merge();
    world_run();
    assert_refused(FAILED_PRECONDITION, "merged");
    store.is_above = false;
    store.height = FILE_MAX_DEPTH;
    merge();
    world_run();
    assert_refused(FAILED_PRECONDITION, "merged");
    store.height = FILE_MAX_DEPTH - 1;
    merge();
    world_run();
    assert_merged();
}

static void what_may_not_be_undone_is_refused_before_anything_is_written(void **state)
{
    bool *const flags[] = {&store.is_undone, &store.survivor_is_merged, &store.is_erased,
                           &store.run_adds_up};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        *flags[i] = true;
        undo();
        world_run();
        assert_refused(FAILED_PRECONDITION, NULL);
        *flags[i] = false;
    }
    store.is_unknown = true;
    undo();
    world_run();
    assert_refused(NOT_FOUND, NULL);
}

static void each_ask_that_fails_ends_it_and_nothing_is_written(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL};
    void (*const asks[])(void) = {merge, undo};
    const int counts[] = {10, 7};

    (void)state;
    for (size_t a = 0; a < COUNT_OF(asks); a++)
        for (size_t s = 0; s < COUNT_OF(statuses); s++)
            for (world.fails_at = 0; world.fails_at < counts[a]; world.fails_at++) {
                world.fails_with = statuses[s];
                world.arrivals = 0;
                asks[a]();
                world_run();
                assert_int_equal(only_reply()->status, statuses[s]);
                assert_int_equal(store.merges + store.undone + store.events, 0);
                world_forget_replies();
            }
}

static void a_stale_merge_is_decided_again(void **state)
{
    static const enum status statuses[] = {ABORTED, OK};

    (void)state;
    world.commits = statuses;
    world.commit_count = COUNT_OF(statuses);
    merge();
    world_run();
    assert_merged();
    assert_int_equal(store.merges, 2); /* the first was for nothing */
}

static void with_too_little_memory_it_is_refused_and_written_whole_or_not_at_all(void **state)
{
    unsigned refused = 0, answered = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 4096; limits.max_arena_bytes < 64 * 1024;
         limits.max_arena_bytes += 64) {
        begin_world();
        merge();
        world_run();
        if ((enum status)only_reply()->status == OK) {
            assert_int_equal(store.merges, 1);
            assert_int_equal(store.receipts, 1);
            answered++;
        } else {
            assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
            assert_int_equal(store.merges, 0);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 20, 10000);
    assert_in_range(answered, 20, 10000);
    begin_world();
}

#define MERGE_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MERGE_TEST(a_merge_is_written_whole_in_every_order_of_arrival),
        MERGE_TEST(an_undo_is_written_whole_in_every_order_of_arrival),
        MERGE_TEST(what_may_not_be_merged_is_refused_before_anything_is_written),
        MERGE_TEST(organisations_that_would_stand_in_a_circle_or_too_deep_are_refused),
        MERGE_TEST(what_may_not_be_undone_is_refused_before_anything_is_written),
        MERGE_TEST(each_ask_that_fails_ends_it_and_nothing_is_written),
        MERGE_TEST(a_stale_merge_is_decided_again),
        MERGE_TEST(with_too_little_memory_it_is_refused_and_written_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
