/* Sweeps whose rows fail: sets are divided, what fails alone is set aside and tried again, and all
 * others are settled. Each row is a number; what is committed of it is scripted. */
#include <sodium.h>

#include "tests/unit/scripted_sweep.h"

#define ROWS 40
#define MOST 16

struct row {
    bool is_due, is_poisoned, is_aside;
    unsigned tries;
    int64_t try_at_us;
};

static struct {
    struct row rows[ROWS]; /* the first is number 1 in ids */
    enum status commits[4096];
    enum status poison, all; /* how units with poisoned rows end, and all sets */
    bool has_lease;
    size_t sizes[4096], sets;
    bool is_question_broken;
} store;

static bool is_free(const struct row *row)
{
    return row->is_due && !row->is_aside;
}

static size_t count_of(bool (*is)(const struct row *row))
{
    size_t count = 0;

    for (size_t i = 0; i < ROWS; i++)
        count += is(&store.rows[i]);
    return count;
}

static bool is_due(const struct row *row)
{
    return row->is_due;
}

static bool is_aside(const struct row *row)
{
    return row->is_aside;
}

static const struct row *first_aside(void)
{
    const struct row *first = NULL;

    for (size_t i = 0; i < ROWS; i++)
        if (store.rows[i].is_aside && (!first || store.rows[i].try_at_us < first->try_at_us))
            first = &store.rows[i];
    return first;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows = rows_new(3);

    if (strcmp(name, "outlook") == 0) {
        rows_put_bool(rows, 0, 0, count_of(is_free) > 0);
        rows_put_null(rows, 0, 1);
    } else if (strcmp(name, "sweep_find") == 0 && store.has_lease) {
        rows_put_bool(rows, 0, 0, true);
        rows_put_int8(rows, 0, 1, SECOND_US);
    } else if (strcmp(name, "sweep_aside_find") == 0 && first_aside()) {
        rows_put_int8(rows, 0, 0, (int64_t)count_of(is_aside));
        rows_put_id(rows, 0, 1, (uint8_t)(first_aside() - store.rows + 1));
        rows_put_int8(rows, 0, 2, first_aside()->try_at_us - world.now_us);
    }
    return rows;
}

/* --- a service with one sweep, as its step sees the rows --- */

static const struct pg_statement question = {.name = "question", .sql = "", .params = {PG_INT8}};
static const struct pg_statement settle = {
    .name = "settle", .sql = "", .params = {PG_IDS}, .write = true, .merge = true};

static struct id id_of(size_t row)
{
    struct id id = {{0}};

    id.bytes[15] = (uint8_t)(row + 1);
    return id;
}

static enum flow settle_set(struct request *req)
{
    const struct sweep_share share = sweep_share(req);
    struct id first = {{0}};
    size_t count = 0;

    for (size_t i = 0; i < ROWS && (int64_t)count < share.most; i++) {
        struct id id = id_of(i);
        bool is_mine =
            share.again ? memcmp(share.again, &id, sizeof(id)) == 0 : is_free(&store.rows[i]);

        if (!is_mine || !store.rows[i].is_due)
            continue;
        if (count++ == 0)
            first = id;
        pg_put_id(flow_write(req, &settle), 0, &id);
    }
    store.sizes[store.sets++] = count;
    sweep_took(req, count, count > 0 ? &first : NULL);
    return flow_commit(req, flow_end);
}

static enum flow sweep_set(struct request *req)
{
    struct pg_args *args = pg_args_new(req->arena, &question);

    request_state(req, 1);
    pg_put_int8(args, 0, sweep_share(req).most);
    flow_ask(req, &question, args, NULL, NULL);
    return flow_wait(req, settle_set);
}

static struct row *row_of(const struct pg_args *args, int i, size_t n)
{
    const uint8_t *bytes = args->values[i].bytes;
    size_t each = args->values[i].used / (args->values[i].elements ? args->values[i].elements : 1);

    return &store.rows[bytes[(n + 1) * each - 1] - 1];
}

static enum status end_of(const struct pg_args *settled)
{
    enum status status = store.all;

    for (uint32_t n = 0; settled && n < settled->values[0].elements; n++)
        if (row_of(settled, 0, n)->is_poisoned)
            status = store.poison;
    return settled ? status : OK;
}

static void committing(const struct pg_unit *unit)
{
    const struct pg_args *settled = world_find_write(unit, "settle");
    const struct pg_args *put = world_find_write(unit, "sweep_aside_put");
    const struct pg_args *removed = world_find_write(unit, "sweep_aside_remove");
    enum status status = end_of(settled);

    store.commits[world.commits_done - 1] = status;
    store.has_lease = store.has_lease || world_find_write(unit, "sweep_take");
    if (status != OK)
        return;
    for (uint32_t n = 0; settled && n < settled->values[0].elements; n++)
        row_of(settled, 0, n)->is_due = false;
    if (put) {
        struct row *row = row_of(put, 1, 0);

        row->is_aside = true;
        row->try_at_us = world.now_us + (SECOND_US << row->tries++);
    }
    if (removed)
        row_of(removed, 1, 0)->is_aside = false;
}

static const struct sweep sweep = {"clocks", MOST, &outlook, sweep_set};

static int open_world(void **state)
{
    (void)state;
    memset(&store, 0, sizeof(store));
    store.poison = INTERNAL;
    for (size_t i = 0; i < ROWS; i++)
        store.rows[i].is_due = true;
    sweep_open(NULL, 0, &sweep);
    world.rows_of = rows_of;
    world.committing = committing;
    world.commits = store.commits;
    world.commit_count = COUNT_OF(store.commits);
    return 0;
}

