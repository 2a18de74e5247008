/*
 * SearchCustomers against a scripted store: what is looked up and what is searched, pages, and what
 * the audit record keeps of it.
 */
#include "services/customers/handlers/handlers.h"

#include "kehu/customers/v1/files.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.SearchCustomers",
     .step = handle_search_customers,
     .is_query = true},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

/* The store, and what it was asked: names of statements with a space behind each. */
static int stored_hits, known_refs;
static char asked[200], audited[200];

static void put_hit(PGresult *rows, int row)
{
    rows_put_id(rows, row, 0, (uint8_t)(row + 1));
    rows_put_int8(rows, row, 1, row + 1);
    rows_put_text(rows, row, 2, "\xe7\xbf\xa0\xe6\xb9\x96"); /* 翠湖 */
    rows_put_text(rows, row, 3, "customer");
    rows_put_text(rows, row, 4, "yn");
    rows_put_text(rows, row, 5, "A");
    rows_put_int4(rows, row, 6, 0);
    rows_put_null(rows, row, 7);
    rows_put_text(rows, row, 8, "erp:7");
    rows_put_int4(rows, row, 9, 3);
    rows_put_int4(rows, row, 10, 3);
    for (int i = 11; i < 14; i++)
        rows_put_bool(rows, row, i, i == 11);
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    bool is_ref = strcmp(name, "search_find_number") == 0 || strcmp(name, "search_find_id") == 0 ||
                  strcmp(name, "search_find_reference") == 0;
    PGresult *rows = rows_new(14);
    uint64_t limit = 0;

    snprintf(asked + strlen(asked), sizeof(asked) - strlen(asked), "%s ",
             name + strlen("search_find_"));
    if (strcmp(name, "search_find_statistics") == 0) {
        PQclear(rows);
        return NULL;
    }
    if (!is_ref) {
        memcpy(&limit, ask->args->values[6].bytes, sizeof(limit));
        limit = be64toh(limit);
    }
    for (int row = 0; row < (is_ref ? known_refs : stored_hits) && (is_ref || row < (int)limit);
         row++)
        put_hit(rows, row);
    return rows;
}

/* Elements of arrays begin with their length of four bytes. */
static void look_at_audit(const struct pg_unit *unit)
{
    const struct pg_args *args = world_find_write(unit, "audit_add");

    assert_non_null(args);
    assert_int_equal(args->values[0].elements, 1);
    for (int i = 3; i < 6; i++)
        snprintf(audited + strlen(audited), sizeof(audited) - strlen(audited), "%.*s|",
                 (int)args->values[i].used - 4, (const char *)args->values[i].bytes + 4);
}

static int open_world(void **state)
{
    (void)state;
    stored_hits = 3;
    known_refs = 1;
    asked[0] = audited[0] = '\0';
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = look_at_audit;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static void search_page(const char *query, uint32_t page_size, const char *token)
{
    Kehu__Customers__V1__SearchCustomers ask = KEHU__CUSTOMERS__V1__SEARCH_CUSTOMERS__INIT;
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[1000];

    ask.query = (char *)query;
    ask.page_size = page_size;
    ask.page_token = (char *)token;
    request.id = "1";
    request.type = "kehu.customers.v1.SearchCustomers";
    request.payload =
        (ProtobufCBinaryData){kehu__customers__v1__search_customers__pack(&ask, payload), payload};
    world_send(&request);
    world_run();
    assert_int_equal(world.reply_count, 1);
}

static void search(const char *query)
{
    search_page(query, 0, "");
}

/* The number of customers and the token of the next page of the only reply. */
static size_t take_page(char token[100])
{
    assert_int_equal(world.replies[0]->status, OK);
    Kehu__Customers__V1__CustomerList *list = kehu__customers__v1__customer_list__unpack(
        NULL, world.replies[0]->payload.len, world.replies[0]->payload.data);
    size_t count;

    assert_non_null(list);
    count = list->n_customers;
    snprintf(token, 100, "%s", list->next_page_token);
    kehu__customers__v1__customer_list__free_unpacked(list, NULL);
    world_forget_replies();
    return count;
}

static void words_are_searched_by_the_path_that_their_grams_make_the_cheapest(void **state)
{
    char token[100];

    (void)state;
    search("cuihu shangmao");
    assert_int_equal(take_page(token), 3);
    assert_string_equal(token, "");
    assert_memory_equal(asked, "statistics ", strlen("statistics "));
    assert_int_equal(world.arrivals, 2);
}

static void numbers_ids_and_references_are_looked_up_and_nothing_else(void **state)
{
    static const struct {
        const char *query, *asked;
    } cases[] = {
        {"KH000007", "number "},
        {"erp:7", "reference "},
        {"01a1ffe8-049d-70cc-8329-790e255989e0", "id "},
    };
    char token[100];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        asked[0] = '\0';
        search(cases[i].query);
        assert_int_equal(take_page(token), 1);
        assert_string_equal(asked, cases[i].asked);
    }
}

