/*
 * Redis against a real server of this test's own, on a socket in a temporary folder: every ask
 * arrives exactly once, whatever happens to the server.
 */
#include "common/kv.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SERVER "/usr/bin/redis-server"

static char folder[] = "/tmp/kehu-kv-XXXXXX";
static char path[64];
static pid_t server;
static struct loop *loop;
static struct kv *kv;
static struct arena *arena;

/* One ask and how it ended. */
struct trial {
    struct kv_ask ask;
    int arrivals;
    bool sending; /* within kv_send */
    enum status status;
};

/* What the loop waits for; it stops when it is true, and the test fails after ten seconds. */
static bool (*is_done)(void *what);
static void *done_what;
static unsigned left_ms;

static void check_done(uv_timer_t *timer)
{
    (void)timer;
    if (is_done(done_what) || left_ms == 0)
        loop_stop(loop);
    else
        left_ms--;
}

static void run_until(bool (*done)(void *what), void *what)
{
    uv_timer_t *timer = malloc(sizeof(*timer));

    is_done = done;
    done_what = what;
    left_ms = 10000;
    uv_timer_init(loop_uv(loop), timer);
    uv_timer_start(timer, check_done, 1, 1);
    loop_run(loop, NULL, NULL);
    uv_close((uv_handle_t *)timer, (uv_close_cb)free);
    assert_true(done(what));
}

static bool is_ready(void *what)
{
    (void)what;
    return kv_is_ready(kv);
}

static bool is_down(void *what)
{
    (void)what;
    return !kv_is_ready(kv);
}

static bool has_arrived(void *what)
{
    return ((struct trial *)what)->arrivals > 0;
}

static void arrived(struct kv_ask *ask, enum status status)
{
    struct trial *trial = ask->owner;

    assert_false(trial->sending);
    trial->arrivals++;
    trial->status = status;
}

/* Sends the words, which end in NULL. */
static void ask(struct trial *trial, int timeout_ms, ...) __attribute__((sentinel));

static void ask(struct trial *trial, int timeout_ms, ...)
{
    va_list words;
    const char *word;

    *trial = (struct trial){.sending = true};
    trial->ask.arena = arena;
    trial->ask.timeout_ms = timeout_ms;
    trial->ask.arrived = arrived;
    trial->ask.owner = trial;
    va_start(words, timeout_ms);
    while ((word = va_arg(words, const char *))) {
        trial->ask.argv[trial->ask.argc] = word;
        trial->ask.argv_bytes[trial->ask.argc++] = strlen(word);
    }
    va_end(words);
    kv_send(kv, &trial->ask);
    trial->sending = false;
}

static void start_server(void)
{
    server = fork();
    assert_true(server >= 0);
    if (server == 0) {
        execl(SERVER, SERVER, "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder,
              "--requirepass", "open", "--enable-debug-command", "yes", "--loglevel", "warning",
              "--logfile", "/dev/null", NULL);
        _exit(127);
    }
}

static void stop_server(int signal_number)
{
    kill(server, signal_number);
    waitpid(server, NULL, 0);
}