/* As if every pause of the sweep were over at once; no time of the rows passes. */
static void look(size_t times)
{
    while (times-- > 0)
        sweep_look_now();
}

static void a_row_that_can_never_be_written_stops_no_other(void **state)
{
    (void)state;
    store.rows[5].is_poisoned = true;
    look(40);
    assert_int_equal(count_of(is_due), 1);
    assert_true(store.rows[5].is_due && store.rows[5].is_aside);
    assert_int_equal(counters()->set_aside, 1);
    assert_int_equal(counters()->aside, 1);
    assert_string_equal(
        sweeps_why_aside(world.service.sweeps),
        "clocks: 1 rows cannot be settled and are set aside; the table sweep_aside says why");
}

static void a_set_that_fails_is_halved_down_to_the_row_and_grows_again(void **state)
{
    static const size_t sizes[] = {16, 8, 4, 2, 1, /* aside */ 1, 2, 4, 8, 16, 8};

    (void)state;
    store.rows[0].is_poisoned = true;
    look(40);
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        assert_int_equal(store.sizes[i], sizes[i]);
    assert_int_equal(store.sets, COUNT_OF(sizes));
}

static void many_poisoned_rows_are_found_one_by_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i += 3)
        store.rows[i].is_poisoned = true;
    look(200);
    for (size_t i = 0; i < ROWS; i++)
        assert_true(store.rows[i].is_due == (i % 3 == 0));
    assert_int_equal(count_of(is_aside), 14);
}

static void what_is_set_aside_is_tried_again_by_itself_and_is_never_lost(void **state)
{
    (void)state;
    store.rows[5].is_poisoned = true;
    look(40);
    world_pass(SECOND_US);
    look(2);
    assert_int_equal(store.rows[5].tries, 2);
    assert_int_equal(store.sizes[store.sets - 1], 1);
    store.rows[5].is_poisoned = false; /* somebody mended it */
    look(2);
    assert_true(store.rows[5].is_due); /* its pause has grown */
    world_pass(2 * SECOND_US);
    look(2);
    assert_int_equal(count_of(is_due) + count_of(is_aside), 0);
    assert_int_equal(counters()->aside, 0);
    assert_string_equal(sweeps_why_aside(world.service.sweeps), "");
}

static void what_is_not_due_any_more_is_set_aside_no_longer(void **state)
{
    (void)state;
    store.rows[5].is_poisoned = true;
    look(40);
    store.rows[5].is_due = false; /* a command stopped it */
    world_pass(SECOND_US);
    look(2);
    assert_int_equal(count_of(is_aside), 0);
}

static void what_is_newly_due_comes_before_what_was_set_aside(void **state)
{
    (void)state;
    store.rows[5].is_poisoned = true;
    look(40);
    world_pass(SECOND_US);
    store.rows[7].is_due = true;
    sweeps_look(world.service.sweeps);
    size_t before = store.sets;
    world_run();
    assert_false(store.rows[7].is_due);
    assert_int_equal(store.sizes[before], 1);
    assert_int_equal(store.rows[5].tries, 2); /* and then it */
}

static void an_absence_blames_no_row_and_leaves_the_size(void **state)
{
    static const enum status absences[] = {UNAVAILABLE, DEADLINE_EXCEEDED};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(absences); i++) {
        store.all = absences[i];
        look(10);
        assert_int_equal(count_of(is_due), ROWS);
        assert_int_equal(store.sizes[store.sets - 1], MOST);
    }
    store.all = OK;
    look(1);
    assert_int_equal(count_of(is_due), 0);
    assert_int_equal(counters()->set_aside, 0);
}

static void a_question_that_fails_sets_no_row_aside(void **state)
{
    (void)state;
    for (int n = 0; n < 8; n++) {
        world.fails_at = world.arrivals + 3 + (n == 0); /* after the look, and once the lease */
        world.fails_with = INTERNAL;
        sweeps_look(world.service.sweeps);
        world_run();
    }
    world.fails_at = -1;
    assert_int_equal(count_of(is_due), ROWS);
    look(1);
    assert_int_equal(store.sizes[0], 1); /* fewer rows might have been answered */
    assert_int_equal(count_of(is_due), 0);
    assert_int_equal(counters()->set_aside, 0);
}

static void who_cannot_set_aside_finds_the_row_again(void **state)
{
    (void)state;
    store.rows[0].is_poisoned = true;
    world.commit_count = 0; /* scripted below instead */
    static enum status commits[64];
    /* The lease, 16, 8, 4, 2, 1 fail, and setting aside too. */
    for (int i = 1; i < 6; i++)
        commits[i] = INTERNAL;
    commits[6] = UNAVAILABLE;
    world.commits = commits;
    world.commit_count = 7;
    store.poison = OK; /* what is counted as done is of no interest here */
    look(6);
    assert_int_equal(counters()->set_aside, 0);
    assert_int_equal(counters()->failures, 6);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_world, sweep_close)
    const struct CMUnitTest tests[] = {
        ROW(a_row_that_can_never_be_written_stops_no_other),
        ROW(a_set_that_fails_is_halved_down_to_the_row_and_grows_again),
        ROW(many_poisoned_rows_are_found_one_by_one),
        ROW(what_is_set_aside_is_tried_again_by_itself_and_is_never_lost),
        ROW(what_is_not_due_any_more_is_set_aside_no_longer),
        ROW(what_is_newly_due_comes_before_what_was_set_aside),
        ROW(an_absence_blames_no_row_and_leaves_the_size),
        ROW(a_question_that_fails_sets_no_row_aside),
        ROW(who_cannot_set_aside_finds_the_row_again),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
