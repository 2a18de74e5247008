/*
 * The driver of requests and its door, with PostgreSQL, Redis, the bus and the clock played by the
 * test: every request is answered once and freed once, whatever arrives when.
 */
#include "tests/unit/scripted_world.h"

static const struct pg_statement question = {.name = "question", .sql = "select"};
static const struct pg_statement add = {
    .name = "add", .sql = "insert", .params = {PG_INT8S}, .write = true, .merge = true};
static const struct pg_statement with_params = {
    .name = "with_params", .sql = "select", .params = {PG_TEXT}};

static const struct flow_limits limits = {.max_requests = 8,
                                          .max_polls = 4,
                                          .max_bytes = 1024 * 1024,
                                          .max_arena_bytes = 256 * 1024,
                                          .deadline_us = 30 * SECOND_US};

/* What the handlers do, and what they saw. */
static struct {
    unsigned asks, writes;
    uint64_t hashes[4];
    size_t hash_count;
    unsigned first_steps, seconds, lasts;
    unsigned tries;
    bool fills_arena;
    char order[200]; /* ids in the order in which their first step ran */
    char held[200];  /* and in which they got what they hold */
} script;

static enum flow last(struct request *req)
{
    script.lasts++;
    return flow_end(req);
}

static enum flow second(struct request *req)
{
    script.seconds++;
    assert_non_null(req->state);
    snprintf(script.held + strlen(script.held), 20, "%s ", req->id);
    for (unsigned i = 0; i < script.writes; i++)
        pg_put_int8(flow_write(req, &add), 0, i);
    return flow_commit(req, last);
}

static enum flow ask(struct request *req)
{
    for (unsigned i = 0; i < script.asks; i++)
        flow_ask(req, &question, NULL, NULL, NULL);
    return flow_wait(req, second);
}

static enum flow work(struct request *req)
{
    uint64_t *fresh = request_state(req, sizeof(uint64_t));

    assert_int_equal(*fresh, 0); /* fresh at each try */
    *fresh = 1;
    script.first_steps++;
    script.tries = req->tries;
    snprintf(script.order + strlen(script.order), 20, "%s ", req->id);
    if (script.fills_arena)
        while (arena_take(req->arena, 4096))
            ;
    if (script.hash_count > 0)
        return flow_hold(req, script.hashes, script.hash_count, ask);
    return flow_go(req, ask);
}

static enum flow sleep_then(struct request *req)
{
    bool *has_slept = request_state(req, sizeof(*has_slept));

    script.first_steps++;
    if (*has_slept)
        return flow_end(req);
    *has_slept = true;
    return flow_sleep(req, flow_clock_us(req) + 5 * SECOND_US, sleep_then);
}

static enum flow refuse_all_fields(struct request *req)
{
    for (int i = 0; i < 30; i++)
        flow_violation(req, "field", "wrong in way %d", i);
    return flow_refuse(req, INVALID_ARGUMENT, "%d fields are wrong", 30);
}

static enum flow violate_unnamed(struct request *req)
{
    flow_violation(req, arena_print(req->arena, "%*s", 1 << 20, ""), "no room for its name");
    return flow_refuse(req, INVALID_ARGUMENT, "refused all the same");
}

static enum flow ask_without_room(struct request *req)
{
    flow_ask(req, &question, NULL, NULL, NULL);
    while (arena_take(req->arena, 4096))
        ;
    flow_ask(req, &with_params, pg_args_new(req->arena, &with_params), NULL, NULL);
    return flow_wait(req, last);
}

static enum flow use_cache(struct request *req)
{
    struct kv_ask *cached = request_state(req, sizeof(*cached));

    flow_ask_kv(req, cached);
    return flow_wait(req, last);
}

static enum flow say_ping(struct request *req)
{
    return flow_end(req);
}

static const struct handler handlers[] = {
    {.type = "t.Work", .step = work},
    {.type = "t.Look", .step = work, .is_query = true},
    {.type = "t.Sleep", .step = sleep_then, .is_query = true, .limit = LIMIT_POLL},
    {.type = "t.RefuseAll", .step = refuse_all_fields},
    {.type = "t.Unnamed", .step = violate_unnamed},
    {.type = "t.AskWithoutRoom", .step = ask_without_room},
    {.type = "t.Cache", .step = use_cache},
    {.type = "t.Ping", .step = say_ping, .limit = LIMIT_NONE, .rights = RIGHTS_ANY},
    {.type = "t.Publish", .step = say_ping, .rights = RIGHTS_PUBLISH},
    {.type = "t.Admin", .step = say_ping, .rights = RIGHTS_ADMIN},
};

