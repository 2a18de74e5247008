/*
 * What happened to a customer, latest first (proto/kehu/customers/v1/timeline.proto).
 */
#ifndef KEHU_CUSTOMERS_TIMELINE_H
#define KEHU_CUSTOMERS_TIMELINE_H

#include "services/customers/domain/customer.h"

#define TIMELINE_MAX_KINDS 30
#define TIMELINE_MAX_KIND 40
#define TIMELINE_MAX_KEY 400

struct timeline_entry {
    int64_t at_us;
    struct text kind, what, ref, name, text, currency, by;
    int64_t net_micros;
    int64_t recorded_on; /* number of the merged customer it was said of; 0: of this one */
    bool is_historic;
    struct text key; /* of the entry: with its time, its place in the stream */
};

struct timeline_entries {
    struct timeline_entry *list;
    size_t count;
};

/* Entries before that place: earlier, or of that moment with a smaller key. */
struct timeline_place {
    int64_t at_us;
    struct text key;
};

struct timeline_question {
    struct customer_question ref;
    struct text kinds[TIMELINE_MAX_KINDS];
    size_t kind_count; /* 0: all */
    bool has_from, has_to, has_place;
    int32_t from_day, to_day;    /* both included */
    struct timeline_place place; /* of the last entry of the page before */
    uint32_t page_size;
};

/* Small letters and _; other services have kinds of their own. */
bool timeline_is_kind(struct text kind);

/* "1790000000000000.order:uci:536365": a place as a page token. */
#define TIMELINE_TOKEN_BYTES (TIMELINE_MAX_KEY + 24)
void timeline_print_place(const struct timeline_entry *entry, char out[TIMELINE_TOKEN_BYTES]);
/* False: it is none. The key is borrowed from the token. */
bool timeline_read_place(struct text token, struct timeline_place *out);

#endif
