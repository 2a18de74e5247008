/*
 * A log that the test tells, two processes of a service that reads it, a PostgreSQL of the test's
 * own and a real loop. call.c and service.c are played by the test, so they must stay out of the
 * programs that include this.
 */
#ifndef KEHU_TESTS_SCRIPTED_LOG_H
#define KEHU_TESTS_SCRIPTED_LOG_H

#include "common/consume.h"

#include "common/call.h"
#include "common/consume_internal.h"
#include "common/migrate.h"
#include "common/pure/uuid.h"
#include "io/cloudevents/v1/cloudevents.pb-c.h"
#include "kehu/bus/v1/service.pb-c.h"
#include "tests/unit/scripted_server.h"

#define EVENTS_MAX 3000
#define PROCESSES 2

/* Linked with that service, for its schema. */
#include "services/customers/handler_table.h"

extern const struct migration migrations_customers[];
extern const size_t migrations_customers_count;

/* --- the log that is read --- */

struct told {
    const char *type;
    int subject, version;
};

/* A process of the service under test. */
struct process {
    struct service service;
    struct call_ask *ask; /* its Fetch, not answered yet */
};

static struct {
    struct loop *loop;
    struct process processes[PROCESSES];
    struct told events[EVENTS_MAX];
    int count;
    enum status status; /* of the answers */
    bool is_silent;     /* no answers at all */
    int page;           /* events of an answer at most */
    uint32_t most;      /* who asks for more has no answer */
    int fetches;
    bool refuses; /* "test.Refused" cannot be applied now */
    int bootstraps;
} world;

static void tell(const char *type, int subject, int version)
{
    world.events[world.count++] = (struct told){type, subject, version};
}

static struct id subject_of(int n)
{
    struct id id = {{0}};

    id.bytes[14] = (uint8_t)(n / 256);
    id.bytes[15] = (uint8_t)n;
    id.bytes[0] = 1;
    return id;
}

typedef Io__Cloudevents__V1__CloudEvent Event;
typedef Io__Cloudevents__V1__CloudEvent__AttributesEntry Entry;
typedef Io__Cloudevents__V1__CloudEvent__CloudEventAttributeValue Value;

static void add_value(struct arena *arena, Event *event, const char *name, const char *text,
                      int32_t number)
{
    Entry *entry = arena_take(arena, sizeof(*entry));
    Value *value = arena_take(arena, sizeof(*value));

    io__cloudevents__v1__cloud_event__attributes_entry__init(entry);
    io__cloudevents__v1__cloud_event__cloud_event_attribute_value__init(value);
    entry->key = (char *)name;
    entry->value = value;
    value->attr_case =
        text ? IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_STRING
             : IO__CLOUDEVENTS__V1__CLOUD_EVENT__CLOUD_EVENT_ATTRIBUTE_VALUE__ATTR_CE_INTEGER;
    if (text)
        value->ce_string = (char *)text;
    else
        value->ce_integer = number;
    event->attributes[event->n_attributes++] = entry;
}

static Event *event_of(struct arena *arena, const struct told *told)
{
    Event *event = arena_take(arena, sizeof(*event));
    Google__Protobuf__Any *any = arena_take(arena, sizeof(*any));
    struct id subject = subject_of(told->subject);
    char *text = arena_take(arena, UUID_TEXT_BYTES);

    io__cloudevents__v1__cloud_event__init(event);
    google__protobuf__any__init(any);
    uuid_print(&subject, text);
    event->id = arena_print(arena, "e-%d-%d", told->subject, told->version);
    event->source = "customers";
    event->spec_version = "1.0";
    event->type = (char *)told->type;
    event->attributes = arena_take_array(arena, 4, sizeof(Entry *));
    add_value(arena, event, "subject", text, 0);
    add_value(arena, event, "entityversion", NULL, told->version);
    add_value(arena, event, "correlationid", "c-1", 0);
    any->type_url = "type.googleapis.com/test";
    event->data_case = IO__CLOUDEVENTS__V1__CLOUD_EVENT__DATA_PROTO_DATA;
    event->proto_data = any;
    return event;
}

