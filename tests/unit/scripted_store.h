/*
 * A scripted store for Publish: what it answers, and how many rows were written into it.
 */
#ifndef KEHU_TESTS_SCRIPTED_STORE_H
#define KEHU_TESTS_SCRIPTED_STORE_H

#include "services/customers/handlers/handlers.h"

#include "tests/unit/codec_batch.h"
#include "tests/unit/scripted_world.h"

static const struct handler handlers[] = {
    {.type = "kehu.bus.v1.Publish", .step = handle_publish, .rights = RIGHTS_PUBLISH},
};

static struct flow_limits flow_limits = {.max_requests = 16,
                                         .max_polls = 4,
                                         .max_bytes = 64 << 20,
                                         .max_arena_bytes = 8 << 20,
                                         .deadline_us = 30 * SECOND_US};

/* The scripted store, and what was written into it. */
static struct {
    const char *receipt_request; /* of every event; NULL: none */
    bool is_other_payload;
    bool knows_names, finds_names_after_claim;
    unsigned name_asks;
    uint8_t survivor;            /* of customer 85, who is merged; 0: he is not */
    uint8_t ordered_by, told_of; /* of the last order and event: the last byte of the id */
    uint32_t receipts, keys, saved_keys, orders, lines, customers, references, regions, figures,
        events, quarantined, quarantine_keys;
} store;

static struct batch *sent;

/* The last byte of the last id given to parameter `i` of that statement; 0: none. */
static inline uint8_t last_id_written(const struct pg_unit *unit, const char *name, int i)
{
    const struct pg_args *args = world_find_write(unit, name);

    return args && args->values[i].used ? args->values[i].bytes[args->values[i].used - 1] : 0;
}

static inline void count_writes(const struct pg_unit *unit)
{
    store.ordered_by = last_id_written(unit, "order_add", 0);
    store.told_of = last_id_written(unit, "log_add", 2);
    store.receipts += world_rows_written(unit, "receipt_add");
    store.keys += world_rows_written(unit, "order_add_key");
    store.saved_keys += world_rows_written(unit, "order_save_key");
    store.orders += world_rows_written(unit, "order_add");
    store.lines += world_rows_written(unit, "order_add_lines");
    store.customers += world_rows_written(unit, "reference_add_customer");
    store.references += world_rows_written(unit, "reference_add");
    store.regions += world_rows_written(unit, "reference_add_region");
    store.figures += world_rows_written(unit, "sales_count");
    store.events += world_rows_written(unit, "log_add");
    store.quarantined += world_rows_written(unit, "quarantine_add");
    store.quarantine_keys += world_rows_written(unit, "quarantine_add_key");
}

static inline PGresult *receipts_of(const struct pg_ask *ask)
{
    PGresult *rows;
    int row = 0;

    (void)ask;
    if (!store.receipt_request)
        return NULL;
    rows = rows_new(5);
    for (size_t i = 0; i < sent->intake.count; i++) {
        const struct intake_item *item = &sent->intake.items[i];
        uint8_t hash[32];
        memcpy(hash, item->hash, sizeof(hash));
        hash[0] ^= store.is_other_payload;
        rows_put(rows, row, 0, item->source.at, item->source.bytes);
        rows_put(rows, row, 1, item->id.at, item->id.bytes);
        rows_put_text(rows, row, 2, store.receipt_request);
        rows_put(rows, row, 3, hash, sizeof(hash));
        rows_put_time(rows, row++, 4, world.now_us);
    }
    return rows;
}

static inline PGresult *name_of(const char *name, uint8_t id)
{
    PGresult *rows;

    store.name_asks++;
    if (!store.knows_names && !(store.finds_names_after_claim && store.name_asks > 2))
        return NULL;
    rows = rows_new(4);
    rows_put_text(rows, 0, 0, "uci");
    rows_put_text(rows, 0, 1, name);
    rows_put_id(rows, 0, 2, id);
    if (store.survivor && id == 85)
        rows_put_id(rows, 0, 3, store.survivor);
    else
        rows_put_null(rows, 0, 3);
    return rows;
}

static inline PGresult *numbers_of(const struct pg_ask *ask)
{
    uint32_t count;
    PGresult *rows = rows_new(1);

    memcpy(&count, ask->args->values[0].bytes, sizeof(count));
    for (uint32_t i = 0; i < be32toh(count); i++)
        rows_put_int8(rows, (int)i, 0, 1000 + i);
    return rows;
}

static inline PGresult *rows_of(const struct pg_ask *ask)
{
    const char *name = ask->statement->name;

    if (strcmp(name, "receipt_find") == 0)
        return receipts_of(ask);
    if (strcmp(name, "reference_find_customers") == 0)
        return name_of(" 13085 ", 85);
    if (strcmp(name, "reference_find_regions") == 0)
        return name_of(" United Kingdom ", 44);
    if (strcmp(name, "reference_take_numbers") == 0)
        return numbers_of(ask);
    return NULL;
}

static inline void begin_world(void)
{
    memset(&store, 0, sizeof(store));
    world_open(handlers, COUNT_OF(handlers), &flow_limits);
    world.rows_of = rows_of;
    world.committing = count_writes;
}

static inline int open_test(void **state)
{
    struct sample s;

    flow_limits.max_arena_bytes = 8 << 20;
    begin_world();
    open_batch(state);
    sent = *state;
    fill_sample(&s);
    place(sent, &s);
    return 0;
}

static inline int close_test(void **state)
{
    world_close();
    return close_batch(state);
}

static inline void publish(const char *id)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    request.id = (char *)id;
    request.type = "kehu.bus.v1.Publish";
    request.payload = packed_batch(sent);
    world_send(&request);
}

static inline const Kehu__Bus__V1__Reply *only_reply(void)
{
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

/* The outcomes as letters: accepted, duplicate, rejected. */
static inline void assert_outcomes(const char *letters)
{
    assert_int_equal(only_reply()->status, OK);
    assert_string_equal(only_reply()->payload_type, "kehu.bus.v1.Published");
    Kehu__Bus__V1__Published *published = kehu__bus__v1__published__unpack(
        NULL, only_reply()->payload.len, only_reply()->payload.data);

    assert_non_null(published);
    assert_int_equal(published->n_items, strlen(letters));
    for (size_t i = 0; i < published->n_items; i++)
        assert_int_equal("?adr"[published->items[i]->outcome], letters[i]);
    kehu__bus__v1__published__free_unpacked(published, NULL);
}

#endif
