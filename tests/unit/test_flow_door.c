/*
 * The door: overload, rights, and what an envelope must be.
 */
#include "tests/unit/scripted_work.h"

/* --- overload --- */

static void past_a_keys_limit_its_requests_are_refused_with_a_delay(void **state)
{
    (void)state;
    script.asks = 1;
    world.key.max_in_flight = 2;
    world_ask("1", "t.Look", "");
    world_ask("2", "t.Look", "");
    world_ask("3", "t.Look", "");
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    assert_string_equal(only_reply()->id, "3");
    assert_non_null(only_reply()->retry_after);
    snprintf(world.key.name, sizeof(world.key.name), "%s", "another");
    world_ask("4", "t.Look", "");
    assert_int_equal(world.reply_count, 1);
    assert_int_equal(flows_counters(world.flows)->refused_overload, 1);
    world_run();
    assert_int_equal(world.reply_count, 4);
}

static void past_the_services_limit_requests_are_refused_but_not_the_exempt(void **state)
{
    (void)state;
    script.asks = 1;
    for (unsigned i = 0; i < limits.max_requests; i++)
        world_ask("1", "t.Look", "");
    world_ask("over", "t.Look", "");
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    world_ask("ping", "t.Ping", "");
    world_run();
    assert_int_equal(world.reply_count, limits.max_requests + 2);
    assert_int_equal(world.replies[1]->status, OK);
}

static void parked_polls_have_a_limit_of_their_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < limits.max_polls; i++)
        world_ask("1", "t.Sleep", "");
    world_ask("over", "t.Sleep", "");
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    world_forget_replies();
    flows_run(world.flows);
    flows_wake(world.flows);
    world_run();
    assert_int_equal(world.reply_count, limits.max_polls);
}

static void one_keys_polls_leave_room_for_those_of_others(void **state)
{
    (void)state;
    world.key.max_in_flight = 2;
    for (unsigned i = 0; i < 3; i++)
        world_ask("1", "t.Sleep", "");
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    world_ask("2", "t.Ping", ""); /* health is never refused */
    world_run();
    assert_int_equal(world.replies[1]->status, OK);
    snprintf(world.key.name, sizeof(world.key.name), "%s", "another");
    world_ask("3", "t.Sleep", "");
    flows_run(world.flows);
    assert_int_equal(world.reply_count, 2);
    flows_wake(world.flows);
    world_run();
    assert_int_equal(world.reply_count, 5);
}

/* --- repeats --- */

static void what_is_sent_again_while_it_is_at_work_is_asked_once_and_answered_with_it(void **state)
{
    (void)state;
    script.asks = 1;
    world.is_one_connection = true;
    world_ask("1", "t.Look", "");
    world_ask("1", "t.Look", "");
    flows_run(world.flows);
    world_ask("1", "t.Look", "");
    assert_int_equal(flows_counters(world.flows)->in_flight, 1);
    assert_int_equal(flows_counters(world.flows)->repeats, 2);
    world_run();
    assert_int_equal(world.reply_count, 3);
    assert_string_equal(world.replies[2]->id, "1");
    world_ask("1", "t.Look", ""); /* its answers may have been lost */
    world_run();
    assert_int_equal(world.reply_count, 4);
}

static void however_often_it_is_sent_again_the_answers_are_bounded(void **state)
{
    (void)state;
    script.asks = 1;
    world.is_one_connection = true;
    for (unsigned i = 0; i < 1000; i++)
        world_ask("1", "t.Look", "");
    assert_int_equal(flows_counters(world.flows)->repeats, 999);
    world_run();
    assert_in_range(world.reply_count, 20, 40);
}

static void look_as(const char *source)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    request.id = "1";
    request.type = "t.Look";
    request.source = (char *)source;
    world_send(&request);
}

