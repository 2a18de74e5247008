/*
 * Publish against a scripted store: in every order of arrival, with each ask failing in turn, with
 * every end of a commit, and with too little memory at every place.
 */
#include "tests/unit/scripted_store.h"

static void assert_one_order_written(void)
{
    assert_int_equal(store.receipts, 1);
    assert_int_equal(store.keys, 1);
    assert_int_equal(store.orders, 1);
    assert_int_equal(store.lines, 2);
    assert_int_equal(store.figures, 1);
    assert_int_equal(store.saved_keys + store.quarantined, 0);
}

/* --- what becomes of an order --- */

static void a_new_order_is_written_whole_in_every_order_of_arrival(void **state)
{
    unsigned long order = 0;

    (void)state;
    for (bool done = false; !done; order++) {
        memset(&store, 0, sizeof(store));
        world.choices = order;
        publish("1");
        world_run();
        done = world.choices > 0; /* every sequence of choices has been made */
        assert_outcomes("a");
        assert_one_order_written();
        assert_int_equal(store.customers, 2); /* him, and the region's anonymous one */
        assert_int_equal(store.references, 1);
        assert_int_equal(store.regions, 1);
        assert_int_equal(store.events, 2); /* CustomerRegistered, OrderRecorded */
        world_forget_replies();
    }
    assert_in_range(order, 24, 1000);
}

static void an_order_of_a_known_customer_makes_no_other(void **state)
{
    (void)state;
    store.knows_names = true;
    publish("1");
    world_run();
    assert_outcomes("a");
    assert_one_order_written();
    assert_int_equal(store.customers + store.references + store.regions, 0);
    assert_int_equal(store.events, 1);
}

/* The order stays with the customer it names; who hears of it is the survivor. */
static void an_order_of_a_merged_customer_is_told_of_the_survivor(void **state)
{
    (void)state;
    store.knows_names = true;
    store.survivor = 99;
    publish("1");
    world_run();
    assert_outcomes("a");
    assert_one_order_written();
    assert_int_equal(store.events, 1);
    assert_int_equal(store.ordered_by, 85);
    assert_int_equal(store.told_of, 99);
}

static void a_customer_made_by_another_batch_meanwhile_is_found_after_the_claim(void **state)
{
    (void)state;
    store.finds_names_after_claim = true;
    publish("1");
    world_run();
    assert_outcomes("a");
    assert_one_order_written();
    assert_int_equal(store.customers, 0);
}

static void each_ask_that_fails_ends_it_and_nothing_is_written(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL};

    (void)state;
    for (size_t s = 0; s < COUNT_OF(statuses); s++)
        for (int fails_at = 0;; fails_at++) {
            world.fails_at = fails_at;
            world.fails_with = statuses[s];
            world.arrivals = 0;
            publish("1");
            world_run();
            if (world.arrivals <= fails_at) { /* there are not so many asks */
                assert_int_equal(only_reply()->status, OK);
                assert_int_equal(fails_at, 8);
                memset(&store, 0, sizeof(store));
                world_forget_replies();
                break;
            }
            assert_int_equal(only_reply()->status, statuses[s]);
            assert_int_equal(store.receipts, 0);
            world_forget_replies();
        }
}

static void a_commit_that_fails_is_answered_with_its_status(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, OUT_OF_RANGE, INTERNAL};

    (void)state;
    for (size_t s = 0; s < COUNT_OF(statuses); s++) {
        world.commits = &statuses[s];
        world.commit_count = 1;
        world.commits_done = 0;
        publish("1");
        world_run();
        assert_int_equal(only_reply()->status, statuses[s]);
        world_forget_replies();
    }
}

static void a_stale_batch_is_decided_again_three_times_then_aborted(void **state)
{
    static const enum status commits[] = {ABORTED, ABORTED, ABORTED, ABORTED};

    (void)state;
    world.commits = commits;
    for (size_t losses = 1; losses <= 4; losses++) {
        world.commit_count = losses;
        world.commits_done = 0;
        publish("1");
        world_run();
        assert_int_equal(only_reply()->status, losses < 4 ? OK : ABORTED);
        world_forget_replies();
    }
}

