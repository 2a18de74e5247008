/*
 * A case in people's hands against a scripted store: what one unit writes, every order of arrival,
 * repeats, other versions, each ask failing in turn, losing the race, too little memory at every
 * place.
 */
#include "kehu/complaints/v1/cases.pb-c.h"
#include "kehu/complaints/v1/queries.pb-c.h"
#include "tests/unit/scripted_case.h"

static const struct handler handlers[] = {
    {.type = TYPE("TakeCase"), .step = handle_take_case},
    {.type = TYPE("AddNote"), .step = handle_add_note},
    {.type = TYPE("SendCaseMessage"), .step = handle_send_case_message},
    {.type = TYPE("LogCall"), .step = handle_log_call},
    {.type = TYPE("RejectCase"), .step = handle_reject_case},
    {.type = TYPE("AssignCase"), .step = handle_assign_case},
    {.type = TYPE("LinkCase"), .step = handle_link_case},
    {.type = TYPE("SetSeverity"), .step = handle_set_severity},
    {.type = TYPE("MergeCases"), .step = handle_merge_cases},
    {.type = TYPE("GetCase"), .step = handle_get_case},
};

static struct {
    bool has_left; /* who is named */
    uint32_t queued;
} more;

static void count_writes(const struct pg_unit *unit)
{
    scene_count(unit);
    more.queued += world_rows_written(unit, "cases_put_queue");
}

static PGresult *colleague_row(void)
{
    PGresult *rows = rows_new(9);

    rows_put_id(rows, 0, 0, 3);
    rows_put_null(rows, 0, 1);
    rows_put_null(rows, 0, 2);
    rows_put_text(rows, 0, 3, "wang");
    rows_put_text(rows, 0, 4, "");
    rows_put_text(rows, 0, 5, "complaint_handler");
    rows_put_bool(rows, 0, 6, !more.has_left);
    rows_put_bool(rows, 0, 7, false);
    rows_put_int8(rows, 0, 8, 1);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;

    if (strcmp(name, "colleague_find") == 0)
        return colleague_row();
    return scene_rows(ask);
}

static void begin(void)
{
    memset(&more, 0, sizeof(more));
    scene_begin(handlers, COUNT_OF(handlers));
    world.rows_of = rows_of;
    world.committing = count_writes;
}

/* --- what is asked --- */

static void take(const char *handler, uint64_t expected_version)
{
    Kehu__Complaints__V1__TakeCase ask = KEHU__COMPLAINTS__V1__TAKE_CASE__INIT;

    ask.ref = CASE_REF;
    ask.handler = (char *)handler;
    ask.expected_version = expected_version;
    scene_send(TYPE("TakeCase"), &ask.base);
}

static void note(void)
{
    Kehu__Complaints__V1__AddNote ask = KEHU__COMPLAINTS__V1__ADD_NOTE__INIT;

    ask.ref = CASE_REF;
    ask.text = "已致电仓库";
    scene_send(TYPE("AddNote"), &ask.base);
}

static void call(const char *outcome, bool is_substantive)
{
    Kehu__Complaints__V1__LogCall ask = KEHU__COMPLAINTS__V1__LOG_CALL__INIT;

    ask.ref = CASE_REF;
    ask.outcome = (char *)outcome;
    ask.text = "说明进度";
    ask.substantive = is_substantive;
    scene_send(TYPE("LogCall"), &ask.base);
}

static void reject(void)
{
    Kehu__Complaints__V1__RejectCase ask = KEHU__COMPLAINTS__V1__REJECT_CASE__INIT;

    ask.ref = CASE_REF;
    ask.reason = "非本公司产品";
    scene_send(TYPE("RejectCase"), &ask.base);
}

/* --- the frame --- */

static void one_unit_has_all_of_it_in_every_order_of_arrival(void **state)
{
    unsigned long order = 0;

    (void)state;
    scene.state = CASE_RECEIVED;
    for (bool done = false; !done && order < 6000; order++) {
        scene.saved = scene.entries = scene.events = scene.receipts = scene.audited = 0;
        more.queued = 0;
        world.choices = order;
        take("wang", 0);
        scene_check(OK);
        done = world.choices > 0;
        assert_int_equal(scene.saved, 1);
        assert_int_equal(scene.entries, 1);
        assert_int_equal(scene.events, 2); /* moved, assigned */
        assert_int_equal(scene.receipts, 1);
        assert_int_equal(scene.audited, 1);
        assert_int_equal(more.queued, 1);
    }
    assert_in_range(order, 2, 6000);
}