static int open_world(void **state)
{
    (void)state;
    memset(&script, 0, sizeof(script));
    world_open(handlers, COUNT_OF(handlers), &limits);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

/* --- the life of a request --- */

static void a_request_is_answered_after_its_commit(void **state)
{
    (void)state;
    script.asks = 2;
    script.writes = 3;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(world.ask_count, 2);
    world_arrive(1, OK, NULL);
    flows_run(world.flows);
    assert_int_equal(script.seconds, 0); /* only when everything asked before has arrived */
    world_arrive(0, OK, NULL);
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 1);
    assert_int_equal(world_rows_written(world.units[0], "add"), 3);
    assert_int_equal(world.reply_count, 0);
    world_commit(0, OK);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);
    assert_string_equal(only_reply()->id, "1");
}

static void without_writes_nothing_is_committed(void **state)
{
    (void)state;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 0);
    assert_int_equal(only_reply()->status, OK);
}

static void each_ask_that_fails_ends_the_request_with_its_status(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, OUT_OF_RANGE};

    (void)state;
    script.asks = 3;
    script.writes = 1;
    for (size_t s = 0; s < COUNT_OF(statuses); s++)
        for (world.fails_at = 0; world.fails_at < 3; world.fails_at++)
            for (unsigned long order = 0; order < 6; order++) {
                world.fails_with = statuses[s];
                world.choices = order;
                world.arrivals = 0;
                world_ask("1", "t.Work", "");
                world_run();
                assert_int_equal(only_reply()->status, statuses[s]);
                assert_int_equal(only_reply()->retry_after != NULL, statuses[s] == UNAVAILABLE);
                world_forget_replies();
            }
    assert_int_equal(script.seconds, 0);
}

static void a_stale_unit_decides_again_from_fresh_state(void **state)
{
    static const enum status commits[] = {ABORTED, ABORTED, ABORTED, OK};

    (void)state;
    script.asks = script.writes = 1;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, OK);
    assert_int_equal(script.first_steps, 4);
    assert_int_equal(script.tries, 3);
    assert_int_equal(script.lasts, 1);
}

static void a_unit_that_is_stale_four_times_is_aborted(void **state)
{
    static const enum status commits[] = {ABORTED, ABORTED, ABORTED, ABORTED, OK};

    (void)state;
    script.writes = 1;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, ABORTED);
    assert_non_null(only_reply()->retry_after);
    assert_int_equal(script.first_steps, 4);
    assert_int_equal(script.lasts, 0);
}

static void a_commit_that_fails_ends_with_its_status(void **state)
{
    static const enum status statuses[] = {UNAVAILABLE, OUT_OF_RANGE, INTERNAL};

    (void)state;
    script.writes = 1;
    for (size_t s = 0; s < COUNT_OF(statuses); s++) {
        world.commits = &statuses[s];
        world.commit_count = 1;
        world.commits_done = 0;
        world_ask("1", "t.Work", "");
        world_run();
        assert_int_equal(only_reply()->status, statuses[s]);
        world_forget_replies();
    }
    assert_int_equal(script.lasts, 0);
}

static void an_unknown_outcome_waits_for_the_database_and_decides_again(void **state)
{
    (void)state;
    script.writes = 1;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    world.is_pg_ready = false;
    world_commit(0, UNKNOWN);
    assert_false(flows_has_ready(world.flows));
    world_pass(0);
    assert_int_equal(world.reply_count, 0);
    world.is_pg_ready = true;
    flows_pg_ready(world.flows);
    world_run();
    assert_int_equal(only_reply()->status, OK);
    assert_int_equal(script.first_steps, 2);
}

static void an_unknown_outcome_of_a_connection_that_is_back_goes_on_at_once(void **state)
{
    static const enum status commits[] = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};

    (void)state;
    script.writes = 1;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, ABORTED); /* it does not try for ever */
    assert_int_equal(script.first_steps, 4);
}

static void an_unknown_outcome_is_answered_at_the_deadline(void **state)
{
    (void)state;
    script.writes = 1;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    world.is_pg_ready = false;
    world_commit(0, UNKNOWN);
    world_pass(31 * SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world.is_pg_ready = true;
    flows_pg_ready(world.flows);
    world_run();
    assert_int_equal(world.reply_count, 1);
}

static void a_cache_that_fails_is_a_cache_that_missed(void **state)
{
    (void)state;
    world_ask("1", "t.Cache", "");
    flows_run(world.flows);
    world_arrive_kv(UNAVAILABLE);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);
}