static void over_another_connection_and_for_another_thing_the_same_id_is_asked_anew(void **state)
{
    (void)state;
    script.asks = 1;
    world_ask("1", "t.Look", "");
    world.is_one_connection = true;
    world_ask("1", "t.Look", "");
    world_ask("1", "t.Look", "another subject");
    world_ask("1", "t.Work", "");
    look_as(world.key.name);
    assert_int_equal(flows_counters(world.flows)->in_flight, 4);
    assert_int_equal(flows_counters(world.flows)->repeats, 1); /* the key speaks for itself */
    look_as("another source");
    assert_int_equal(flows_counters(world.flows)->in_flight, 5);
    assert_int_equal(flows_counters(world.flows)->repeats, 1);
    world_run();
    assert_int_equal(world.reply_count, 6);
}

static void of_a_repeat_that_was_refused_nothing_stays(void **state)
{
    (void)state;
    script.asks = 1;
    world.is_one_connection = true;
    world.key.max_in_flight = 1;
    world_ask("1", "t.Look", "");
    world_ask("2", "t.Look", "");
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    world_run();
    world_ask("2", "t.Look", "");
    world_run();
    assert_int_equal(world.reply_count, 3);
    assert_int_equal(world.replies[2]->status, OK);
}

static void a_poll_must_be_short(void **state)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    static uint8_t payload[65 * 1024];

    (void)state;
    request.id = "1";
    request.type = "t.Sleep";
    request.payload = (ProtobufCBinaryData){sizeof(payload), payload};
    world_send(&request);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

static void past_the_memory_requests_are_refused_but_one_alone_never(void **state)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    static uint8_t payload[140 * 1024]; /* eight times this is over the limit */

    (void)state;
    script.asks = 1;
    request.id = "large";
    request.type = "t.Look";
    request.payload = (ProtobufCBinaryData){sizeof(payload), payload};
    world_send(&request);
    assert_int_equal(world.reply_count, 0);
    world_ask("small", "t.Look", "");
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    world_run();
    assert_int_equal(world.reply_count, 2);
}

/* --- rights and the envelope --- */

static int status_of(const char *type)
{
    world_ask("1", type, "");
    world_run();
    int status = (int)only_reply()->status;

    world_forget_replies();
    return status;
}

static void a_key_may_do_what_it_says_and_no_more(void **state)
{
    (void)state;
    world.key.read_only = true;
    assert_int_equal(status_of("t.Work"), PERMISSION_DENIED);
    assert_int_equal(status_of("t.Look"), OK);
    assert_int_equal(status_of("t.Publish"), PERMISSION_DENIED);
    world.key.read_only = false;
    assert_int_equal(status_of("t.Work"), OK);
    assert_int_equal(status_of("t.Publish"), OK);
    assert_int_equal(status_of("t.Admin"), PERMISSION_DENIED);
    world.key.call_count = world.key.publish_count = 0;
    assert_int_equal(status_of("t.Work"), PERMISSION_DENIED);
    assert_int_equal(status_of("t.Publish"), PERMISSION_DENIED);
    assert_int_equal(status_of("t.Ping"), OK);
    world.key.administer = true;
    assert_int_equal(status_of("t.Work"), OK);
    assert_int_equal(status_of("t.Publish"), OK);
    assert_int_equal(status_of("t.Admin"), OK);
    assert_int_equal(status_of("t.Nothing"), UNIMPLEMENTED);
}

static int status_with(const char *source, const char *actor)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    request.id = "1";
    request.type = "t.Look";
    request.source = (char *)source;
    request.actor = (char *)actor;
    world_send(&request);
    world_run();
    int status = (int)only_reply()->status;

    world_forget_replies();
    return status;
}

static void only_a_key_with_act_for_may_name_an_actor(void **state)
{
    (void)state;
    assert_int_equal(status_with("", "S7"), PERMISSION_DENIED);
    world.key.act_for = true;
    assert_int_equal(status_with("", "S7"), OK);
}

static void a_key_speaks_for_itself_and_for_the_sources_it_publishes(void **state)
{
    static char *sources[] = {"uci"};

    (void)state;
    world.key.publish = sources;
    assert_int_equal(status_with("shop", ""), OK);
    assert_int_equal(status_with("uci", ""), OK);
    assert_int_equal(status_with("other", ""), PERMISSION_DENIED);
}