static void a_leaver_takes_no_case(void **state)
{
    (void)state;
    more.has_left = true;
    take("wang", 0);
    scene_check(FAILED_PRECONDITION);
    assert_int_equal(scene.saved, 0);
}

static void a_key_that_is_no_persons_says_who_takes_it(void **state)
{
    (void)state;
    take("", 0);
    scene_check(INVALID_ARGUMENT);
}

static void another_version_than_expected_is_refused(void **state)
{
    (void)state;
    scene.version = 7;
    take("wang", 6);
    scene_check(FAILED_PRECONDITION);
    take("wang", 7);
    scene_check(OK);
    assert_int_equal(scene.saved, 1);
}

static void a_ref_that_is_none_is_refused_before_anything_is_asked(void **state)
{
    Kehu__Complaints__V1__TakeCase ask = KEHU__COMPLAINTS__V1__TAKE_CASE__INIT;

    (void)state;
    ask.ref = "no such";
    ask.handler = "wang";
    scene_send(TYPE("TakeCase"), &ask.base);
    scene_check(INVALID_ARGUMENT);
    assert_int_equal(world.arrivals, 0);
}

static void who_loses_the_race_decides_again(void **state)
{
    static const enum status twice[] = {ABORTED, ABORTED};

    (void)state;
    world.commits = twice;
    world.commit_count = COUNT_OF(twice);
    take("wang", 0);
    scene_check(OK);
    assert_int_equal(world.commits_done, 3);
}

static void each_ask_that_fails_ends_it_without_a_write(void **state)
{
    (void)state;
    world.fails_with = UNAVAILABLE;
    for (world.fails_at = 0; world.fails_at < 6; world.fails_at++) {
        world.arrivals = 0;
        take("wang", 0);
        scene_check(UNAVAILABLE);
    }
    world.fails_at = -1;
    assert_int_equal(scene.saved + scene.entries, 0);
}

static void with_too_little_memory_it_is_refused_whole(void **state)
{
    unsigned refused = 0, answered = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 8 * 1024; limits.max_arena_bytes < 256 * 1024;
         limits.max_arena_bytes += 509) {
        begin();
        scene.state = CASE_RECEIVED;
        take("wang", 0);
        world_run();
        assert_int_equal(world.reply_count, 1);
        if ((enum status)world.replies[0]->status == OK) {
            assert_int_equal(scene.saved, 1);
            assert_int_equal(scene.events, 2);
            answered++;
        } else {
            assert_true(world_is_too_large(world.replies[0]));
            assert_int_equal(scene.saved, 0);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 5, 1000);
    assert_in_range(answered, 10, 1000);
    begin();
}

static void assign(void)
{
    Kehu__Complaints__V1__AssignCase ask = KEHU__COMPLAINTS__V1__ASSIGN_CASE__INIT;

    ask.ref = CASE_REF;
    ask.team = "售后一组";
    ask.reason = "专业问题";
    scene_send(TYPE("AssignCase"), &ask.base);
}

static void link_it(void)
{
    Kehu__Complaints__V1__LinkCase ask = KEHU__COMPLAINTS__V1__LINK_CASE__INIT;

    ask.ref = CASE_REF;
    ask.customer_ref = "shop:7";
    scene_send(TYPE("LinkCase"), &ask.base);
}

static void weigh(void)
{
    Kehu__Complaints__V1__SetSeverity ask = KEHU__COMPLAINTS__V1__SET_SEVERITY__INIT;
    Kehu__Complaints__V1__SeverityFacts facts = KEHU__COMPLAINTS__V1__SEVERITY_FACTS__INIT;

    ask.ref = CASE_REF;
    ask.reason = "有人受伤";
    ask.severity = &facts;
    facts.safety = KEHU__COMPLAINTS__V1__SEVERITY__SEVERITY_CRITICAL;
    scene_send(TYPE("SetSeverity"), &ask.base);
}