static void a_refusal_names_twenty_fields_at_most(void **state)
{
    (void)state;
    world_ask("1", "t.RefuseAll", "");
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->message, "30 fields are wrong");
    assert_int_equal(only_reply()->n_violations, 20);
    assert_string_equal(only_reply()->violations[19]->description, "wrong in way 19");
}

static void a_violation_whose_name_found_no_room_harms_nothing(void **state)
{
    (void)state;
    world_ask("1", "t.Unnamed", "");
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

static void a_full_arena_refuses_before_anything_is_written(void **state)
{
    (void)state;
    script.writes = 1;
    script.fills_arena = true;
    world_ask("1", "t.Work", "");
    world_run();
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_int_equal(world.commits_done, 0);
}

static void a_full_arena_amid_asks_waits_for_those_under_way(void **state)
{
    (void)state;
    world_ask("1", "t.AskWithoutRoom", "");
    flows_run(world.flows);
    assert_int_equal(world.ask_count, 1);
    assert_int_equal(world.reply_count, 0);
    world_run();
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_int_equal(script.lasts, 0);
}

/* --- deadlines --- */

static void the_deadline_answers_at_once_and_the_request_stays_until_its_asks_arrived(void **state)
{
    (void)state;
    script.asks = 2;
    world_ask("1", "t.Work", "");
    flows_run(world.flows);
    world_pass(30 * SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_pass(0);
    world_arrive(0, OK, NULL);
    world_arrive(0, UNAVAILABLE, NULL);
    flows_run(world.flows);
    assert_int_equal(world.reply_count, 1);
    assert_int_equal(script.seconds, 0);
}

static void the_deadline_of_a_commit_under_way_answers_and_the_unit_arrives_later(void **state)
{
    static const enum status statuses[] = {OK, ABORTED, UNKNOWN, UNAVAILABLE, INTERNAL};

    (void)state;
    script.writes = 1;
    for (size_t s = 0; s < COUNT_OF(statuses); s++) {
        world_ask("1", "t.Work", "");
        flows_run(world.flows);
        world_pass(30 * SECOND_US);
        world.is_pg_ready = false;
        world_commit(0, statuses[s]);
        world.is_pg_ready = true;
        flows_pg_ready(world.flows);
        world_run();
        assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
        world_forget_replies();
    }
    assert_int_equal(script.lasts, 0);
}

static void what_waits_silently_for_its_asks_still_counts_against_the_limits(void **state)
{
    (void)state;
    script.asks = 1;
    for (unsigned i = 0; i < limits.max_requests; i++)
        world_ask("1", "t.Look", "");
    flows_run(world.flows);
    world_pass(31 * SECOND_US); /* all are answered, none is free yet */
    world_forget_replies();
    world_ask("one more", "t.Look", "");
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, RESOURCE_EXHAUSTED);
    world_run();
}

static void send_with_deadline(const char *id, const char *type, int64_t at_us, int32_t nanos)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    Google__Protobuf__Timestamp deadline = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

    deadline.seconds = at_us / SECOND_US;
    deadline.nanos = nanos;
    request.id = (char *)id;
    request.type = (char *)type;
    request.deadline = &deadline;
    world_send(&request);
}

static void no_virtual_clock_moves_a_deadline(void **state)
{
    (void)state;
    script.asks = 1;
    world_ask("1", "t.Look", "");
    flows_run(world.flows);
    world.now_us += 365 * DAY_US;
    world_pass(SECOND_US);
    assert_int_equal(world.reply_count, 0);
    world_run();
    assert_int_equal(only_reply()->status, OK);
}

