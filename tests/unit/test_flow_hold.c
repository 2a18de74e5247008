/*
 * Subjects: requests about the same one go one after the other, and none waits in a circle.
 */
#include "tests/unit/scripted_work.h"

/* --- subjects --- */

static void commands_of_one_subject_run_in_the_order_of_arrival(void **state)
{
    (void)state;
    script.writes = 1;
    world_ask("a", "t.Work", "customer 1");
    world_ask("b", "t.Work", "customer 1");
    world_ask("c", "t.Work", "customer 2");
    world_ask("q", "t.Look", "customer 1"); /* questions do not queue */
    flows_run(world.flows);
    assert_string_equal(script.order, "a c q ");
    world_run();
    assert_string_equal(script.order, "a c q b ");
    assert_int_equal(world.reply_count, 4);
}

static void requests_that_hold_the_same_subjects_crosswise_do_not_wait_in_a_circle(void **state)
{
    (void)state;
    script.asks = script.writes = 1;
    hold(1, 2);
    world_ask("a", "t.Work", "");
    flows_run(world.flows);
    hold(2, 1);
    world_ask("b", "t.Work", "");
    flows_run(world.flows);
    hold(2, 3);
    world_ask("c", "t.Work", "");
    flows_run(world.flows);
    hold(4, 4); /* the same twice is held once */
    world_ask("d", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(flows_counters(world.flows)->waiting_subjects, 2);
    world_run();
    assert_int_equal(world.reply_count, 4);
    assert_string_equal(script.held, "a d b c ");
}

static void subjects_stay_held_while_a_stale_unit_decides_again(void **state)
{
    (void)state;
    script.writes = 1;
    hold(1, 2);
    world_ask("a", "t.Work", "");
    world_ask("b", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 1);
    world_commit(0, ABORTED);
    flows_run(world.flows);
    assert_string_equal(script.held, "a a ");
    world_commit(0, OK);
    flows_run(world.flows);
    assert_string_equal(script.held, "a a b ");
    world_run();
    assert_int_equal(world.reply_count, 2);
}

static void who_waits_for_a_subject_is_answered_at_his_deadline(void **state)
{
    (void)state;
    script.writes = 1;
    hold(1, 2);
    world_ask("a", "t.Work", "");
    send_with_deadline("b", "t.Work", world.now_us + 2 * SECOND_US, 0);
    world_ask("c", "t.Work", "");
    flows_run(world.flows);
    world_pass(3 * SECOND_US);
    assert_string_equal(only_reply()->id, "b");
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_run();
    assert_string_equal(script.held, "a c ");
    assert_int_equal(world.reply_count, 3);
}

static void who_holds_a_subject_gives_it_up_at_his_deadline(void **state)
{
    (void)state;
    script.writes = 1;
    hold(1, 2);
    send_with_deadline("a", "t.Work", world.now_us + 2 * SECOND_US, 0);
    world_ask("b", "t.Work", "");
    flows_run(world.flows);
    world_pass(3 * SECOND_US);
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 2); /* a's is still under way: the guards protect b's */
    assert_string_equal(script.held, "a b ");
    world_run();
    assert_int_equal(world.reply_count, 2);
    assert_int_equal(world.replies[1]->status, OK);
}

static void a_subject_is_free_again_after_a_refusal(void **state)
{
    (void)state;
    script.asks = 1;
    hold(1, 2);
    world.fails_at = 0;
    world.fails_with = UNAVAILABLE;
    world_ask("a", "t.Work", "");
    world_ask("b", "t.Work", "");
    world_run();
    assert_int_equal(world.reply_count, 2);
    assert_int_equal(world.replies[0]->status, UNAVAILABLE);
    assert_int_equal(world.replies[1]->status, OK);
}

static void subjects_differ_by_kind_and_by_where_their_parts_end(void **state)
{
    (void)state;
    uint64_t hash = flow_subject_hash("event", TEXT_OF("ab"), TEXT_OF("c"));

    assert_true(hash == flow_subject_hash("event", TEXT_OF("ab"), TEXT_OF("c")));
    assert_true(hash != flow_subject_hash("event", TEXT_OF("a"), TEXT_OF("bc")));
    assert_true(hash != flow_subject_hash("document", TEXT_OF("ab"), TEXT_OF("c")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(commands_of_one_subject_run_in_the_order_of_arrival),
        WORLD_TEST(requests_that_hold_the_same_subjects_crosswise_do_not_wait_in_a_circle),
        WORLD_TEST(subjects_stay_held_while_a_stale_unit_decides_again),
        WORLD_TEST(who_waits_for_a_subject_is_answered_at_his_deadline),
        WORLD_TEST(who_holds_a_subject_gives_it_up_at_his_deadline),
        WORLD_TEST(a_subject_is_free_again_after_a_refusal),
        WORLD_TEST(subjects_differ_by_kind_and_by_where_their_parts_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
