/*
 * From a proposal to a confirmed end against a scripted store: what one unit writes, every order of
 * arrival, each ask failing in turn, losing the race against another change, too little memory at
 * every place.
 */
#include "kehu/complaints/v1/cases.pb-c.h"
#include "tests/unit/scripted_case.h"

static const struct handler handlers[] = {
    {.type = TYPE("ProposeSolution"), .step = handle_propose_solution},
    {.type = TYPE("AgreeSolution"), .step = handle_agree_solution},
    {.type = TYPE("AnswerCase"), .step = handle_answer_case},
    {.type = TYPE("ConfirmCase"), .step = handle_confirm_case},
    {.type = TYPE("RateCase"), .step = handle_rate_case},
    {.type = TYPE("SetCause"), .step = handle_set_cause},
    {.type = TYPE("SaveSubtask"), .step = handle_save_subtask},
    {.type = TYPE("CloseCase"), .step = handle_close_case},
};

static void begin(void)
{
    scene_begin(handlers, COUNT_OF(handlers));
}

static void answer(bool is_spoken)
{
    Kehu__Complaints__V1__AnswerCase ask = KEHU__COMPLAINTS__V1__ANSWER_CASE__INIT;

    ask.ref = CASE_REF;
    ask.text = "明天换货";
    ask.channel = is_spoken ? "" : "sms";
    ask.spoken = is_spoken;
    scene_send(TYPE("AnswerCase"), &ask.base);
}

static void propose(int64_t yuan)
{
    Kehu__Complaints__V1__ProposeSolution ask = KEHU__COMPLAINTS__V1__PROPOSE_SOLUTION__INIT;
    Kehu__Complaints__V1__Remedy remedy = KEHU__COMPLAINTS__V1__REMEDY__INIT;

    ask.ref = CASE_REF;
    ask.text = "退款";
    ask.remedy = &remedy;
    remedy.kind = "refund";
    remedy.amount_micros = yuan * 1000000;
    scene_send(TYPE("ProposeSolution"), &ask.base);
}

static void agree(void)
{
    Kehu__Complaints__V1__AgreeSolution ask = KEHU__COMPLAINTS__V1__AGREE_SOLUTION__INIT;

    ask.ref = CASE_REF;
    scene_send(TYPE("AgreeSolution"), &ask.base);
}

static void rate(uint32_t rating)
{
    Kehu__Complaints__V1__RateCase ask = KEHU__COMPLAINTS__V1__RATE_CASE__INIT;

    ask.ref = CASE_REF;
    ask.rating = rating;
    scene_send(TYPE("RateCase"), &ask.base);
}

static void close_it(void)
{
    Kehu__Complaints__V1__CloseCase ask = KEHU__COMPLAINTS__V1__CLOSE_CASE__INIT;

    ask.ref = CASE_REF;
    scene_send(TYPE("CloseCase"), &ask.base);
}

static void save_subtask(const char *unit)
{
    Kehu__Complaints__V1__SaveSubtask ask = KEHU__COMPLAINTS__V1__SAVE_SUBTASK__INIT;
    Kehu__Complaints__V1__Subtask subtask = KEHU__COMPLAINTS__V1__SUBTASK__INIT;
    Google__Protobuf__Timestamp due = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

    ask.ref = CASE_REF;
    ask.subtask = &subtask;
    subtask.unit = (char *)unit;
    subtask.text = "查批次";
    due.seconds = 1790100000;
    subtask.due_at = &due;
    scene_send(TYPE("SaveSubtask"), &ask.base);
}

static void one_unit_has_all_of_a_spoken_answer_in_every_order_of_arrival(void **state)
{
    unsigned long order = 0;

    (void)state;
    for (bool done = false; !done && order < 3000; order++) {
        scene.saved = scene.entries = scene.messages = scene.events = scene.receipts = 0;
        scene.audited = scene.clocks = 0;
        world.choices = order;
        answer(true);
        scene_check(OK);
        done = world.choices > 0;
        assert_int_equal(scene.saved, 1);
        assert_int_equal(scene.messages, 1);
        assert_int_equal(scene.entries, 2); /* answered, and he is asked */
        /* Both moves, whether he is satisfied, and the invitation to rate. */
        assert_int_equal(scene.events, 4);
        assert_int_equal(scene.receipts, 1);
        assert_int_equal(scene.audited, 1);
        assert_in_range(scene.clocks, 1, 4);
    }
    assert_in_range(order, 2, 3000);
}

static void a_sent_answer_asks_for_its_sending_and_waits_for_the_receipt(void **state)
{
    (void)state;
    answer(false);
    scene_check(OK);
    assert_int_equal(scene.entries, 1);
    assert_int_equal(scene.events, 3); /* the move, the message, the invitation */
}

static void open_subtasks_and_waiting_or_refused_remedies_let_no_answer_out(void **state)
{
    (void)state;
    scene.open_subtasks = 2;
    answer(true);
    scene_check(FAILED_PRECONDITION);
    scene.open_subtasks = 0;
    scene.state = CASE_PROPOSED;
    scene.remedy = REMEDY_REFUND;
    scene.remedy_state = REMEDY_NEEDS_APPROVAL;
    answer(true);
    scene_check(FAILED_PRECONDITION);
    agree();
    scene_check(FAILED_PRECONDITION);
    scene.remedy_state = REMEDY_REFUSED;
    answer(true);
    scene_check(FAILED_PRECONDITION);
    agree();
    scene_check(FAILED_PRECONDITION);
    scene.remedy_state = REMEDY_APPROVED;
    agree();
    scene_check(OK);
    assert_int_equal(scene.messages, 0);
    assert_int_equal(scene.saved, 1);
}