static void the_askers_deadline_holds_when_it_is_earlier_than_ours(void **state)
{
    (void)state;
    script.asks = 1;
    send_with_deadline("1", "t.Look", world.now_us + 2 * SECOND_US, 0);
    flows_run(world.flows);
    world_pass(SECOND_US);
    assert_int_equal(world.reply_count, 0);
    world_pass(SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_run();
    world_forget_replies();

    send_with_deadline("1", "t.Look", world.now_us + 3600 * SECOND_US, 0);
    flows_run(world.flows);
    world_pass(30 * SECOND_US);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_run();
}

static void a_deadline_that_had_passed_or_is_no_time_is_refused(void **state)
{
    (void)state;
    send_with_deadline("1", "t.Look", world.now_us - SECOND_US, 0);
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_forget_replies();
    send_with_deadline("1", "t.Look", world.now_us, 1000000000);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
    assert_string_equal(only_reply()->violations[0]->field, "deadline");
    world_forget_replies();
    send_with_deadline("1", "t.Look", INT64_MAX, 0);
    assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
}

/* --- subjects --- */

static void commands_of_one_subject_run_in_the_order_of_arrival(void **state)
{
    (void)state;
    script.writes = 1;
    world_ask("a", "t.Work", "customer 1");
    world_ask("b", "t.Work", "customer 1");
    world_ask("c", "t.Work", "customer 2");
    world_ask("q", "t.Look", "customer 1"); /* questions do not queue */
    flows_run(world.flows);
    assert_string_equal(script.order, "a c q ");
    world_run();
    assert_string_equal(script.order, "a c q b ");
    assert_int_equal(world.reply_count, 4);
}

static void hold(uint64_t one, uint64_t other)
{
    script.hash_count = 2;
    script.hashes[0] = one;
    script.hashes[1] = other;
}

static void requests_that_hold_the_same_subjects_crosswise_do_not_wait_in_a_circle(void **state)
{
    (void)state;
    script.asks = script.writes = 1;
    hold(1, 2);
    world_ask("a", "t.Work", "");
    flows_run(world.flows);
    hold(2, 1);
    world_ask("b", "t.Work", "");
    flows_run(world.flows);
    hold(2, 3);
    world_ask("c", "t.Work", "");
    flows_run(world.flows);
    hold(4, 4); /* the same twice is held once */
    world_ask("d", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(flows_counters(world.flows)->waiting_subjects, 2);
    world_run();
    assert_int_equal(world.reply_count, 4);
    assert_string_equal(script.held, "a d b c ");
}

static void subjects_stay_held_while_a_stale_unit_decides_again(void **state)
{
    (void)state;
    script.writes = 1;
    hold(1, 2);
    world_ask("a", "t.Work", "");
    world_ask("b", "t.Work", "");
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 1);
    world_commit(0, ABORTED);
    flows_run(world.flows);
    assert_string_equal(script.held, "a a ");
    world_commit(0, OK);
    flows_run(world.flows);
    assert_string_equal(script.held, "a a b ");
    world_run();
    assert_int_equal(world.reply_count, 2);
}

static void who_waits_for_a_subject_is_answered_at_his_deadline(void **state)
{
    (void)state;
    script.writes = 1;
    hold(1, 2);
    world_ask("a", "t.Work", "");
    send_with_deadline("b", "t.Work", world.now_us + 2 * SECOND_US, 0);
    world_ask("c", "t.Work", "");
    flows_run(world.flows);
    world_pass(3 * SECOND_US);
    assert_string_equal(only_reply()->id, "b");
    assert_int_equal(only_reply()->status, DEADLINE_EXCEEDED);
    world_run();
    assert_string_equal(script.held, "a c ");
    assert_int_equal(world.reply_count, 3);
}

static void who_holds_a_subject_gives_it_up_at_his_deadline(void **state)
{
    (void)state;
    script.writes = 1;
    hold(1, 2);
    send_with_deadline("a", "t.Work", world.now_us + 2 * SECOND_US, 0);
    world_ask("b", "t.Work", "");
    flows_run(world.flows);
    world_pass(3 * SECOND_US);
    flows_run(world.flows);
    assert_int_equal(world.unit_count, 2); /* a's is still under way: the guards protect b's */
    assert_string_equal(script.held, "a b ");
    world_run();
    assert_int_equal(world.reply_count, 2);
    assert_int_equal(world.replies[1]->status, OK);
}

static void a_subject_is_free_again_after_a_refusal(void **state)
{
    (void)state;
    script.asks = 1;
    hold(1, 2);
    world.fails_at = 0;
    world.fails_with = UNAVAILABLE;
    world_ask("a", "t.Work", "");
    world_ask("b", "t.Work", "");
    world_run();
    assert_int_equal(world.reply_count, 2);
    assert_int_equal(world.replies[0]->status, UNAVAILABLE);
    assert_int_equal(world.replies[1]->status, OK);
}

static void subjects_differ_by_kind_and_by_where_their_parts_end(void **state)
{
    (void)state;
    uint64_t hash = flow_subject_hash("event", TEXT_OF("ab"), TEXT_OF("c"));

    assert_true(hash == flow_subject_hash("event", TEXT_OF("ab"), TEXT_OF("c")));
    assert_true(hash != flow_subject_hash("event", TEXT_OF("a"), TEXT_OF("bc")));
    assert_true(hash != flow_subject_hash("document", TEXT_OF("ab"), TEXT_OF("c")));
}

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

/* --- sleeping, jobs, the end --- */

static void a_sleeper_wakes_at_its_time_or_with_news(void **state)
{
    (void)state;
    world_ask("1", "t.Sleep", "");
    flows_run(world.flows);
    world_pass(4 * SECOND_US);
    flows_run(world.flows);
    assert_int_equal(script.first_steps, 1);
    world_pass(SECOND_US);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);

    script.first_steps = 0;
    world_forget_replies();
    world_ask("2", "t.Sleep", "");
    flows_run(world.flows);
    flows_wake(world.flows);
    flows_wake(world.flows);
    flows_run(world.flows);
    assert_int_equal(only_reply()->status, OK);
}

