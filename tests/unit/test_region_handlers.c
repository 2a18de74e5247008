/*
 * SaveRegion, RemoveRegion, MapRegion and ListRegions against a scripted store: what is written and
 * guarded, what is refused with which field, and that nothing of it is written then.
 */
#include "services/customers/handlers/handlers.h"

#include "kehu/customers/v1/regions.pb-c.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.customers.v1.SaveRegion", .step = handle_save_region},
    {.type = "kehu.customers.v1.RemoveRegion", .step = handle_remove_region},
    {.type = "kehu.customers.v1.MapRegion", .step = handle_map_region},
    {.type = "kehu.customers.v1.ListRegions", .step = handle_list_regions, .is_query = true},
};

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 8 << 20,
                                    .deadline_us = 30 * SECOND_US};

/* The tree sw › yn (grading) › yn-km, sorted by code; who refers to regions; what was written. */
static struct {
    int64_t customers, order_regions;
    bool knows_order_region;
    char written[200];
} store;

static PGresult *rows_of_tree(void)
{
    static const char *const regions[][3] = {
        {"sw", "Southwest", NULL}, {"yn", "Yunnan", "sw"}, {"yn-km", "Kunming", "yn"}};
    PGresult *rows = rows_new(5);

    for (int row = 0; row < (int)COUNT_OF(regions); row++) {
        rows_put_int8(rows, row, 0, 41);
        rows_put_text(rows, row, 1, regions[row][0]);
        rows_put_text(rows, row, 2, regions[row][1]);
        if (regions[row][2])
            rows_put_text(rows, row, 3, regions[row][2]);
        else
            rows_put_null(rows, row, 3);
        rows_put_bool(rows, row, 4, row == 1);
    }
    return rows;
}

static PGresult *rows_of_order_region(void)
{
    PGresult *rows;

    if (!store.knows_order_region)
        return NULL;
    rows = rows_new(4);
    rows_put_text(rows, 0, 0, "shop");
    rows_put_text(rows, 0, 1, "Yunnan");
    rows_put_null(rows, 0, 2);
    rows_put_int8(rows, 0, 3, 7);
    return rows;
}

static PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;
    PGresult *rows;

    if (strcmp(name, "region_list") == 0)
        return rows_of_tree();
    if (strcmp(name, "region_find_order_region") == 0 ||
        strcmp(name, "region_list_order_regions") == 0)
        return rows_of_order_region();
    if (strcmp(name, "region_find_users") != 0)
        return NULL;
    rows = rows_new(2);
    rows_put_int8(rows, 0, 0, store.customers);
    rows_put_int8(rows, 0, 1, store.order_regions);
    return rows;
}

static void note_writes(const struct pg_unit *unit)
{
    for (const struct pg_write *write = unit->first; write; write = write->next)
        snprintf(store.written + strlen(store.written),
                 sizeof(store.written) - strlen(store.written), "%s ", write->statement->name);
}

