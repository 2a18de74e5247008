/*
 * The customers service with timers of its own, for tests of the floor: `once:…` rings and is done,
 * `monthly:…` arms itself for 30 days later, `late:…` arms another. Each ringing leaves a row in
 * the table tick. It stands in for the real program in a stack whose KEHU_BIN has it under the name
 * customers.
 */
#include <string.h>

#include "common/command.h"
#include "common/service.h"
#include "common/timer.h"
#include "kehu/bus/v1/service.pb-c.h"
#include "services/customers/handler_table.h" /* linked with that service, for its schema */

extern const struct migration migrations_customers[];
extern const size_t migrations_customers_count;

static const struct pg_statement tick_statements[] = {
    {.name = "tick_add",
     .sql = "insert into tick (key, due_at, rang_at) values ($1, $2, $3)",
     .params = {PG_TEXT, PG_TIME, PG_TIME},
     .write = true,
     .rank = 100},
};

static void add_tick(struct request *req)
{
    const struct timer *timer = timer_of(req);
    struct pg_args *args = flow_write(req, &tick_statements[0]);

    pg_put_text(args, 0, timer->key);
    pg_put_time(args, 1, timer->due_at_us);
    pg_put_time(args, 2, req->now_us);
}

static enum flow ring_once(struct request *req)
{
    add_tick(req);
    timer_settle(req, timer_of(req));
    return flow_commit(req, flow_end);
}

static enum flow ring_monthly(struct request *req)
{
    const struct timer *timer = timer_of(req);

    add_tick(req);
    timer_arm(req, timer->key, &timer->subject, timer->due_at_us + 30 * DAY_US, timer->data,
              timer->data_bytes);
    return flow_commit(req, flow_end);
}

/* Stays where it is: its unit never comes. */
static enum flow ring_broken(struct request *req)
{
    return flow_refuse(req, INTERNAL, "broken on purpose");
}

/* A command for tests: a request's own id as its effect, as a timer that is due at once. */
static enum flow decide(struct request *req)
{
    struct command_receipt *seen = req->state;
    Kehu__Bus__V1__Pong pong = KEHU__BUS__V1__PONG__INIT;

    if (command_is_repeat(seen))
        return command_reply_again(req, seen);
    timer_arm(req, arena_print(req->arena, "once:%s", req->id), NULL, req->now_us, "x", 1);
    pong.service = (char *)req->id;
    return command_commit(req, &pong.base);
}

static enum flow arm(struct request *req)
{
    struct command_receipt *seen = request_state(req, sizeof(*seen));

    command_find(req, seen);
    return flow_wait(req, decide);
}

int main(int argc, char **argv)
{
    static const struct handler handlers[] = {
        {.type = "kehu.customers.v1.GetCustomer", .step = arm}};
    static const struct timer_kind kinds[] = {
        {"once", ring_once}, {"monthly", ring_monthly}, {"broken", ring_broken}};
    struct migration migrations[64];
    const struct statements statements[] = {{tick_statements, COUNT_OF(tick_statements)}};

    memcpy(migrations, migrations_customers, migrations_customers_count * sizeof(migrations[0]));
    migrations[migrations_customers_count] =
        (struct migration){"test/001_ticks.sql",
                           "create table tick (key text, due_at timestamptz, rang_at timestamptz,"
                           " at timestamptz default clock_timestamp(), n bigserial)"};
    const struct setting settings[] = {
        {"KEHU_COMPLAINTS_URL", SETTING_TEXT, "", 0, 0, "", false, "Given to the real service."},
    };
    const struct service_definition definition = {
        .name = "customers",
        .settings = settings,
        .setting_count = COUNT_OF(settings),
        .handlers = handlers,
        .handler_count = COUNT_OF(handlers),
        .statements = statements,
        .statement_table_count = COUNT_OF(statements),
        .timer_kinds = kinds,
        .timer_kind_count = COUNT_OF(kinds),
        .migrations = migrations,
        .migration_count = migrations_customers_count + 1,
    };

    return service_main(&definition, argc, argv);
}