static void a_job_runs_like_a_request_and_answers_nobody(void **state)
{
    (void)state;
    script.writes = 1;
    flows_start(world.flows, "clean", work);
    world_run();
    assert_int_equal(world.commits_done, 1);
    assert_int_equal(world.reply_count, 0);
    assert_int_equal(script.lasts, 1);
}

static void at_the_end_whoever_is_left_is_ended(void **state)
{
    (void)state;
    hold(1, 2);
    world_ask("1", "t.Sleep", "");
    world_ask("2", "t.Work", "one");
    world_ask("3", "t.Work", "one");
    while (world.flows->all)
        flow_end_early(world.flows->all, UNAVAILABLE, "stopping"); /* as flows_close does */
    assert_int_equal(world.reply_count, 3);
    flows_run(world.flows);
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_request_is_answered_after_its_commit),
        WORLD_TEST(without_writes_nothing_is_committed),
        WORLD_TEST(each_ask_that_fails_ends_the_request_with_its_status),
        WORLD_TEST(a_stale_unit_decides_again_from_fresh_state),
        WORLD_TEST(a_unit_that_is_stale_four_times_is_aborted),
        WORLD_TEST(a_commit_that_fails_ends_with_its_status),
        WORLD_TEST(an_unknown_outcome_waits_for_the_database_and_decides_again),
        WORLD_TEST(an_unknown_outcome_of_a_connection_that_is_back_goes_on_at_once),
        WORLD_TEST(an_unknown_outcome_is_answered_at_the_deadline),
        WORLD_TEST(a_cache_that_fails_is_a_cache_that_missed),
        WORLD_TEST(a_refusal_names_twenty_fields_at_most),
        WORLD_TEST(a_violation_whose_name_found_no_room_harms_nothing),
        WORLD_TEST(a_full_arena_refuses_before_anything_is_written),
        WORLD_TEST(a_full_arena_amid_asks_waits_for_those_under_way),
        WORLD_TEST(the_deadline_answers_at_once_and_the_request_stays_until_its_asks_arrived),
        WORLD_TEST(the_deadline_of_a_commit_under_way_answers_and_the_unit_arrives_later),
        WORLD_TEST(what_waits_silently_for_its_asks_still_counts_against_the_limits),
        WORLD_TEST(no_virtual_clock_moves_a_deadline),
        WORLD_TEST(the_askers_deadline_holds_when_it_is_earlier_than_ours),
        WORLD_TEST(a_deadline_that_had_passed_or_is_no_time_is_refused),
        WORLD_TEST(commands_of_one_subject_run_in_the_order_of_arrival),
        WORLD_TEST(requests_that_hold_the_same_subjects_crosswise_do_not_wait_in_a_circle),
        WORLD_TEST(subjects_stay_held_while_a_stale_unit_decides_again),
        WORLD_TEST(who_waits_for_a_subject_is_answered_at_his_deadline),
        WORLD_TEST(who_holds_a_subject_gives_it_up_at_his_deadline),
        WORLD_TEST(a_subject_is_free_again_after_a_refusal),
        WORLD_TEST(subjects_differ_by_kind_and_by_where_their_parts_end),
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
        WORLD_TEST(a_sleeper_wakes_at_its_time_or_with_news),
        WORLD_TEST(a_job_runs_like_a_request_and_answers_nobody),
        WORLD_TEST(at_the_end_whoever_is_left_is_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