static void an_unknown_commit_that_went_through_is_found_by_its_receipt(void **state)
{
    (void)state;
    publish("1");
    while (world.unit_count == 0) {
        flows_run(world.flows);
        for (; world.ask_count > 0;)
            world_arrive(0, OK, rows_of(world.asks[0]));
    }
    world.is_pg_ready = false;
    world_commit(0, UNKNOWN);
    flows_run(world.flows);
    assert_int_equal(world.reply_count, 0);
    world.is_pg_ready = true;
    store.receipt_request = "1";
    flows_pg_ready(world.flows);
    world_run();
    assert_outcomes("a");
    assert_int_equal(world.commits_done, 0); /* nothing is written twice */
}

/* --- repeats and contradictions --- */

static void a_repeat_of_the_same_request_is_accepted_and_of_another_a_duplicate(void **state)
{
    (void)state;
    store.receipt_request = "1";
    publish("1");
    world_run();
    assert_outcomes("a");
    world_forget_replies();
    publish("2");
    world_run();
    assert_outcomes("d");
    assert_int_equal(world.commits_done, 0);
}

static void the_same_event_with_another_payload_is_refused_and_quarantined(void **state)
{
    (void)state;
    store.receipt_request = "0";
    store.is_other_payload = true;
    publish("1");
    world_run();
    assert_outcomes("r");
    assert_int_equal(store.quarantined, 1);
    assert_int_equal(store.quarantine_keys, 1);
    assert_int_equal(store.receipts + store.keys + store.orders, 0);
}

static void one_event_twice_in_a_batch_has_one_effect(void **state)
{
    struct sample s;

    (void)state;
    fill_sample(&s);
    add(sent, TYPE("OrderPlaced"), &s.placed.base)->id = sent->events[0]->id;
    s.line[0].quantity_micros = 1; /* and once more, saying something else */
    add(sent, TYPE("OrderPlaced"), &s.placed.base)->id = sent->events[0]->id;
    publish("1");
    world_run();
    assert_outcomes("adr");
    assert_int_equal(store.receipts, 1);
    assert_int_equal(store.orders, 1);
    assert_int_equal(store.quarantined, 1);
}

static void one_bad_item_harms_only_itself(void **state)
{
    struct sample s;

    (void)state;
    fill_sample(&s);
    s.content.currency = "XXQ";
    s.placed.number = "2";
    add(sent, TYPE("OrderPlaced"), &s.placed.base);
    add_bytes(sent, TYPE("OrderPlaced"), (ProtobufCBinaryData){2, (uint8_t *)"\x0a\xff"});
    publish("1");
    world_run();
    assert_outcomes("arr");
    assert_int_equal(store.receipts, 1);
    assert_int_equal(store.lines, 2);
    assert_int_equal(store.quarantined, 2);
    assert_int_equal(store.quarantine_keys, 1);
}

static void a_batch_of_bad_items_only_still_reaches_the_quarantine(void **state)
{
    (void)state;
    sent->count = 0;
    add_bytes(sent, TYPE("OrderPlaced"), (ProtobufCBinaryData){2, (uint8_t *)"\x0a\xff"});
    publish("1");
    world_run();
    assert_outcomes("r");
    assert_int_equal(store.quarantined, 1);
    assert_int_equal(store.receipts, 0);
}

/* --- others at the same time --- */

static void
of_two_batches_about_one_document_the_second_asks_after_the_first_committed(void **state)
{
    (void)state;
    publish("1");
    publish("2");
    flows_run(world.flows);
    assert_int_equal(world.ask_count, 4); /* of the first only */
    while (world.unit_count == 0) {
        flows_run(world.flows);
        while (world.ask_count > 0)
            world_arrive(0, OK, rows_of(world.asks[0]));
    }
    assert_int_equal(world.ask_count, 0);
    store.receipt_request = "1";
    store.knows_names = true;
    world_commit(0, OK);
    world_run();
    assert_int_equal(world.reply_count, 2);
    assert_string_equal(world.replies[0]->id, "1");
    assert_int_equal(world.replies[1]->status, OK);
    assert_int_equal(world.commits_done, 0);
}

