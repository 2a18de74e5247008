/*
 * What comes back about a case against a scripted store: receipts and bounces of messages, the day
 * after an acceptance, what the complainant replies.
 */
#include "common/timer.h"
#include "kehu/complaints/v1/cases.pb-c.h"
#include "services/complaints/handlers/case_heard.h"
#include "tests/unit/scripted_case.h"

#define MESSAGE "00000000-0000-0000-0000-000000000009"

static const struct handler handlers[] = {
    {.type = TYPE("RecordDelivery"), .step = handle_record_delivery},
    {.type = TYPE("RecordReply"), .step = handle_record_reply},
};

/* The message that is asked for, and what becomes of it. */
static struct {
    bool has_message, is_answer;
    enum delivery delivery;
    const char *channel;
    int64_t closed_us, delivery_us;
    uint32_t deliveries, armed, disarmed, settled, added;
} more;

static void count_writes(const struct pg_unit *unit)
{
    scene_count(unit);
    more.deliveries += world_rows_written(unit, "case_message_save_delivery");
    more.armed += world_rows_written(unit, "timer_arm");
    more.disarmed += world_find_write(unit, "timer_disarm") != NULL;
    more.settled += world_find_write(unit, "timer_settle") != NULL;
    more.added += world_rows_written(unit, "cases_add");
}

static PGresult *message_row(void)
{
    PGresult *rows = rows_new(12);

    if (!more.has_message)
        return rows;
    rows_put_id(rows, 0, 0, 5);
    rows_put_id(rows, 0, 1, more.is_answer ? 6 : 9);
    rows_put_time(rows, 0, 2, world.now_us - 3600 * SECOND_US);
    rows_put_bool(rows, 0, 3, false);
    rows_put_bool(rows, 0, 4, false);
    rows_put_text(rows, 0, 5, "我们正在核实");
    rows_put_text(rows, 0, 6, more.channel ? more.channel : "email");
    rows_put_text(rows, 0, 7, "li");
    rows_put_bool(rows, 0, 8, true);
    rows_put_text(rows, 0, 9, delivery_name(more.delivery));
    rows_put_time(rows, 0, 10, more.delivery_us ? more.delivery_us : world.now_us - SECOND_US);
    rows_put_text(rows, 0, 11, "[]");
    return rows;
}

static PGresult *number_row(void)
{
    PGresult *rows = rows_new(3);

    rows_put_text(rows, 0, 0, "TS");
    rows_put_int4(rows, 0, 1, 20717 - 10957);
    rows_put_int4(rows, 0, 2, 12);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows;

    if (strcmp(name, "case_message_find") == 0)
        return message_row();
    if (strcmp(name, "case_intake_numbers") == 0)
        return number_row();
    rows = scene_rows(ask);
    if (rows && more.closed_us)
        rows_put_time(rows, 0, 41, more.closed_us);
    return rows;
}

static void begin(void)
{
    memset(&more, 0, sizeof(more));
    scene_begin(handlers, COUNT_OF(handlers));
    world.rows_of = rows_of;
    world.committing = count_writes;
}

static void deliver(const char *outcome)
{
    Kehu__Complaints__V1__RecordDelivery ask = KEHU__COMPLAINTS__V1__RECORD_DELIVERY__INIT;

    ask.ref = CASE_REF;
    ask.message_id = MESSAGE;
    ask.outcome = (char *)outcome;
    scene_send(TYPE("RecordDelivery"), &ask.base);
}

static void reply(const char *text)
{
    Kehu__Complaints__V1__RecordReply ask = KEHU__COMPLAINTS__V1__RECORD_REPLY__INIT;

    ask.ref = CASE_REF;
    ask.text = (char *)text;
    scene_send(TYPE("RecordReply"), &ask.base);
}

/* --- what reaches him --- */

static void a_receipt_makes_a_message_a_word(void **state)
{
    (void)state;
    more.has_message = true;
    deliver("delivered");
    scene_check(OK);
    assert_int_equal(more.deliveries, 1);
    assert_int_equal(scene.clocks, 1);
    assert_int_equal(more.disarmed, 1);
}

