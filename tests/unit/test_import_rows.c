/*
 * ImportRows against a scripted store: sets of writes and one commit, rows answered one by one,
 * lines and receipts known from before, dry runs, each ask failing, too little memory.
 */
#include "services/customers/handlers/handlers.h"

#include "kehu/customers/v1/imports.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.ImportRows", .step = handle_import_rows},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 32 << 20,
                                    .deadline_us = 30 * SECOND_US};

#define MAX_ROWS 300

static struct {
    const char *state; /* of the import; NULL: there is none */
    bool knows_first;  /* the customer of the first row is there */
    bool is_written;   /* by an earlier request: the first row */
    uint32_t customers, references, facts, lines, events, audits, saved, formers, receipts;
    size_t statements, commits;
} store;

static void count_writes(const struct pg_unit *unit)
{
    store.customers += world_rows_written(unit, "file_add");
    store.references += world_rows_written(unit, "reference_add");
    store.facts += world_rows_written(unit, "file_put_fact");
    store.lines += world_rows_written(unit, "import_add_line");
    store.events += world_rows_written(unit, "log_add");
    store.audits += world_rows_written(unit, "audit_add");
    store.saved += world_rows_written(unit, "import_save_customer");
    store.formers += world_rows_written(unit, "import_add_former");
    store.receipts += world_rows_written(unit, "command_add");
    for (const struct pg_write *write = unit->first; write; write = write->next)
        store.statements++;
    store.commits++;
}

static PGresult *import_of(void)
{
    static const char *const texts[] = {"customers", "erp", "update", "", "a.csv", "00", "", "li"};
    PGresult *rows = rows_new(23);

    if (!store.state)
        return rows;
    rows_put_int8(rows, 0, 0, 12);
    for (int i = 0; i < 8; i++)
        rows_put_text(rows, 0, i + 1, i == 6 ? store.state : texts[i]);
    for (int i = 9; i < 12; i++)
        rows_put_time(rows, 0, i, world.now_us);
    for (int i = 12; i < 21; i++)
        rows_put_int8(rows, 0, i, 0);
    rows_put_text(rows, 0, 21, "");
    rows_put_bool(rows, 0, 22, false);
    return rows;
}

static PGresult *customer_of(void)
{
    PGresult *rows = rows_new(12);

    if (!store.knows_first)
        return rows;
    rows_put_text(rows, 0, 0, "K-0");
    rows_put_id(rows, 0, 1, 7);
    rows_put_int8(rows, 0, 2, 77);
    rows_put_text(rows, 0, 3, "旧名");
    rows_put_text(rows, 0, 4, "customer");
    rows_put_text(rows, 0, 5, "organisation");
    rows_put_null(rows, 0, 6);
    rows_put_null(rows, 0, 7);
    rows_put_int8(rows, 0, 8, 3);
    rows_put_null(rows, 0, 9);
    rows_put_null(rows, 0, 10);
    rows_put_bool(rows, 0, 11, false);
    return rows;
}

static PGresult *written_of(void)
{
    PGresult *rows = rows_new(8);

    if (!store.is_written)
        return rows;
    rows_put_int8(rows, 0, 0, 2);
    rows_put_text(rows, 0, 1, "accepted");
    rows_put_id(rows, 0, 2, 9);
    rows_put_null(rows, 0, 3);
    rows_put_int8(rows, 0, 4, 1);
    rows_put_int8(rows, 0, 5, 99);
    rows_put_text(rows, 0, 6, "");
    rows_put_text(rows, 0, 7, "");
    return rows;
}

static PGresult *numbers_of(const struct pg_ask *ask)
{
    uint32_t count;
    PGresult *rows = rows_new(1);

    memcpy(&count, ask->args->values[0].bytes, sizeof(count));
    for (uint32_t i = 0; i < be32toh(count); i++)
        rows_put_int8(rows, (int)i, 0, 1000 + i);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;

    if (strcmp(name, "import_find") == 0)
        return import_of();
    if (strcmp(name, "import_find_customers") == 0)
        return customer_of();
    if (strcmp(name, "import_list_written") == 0)
        return written_of();
    if (strcmp(name, "reference_take_numbers") == 0)
        return numbers_of(ask);
    return NULL;
}

static void begin_world(void)
{
    memset(&store, 0, sizeof(store));
    store.state = "open";
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = count_writes;
}

