/*
 * What the bus carries: many messages, slow and vanished peers, messages too large or of the wrong
 * shape, and a loop that sleeps when nothing is to be done.
 */
#include "common/bus.h"

#include "tests/unit/bus_scene.h"

static bool act_ten_thousand(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    char text[20];
    bool good = true;

    for (int sent = 0, heard = 0; good && heard < 10000;) {
        while (good && sent < 10000 && sent - heard < 40) {
            snprintf(text, sizeof(text), "%d.", sent++);
            good = tell(dealer, text);
        }
        snprintf(text, sizeof(text), "%d.", heard++);
        good = good && hears(dealer, text);
    }
    zmq_close(dealer);
    return good;
}

static void ten_thousand_messages_through_one_client_do_not_stall(void **state)
{
    struct scene *scene = *state;

    play(scene, act_ten_thousand);
    assert_int_equal(scene->counters.sent, 10000);
    assert_int_equal(scene->counters.waiting_answers, 0);
}

static bool act_fifty_clients(struct scene *scene)
{
    void *dealers[50];
    bool good = true;

    for (size_t i = 0; i < COUNT_OF(dealers); i++)
        dealers[i] = dial(scene, &scene->shop, NULL);
    for (int round = 0; good && round < 20; round++) {
        for (size_t i = 0; i < COUNT_OF(dealers); i++)
            for (int n = 0; n < 10; n++)
                good = good && tell(dealers[i], "x");
        for (size_t i = 0; i < COUNT_OF(dealers); i++)
            for (int n = 0; n < 10; n++)
                good = good && hears(dealers[i], "x");
    }
    for (size_t i = 0; i < COUNT_OF(dealers); i++)
        zmq_close(dealers[i]);
    return good;
}

static void ten_thousand_messages_through_fifty_clients_do_not_stall(void **state)
{
    struct scene *scene = *state;

    play(scene, act_fifty_clients);
    assert_int_equal(scene->counters.sent, 10000);
}