static void a_key_limited_to_a_source_publishes_from_no_other(void **state)
{
    static char *sources[] = {"other"};

    (void)state;
    world.key.publish = sources;
    publish("1");
    world_run();
    assert_int_equal(only_reply()->status, PERMISSION_DENIED);
    assert_string_equal(only_reply()->violations[0]->field, "events[0].source");
    assert_int_equal(world.arrivals, 0);
}

static void what_is_no_batch_is_refused(void **state)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    (void)state;
    request.id = "1";
    request.type = "kehu.bus.v1.Publish";
    world_send(&request);
    world_run();
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

/* --- the deadline and the memory, at every place --- */

static void the_deadline_may_pass_at_every_place(void **state)
{
    (void)state;
    for (int place_of = 0; place_of < 8; place_of++) {
        publish("1");
        for (int arrived = 0; arrived < place_of; arrived++) {
            flows_run(world.flows);
            if (world.ask_count > 0)
                world_arrive(0, OK, rows_of(world.asks[0]));
        }
        flows_run(world.flows);
        world_pass(31 * SECOND_US);
        assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
        world_run(); /* the rest arrives to nobody */
        assert_int_equal(world.reply_count, 1);
        world_forget_replies();
    }
}

static void with_too_little_memory_it_is_refused_and_written_whole_or_not_at_all(void **state)
{
    unsigned refused = 0, answered = 0;
    struct sample s;

    (void)state;
    fill_sample(&s);
    s.content.currency = "XXQ";
    add(sent, TYPE("OrderPlaced"), &s.placed.base);
    world_close();
    for (size_t bytes = 544; bytes < 64 * 1024; bytes += bytes < 24 * 1024 ? 16 : 512) {
        flow_limits.max_arena_bytes = bytes;
        begin_world();
        publish("1");
        world_run();
        if ((enum status)only_reply()->status == OK) {
            assert_outcomes("ar");
            answered++;
        } else {
            assert_true(world_is_too_large(only_reply()));
            if (store.receipts > 0) /* committed: whoever sent it must repeat it */
                assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
            /* The answer alone may have found no room: then all is written, and the repeat says so.
             */
            assert_int_equal(store.orders, store.receipts);
            assert_int_equal(store.lines, 2 * store.receipts);
            assert_int_equal(store.quarantined, store.receipts);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 100, 100000);
    assert_in_range(answered, 50, 100000);
    begin_world();
}

#define PUBLISH_TEST(test) cmocka_unit_test_setup_teardown(test, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PUBLISH_TEST(a_new_order_is_written_whole_in_every_order_of_arrival),
        PUBLISH_TEST(an_order_of_a_known_customer_makes_no_other),
        PUBLISH_TEST(an_order_of_a_merged_customer_is_told_of_the_survivor),
        PUBLISH_TEST(a_customer_made_by_another_batch_meanwhile_is_found_after_the_claim),
        PUBLISH_TEST(each_ask_that_fails_ends_it_and_nothing_is_written),
        PUBLISH_TEST(a_commit_that_fails_is_answered_with_its_status),
        PUBLISH_TEST(a_stale_batch_is_decided_again_three_times_then_aborted),
        PUBLISH_TEST(an_unknown_commit_that_went_through_is_found_by_its_receipt),
        PUBLISH_TEST(a_repeat_of_the_same_request_is_accepted_and_of_another_a_duplicate),
        PUBLISH_TEST(the_same_event_with_another_payload_is_refused_and_quarantined),
        PUBLISH_TEST(one_event_twice_in_a_batch_has_one_effect),
        PUBLISH_TEST(one_bad_item_harms_only_itself),
        PUBLISH_TEST(a_batch_of_bad_items_only_still_reaches_the_quarantine),
        PUBLISH_TEST(of_two_batches_about_one_document_the_second_asks_after_the_first_committed),
        PUBLISH_TEST(a_key_limited_to_a_source_publishes_from_no_other),
        PUBLISH_TEST(what_is_no_batch_is_refused),
        PUBLISH_TEST(the_deadline_may_pass_at_every_place),
        PUBLISH_TEST(with_too_little_memory_it_is_refused_and_written_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