static int open_world(void **state)
{
    (void)state;
    limits.max_arena_bytes = 32 << 20;
    begin_world();
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

/* So many rows from line 2 on; the name of `bad` (-1: none) is empty. */
static void import_rows(size_t count, int bad, bool is_dry)
{
    static Kehu__Customers__V1__ImportRow room[MAX_ROWS], *list[MAX_ROWS];
    static char ids[MAX_ROWS][24], *values[MAX_ROWS][3];
    static uint8_t payload[1 << 20];
    static char *columns[] = {"编号", "名称", "地址"};
    Kehu__Customers__V1__ImportSettings settings = KEHU__CUSTOMERS__V1__IMPORT_SETTINGS__INIT;
    Kehu__Customers__V1__ImportRows ask = KEHU__CUSTOMERS__V1__IMPORT_ROWS__INIT;
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    for (size_t i = 0; i < count; i++) {
        kehu__customers__v1__import_row__init(&room[i]);
        snprintf(ids[i], sizeof(ids[i]), "K-%zu", i);
        values[i][0] = ids[i];
        values[i][1] = (int)i == bad ? "" : "新名";
        values[i][2] = "昆明";
        room[i].line = i + 2;
        room[i].values = values[i];
        room[i].n_values = 3;
        list[i] = &room[i];
    }
    settings.kind = KEHU__CUSTOMERS__V1__IMPORT_KIND__IMPORT_KIND_CUSTOMERS;
    settings.source = "erp";
    settings.known = KEHU__CUSTOMERS__V1__IMPORT_KNOWN__IMPORT_KNOWN_UPDATE;
    ask.settings = &settings;
    ask.dry_run = is_dry;
    ask.import_number = is_dry ? "" : "IM000012";
    ask.columns = columns;
    ask.n_columns = 3;
    ask.rows = list;
    ask.n_rows = count;
    request.id = "1";
    request.type = "kehu.customers.v1.ImportRows";
    request.payload =
        (ProtobufCBinaryData){kehu__customers__v1__import_rows__pack(&ask, payload), payload};
    world_send(&request);
    world_run();
}

static const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

/* The outcomes as digits of enum import_outcome. */
static void assert_outcomes(const char *outcomes)
{
    const Kehu__Bus__V1__Reply *reply = only_reply();

    assert_int_equal(reply->status, OK);
    Kehu__Customers__V1__RowsImported *answer =
        kehu__customers__v1__rows_imported__unpack(NULL, reply->payload.len, reply->payload.data);

    assert_int_equal(answer->n_rows, strlen(outcomes));
    for (size_t i = 0; i < answer->n_rows; i++) {
        assert_int_equal(answer->rows[i]->line, i + 2);
        assert_int_equal(answer->rows[i]->outcome, outcomes[i] - '0');
        assert_int_equal(answer->rows[i]->n_faults > 0, outcomes[i] == '4');
    }
    kehu__customers__v1__rows_imported__free_unpacked(answer, NULL);
}

static void hundreds_of_rows_are_a_handful_of_statements_and_one_commit(void **state)
{
    (void)state;
    import_rows(300, 7, false);
    assert_int_equal(only_reply()->status, OK);
    assert_int_equal(store.commits, 1);
    assert_in_range(store.statements, 5, 14);
    assert_int_equal(store.customers, 299);
    assert_int_equal(store.references, 299);
    assert_int_equal(store.facts, 2 * 299);
    assert_int_equal(store.events, 299);
    assert_int_equal(store.lines, 300);
    assert_int_equal(store.audits, 1);
    assert_int_equal(store.receipts, 1);
}

static void each_row_has_its_own_answer(void **state)
{
    (void)state;
    store.knows_first = true;
    import_rows(3, 1, false);
    assert_outcomes("241");
    assert_int_equal(store.saved, 1);
    assert_int_equal(store.formers, 2); /* the name and the address */
    assert_int_equal(store.customers, 1);
}

static void a_dry_run_writes_nothing(void **state)
{
    (void)state;
    store.knows_first = true;
    import_rows(3, 2, true);
    assert_outcomes("214");
    assert_int_equal(store.commits, 0);
}

static void a_line_written_before_is_answered_and_not_done_again(void **state)
{
    (void)state;
    store.is_written = true;
    import_rows(2, -1, false);
    assert_outcomes("11");
    assert_int_equal(store.customers, 1);
    assert_int_equal(store.lines, 1);
}

static void rows_for_a_closed_or_unknown_import_are_refused(void **state)
{
    (void)state;
    store.state = "finished";
    import_rows(1, -1, false);
    assert_int_equal(only_reply()->status, FAILED_PRECONDITION);
    world_forget_replies();
    store.state = NULL;
    import_rows(1, -1, false);
    assert_int_equal(only_reply()->status, NOT_FOUND);
    assert_int_equal(store.commits, 0);
}

static void each_ask_that_fails_ends_it(void **state)
{
    (void)state;
    store.knows_first = true;
    for (world.fails_at = 0; world.fails_at < 6; world.fails_at++) {
        world.fails_with = UNAVAILABLE;
        world.arrivals = 0;
        import_rows(2, -1, false);
        assert_int_equal(only_reply()->status, UNAVAILABLE);
        assert_int_equal(store.commits, 0);
        world_forget_replies();
    }
}

static void with_too_little_memory_it_is_refused(void **state)
{
    unsigned refused = 0, answered = 0;

    (void)state;
    world_close();
    for (limits.max_arena_bytes = 2048; limits.max_arena_bytes < 96 * 1024;
         limits.max_arena_bytes += 64) {
        begin_world();
        store.knows_first = true;
        import_rows(3, 1, false);
        if ((enum status)only_reply()->status == OK) {
            assert_outcomes("241");
            answered++;
        } else {
            assert_int_equal(only_reply()->status, INVALID_ARGUMENT);
            assert_int_equal(store.commits, 0);
            refused++;
        }
        world_close();
    }
    assert_in_range(refused, 20, 10000);
    assert_in_range(answered, 20, 10000);
    begin_world();
}

#define ROWS_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROWS_TEST(hundreds_of_rows_are_a_handful_of_statements_and_one_commit),
        ROWS_TEST(each_row_has_its_own_answer),
        ROWS_TEST(a_dry_run_writes_nothing),
        ROWS_TEST(a_line_written_before_is_answered_and_not_done_again),
        ROWS_TEST(rows_for_a_closed_or_unknown_import_are_refused),
        ROWS_TEST(each_ask_that_fails_ends_it),
        ROWS_TEST(with_too_little_memory_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