static void each_field_of_the_envelope_has_its_length(void **state)
{
    static const struct {
        size_t offset, most;
        const char *name;
    } fields[] = {
        {offsetof(Kehu__Bus__V1__Request, id), 64, "id"},
        {offsetof(Kehu__Bus__V1__Request, type), 128, "type"},
        {offsetof(Kehu__Bus__V1__Request, source), 64, "source"},
        {offsetof(Kehu__Bus__V1__Request, subject), 128, "subject"},
        {offsetof(Kehu__Bus__V1__Request, actor), 64, "actor"},
        {offsetof(Kehu__Bus__V1__Request, traceparent), 64, "traceparent"},
        {offsetof(Kehu__Bus__V1__Request, correlation_id), 64, "correlation_id"},
        {offsetof(Kehu__Bus__V1__Request, causation_id), 64, "causation_id"},
    };
    char text[200];

    (void)state;
    world.key.administer = world.key.act_for = true;
    memset(text, 'x', sizeof(text));
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
        request.id = "1";
        request.type = "t.Look";
        *(char **)((char *)&request + fields[i].offset) = text;
        text[fields[i].most + 1] = '\0';
        world_send(&request);
        assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
        assert_string_equal(only_reply()->violations[0]->field, fields[i].name);
        assert_string_equal(only_reply()->id, i == 0 ? "" : "1");
        world_forget_replies();
        text[fields[i].most + 1] = 'x';
        text[fields[i].most] = '\0';
        world_send(&request);
        world_run();
        /* The longest type is no message of ours, but it is let through to be told so. */
        assert_int_equal(only_reply()->status, i == 1 ? UNIMPLEMENTED : OK);
        world_forget_replies();
        text[fields[i].most] = 'x';
    }
    world_ask("", "t.Look", "");
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    world_forget_replies();
    world_ask("1", "", "");
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

static void a_frame_that_is_no_request_is_told_so(void **state)
{
    (void)state;
    world_send_frame((const uint8_t *)"\x0a\xff", 2);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_int_equal(flows_counters(world.flows)->malformed, 1);
    world_forget_replies();
    world_send_frame((const uint8_t *)"", 0);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

static void the_refusal_of_a_bad_field_carries_the_id_of_its_question(void **state)
{
    (void)state;
    world_ask("41", "t.Look", "\xff not UTF-8");
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->violations[0]->field, "subject");
    assert_string_equal(only_reply()->id, "41");
}

static void a_revoked_key_is_told_so_with_the_id_of_its_question(void **state)
{
    static const struct bus_route route = {.length = 5};
    static const uint8_t frame[] = {0x0a, 2, '4', '2'};

    (void)state;
    flows_refuse(world.flows, &route, frame, sizeof(frame));
    assert_string_equal(only_reply()->id, "42");
    assert_int_equal(only_reply()->status, UNAUTHENTICATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(what_is_sent_again_while_it_is_at_work_is_asked_once_and_answered_with_it),
        WORLD_TEST(however_often_it_is_sent_again_the_answers_are_bounded),
        WORLD_TEST(over_another_connection_and_for_another_thing_the_same_id_is_asked_anew),
        WORLD_TEST(of_a_repeat_that_was_refused_nothing_stays),
        WORLD_TEST(past_a_keys_limit_its_requests_are_refused_with_a_delay),
        WORLD_TEST(past_the_services_limit_requests_are_refused_but_not_the_exempt),
        WORLD_TEST(parked_polls_have_a_limit_of_their_own),
        WORLD_TEST(one_keys_polls_leave_room_for_those_of_others),
        WORLD_TEST(a_poll_must_be_short),
        WORLD_TEST(past_the_memory_requests_are_refused_but_one_alone_never),
        WORLD_TEST(a_key_may_do_what_it_says_and_no_more),
        WORLD_TEST(only_a_key_with_act_for_may_name_an_actor),
        WORLD_TEST(a_key_speaks_for_itself_and_for_the_sources_it_publishes),
        WORLD_TEST(each_field_of_the_envelope_has_its_length),
        WORLD_TEST(a_frame_that_is_no_request_is_told_so),
        WORLD_TEST(the_refusal_of_a_bad_field_carries_the_id_of_its_question),
        WORLD_TEST(a_revoked_key_is_told_so_with_the_id_of_its_question),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
