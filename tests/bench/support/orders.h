/*
 * The orders that every side of a measurement gets: the same content by index, so that Kehu and
 * its baselines store the same rows. Nothing here is random.
 */
#ifndef KEHU_BENCH_ORDERS_H
#define KEHU_BENCH_ORDERS_H

#include "common/base.h"

#define BENCH_REGIONS 12

struct bench_line {
    char product[16], description[48];
    int64_t quantity_micros, unit_price_micros, amount_micros;
};

struct bench_order {
    uint64_t index;
    char number[24], event_id[32];
    char customer[16], region[16];
    uint32_t customer_index;
    int64_t ordered_at_us; /* within the last five days before the base: not historic */
    uint32_t line_count;
    struct bench_line lines[20];
    int64_t net_micros;
};

/* Order `index` of the feed: one of `customers` customers, in turn, so that any `customers` orders
 * in a row name each of them once. At most 20 lines. base_us is midnight of the day of the
 * measurement. */
void orders_make(uint64_t index, uint32_t customers, uint32_t lines, int64_t base_us,
                 struct bench_order *out);

/* A Publish of `count` orders from `first` on, packed; the caller frees. */
uint8_t *orders_pack_publish(uint64_t first, uint32_t count, uint32_t customers, uint32_t lines,
                             int64_t base_us, const char *source, size_t *bytes);

/* The OrderRecorded that the order's commit logs, packed into out[256]; its length. */
size_t orders_pack_recorded(const struct bench_order *order, const char *customer_id,
                            const char *order_id, const char *day, uint8_t out[256]);

#endif