static int start_once(void **state)
{
    (void)state;
    if (access(SERVER, X_OK) != 0 || !mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/redis.sock", folder);
    start_server();
    return 0;
}

static int stop_once(void **state)
{
    (void)state;
    stop_server(SIGKILL);
    unlink(path);
    return rmdir(folder);
}

static void open_kv(const char *host, const char *password)
{
    const struct kv_options options = {.host = host,
                                       .port = 1, /* nobody listens there */
                                       .password = password,
                                       .prefix = "kehu:test:",
                                       .timeout_ms = 2000,
                                       .max_waiting = 10001};

    loop = loop_new();
    arena = arena_new(1 << 20);
    kv = kv_new(loop, &options);
    kv_connect(kv);
}

static int set_up(void **state)
{
    (void)state;
    open_kv(path, "open");
    run_until(is_ready, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kv_close(kv);
    loop_free(loop);
    kv_free(kv);
    arena_free(arena);
    return 0;
}

static void values_are_set_read_and_missing(void **state)
{
    (void)state;
    struct trial set, get, none, count, error, flush;

    ask(&set, 0, "SET", "a", "客户", NULL);
    ask(&get, 0, "GET", "a", NULL);
    ask(&none, 0, "GET", "b", NULL);
    ask(&count, 0, "INCRBY", "n", "41", NULL);
    ask(&error, 0, "LPUSH", "a", "x", NULL);
    ask(&flush, 0, "FLUSHALL", NULL);
    run_until(has_arrived, &flush);
    assert_int_equal(set.status, OK);
    assert_string_equal(set.ask.value, "OK");
    assert_int_equal(get.status, OK);
    assert_true(get.ask.found);
    assert_string_equal(get.ask.value, "客户");
    assert_int_equal(get.ask.value_bytes, 6);
    assert_int_equal(none.status, OK);
    assert_false(none.ask.found);
    assert_int_equal(count.ask.integer, 41);
    assert_int_equal(error.status, INTERNAL);
    assert_int_equal(flush.status, OK);
    assert_string_equal(kv_prefix(kv), "kehu:test:");
    ask(&get, 0, "GET", "a", NULL);
    run_until(has_arrived, &get);
    assert_false(get.ask.found);
}

static void a_refused_connection_completes_every_ask(void **state)
{
    (void)state;
    static const char *const hosts[] = {"/nowhere/redis.sock", "127.0.0.1", "no.such.host.invalid"};
    struct trial early, late;

    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        open_kv(hosts[i], "");
        ask(&early, 0, "PING", NULL);
        run_until(has_arrived, &early);
        ask(&late, 0, "PING", NULL);
        run_until(has_arrived, &late);
        assert_int_equal(early.status, UNAVAILABLE);
        assert_int_equal(late.status, UNAVAILABLE);
        assert_int_equal(early.arrivals + late.arrivals, 2);
        tear_down(NULL);
    }
}

static void a_wrong_password_never_gets_ready(void **state)
{
    (void)state;
    struct trial trial;

    open_kv(path, "wrong");
    ask(&trial, 0, "PING", NULL);
    run_until(has_arrived, &trial);
    assert_int_equal(trial.status, UNAVAILABLE);
    assert_int_equal(kv_counters(kv)->connects, 0);
    tear_down(NULL);
}

static void a_time_out_completes_everything_pending_once(void **state)
{
    (void)state;
    struct trial sleep, patient, hasty, again;

    ask(&sleep, 0, "DEBUG", "SLEEP", "0.5", NULL);
    ask(&patient, 0, "PING", NULL);
    ask(&hasty, 100, "PING", NULL); /* due before those that were sent before it */
    run_until(has_arrived, &hasty);
    assert_int_equal(hasty.status, DEADLINE_EXCEEDED);
    assert_int_equal(sleep.status, UNAVAILABLE);
    assert_int_equal(patient.status, UNAVAILABLE);
    assert_int_equal(kv_counters(kv)->timeouts, 1);
    assert_int_equal(kv_counters(kv)->waiting, 0);
    run_until(is_ready, NULL);
    ask(&again, 0, "PING", NULL);
    run_until(has_arrived, &again);
    assert_int_equal(again.status, OK);
    assert_int_equal(sleep.arrivals + patient.arrivals + hasty.arrivals + again.arrivals, 4);
}

static void a_killed_server_completes_everything_once_and_comes_back(void **state)
{
    (void)state;
    struct trial trials[3], again;

    ask(&trials[0], 0, "DEBUG", "SLEEP", "5", NULL);
    ask(&trials[1], 0, "PING", NULL);
    ask(&trials[2], 0, "PING", NULL);
    for (int i = 0; i < 20; i++)
        uv_run(loop_uv(loop), UV_RUN_NOWAIT);
    stop_server(SIGKILL);
    run_until(is_down, NULL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(trials[i].arrivals, 1);
        assert_int_equal(trials[i].status, UNAVAILABLE);
    }
    start_server();
    run_until(is_ready, NULL);
    ask(&again, 0, "PING", NULL);
    run_until(has_arrived, &again);
    assert_int_equal(again.status, OK);
    assert_int_equal(kv_counters(kv)->connects, 2);
}

static void ten_thousand_asks_are_pipelined_and_one_more_is_refused(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    struct trial *trials = calloc(COUNT + 2, sizeof(*trials));

    for (int i = 0; i < COUNT + 2; i++)
        ask(&trials[i], 5000, "INCR", "counter", NULL);
    run_until(has_arrived, &trials[COUNT]);
    for (int i = 0; i <= COUNT; i++) {
        assert_int_equal(trials[i].arrivals, 1);
        assert_int_equal(trials[i].status, OK);
        assert_int_equal(trials[i].ask.integer, i + 1);
    }
    assert_int_equal(trials[COUNT + 1].arrivals, 1);
    assert_int_equal(trials[COUNT + 1].status, RESOURCE_EXHAUSTED);
    free(trials);
}

static void what_is_told_is_done_and_nobody_waits(void **state)
{
    const struct kv_ask set = {
        .argc = 3, .argv = {"SET", "told", "yes"}, .argv_bytes = {3, 4, 3}, .arena = arena};
    struct trial get;

    (void)state;
    kv_tell(kv, &set);
    ask(&get, 0, "GET", "told", NULL);
    run_until(has_arrived, &get);
    assert_string_equal(get.ask.value, "yes");
    stop_server(SIGKILL);
    run_until(is_down, NULL);
    kv_tell(kv, &set); /* goes nowhere, and leaks nothing */
    start_server();
    run_until(is_ready, NULL);
}

static void closing_completes_what_is_pending(void **state)
{
    (void)state;
    struct trial pending, after;

    ask(&pending, 0, "PING", NULL);
    kv_close(kv);
    assert_int_equal(pending.arrivals, 1);
    assert_int_equal(pending.status, UNAVAILABLE);
    ask(&after, 0, "PING", NULL);
    assert_int_equal(after.arrivals, 0);
    loop_free(loop);
    assert_int_equal(after.arrivals, 1);
    kv_free(kv);
    arena_free(arena);
}

static void freeing_before_the_loop_is_fine_too(void **state)
{
    (void)state;
    kv_free(kv);
    loop_free(loop);
    arena_free(arena);
    kv_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_are_set_read_and_missing, set_up, tear_down),
        cmocka_unit_test(a_refused_connection_completes_every_ask),
        cmocka_unit_test(a_wrong_password_never_gets_ready),
        cmocka_unit_test_setup_teardown(a_time_out_completes_everything_pending_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_killed_server_completes_everything_once_and_comes_back,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(ten_thousand_asks_are_pipelined_and_one_more_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_told_is_done_and_nobody_waits, set_up, tear_down),
        cmocka_unit_test_setup(closing_completes_what_is_pending, set_up),
        cmocka_unit_test_setup(freeing_before_the_loop_is_fine_too, set_up),
    };

    return cmocka_run_group_tests(tests, start_once, stop_once);
}