static void where_the_fault_is_ours_an_answer_takes_an_agreement(void **state)
{
    (void)state;
    scene.fault = FAULT_OF_COMPANY;
    answer(true);
    scene_check(FAILED_PRECONDITION);
    scene.state = CASE_AGREED;
    answer(true);
    scene_check(OK);
}

static void an_unknown_case_and_one_outside_of_the_sight_are_refused(void **state)
{
    (void)state;
    scene.is_unknown = true;
    propose(10);
    scene_check(NOT_FOUND);
    scene.is_unknown = false;
    scene.is_unseen = true;
    propose(10);
    scene_check(PERMISSION_DENIED);
    save_subtask("仓库"); /* of what he owes he may record the result, and nothing else */
    scene_check(PERMISSION_DENIED);
    assert_int_equal(scene.saved, 0);
}

static void a_rating_of_5_confirms_one_of_2_disputes_and_3_only_stands(void **state)
{
    (void)state;
    scene.state = CASE_CONFIRMATION_DUE;
    scene.is_answered = true;
    rate(5);
    scene_check(OK);
    assert_int_equal(scene.events, 2); /* confirmed, rated */
    assert_int_equal(scene.messages, 0);
    scene.events = 0;
    rate(2);
    scene_check(OK);
    assert_int_equal(scene.events, 3); /* disputed, the alternatives, rated */
    assert_int_equal(scene.messages, 1);
    scene.events = 0;
    rate(3);
    scene_check(OK);
    assert_int_equal(scene.events, 1);
    assert_int_equal(scene.ratings, 3);
}

static void a_rating_of_5_leaves_a_serious_case_to_the_call_by_another(void **state)
{
    (void)state;
    scene.state = CASE_CONFIRMATION_DUE;
    scene.severity = SEVERITY_SERIOUS;
    scene.is_answered = true;
    rate(5);
    scene_check(OK);
    assert_int_equal(scene.events, 1);
    assert_int_equal(scene.ratings, 1);
}

static void nothing_is_rated_before_an_answer(void **state)
{
    (void)state;
    rate(5);
    scene_check(FAILED_PRECONDITION);
    assert_int_equal(scene.ratings, 0);
}

static void closing_with_open_conditions_names_each_of_them(void **state)
{
    (void)state;
    scene.state = CASE_CONFIRMED;
    scene.confirmation = CONFIRMED_BY_OTHER_CALL;
    scene.open_subtasks = 1;
    close_it();
    world_run();
    assert_int_equal(world.reply_count, 1);
    assert_int_equal(world.replies[0]->status, FAILED_PRECONDITION);
    /* Not delivered, cause, unit, sub-tasks, lesson; the fault is known. */
    assert_int_equal(world.replies[0]->n_violations, 5);
    assert_string_equal(world.replies[0]->violations[0]->field, "condition.delivered");
    assert_string_equal(world.replies[0]->violations[4]->field, "condition.lesson");
    world_forget_replies();
    assert_int_equal(scene.saved, 0);
}

static void who_loses_the_race_decides_again(void **state)
{
    static const enum status once[] = {ABORTED};

    (void)state;
    world.commits = once;
    world.commit_count = COUNT_OF(once);
    answer(true);
    scene_check(OK);
    world.commits_done = 0;
    save_subtask("仓库");
    scene_check(OK);
}

static void each_ask_that_fails_ends_it_without_a_write(void **state)
{
    (void)state;
    world.fails_with = UNAVAILABLE;
    for (world.fails_at = 0; world.fails_at < 7; world.fails_at++) {
        world.arrivals = 0;
        answer(true);
        scene_check(UNAVAILABLE);
        world.arrivals = 0;
        save_subtask("仓库");
        scene_check(UNAVAILABLE);
    }
    world.fails_at = -1;
    assert_int_equal(scene.saved + scene.messages + scene.parts, 0);
}

static void with_too_little_memory_it_is_refused_whole(void **state)
{
    unsigned refused = 0, answered = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 8 * 1024; limits.max_arena_bytes < 256 * 1024;
         limits.max_arena_bytes += 509) {
        begin();
        answer(true);
        world_run();
        assert_int_equal(world.reply_count, 1);
        if ((enum status)world.replies[0]->status == OK) {
            assert_int_equal(scene.messages, 1);
            assert_int_equal(scene.events, 4);
            answered++;
        } else {
            assert_true(world_is_too_large(world.replies[0]));
            assert_int_equal(scene.saved, 0);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 10, 1000);
    assert_in_range(answered, 10, 1000);
    begin();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(one_unit_has_all_of_a_spoken_answer_in_every_order_of_arrival),
        SCENE(a_sent_answer_asks_for_its_sending_and_waits_for_the_receipt),
        SCENE(open_subtasks_and_waiting_or_refused_remedies_let_no_answer_out),
        SCENE(where_the_fault_is_ours_an_answer_takes_an_agreement),
        SCENE(an_unknown_case_and_one_outside_of_the_sight_are_refused),
        SCENE(a_rating_of_5_confirms_one_of_2_disputes_and_3_only_stands),
        SCENE(a_rating_of_5_leaves_a_serious_case_to_the_call_by_another),
        SCENE(nothing_is_rated_before_an_answer),
        SCENE(closing_with_open_conditions_names_each_of_them),
        SCENE(who_loses_the_race_decides_again),
        SCENE(each_ask_that_fails_ends_it_without_a_write),
        SCENE(with_too_little_memory_it_is_refused_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