static void an_acceptance_waits_a_day_where_no_receipts_come(void **state)
{
    (void)state;
    more.has_message = true;
    deliver("accepted");
    scene_check(OK);
    assert_int_equal(more.armed, 1);
    assert_int_equal(scene.clocks, 0);
    more.channel = "sms"; /* there a receipt will come */
    deliver("accepted");
    scene_check(OK);
    assert_int_equal(more.armed, 1);
}

static void what_is_told_again_or_late_changes_nothing(void **state)
{
    (void)state;
    more.has_message = true;
    more.delivery = DELIVERY_DELIVERED;
    deliver("accepted");
    scene_check(OK);
    deliver("bounced");
    scene_check(OK);
    deliver("delivered");
    scene_check(OK);
    assert_int_equal(more.deliveries + more.armed + scene.clocks, 0);
}

static void a_receipt_counts_after_a_bounce(void **state)
{
    (void)state;
    more.has_message = true;
    more.delivery = DELIVERY_BOUNCED;
    deliver("delivered");
    scene_check(OK);
    assert_int_equal(more.deliveries, 1);
}

static void nothing_is_told_of_a_message_that_is_not_there(void **state)
{
    (void)state;
    deliver("delivered");
    scene_check(NOT_FOUND);
    more.has_message = true;
    deliver("lost");
    scene_check(INVALID_ARGUMENT);
    assert_int_equal(more.deliveries, 0);
}

static void ring(uint8_t message)
{
    struct id id = {{0}};
    struct timer timer = {.key = CASE_HEARD_UNPROVEN ":9",
                          .subject = {{[15] = 5}},
                          .due_at_us = world.now_us,
                          .data = id.bytes,
                          .data_bytes = sizeof(id),
                          .lease = "ours"};

    id.bytes[15] = message;
    assert_true(flows_start_own(world.flows, &(struct flow_own){.type = CASE_HEARD_UNPROVEN,
                                                                .id = timer.key,
                                                                .step = case_heard_unproven_ring,
                                                                .timer = &timer}));
    world_run();
    assert_int_equal(world.reply_count, 0);
}

static void a_day_after_its_acceptance_an_answer_counts_and_he_is_asked(void **state)
{
    (void)state;
    scene.state = CASE_ANSWERED;
    scene.is_answered = true;
    more.has_message = more.is_answer = true;
    more.delivery = DELIVERY_ACCEPTED;
    more.delivery_us = world.now_us - DAY_US;
    ring(6);
    assert_int_equal(more.deliveries, 1);
    assert_int_equal(more.settled, 1);
    assert_int_equal(more.armed + more.disarmed, 0);
    assert_int_equal(scene.entries, 2);
    assert_int_equal(scene.events, 2); /* moved, and whether he is satisfied */
    assert_int_equal(scene.receipts, 0);
}

static void a_day_later_nothing_happens_to_what_bounced_or_is_gone(void **state)
{
    (void)state;
    more.has_message = true;
    more.delivery = DELIVERY_BOUNCED;
    ring(9);
    more.has_message = false;
    ring(9);
    scene.is_unknown = true;
    ring(9);
    assert_int_equal(more.deliveries, 0);
    assert_int_equal(more.settled, 3);
}

static void each_ask_that_fails_ends_it_without_a_write(void **state)
{
    (void)state;
    more.has_message = true;
    world.fails_with = UNAVAILABLE;
    for (world.fails_at = 0; world.fails_at < 6; world.fails_at++) {
        world.arrivals = 0;
        deliver("delivered");
        scene_check(UNAVAILABLE);
        world.arrivals = 0;
        reply("还有一箱");
        scene_check(UNAVAILABLE);
    }
    world.fails_at = -1;
    assert_int_equal(scene.saved + scene.entries + more.deliveries, 0);
}

/* --- what comes back --- */

static void a_reply_to_an_open_case_is_kept_with_it(void **state)
{
    (void)state;
    reply("还有一箱");
    scene_check(OK);
    assert_int_equal(scene.messages, 1);
    assert_int_equal(scene.events + more.added, 0);
}