static void merge_it(void)
{
    Kehu__Complaints__V1__MergeCases ask = KEHU__COMPLAINTS__V1__MERGE_CASES__INIT;

    ask.ref = CASE_REF;
    ask.into = "00000000-0000-0000-0000-000000000008";
    ask.reason = "同一件事";
    scene_send(TYPE("MergeCases"), &ask.base);
}

static void send_words(void)
{
    Kehu__Complaints__V1__SendCaseMessage ask = KEHU__COMPLAINTS__V1__SEND_CASE_MESSAGE__INIT;

    ask.ref = CASE_REF;
    ask.text = "我们正在核实";
    scene_send(TYPE("SendCaseMessage"), &ask.base);
}

static void get(void)
{
    Kehu__Complaints__V1__GetCase ask = KEHU__COMPLAINTS__V1__GET_CASE__INIT;

    ask.ref = CASE_REF;
    ask.with_history = true;
    scene_send(TYPE("GetCase"), &ask.base);
}

static void call_with_words(void)
{
    call("reached", true);
}

static void whatever_is_asked_with_too_little_memory_is_refused_and_nothing_breaks(void **state)
{
    void (*const asks[])(void) = {note,  call_with_words, reject,     assign, link_it,
                                  weigh, merge_it,        send_words, get};

    (void)state;
    world_close();
    for (size_t i = 0; i < COUNT_OF(asks); i++) {
        bool was_answered = false;

        for (limits.max_arena_bytes = 4 * 1024; limits.max_arena_bytes < 160 * 1024;
             limits.max_arena_bytes += 251) {
            begin();
            asks[i]();
            world_run();
            assert_int_equal(world.reply_count, 1);
            if (world_is_too_large(world.replies[0]))
                assert_int_equal(scene.saved + scene.receipts + scene.messages, 0);
            else
                was_answered = true;
            world_close();
        }
        assert_true(was_answered);
    }
    begin();
}

static void a_note_leaves_the_row_its_clocks_and_its_version(void **state)
{
    (void)state;
    note();
    scene_check(OK);
    assert_int_equal(scene.messages, 1);
    assert_int_equal(scene.entries, 1);
    assert_int_equal(scene.saved + more.queued + scene.clocks + scene.events, 0);
}

/* --- what reaches him --- */

static void a_call_counts_when_he_was_reached_and_something_was_said(void **state)
{
    (void)state;
    call("no_answer", false);
    scene_check(OK);
    call("reached", false);
    scene_check(OK);
    assert_int_equal(scene.clocks, 0);
    call("reached", true);
    scene_check(OK);
    assert_int_equal(scene.clocks, 1); /* progress */
    call("no_answer", true);
    scene_check(INVALID_ARGUMENT);
    assert_int_equal(scene.messages, 3);
}

static void after_the_answer_a_word_starts_no_clock(void **state)
{
    (void)state;
    scene.state = CASE_CONFIRMATION_DUE;
    call("reached", true);
    scene_check(OK);
    assert_int_equal(scene.clocks, 0);
}

static void a_rejected_case_ends_with_a_notice(void **state)
{
    (void)state;
    reject();
    scene_check(OK);
    assert_int_equal(scene.messages, 1);
    assert_int_equal(scene.events, 2); /* moved, the notice */
    scene.state = CASE_ANSWERED;
    reject();
    scene_check(FAILED_PRECONDITION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(one_unit_has_all_of_it_in_every_order_of_arrival),
        SCENE(a_leaver_takes_no_case),
        SCENE(a_key_that_is_no_persons_says_who_takes_it),
        SCENE(another_version_than_expected_is_refused),
        SCENE(a_ref_that_is_none_is_refused_before_anything_is_asked),
        SCENE(who_loses_the_race_decides_again),
        SCENE(each_ask_that_fails_ends_it_without_a_write),
        SCENE(with_too_little_memory_it_is_refused_whole),
        SCENE(whatever_is_asked_with_too_little_memory_is_refused_and_nothing_breaks),
        SCENE(a_note_leaves_the_row_its_clocks_and_its_version),
        SCENE(a_call_counts_when_he_was_reached_and_something_was_said),
        SCENE(after_the_answer_a_word_starts_no_clock),
        SCENE(a_rejected_case_ends_with_a_notice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