static bool act_slow(struct scene *scene)
{
    int high_water = 10, buffer = 65536;
    void *slow = dial(scene, &scene->shop, NULL);
    void *quick = dial(scene, &scene->other, NULL);
    bool good = true;
    int heard = 0;
    char text[20];

    /* These take effect on the next connection. */
    zmq_disconnect(slow, bus_endpoint(scene->bus));
    zmq_setsockopt(slow, ZMQ_RCVHWM, &high_water, sizeof(high_water));
    zmq_setsockopt(slow, ZMQ_RCVBUF, &buffer, sizeof(buffer));
    zmq_connect(slow, bus_endpoint(scene->bus));
    for (int i = 0; good && i < 1500; i++) {
        snprintf(text, sizeof(text), "%d.", i);
        good = tell(slow, text);
        if (i % 5 == 0)
            good = good && tell(quick, text) && hears(quick, text);
    }
    /* What was kept for the slow one comes from the first on, in order and without a gap. */
    for (; good; heard++) {
        int wait_ms = 1000;

        zmq_setsockopt(slow, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
        snprintf(text, sizeof(text), "%d.", heard);
        if (!hears(slow, text))
            break;
    }
    good = good && tell(slow, "again") && hears(slow, "again");
    zmq_close(slow);
    zmq_close(quick);
    return good && heard > 100 && heard < 1500;
}

static void a_slow_peer_does_not_hold_up_others(void **state)
{
    struct scene *scene = *state;

    scene->padding = 100000;
    play(scene, act_slow);
    assert_true(scene->counters.dropped_full > 0);
    assert_int_equal(scene->counters.sent + scene->counters.dropped_full, 1801);
    assert_int_equal(scene->counters.waiting_answers, 0);
    assert_int_equal(scene->counters.waiting_bytes, 0);
}

static bool act_oversized(struct scene *scene)
{
    void *large = dial(scene, &scene->shop, NULL);
    void *small = dial(scene, &scene->other, NULL);
    char *bytes = calloc(1, MESSAGE_MAX + 1);
    bool good = tell(small, "one") && hears(small, "one");

    good = good && zmq_send(large, bytes, MESSAGE_MAX + 1, 0) > 0 && hears_nothing(large);
    good = good && tell(small, "two") && hears(small, "two");
    zmq_close(large);
    large = dial(scene, &scene->shop, NULL);
    good = good && tell(large, "back") && hears(large, "back");
    zmq_close(large);
    zmq_close(small);
    free(bytes);
    return good;
}

static void an_oversized_message_closes_only_its_connection(void **state)
{
    struct scene *scene = *state;

    play(scene, act_oversized);
    assert_int_equal(scene->counters.received, 3);
}

static bool act_frames(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    bool good = true;

    zmq_send(dealer, "", 0, ZMQ_SNDMORE);
    zmq_send(dealer, "as REQ does", 11, 0);
    for (int i = 0; i < 2000; i++)
        zmq_send(dealer, "many", 4, ZMQ_SNDMORE);
    zmq_send(dealer, "last", 4, 0);
    good = tell(dealer, "right") && hears(dealer, "right");
    good = good && tell(dealer, "") && hears(dealer, "");
    zmq_close(dealer);
    return good;
}

static void a_message_of_too_many_frames_is_dropped_whole(void **state)
{
    struct scene *scene = *state;

    play(scene, act_frames);
    assert_int_equal(scene->counters.bad_frames, 2);
    assert_int_equal(scene->counters.received, 2);
}

static bool act_vanish(struct scene *scene)
{
    void *gone = dial(scene, &scene->shop, NULL);
    void *stays = dial(scene, &scene->other, NULL);
    bool good = tell(gone, "one") && hears(gone, "one") && tell(gone, "keep");

    pause_ms(200);
    zmq_close(gone);
    pause_ms(300);
    good = good && tell(stays, "free") && hears(stays, "free");
    zmq_close(stays);
    return good;
}

static void an_answer_to_a_vanished_client_is_dropped_and_counted(void **state)
{
    struct scene *scene = *state;

    play(scene, act_vanish);
    assert_int_equal(scene->counters.dropped_unknown_peer, 1);
    assert_int_equal(scene->counters.waiting_answers, 0);
}

static bool act_pause(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    uint64_t turns;
    bool good = tell(dealer, "pause") && hears(dealer, "pause") && tell(dealer, "more");

    good = good && hears_nothing(dealer);
    turns = loop_turns(scene->loop);
    pause_ms(300);
    good = good && loop_turns(scene->loop) - turns < 20; /* it sleeps although a message waits */
    zmq_close(dealer);
    return good;
}

static void a_paused_bus_reads_no_more_and_lets_the_loop_sleep(void **state)
{
    struct scene *scene = *state;

    play(scene, act_pause);
    assert_int_equal(scene->counters.received, 1);
}

static bool act_idle(struct scene *scene)
{
    void *dealer = dial(scene, &scene->shop, NULL);
    bool good = tell(dealer, "one") && hears(dealer, "one");
    uint64_t turns;

    pause_ms(50);
    turns = loop_turns(scene->loop);
    pause_ms(300);
    good = good && loop_turns(scene->loop) - turns < 20;
    zmq_close(dealer);
    return good;
}

static void an_idle_bus_lets_the_loop_sleep(void **state)
{
    play(*state, act_idle);
}

static void a_start_that_fails_says_why(void **state)
{
    struct scene *scene = *state;
    struct bus *bus = NULL;

    assert_int_equal(open_bus(scene, bus_endpoint(scene->bus), scene->server.secret_z85, &bus),
                     UNAVAILABLE);
    assert_non_null(strstr(why, bus_endpoint(scene->bus)));
    assert_non_null(strstr(why, "in use"));
    assert_int_equal(open_bus(scene, "tcp://127.0.0.1:*", "short", &bus), INVALID_ARGUMENT);
    assert_non_null(strstr(why, "40 characters of Z85"));
    assert_int_equal(open_bus(scene, "nonsense", scene->server.secret_z85, &bus), INVALID_ARGUMENT);
    assert_null(bus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(ten_thousand_messages_through_one_client_do_not_stall),
        IN_SCENE(ten_thousand_messages_through_fifty_clients_do_not_stall),
        IN_SCENE(a_slow_peer_does_not_hold_up_others),
        IN_SCENE(an_oversized_message_closes_only_its_connection),
        IN_SCENE(a_message_of_too_many_frames_is_dropped_whole),
        IN_SCENE(an_answer_to_a_vanished_client_is_dropped_and_counted),
        IN_SCENE(a_paused_bus_reads_no_more_and_lets_the_loop_sleep),
        IN_SCENE(an_idle_bus_lets_the_loop_sleep),
        IN_SCENE(a_start_that_fails_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