static void asked_whether_he_is_satisfied_1_confirms_and_2_disputes(void **state)
{
    (void)state;
    scene.state = CASE_CONFIRMATION_DUE;
    reply(" 1 ");
    scene_check(OK);
    assert_int_equal(scene.events, 1);
    assert_int_equal(scene.entries, 1);
    reply("2");
    scene_check(OK);
    assert_int_equal(scene.events, 3); /* disputed, and what else there is */
    assert_int_equal(scene.messages, 3);
    reply("谢谢");
    scene_check(OK);
    assert_int_equal(scene.events, 3);
    scene.severity = SEVERITY_CRITICAL; /* he is called all the same */
    reply("1");
    scene_check(OK);
    assert_int_equal(scene.events, 3);
}

static void row_14_after_14_days_a_reply_reopens_and_a_day_later_it_is_a_new_case(void **state)
{
    (void)state;
    scene.state = CASE_CLOSED;
    more.closed_us = world.now_us - 14 * DAY_US;
    reply("又坏了");
    scene_check(OK);
    assert_int_equal(more.added, 0);
    assert_int_equal(scene.saved, 1);
    assert_int_equal(scene.clocks, 1); /* resolution */
    more.closed_us -= DAY_US;
    reply("又坏了");
    scene_check(OK);
    assert_int_equal(more.added, 1);
}

static void a_case_that_came_again_is_guarded_by_the_version_that_was_read(void **state)
{
    (void)state;
    scene.state = CASE_CLOSED;
    more.closed_us = world.now_us - 15 * DAY_US;
    reply("又坏了");
    scene_check(OK);
    assert_int_equal(more.added, 1);
    assert_int_equal(scene.saved, 1);
    assert_int_equal(scene.entries, 2); /* opened, and of the old one that it came again */
    assert_int_equal(scene.events, 1);  /* the old one stays where it is */
}

static void with_too_little_memory_it_is_refused_and_nothing_breaks(void **state)
{
    (void)state;
    world_close();
    for (limits.max_arena_bytes = 8 * 1024; limits.max_arena_bytes < 160 * 1024;
         limits.max_arena_bytes += 251)
        for (int i = 0; i < 4; i++) {
            begin();
            more.has_message = true;
            scene.state = i == 2 ? CASE_CLOSED : i == 3 ? CASE_CONFIRMATION_DUE : scene.state;
            more.closed_us = i == 2 ? world.now_us - 30 * DAY_US : 0;
            if (i < 2)
                deliver(i == 0 ? "accepted" : "delivered");
            else
                reply(i == 2 ? "又坏了" : "2");
            world_run();
            assert_int_equal(world.reply_count, 1);
            if (world_is_too_large(world.replies[0]))
                assert_int_equal(scene.saved + more.added + more.deliveries, 0);
            else
                assert_int_equal(world.replies[0]->status, OK);
            world_close();
        }
    begin();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(a_receipt_makes_a_message_a_word),
        SCENE(an_acceptance_waits_a_day_where_no_receipts_come),
        SCENE(what_is_told_again_or_late_changes_nothing),
        SCENE(a_receipt_counts_after_a_bounce),
        SCENE(nothing_is_told_of_a_message_that_is_not_there),
        SCENE(a_day_after_its_acceptance_an_answer_counts_and_he_is_asked),
        SCENE(a_day_later_nothing_happens_to_what_bounced_or_is_gone),
        SCENE(each_ask_that_fails_ends_it_without_a_write),
        SCENE(with_too_little_memory_it_is_refused_and_nothing_breaks),
        SCENE(a_reply_to_an_open_case_is_kept_with_it),
        SCENE(asked_whether_he_is_satisfied_1_confirms_and_2_disputes),
        SCENE(row_14_after_14_days_a_reply_reopens_and_a_day_later_it_is_a_new_case),
        SCENE(a_case_that_came_again_is_guarded_by_the_version_that_was_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