/* Positions are "p<n>": so many were read. */
static enum status answer(struct call_ask *ask, struct arena *arena)
{
    Kehu__Bus__V1__Fetch *fetch =
        kehu__bus__v1__fetch__unpack(arena_allocator(arena), ask->payload_bytes, ask->payload);
    Kehu__Bus__V1__Fetched reply = KEHU__BUS__V1__FETCHED__INIT;
    int from = fetch->after[0] ? atoi(fetch->after + 1) : 0;
    int page = (int)fetch->max < world.page ? (int)fetch->max : world.page;
    int count = world.count - from < page ? world.count - from : page;

    if (fetch->max > world.most)
        return DEADLINE_EXCEEDED;
    reply.events = arena_take_array(arena, (size_t)count + 1, sizeof(Event *));
    for (int i = 0; i < count; i++)
        reply.events[reply.n_events++] = event_of(arena, &world.events[from + i]);
    reply.next = arena_print(arena, "p%d", from + count);
    reply.more = from + count < world.count;
    ask->answer_bytes = kehu__bus__v1__fetched__get_packed_size(&reply);
    ask->answer = arena_take(ask->arena, ask->answer_bytes);
    kehu__bus__v1__fetched__pack(&reply, ask->answer);
    ask->payload_type = "kehu.bus.v1.Fetched";
    return OK;
}

static void answer_one(struct process *process)
{
    struct call_ask *ask = process->ask;
    struct arena *arena = arena_new(32 << 20);

    process->ask = NULL;
    world.fetches++;
    ask->status = world.status == OK ? answer(ask, arena) : world.status;
    ask->message = ask->status == OK ? "" : "scripted";
    arena_free(arena);
    ask->arrived(ask, ask->status);
    loop_turn_again(world.loop);
}

/* Station of the turn. */
static void answer_all(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < PROCESSES; i++)
        if (world.processes[i].ask && !world.is_silent)
            answer_one(&world.processes[i]);
}

/* --- in place of call.c and service.c --- */

struct call *service_find_call(const struct service *service, const char *name)
{
    (void)name;
    return (struct call *)service->calls;
}

void call_send(struct call *call, struct call_ask *ask)
{
    struct process *process = (struct process *)call;

    assert_null(process->ask);
    /* The payload is only borrowed for this call. */
    ask->payload = arena_copy(ask->arena, ask->payload, ask->payload_bytes);
    process->ask = ask;
    loop_turn_again(world.loop);
}

const struct handler *service_find_handler(const struct service *service, const char *type)
{
    (void)service;
    (void)type;
    return NULL;
}

/* --- what the service under test does with events --- */

static const struct pg_statement noted_add = {
    .name = "noted_add",
    .sql = "insert into noted (subject, version) select * from unnest($1, $2)",
    .params = {PG_IDS, PG_INT8S},
    .write = true,
    .merge = true,
    .rank = 10};
static const struct pg_statement noted_break = {
    .name = "noted_break", .sql = "select 1 / $1", .params = {PG_INT4}, .write = true, .rank = 11};
/* As if it had run until the server's time was up. */
static const struct pg_statement noted_slowly = {
    .name = "noted_slowly", .sql = "select run_too_long()", .write = true, .rank = 12};
static const struct pg_statement noted_count = {.name = "noted_count",
                                                .sql =
                                                    "select count(*) from noted where subject = $1",
                                                .params = {PG_ID}};

static const char *note(struct request *req, struct consumed *event)
{
    struct pg_args *args = flow_write(req, &noted_add);

    assert_string_equal(req->id, event->id);
    assert_string_equal(req->correlation_id, "c-1");
    pg_put_id(args, 0, &event->subject);
    pg_put_int8(args, 1, event->version);
    return NULL;
}

static const char *refuse_or_note(struct request *req, struct consumed *event)
{
    return world.refuses ? "it is not the time" : note(req, event);
}

static const char *break_unit(struct request *req, struct consumed *event)
{
    (void)event;
    pg_put_int4(flow_write(req, &noted_break), 0, 0);
    return NULL;
}

