/*
 * One sweep in the scripted world, as both tests of sweeps have it. What the database holds is the
 * test's own: it sets world.rows_of and world.committing after sweep_open.
 */
#ifndef KEHU_TESTS_SCRIPTED_SWEEP_H
#define KEHU_TESTS_SCRIPTED_SWEEP_H

#include "common/sweep.h"
#include "tests/unit/scripted_world.h"

static const struct flow_limits sweep_limits = {.max_requests = 100,
                                                .max_polls = 10,
                                                .max_bytes = 64 * 1024 * 1024,
                                                .max_arena_bytes = 1024 * 1024,
                                                .deadline_us = 30 * SECOND_US};

/* The service's first question: whether rows are due, and when the next one is. */
static const struct pg_statement outlook = {.name = "outlook", .sql = "", .params = {PG_TIME}};

static void sweep_open(const struct handler *handlers, size_t handler_count,
                       const struct sweep *sweep)
{
    world_open(handlers, handler_count, &sweep_limits);
    world.definition.sweeps = sweep;
    world.definition.sweep_count = 1;
    world.service.sweeps = sweeps_new(&world.service);
    assert_non_null(world.service.sweeps);
}

static int sweep_close(void **state)
{
    (void)state;
    sweeps_close(world.service.sweeps);
    world_close();
    sweeps_free(world.service.sweeps);
    return 0;
}

static void sweep_look_now(void)
{
    sweeps_look(world.service.sweeps);
    world_run();
}

static const struct sweep_counters *counters(void)
{
    return sweeps_counters(world.service.sweeps);
}

#endif