static int open_world(void **state)
{
    (void)state;
    memset(&store, 0, sizeof(store));
    store.knows_order_region = true;
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.rows_of = rows_of;
    world.committing = note_writes;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const Kehu__Bus__V1__Reply *ask(const ProtobufCMessage *message)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    uint8_t payload[1000];

    world_forget_replies();
    store.written[0] = '\0';
    request.id = "1";
    request.source = "shop";
    request.type = (char *)message->descriptor->name;
    request.payload = (ProtobufCBinaryData){protobuf_c_message_pack(message, payload), payload};
    world_send(&request);
    world_run();
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static const Kehu__Bus__V1__Reply *save(const char *code, const char *parent, bool is_grading)
{
    Kehu__Customers__V1__Region region = KEHU__CUSTOMERS__V1__REGION__INIT;
    Kehu__Customers__V1__SaveRegion message = KEHU__CUSTOMERS__V1__SAVE_REGION__INIT;

    region.code = (char *)code;
    region.name = "Somewhere";
    region.parent_code = (char *)parent;
    region.is_grading = is_grading;
    message.region = &region;
    return ask(&message.base);
}

static const Kehu__Bus__V1__Reply *remove_region(const char *code)
{
    Kehu__Customers__V1__RemoveRegion message = KEHU__CUSTOMERS__V1__REMOVE_REGION__INIT;

    message.code = (char *)code;
    return ask(&message.base);
}

static const Kehu__Bus__V1__Reply *map(const char *name, const char *code)
{
    Kehu__Customers__V1__MapRegion message = KEHU__CUSTOMERS__V1__MAP_REGION__INIT;

    message.source = "shop";
    message.name = (char *)name;
    message.region_code = (char *)code;
    return ask(&message.base);
}

static void assert_refused(const Kehu__Bus__V1__Reply *reply, enum status status, const char *field)
{
    assert_int_equal(reply->status, status);
    if (field)
        assert_string_equal(reply->violations[0]->field, field);
    else
        assert_int_equal(reply->n_violations, 0);
    assert_string_equal(store.written, "");
}

static void a_region_is_saved_over_the_tree_that_was_read_with_audit_and_receipt(void **state)
{
    (void)state;
    assert_int_equal(save("gz", "sw", true)->status, OK);
    assert_string_equal(store.written, "region_guard region_save audit_add command_add ");
    assert_int_equal(save("yn", "", true)->status, OK); /* another place for a known one */
}

static void what_would_be_no_tree_is_refused_by_its_field(void **state)
{
    (void)state;
    assert_refused(save("gz", "nowhere", false), FAILED_PRECONDITION, "region.parent_code");
    assert_refused(save("yn", "yn-km", true), FAILED_PRECONDITION, "region.parent_code");
    assert_refused(save("gz", "yn-km", true), FAILED_PRECONDITION, "region.is_grading");
    assert_refused(save("sw", "", true), FAILED_PRECONDITION, "region.is_grading");
    assert_non_null(strstr(world.replies[0]->violations[0]->description, "Yunnan (yn)"));
    assert_refused(save("Not a code", "", false), INVALID_ARGUMENT, "region.code");
}

static void a_region_that_nobody_refers_to_is_removed(void **state)
{
    (void)state;
    assert_int_equal(remove_region("yn-km")->status, OK);
    assert_string_equal(store.written, "region_guard region_remove audit_add command_add ");
}

static void a_region_in_use_stays_and_says_by_whom(void **state)
{
    (void)state;
    assert_refused(remove_region("yn"), FAILED_PRECONDITION, NULL);
    assert_non_null(strstr(world.replies[0]->message, "below it"));
    store.customers = 12;
    assert_refused(remove_region("yn-km"), FAILED_PRECONDITION, NULL);
    assert_non_null(strstr(world.replies[0]->message, "the file of 12 customers"));
    store.customers = 0;
    store.order_regions = 1000;
    assert_refused(remove_region("yn-km"), FAILED_PRECONDITION, NULL);
    assert_non_null(strstr(world.replies[0]->message, "1000 or more regions of orders"));
    assert_refused(remove_region("nowhere"), NOT_FOUND, NULL);
}

static void a_name_of_a_source_is_mapped_and_unmapped(void **state)
{
    (void)state;
    assert_int_equal(map("Yunnan", "yn-km")->status, OK);
    assert_string_equal(store.written, "region_guard region_map audit_add command_add ");
    assert_int_equal(map("Yunnan", "")->status, OK);
    assert_refused(map("Yunnan", "nowhere"), FAILED_PRECONDITION, "region_code");
    store.knows_order_region = false;
    assert_refused(map("Elsewhere", "yn"), NOT_FOUND, NULL);
}

static void the_list_holds_the_tree_and_the_names_of_the_sources(void **state)
{
    Kehu__Customers__V1__ListRegions message = KEHU__CUSTOMERS__V1__LIST_REGIONS__INIT;

    (void)state;
    const Kehu__Bus__V1__Reply *reply = ask(&message.base);
    Kehu__Customers__V1__RegionList *list =
        kehu__customers__v1__region_list__unpack(NULL, reply->payload.len, reply->payload.data);

    assert_non_null(list);
    assert_int_equal(list->n_regions, 3);
    assert_string_equal(list->regions[1]->code, "yn");
    assert_true(list->regions[1]->is_grading);
    assert_int_equal(list->n_order_regions, 1);
    assert_int_equal(list->order_regions[0]->net_micros, 7);
    kehu__customers__v1__region_list__free_unpacked(list, NULL);
}

static void of_two_that_change_the_tree_at_once_the_second_decides_again(void **state)
{
    (void)state;
    world.commits = (const enum status[]){ABORTED};
    world.commit_count = 1;
    assert_int_equal(save("gz", "sw", false)->status, OK);
    assert_int_equal(world.commits_done, 2);
}

static void whatever_fails_writes_nothing(void **state)
{
    (void)state;
    for (int fails_at = 0; fails_at < 2; fails_at++) {
        world.arrivals = 0;
        world.fails_at = fails_at;
        world.fails_with = UNAVAILABLE;
        assert_refused(save("gz", "sw", false), UNAVAILABLE, NULL);
    }
}

#define REGION_TEST(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REGION_TEST(a_region_is_saved_over_the_tree_that_was_read_with_audit_and_receipt),
        REGION_TEST(what_would_be_no_tree_is_refused_by_its_field),
        REGION_TEST(a_region_that_nobody_refers_to_is_removed),
        REGION_TEST(a_region_in_use_stays_and_says_by_whom),
        REGION_TEST(a_name_of_a_source_is_mapped_and_unmapped),
        REGION_TEST(the_list_holds_the_tree_and_the_names_of_the_sources),
        REGION_TEST(of_two_that_change_the_tree_at_once_the_second_decides_again),
        REGION_TEST(whatever_fails_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