static const char *take_too_long(struct request *req, struct consumed *event)
{
    (void)event;
    flow_write(req, &noted_slowly);
    return NULL;
}

static void fill_count(const struct pg_rows *rows, struct arena *arena, void *out)
{
    (void)arena;
    *(int64_t *)out = pg_get_int8(rows, 0, 0);
}

static void ask_count(struct request *req, struct consumed *event)
{
    struct pg_args *args = pg_args_new(req->arena, &noted_count);

    event->state = arena_take(req->arena, sizeof(int64_t));
    pg_put_id(args, 0, &event->subject);
    flow_ask(req, &noted_count, args, fill_count, event->state);
}

/* As many as came before it, or the ask did not know of them. */
static const char *note_counted(struct request *req, struct consumed *event)
{
    assert_int_equal(*(int64_t *)event->state, event->version - 1);
    return note(req, event);
}

static enum flow bootstrapped(struct request *req)
{
    world.status = OK;
    return flow_end(req);
}

static enum flow bootstrap(struct request *req)
{
    const struct id known = subject_of(1);

    world.bootstraps++;
    consume_restart(req, "customers", "p2");
    consume_know(req, "customers", &known, 2);
    return flow_commit(req, bootstrapped);
}

static const struct consumed_type types[] = {
    {.type = "test.Noted", .apply = note},
    {.type = "test.Refused", .apply = refuse_or_note},
    {.type = "test.Broken", .apply = break_unit},
    {.type = "test.Slow", .apply = take_too_long},
    {.type = "test.Counted", .ask = ask_count, .apply = note_counted},
};
static const struct consumed_log logs[] = {
    {.log = "customers", .types = types, .type_count = COUNT_OF(types), .bootstrap = bootstrap},
};
static const struct service_definition definition = {
    .name = "complaints", .consumers = logs, .consumer_count = 1};

/* --- the processes --- */

static void look_when_ready(void *owner, bool ready)
{
    struct service *service = owner;

    if (!ready)
        return;
    flows_pg_ready(service->flows);
    consumers_look(service->consumers);
}

static void start_process(struct process *process)
{
    static const struct flow_limits limits = {.max_requests = 16,
                                              .max_polls = 16,
                                              .max_bytes = 64 << 20,
                                              .max_arena_bytes = 64 << 20,
                                              .deadline_us = 30 * SECOND_US};
    struct service *service = &process->service;
    const struct pg_options options = {.conninfo = server_conninfo,
                                       .schema = "customers",
                                       .application = "test",
                                       .statement_timeout_ms = 10000,
                                       .reconnect_ms = 20,
                                       .max_turn_bytes = 2 << 20,
                                       .max_turn_units = 512};

    *process = (struct process){.service = {.definition = &definition, .loop = world.loop}};
    service->calls = (struct call **)process;
    service->flows = flows_new(service, &limits);
    service->pg = pg_new(world.loop, &options);
    pg_add_statements(service->pg, consume_statements, consume_statement_count);
    pg_add_statements(service->pg, &noted_add, 1);
    pg_add_statements(service->pg, &noted_break, 1);
    pg_add_statements(service->pg, &noted_slowly, 1);
    pg_add_statements(service->pg, &noted_count, 1);
    service->consumers = consumers_new(service, service->calls);
    loop_add_station(world.loop, "steps", flows_run, service->flows);
    loop_add_station(world.loop, "pg", pg_flush, service->pg);
    pg_watch(service->pg, look_when_ready, service);
}

static int begin(void **state)
{
    (void)state;
    world = (typeof(world)){.page = 100, .most = 1000};
    server_sql("truncate customers.consumer, customers.consumer_subject,"
               " customers.consumer_parked, customers.noted");
    world.loop = loop_new();
    for (size_t i = 0; i < PROCESSES; i++)
        start_process(&world.processes[i]);
    loop_add_station(world.loop, "script", answer_all, NULL);
    return 0;
}

