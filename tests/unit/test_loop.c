/*
 * The turn: its order, when it sleeps and when not, its clock, and how it stops.
 */
#include "common/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/logfmt.h"

struct scene {
    struct loop *loop;
    char order[64];
    int turns_wanted;
    int stops;
    int64_t times_us[2];
    uv_timer_t timer;
};

static int64_t real_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static void first(void *owner)
{
    struct scene *scene = owner;

    if (strlen(scene->order) < sizeof(scene->order) - 2)
        strcat(scene->order, "a");
}

static void second(void *owner)
{
    struct scene *scene = owner;

    if (strlen(scene->order) < sizeof(scene->order) - 2)
        strcat(scene->order, "b");
}

static void again_or_stop(void *owner)
{
    struct scene *scene = owner;

    if (loop_turns(scene->loop) < (uint64_t)scene->turns_wanted)
        loop_turn_again(scene->loop);
    else
        loop_stop(scene->loop);
}

static int open_scene(void **state)
{
    static struct scene scene;

    logfmt_set_enabled(false);
    memset(&scene, 0, sizeof(scene));
    scene.loop = loop_new();
    *state = &scene;
    return scene.loop ? 0 : -1;
}

static int close_scene(void **state)
{
    loop_free(((struct scene *)*state)->loop);
    return 0;
}

static void stations_run_in_the_order_added_once_a_turn(void **state)
{
    struct scene *scene = *state;

    scene->turns_wanted = 3;
    loop_add_station(scene->loop, "first", first, scene);
    loop_add_station(scene->loop, "second", second, scene);
    loop_add_station(scene->loop, "last", again_or_stop, scene);
    loop_run(scene->loop, NULL, NULL);
    assert_string_equal(scene->order, "ababab");
    assert_int_equal(loop_turns(scene->loop), 3);
}

static void a_station_with_more_to_do_keeps_the_loop_awake(void **state)
{
    struct scene *scene = *state;
    int64_t from_us = real_us();

    scene->turns_wanted = 1000;
    loop_add_station(scene->loop, "last", again_or_stop, scene);
    loop_run(scene->loop, NULL, NULL);
    assert_true(real_us() - from_us < 2 * SECOND_US);
}

static void stop_by_timer(uv_timer_t *timer)
{
    loop_stop(((struct scene *)timer->data)->loop);
}

static void start_timer(struct scene *scene, uv_timer_cb called, uint64_t ms)
{
    uv_timer_init(loop_uv(scene->loop), &scene->timer);
    scene->timer.data = scene;
    uv_timer_start(&scene->timer, called, ms, 0);
}

static void once_more(void *owner)
{
    struct scene *scene = owner;

    if (scene->turns_wanted-- > 0)
        loop_turn_again(scene->loop);
}

static void the_loop_sleeps_again_once_nobody_has_more_to_do(void **state)
{
    struct scene *scene = *state;

    scene->turns_wanted = 10;
    loop_add_station(scene->loop, "once-more", once_more, scene);
    start_timer(scene, stop_by_timer, 200);
    loop_run(scene->loop, NULL, NULL);
    assert_true(loop_turns(scene->loop) >= 11);
    assert_true(loop_turns(scene->loop) < 20);
}

static void note_time(void *owner)
{
    struct scene *scene = owner;
    struct timespec pause = {0, 2000000};

    if (scene->times_us[0])
        return;
    scene->times_us[0] = loop_now_us(scene->loop);
    nanosleep(&pause, NULL);
    scene->times_us[1] = loop_now_us(scene->loop);
}

static void the_time_stands_still_within_a_turn(void **state)
{
    struct scene *scene = *state;

    loop_add_station(scene->loop, "note-time", note_time, scene);
    loop_add_station(scene->loop, "last", again_or_stop, scene);
    loop_run(scene->loop, NULL, NULL);
    assert_int_equal(scene->times_us[0], scene->times_us[1]);
}

static void note_and_stop(uv_timer_t *timer)
{
    struct scene *scene = timer->data;

    scene->times_us[0] = loop_now_us(scene->loop);
    scene->times_us[1] = real_us();
    loop_stop(scene->loop);
}

static void a_callback_after_a_sleep_sees_the_time_after_it(void **state)
{
    struct scene *scene = *state;

    start_timer(scene, note_and_stop, 100);
    loop_run(scene->loop, NULL, NULL);
    assert_in_range(scene->times_us[1] - scene->times_us[0], 0, 50000);
}

static void the_virtual_clock_is_real_time_plus_its_offset(void **state)
{
    struct scene *scene = *state;

    loop_set_clock_offset(scene->loop, 10 * DAY_US);
    assert_in_range(loop_now_us(scene->loop) - real_us() - 10 * DAY_US + SECOND_US, 0,
                    2 * SECOND_US);
    start_timer(scene, note_and_stop, 1);
    loop_run(scene->loop, NULL, NULL);
    assert_in_range(scene->times_us[0] - scene->times_us[1] - 10 * DAY_US + SECOND_US, 0,
                    2 * SECOND_US);
}

static void count_stop(void *owner)
{
    struct scene *scene = owner;

    scene->stops++;
    start_timer(scene, stop_by_timer, 50);
}

static void raise_both(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
    kill(getpid(), SIGTERM);
    kill(getpid(), SIGINT);
    kill(getpid(), SIGTERM);
}

static void signals_ask_once_to_stop(void **state)
{
    struct scene *scene = *state;
    uv_timer_t raiser;

    uv_timer_init(loop_uv(scene->loop), &raiser);
    uv_timer_start(&raiser, raise_both, 10, 0);
    loop_run(scene->loop, count_stop, scene);
    assert_int_equal(scene->stops, 1);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(stations_run_in_the_order_added_once_a_turn),
        IN_SCENE(a_station_with_more_to_do_keeps_the_loop_awake),
        IN_SCENE(the_loop_sleeps_again_once_nobody_has_more_to_do),
        IN_SCENE(the_time_stands_still_within_a_turn),
        IN_SCENE(a_callback_after_a_sleep_sees_the_time_after_it),
        IN_SCENE(the_virtual_clock_is_real_time_plus_its_offset),
        IN_SCENE(signals_ask_once_to_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
