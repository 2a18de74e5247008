/*
 * Fetch against a scripted log: windows, pages, long polls, epochs, and what it refuses.
 */
#include "common/service_internal.h"

#include "kehu/bus/v1/service.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.bus.v1.Fetch", .step = fetch_begin, .is_query = true, .limit = LIMIT_POLL},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 16,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

/* The scripted log: its horizon, and the entries of the window that is read next. */
static struct {
    int32_t epoch, asked_epoch;
    int64_t below, first, asked_xid;
    int entries, unwanted;
    int64_t position; /* of the first of them */
    unsigned horizons, lists;
} said;

static int64_t int8_of(const struct pg_ask *ask, int i)
{
    uint64_t net;

    memcpy(&net, ask->args->values[i].bytes, sizeof(net));
    return (int64_t)be64toh(net);
}

static PGresult *horizon_of(const struct pg_ask *ask)
{
    PGresult *rows = rows_new(3);
    uint32_t net;

    memcpy(&net, ask->args->values[0].bytes, sizeof(net));
    said.asked_epoch = (int32_t)be32toh(net);
    said.asked_xid = int8_of(ask, 1);
    said.horizons++;
    rows_put_int4(rows, 0, 0, said.epoch);
    if (said.asked_epoch < said.epoch) /* as log_window says of an epoch that is over */
        rows_put_int8(rows, 0, 1, INT64_C(900000000000000000));
    else
        rows_put_int8(rows, 0, 1, said.below);
    if (said.first > 0)
        rows_put_int8(rows, 0, 2, said.first);
    else
        rows_put_null(rows, 0, 2);
    return rows;
}

static PGresult *list_of(const struct pg_ask *ask)
{
    PGresult *rows = rows_new(11);
    int64_t max = int8_of(ask, 4);

    said.lists++;
    for (int row = 0; row < said.entries && row < max; row++) {
        rows_put_int8(rows, row, 0, said.position + row);
        rows_put_id(rows, row, 1, (uint8_t)row);
        rows_put_text(rows, row, 2, "kehu.customers.v1.OrderRecorded");
        rows_put_id(rows, row, 3, 77);
        rows_put_int8(rows, row, 4, row ? row + 1 : INT64_C(3000000000));
        rows_put_time(rows, row, 5, world.now_us);
        rows_put_text(rows, row, 6, "c");
        rows_put_text(rows, row, 7, "r");
        rows_put_text(rows, row, 8, "");
        rows_put_bool(rows, row, 9, row >= said.unwanted);
        rows_put_text(rows, row, 10, row >= said.unwanted ? "data" : "");
    }
    said.entries = 0; /* the next window has none */
    said.first = 0;
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    if (strcmp(ask->statement->name, "log_horizon") == 0)
        return horizon_of(ask);
    if (strcmp(ask->statement->name, "log_list") == 0)
        return list_of(ask);
    return NULL;
}

static void begin_world(void)
{
    memset(&said, 0, sizeof(said));
    said.epoch = 1;
    said.below = 500;
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
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

static void send_fetch(Kehu__Bus__V1__Fetch *fetch)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[4000];

    assert_in_range(kehu__bus__v1__fetch__get_packed_size(fetch), 0, sizeof(payload));
    request.id = "1";
    request.type = "kehu.bus.v1.Fetch";
    request.payload = (ProtobufCBinaryData){kehu__bus__v1__fetch__pack(fetch, payload), payload};
    world_send(&request);
    world_run();
}

static void fetch(const char *after, uint32_t max, int64_t wait_s)
{
    Kehu__Bus__V1__Fetch ask = KEHU__BUS__V1__FETCH__INIT;
    Google__Protobuf__Duration wait = GOOGLE__PROTOBUF__DURATION__INIT;

    ask.after = (char *)after;
    ask.max = max;
    wait.seconds = wait_s;
    ask.wait = &wait;
    send_fetch(&ask);
}

/* The reply's parts. */
static void assert_fetched(size_t events, const char *next, bool more)
{
    assert_int_equal(only_reply()->status, OK);
    Kehu__Bus__V1__Fetched *fetched =
        kehu__bus__v1__fetched__unpack(NULL, only_reply()->payload.len, only_reply()->payload.data);

    assert_non_null(fetched);
    assert_int_equal(fetched->n_events, events);
    assert_string_equal(fetched->next, next);
    assert_int_equal(fetched->more, more);
    kehu__bus__v1__fetched__free_unpacked(fetched, NULL);
}