static void end_ask(struct process *process)
{
    struct call_ask *ask = process->ask;

    process->ask = NULL;
    ask->status = UNAVAILABLE;
    ask->message = "the service is stopping";
    ask->arrived(ask, UNAVAILABLE);
}

static bool (*is_done)(void);
static unsigned left_ms, looks_done;

/* What the database shows as committed is known to who committed it by the next look. */
static void check_done(uv_timer_t *timer)
{
    (void)timer;
    looks_done = is_done() ? looks_done + 1 : 0;
    if (looks_done > 1 || left_ms-- == 0)
        loop_stop(world.loop);
}

static void run_until(bool (*done)(void))
{
    uv_timer_t *timer = malloc(sizeof(*timer));

    is_done = done;
    looks_done = 0;
    left_ms = 12000; /* looks, 5 ms apart: a minute, for a machine that is busy */
    uv_timer_init(loop_uv(world.loop), timer);
    uv_timer_start(timer, check_done, 5, 5);
    loop_run(world.loop, NULL, NULL);
    uv_close((uv_handle_t *)timer, (uv_close_cb)free);
    assert_true(done());
}

/* Each waits for an answer, or for nothing. */
static bool all_rest(void)
{
    for (size_t i = 0; i < PROCESSES; i++)
        if (!world.processes[i].ask && world.processes[i].service.consumers->list[0].is_running)
            return false;
    return true;
}

static int end(void **state)
{
    (void)state;
    world.is_silent = true;
    run_until(all_rest); /* a unit under way would wait for its connection */
    for (size_t i = 0; i < PROCESSES; i++) {
        struct process *process = &world.processes[i];

        consumers_close(process->service.consumers);
        pg_watch(process->service.pg, NULL, NULL);
        pg_close(process->service.pg);
        do { /* a step that was ready just now may ask once more */
            if (process->ask)
                end_ask(process);
            flows_run(process->service.flows);
        } while (process->ask || flows_counters(process->service.flows)->in_flight > 0);
        flows_close(process->service.flows);
    }
    loop_free(world.loop);
    for (size_t i = 0; i < PROCESSES; i++) {
        flows_free(world.processes[i].service.flows);
        consumers_free(world.processes[i].service.consumers);
        pg_free(world.processes[i].service.pg);
    }
    return 0;
}

/* The process begins to read. */
static void run_process(size_t i)
{
    pg_connect(world.processes[i].service.pg);
}

static int looks_left;

static bool looks_are_over(void)
{
    return --looks_left <= 0;
}

/* So many looks, 5 ms apart. */
static void run_for(int looks)
{
    looks_left = looks;
    run_until(looks_are_over);
}

static PGconn *own;

static long number(const char *sql)
{
    return atol(server_run(own, sql));
}

static const struct consume_counters *counters(size_t i)
{
    return consumers_counters(world.processes[i].service.consumers);
}

static bool has_read_all(void)
{
    char sql[120];

    snprintf(sql, sizeof(sql), "select count(*) from customers.consumer where position = 'p%d'",
             world.count);
    return number(sql) == 1;
}

/* Each subject's versions were applied 1, 2, 3 … in this order; `count` in all. */
static void assert_strict(long count)
{
    assert_int_equal(number("select count(*) from customers.noted"), count);
    assert_int_equal(number("select count(*) from (select version, row_number() over"
                            " (partition by subject order by n) as nth from customers.noted) t"
                            " where version <> nth"),
                     0);
}

static int set_up(void **state)
{
    char why[300];

    if (server_start(state) != 0)
        return -1;
    server_sql("create role customers_run");
    server_sql("create schema customers");
    if (migrate_run(server_conninfo, "customers", migrations_customers, migrations_customers_count,
                    "test", why, sizeof(why)) != OK)
        fail_msg("%s", why);
    server_sql("create table customers.noted (n bigserial, subject uuid, version bigint,"
               " primary key (subject, version))");
    server_sql("create function customers.run_too_long() returns void language plpgsql as"
               " $$ begin raise exception using errcode = '57014'; end $$");
    own = server_connect();
    return 0;
}

static int tear_down(void **state)
{
    PQfinish(own);
    return server_stop(state);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

#endif
