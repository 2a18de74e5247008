/*
 * The public pool: owners whose watch is over, who is in the pool, picks.
 */
#ifndef KEHU_CUSTOMERS_STORE_POOL_H
#define KEHU_CUSTOMERS_STORE_POOL_H

#include "common/flow.h"
#include "services/customers/domain/owner.h"
#include "services/customers/domain/pool.h"

extern const struct pg_statement pool_statements[];
extern const size_t pool_statement_count;

/* Ownerships that are to be looked at now. */
struct pool_due {
    struct owner_standing standing; /* customer, version, interval, owner; nothing else */
    struct pool_watch watch;
};
struct pool_dues {
    struct pool_due *list;
    size_t count;
};
void pool_list_due(struct request *req, uint32_t limit, struct pool_dues *out);
/* When to look next, and that the owner was warned now; next_us 0: never again. */
void pool_save_watch(struct request *req, const struct pool_due *due, int64_t next_us,
                     bool is_warned);
/* Another policy: everybody is looked at anew. */
void pool_restart(struct request *req);

/* Whether a customer may be in the pool: he never bought. */
void pool_find_bought(struct request *req, const struct id *customer, bool *out);

struct pool_entry {
    bool found;
    struct id customer, id, from;
    bool has_from;
    int64_t number;
    struct text name, region, from_code, reason;
    int64_t pooled_at_us;
};
struct pool_entries {
    struct pool_entry *list;
    size_t count;
};
/* In the pool now. */
void pool_find(struct request *req, const struct id *customer, struct pool_entry *out);
struct pool_question {
    struct text region; /* empty: all */
    int64_t after_us;   /* of the last row of the page before; 0: the first page */
    struct id after;
    uint32_t limit;
};
/* Longest first. */
void pool_list(struct request *req, const struct pool_question *question, struct pool_entries *out);
/* How many he took on that day. */
void pool_find_picks(struct request *req, const struct id *staff, int32_t day, uint32_t *out);

void pool_add(struct request *req, const struct id *customer, const struct id *from,
              const char *reason, struct text note);
/* He leaves the pool with the one who takes him. Stale when he is not there any more, or when the
 * taker's picks of the day are more than `max` with it. */
void pool_take(struct request *req, const struct pool_entry *entry, const struct id *staff,
               int32_t day, uint32_t max);

#endif