static void from_nothing_it_reads_from_the_oldest_on(void **state)
{
    (void)state;
    said.entries = 3;
    said.first = 1;
    said.position = 40;
    fetch("", 0, 0);
    assert_fetched(3, "1.500.500.42", true);
    assert_int_equal(said.asked_epoch, 1);
    assert_int_equal(said.asked_xid, 0);
}

static void a_full_page_stays_in_its_window(void **state)
{
    (void)state;
    said.entries = 5;
    said.first = 1;
    said.position = 40;
    fetch("", 2, 0);
    assert_fetched(2, "1.0.500.41", true);
    world_forget_replies();
    said.entries = 2;
    said.position = 42;
    fetch("1.0.500.41", 2, 0);
    assert_fetched(2, "1.0.500.43", true);
    assert_int_equal(said.horizons, 1); /* the second read on without looking */
}

static void an_exhausted_window_opens_the_next(void **state)
{
    (void)state;
    said.below = 700;
    fetch("1.0.500.43", 2, 0); /* nothing left of it, and nothing has come since */
    assert_fetched(0, "1.500.500.43", false);
    assert_int_equal(said.asked_xid, 500);
}

static void without_wait_an_empty_log_is_answered_at_once(void **state)
{
    (void)state;
    fetch("1.500.500.0", 0, 0);
    assert_fetched(0, "1.500.500.0", false);
}

static void a_long_poll_is_answered_when_there_is_news(void **state)
{
    (void)state;
    fetch("1.500.500.0", 0, 10);
    assert_int_equal(world.reply_count, 0);
    said.below = 501;
    said.first = 7;
    said.position = 7;
    said.entries = 1;
    flows_wake(world.flows);
    world_run();
    assert_fetched(1, "1.501.501.7", true);
}

static void a_long_poll_looks_again_soon_then_seldom(void **state)
{
    unsigned looks;

    (void)state;
    fetch("1.500.500.0", 0, 20);
    for (int ms = 0; ms < 200; ms++) {
        world_pass(1000);
        world_run();
    }
    looks = said.horizons;
    assert_in_range(looks, 6, 10); /* 1, 2, 4 … 64 ms */
    for (int s = 0; s < 5; s++) {
        world_pass(SECOND_US);
        world_run();
    }
    assert_in_range(said.horizons - looks, 4, 6);
    flows_wake(world.flows); /* woken: news may be just above the horizon */
    world_run();
    looks = said.horizons;
    for (int ms = 0; ms < 20; ms++) {
        world_pass(1000);
        world_run();
    }
    assert_in_range(said.horizons - looks, 3, 6);
    world_pass(20 * SECOND_US);
    world_run();
    assert_fetched(0, "1.500.500.0", false);
}

static void a_long_poll_ends_with_an_empty_page_before_its_deadline(void **state)
{
    (void)state;
    fetch("1.500.500.0", 0, 30);
    for (int s = 0; s < 30; s++) {
        world_pass(SECOND_US);
        world_run();
    }
    assert_fetched(0, "1.500.500.0", false);
}

static void a_poll_woken_ever_again_does_not_grow_without_end(void **state)
{
    unsigned woken = 0;

    (void)state;
    fetch("1.500.500.0", 0, 29);
    while (world.reply_count == 0 && woken++ < 100000) {
        flows_wake(world.flows);
        world_run();
    }
    assert_in_range(woken, 100, 5000);
    assert_fetched(0, "1.500.500.0", false);
}

static void a_full_page_of_what_nobody_wants_carries_the_reader_on(void **state)
{
    (void)state;
    said.entries = said.unwanted = 2;
    said.first = 1;
    said.position = 40;
    fetch("", 2, 10);
    assert_fetched(0, "1.0.500.41", true);
}

static void from_the_end_only_what_comes_is_read(void **state)
{
    (void)state;
    said.first = 1;
    said.entries = 3;
    fetch("end", 0, 0);
    assert_fetched(0, "1.500.500.0", false);
    assert_int_equal(said.lists, 0);
}

static void from_the_end_of_a_later_epoch_too(void **state)
{
    (void)state;
    said.epoch = 3;
    fetch("end", 0, 0);
    assert_fetched(0, "3.500.500.0", false);
}