static void what_looked_like_a_reference_of_nobody_is_searched(void **state)
{
    char token[100];

    (void)state;
    known_refs = 0;
    search("cuihu:shangmao");
    assert_int_equal(take_page(token), 3);
    assert_memory_equal(asked, "reference statistics ", strlen("reference statistics "));
}

static void a_page_is_as_long_as_asked_and_names_where_the_next_begins(void **state)
{
    char token[100], end[100];

    (void)state;
    search_page("cuihu", 2, "");
    assert_int_equal(take_page(token), 2);
    assert_string_not_equal(token, "");
    stored_hits = 2; /* exactly a page: there is no next */
    search_page("cuihu", 2, token);
    assert_int_equal(take_page(end), 2);
    assert_string_equal(end, "");
}

static void the_audit_record_tells_how_many_were_shown_and_not_what_was_searched(void **state)
{
    (void)state;
    search_page("cuihu", 2, "");
    assert_string_equal(audited, "search customers||5 characters, 2 shown|");
}

static void a_search_for_nothing_too_long_or_with_a_wrong_token_is_refused(void **state)
{
    static const struct {
        const char *query, *token, *field;
        uint32_t page_size;
    } cases[] = {
        {"", "", "query", 0},
        {"  ", "", "query", 0},
        {"cuihu", "x", "page_token", 0},
        {"cuihu", "", "page_size", 101},
    };
    char long_query[200];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        search_page(cases[i].query, cases[i].page_size, cases[i].token);
        assert_int_equal(world.replies[0]->status, INVALID_ARGUMENT);
        assert_string_equal(world.replies[0]->violations[0]->field, cases[i].field);
        world_forget_replies();
    }
    memset(long_query, 'a', 101);
    long_query[101] = '\0';
    search(long_query);
    assert_string_equal(world.replies[0]->violations[0]->field, "query");
    assert_int_equal(world.arrivals, 0); /* refused before anything was asked */
    assert_string_equal(audited, "");
}

static void whatever_fails_ends_it_and_shows_nobody(void **state)
{
    (void)state;
    for (int fails_at = 0; fails_at < 2; fails_at++) {
        world.arrivals = 0;
        world.fails_at = fails_at;
        world.fails_with = UNAVAILABLE;
        search("cuihu");
        assert_int_equal(world.replies[0]->status, UNAVAILABLE);
        assert_string_equal(audited, "");
        world_forget_replies();
    }
    world.fails_at = -1;
    world.commits = (const enum status[]){INTERNAL};
    world.commit_count = 1;
    search("cuihu");
    assert_int_equal(world.replies[0]->status, INTERNAL); /* no record, no names */
    assert_int_equal(world.replies[0]->payload.len, 0);
}

#define SEARCH_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SEARCH_TEST(words_are_searched_by_the_path_that_their_grams_make_the_cheapest),
        SEARCH_TEST(numbers_ids_and_references_are_looked_up_and_nothing_else),
        SEARCH_TEST(what_looked_like_a_reference_of_nobody_is_searched),
        SEARCH_TEST(a_page_is_as_long_as_asked_and_names_where_the_next_begins),
        SEARCH_TEST(the_audit_record_tells_how_many_were_shown_and_not_what_was_searched),
        SEARCH_TEST(a_search_for_nothing_too_long_or_with_a_wrong_token_is_refused),
        SEARCH_TEST(whatever_fails_ends_it_and_shows_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
