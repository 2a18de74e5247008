/*
 * The loop and its turn. libuv runs timers, then our `prepare` with the stations, then sleeps in
 * poll, whose callbacks bring what arrived; so everything that a turn's callbacks left behind is
 * worked off before the loop sleeps again.
 */
#include "common/loop.h"

#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/logfmt.h"

#define STATIONS_MAX 16
#define STATION_SLOW_NS UINT64_C(1000000000)
#define WARN_EVERY_NS UINT64_C(60000000000)

struct station {
    const char *name;
    loop_station run;
    void *owner;
};

/* Stands apart from struct loop because asking for the time of a const loop may read the clock. */
struct reading {
    int64_t now_us;
    bool stale;
};

struct loop {
    uv_loop_t uv;
    uv_prepare_t prepare;
    uv_idle_t idle; /* active while the loop must not sleep */
    uv_signal_t terminate, interrupt;
    struct station stations[STATIONS_MAX];
    size_t station_count;
    bool again;
    bool stopping;
    struct reading *reading;
    int64_t clock_offset_us;
    uint64_t turns;
    uint64_t warned_ns;
    loop_station on_stop;
    void *on_stop_owner;
};

static void read_time(const struct loop *loop)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    loop->reading->now_us =
        (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000 + loop->clock_offset_us;
    loop->reading->stale = false;
}

/* A station that blocks holds up every request; someone should look, but not at a flood. */
static void warn_slow(struct loop *loop, const struct station *station, uint64_t from_ns,
                      uint64_t until_ns)
{
    char ms[24];

    if (loop->warned_ns && until_ns - loop->warned_ns < WARN_EVERY_NS)
        return;
    loop->warned_ns = until_ns;
    snprintf(ms, sizeof(ms), "%" PRIu64, (until_ns - from_ns) / 1000000);
    logfmt_warning("slow-station", "station", station->name, "ms", ms, NULL);
}

/*
 * The stations run in the order in which they were added, and the order matters: requests are read
 * first, so that they join this turn's batch; then the steps run, which ask; then PostgreSQL and
 * Redis are sent everything that was asked, as one pipeline each; answers go last, so that those
 * made in this turn leave in it. One `prepare` does it all, because libuv would run several in
 * reverse order of starting.
 */
static void run_turn(uv_prepare_t *handle)
{
    struct loop *loop = handle->data;
    uint64_t from_ns = uv_hrtime();

    loop->turns++;
    loop->again = false;
    read_time(loop);
    for (size_t i = 0; i < loop->station_count; i++) {
        struct station *station = &loop->stations[i];
        uint64_t until_ns;

        station->run(station->owner);
        until_ns = uv_hrtime();
        if (until_ns - from_ns > STATION_SLOW_NS)
            warn_slow(loop, station, from_ns, until_ns);
        from_ns = until_ns;
    }
    /* The sleep comes next: whoever asks for the time after it must not get the one before. */
    loop->reading->stale = true;
    if (!loop->again && uv_is_active((uv_handle_t *)&loop->idle))
        uv_idle_stop(&loop->idle);
}

/* Its being active is all that counts: libuv then polls without sleeping. */
static void stay_awake(uv_idle_t *handle)
{
    (void)handle;
}

static void take_signal(uv_signal_t *handle, int number)
{
    struct loop *loop = handle->data;

    (void)number;
    if (loop->stopping)
        return;
    loop->stopping = true;
    if (loop->on_stop)
        loop->on_stop(loop->on_stop_owner);
    else
        loop_stop(loop);
}

struct loop *loop_new(void)
{
    struct loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return NULL;
    loop->reading = calloc(1, sizeof(*loop->reading));
    if (!loop->reading || uv_loop_init(&loop->uv) != 0) {
        free(loop->reading);
        free(loop);
        return NULL;
    }
    uv_prepare_init(&loop->uv, &loop->prepare);
    uv_idle_init(&loop->uv, &loop->idle);
    uv_signal_init(&loop->uv, &loop->terminate);
    uv_signal_init(&loop->uv, &loop->interrupt);
    loop->prepare.data = loop;
    loop->idle.data = loop;
    loop->terminate.data = loop;
    loop->interrupt.data = loop;
    read_time(loop);
    loop->reading->stale = true;
    return loop;
}

static void close_left(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void loop_free(struct loop *loop)
{
    int closed;

    if (!loop)
        return;
    /* Handles that modules are still closing get their callbacks in this last run. */
    uv_walk(&loop->uv, close_left, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    closed = uv_loop_close(&loop->uv);
    assert(closed == 0);
    (void)closed;
    free(loop->reading);
    free(loop);
}

uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

void loop_add_station(struct loop *loop, const char *name, loop_station station, void *owner)
{
    assert(loop->station_count < STATIONS_MAX);
    loop->stations[loop->station_count++] = (struct station){name, station, owner};
}

void loop_turn_again(struct loop *loop)
{
    loop->again = true;
    if (!uv_is_active((uv_handle_t *)&loop->idle) && !uv_is_closing((uv_handle_t *)&loop->idle))
        uv_idle_start(&loop->idle, stay_awake);
}

void loop_run(struct loop *loop, loop_station on_stop, void *owner)
{
    loop->on_stop = on_stop;
    loop->on_stop_owner = owner;
    loop->stopping = false;
    /* A peer that went away must be a failed write, not the end of the process. */
    signal(SIGPIPE, SIG_IGN);
    uv_prepare_start(&loop->prepare, run_turn);
    uv_signal_start(&loop->terminate, take_signal, SIGTERM);
    uv_signal_start(&loop->interrupt, take_signal, SIGINT);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_signal_stop(&loop->terminate);
    uv_signal_stop(&loop->interrupt);
    uv_prepare_stop(&loop->prepare);
    uv_idle_stop(&loop->idle);
}

void loop_stop(struct loop *loop)
{
    uv_stop(&loop->uv);
}

int64_t loop_now_us(const struct loop *loop)
{
    if (loop->reading->stale)
        read_time(loop);
    return loop->reading->now_us;
}

int64_t loop_real_us(const struct loop *loop)
{
    return loop_now_us(loop) - loop->clock_offset_us;
}

void loop_set_clock_offset(struct loop *loop, int64_t offset_us)
{
    loop->clock_offset_us = offset_us;
    read_time(loop);
}

uint64_t loop_turns(const struct loop *loop)
{
    return loop->turns;
}