static void an_epoch_that_is_over_leads_into_the_next(void **state)
{
    (void)state;
    said.epoch = 2;
    said.first = 5;
    said.entries = 1;
    said.position = 5;
    fetch("1.500.500.4", 0, 0);
    assert_fetched(1, "1.900000000000000000.900000000000000000.5", true);
    world_forget_replies();
    fetch("1.900000000000000000.900000000000000000.5", 0, 0);
    assert_fetched(0, "2.0.0.0", false);
}

static void a_place_of_an_epoch_to_come_is_refused(void **state)
{
    (void)state;
    fetch("2.500.500.4", 0, 10);
    assert_int_equal(only_reply()->status, OUT_OF_RANGE);
}

static void what_it_refuses_it_names(void **state)
{
    static char *types[33];
    char consumer[70];

    (void)state;
    memset(consumer, 'x', sizeof(consumer));
    consumer[65] = '\0';
    for (size_t i = 0; i < COUNT_OF(types); i++)
        types[i] = "t";
    for (int i = 0; i < 5; i++) {
        static const char *const fields[] = {"after", "max", "types", "wait", "consumer"};
        Kehu__Bus__V1__Fetch ask = KEHU__BUS__V1__FETCH__INIT;
        Google__Protobuf__Duration wait = GOOGLE__PROTOBUF__DURATION__INIT;
        if (i == 0)
            ask.after = "yesterday";
        if (i == 1)
            ask.max = 1001;
        if (i == 2) {
            ask.types = types;
            ask.n_types = COUNT_OF(types);
        }
        wait.seconds = 31;
        if (i == 3)
            ask.wait = &wait;
        if (i == 4)
            ask.consumer = consumer;
        send_fetch(&ask);
        assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
        assert_string_equal(only_reply()->violations[0]->field, fields[i]);
        world_forget_replies();
    }
}

static void each_ask_that_fails_ends_it(void **state)
{
    (void)state;
    for (world.fails_at = 0; world.fails_at < 3; world.fails_at++) {
        said.entries = 3;
        said.unwanted = 3; /* so that it looks for the next window */
        said.first = 1;
        world.arrivals = 0;
        world.fails_with = UNAVAILABLE;
        fetch("", 0, 0);
        assert_int_equal(only_reply()->status, UNAVAILABLE);
        world_forget_replies();
    }
}

static void with_too_little_memory_it_is_refused(void **state)
{
    unsigned refused = 0, answered = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 512; limits.max_arena_bytes < 64 * 1024;
         limits.max_arena_bytes += limits.max_arena_bytes < 16 * 1024 ? 16 : 1024) {
        begin_world();
        said.entries = 3;
        said.first = 1;
        fetch("", 0, 0);
        if ((enum status)only_reply()->status == OK)
            answered++;
        else
            refused++;
        assert_true((enum status)only_reply()->status == OK ||
                    (enum status)only_reply()->status == INVALID_ARGUMENT);
        world_close();
    }
    assert_in_range(refused, 50, 10000);
    assert_in_range(answered, 50, 10000);
    begin_world();
}

#define FETCH_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FETCH_TEST(from_nothing_it_reads_from_the_oldest_on),
        FETCH_TEST(a_full_page_stays_in_its_window),
        FETCH_TEST(an_exhausted_window_opens_the_next),
        FETCH_TEST(without_wait_an_empty_log_is_answered_at_once),
        FETCH_TEST(a_long_poll_is_answered_when_there_is_news),
        FETCH_TEST(a_long_poll_looks_again_soon_then_seldom),
        FETCH_TEST(a_long_poll_ends_with_an_empty_page_before_its_deadline),
        FETCH_TEST(a_poll_woken_ever_again_does_not_grow_without_end),
        FETCH_TEST(a_full_page_of_what_nobody_wants_carries_the_reader_on),
        FETCH_TEST(from_the_end_only_what_comes_is_read),
        FETCH_TEST(from_the_end_of_a_later_epoch_too),
        FETCH_TEST(an_epoch_that_is_over_leads_into_the_next),
        FETCH_TEST(a_place_of_an_epoch_to_come_is_refused),
        FETCH_TEST(what_it_refuses_it_names),
        FETCH_TEST(each_ask_that_fails_ends_it),
        FETCH_TEST(with_too_little_memory_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
