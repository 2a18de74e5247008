/* What the files of sweeps share. Nothing else includes this. */
#ifndef KEHU_SWEEP_INTERNAL_H
#define KEHU_SWEEP_INTERNAL_H

#include "common/loop.h"
#include "common/sweep.h"

#define SWEEP_WHY_BYTES 200

/* One row of the definition, at work. */
struct sweeper {
    struct sweeps *sweeps;
    const struct sweep *sweep;
    uv_timer_t clock;
    bool is_busy; /* looks, or does a set */
    bool wants_look;
    bool has_failed;
    bool may_go_on;   /* the look found rows, and they are ours to take */
    int64_t until_us; /* of flow_clock_us: the lease is ours so long */
    int64_t pause_us; /* until the next look, as the last one found */
    size_t limit;     /* rows of a set; halved by sets that fail */
    bool is_again;    /* the set is one row that was set aside: `row` */
    struct id row;    /* the first of the set, or the one to blame */
    size_t taken;     /* rows of the set */
    bool has_blame;   /* `row` is to be set aside, for `why` */
    char why[SWEEP_WHY_BYTES];
    uint64_t aside; /* rows, as the last look found */
};

struct sweeps {
    struct service *service;
    char token[48]; /* this process, since its start */
    bool is_closed;
    struct sweep_counters counters;
    char why[160];
    size_t count;
    struct sweeper list[];
};

/* sweep.c */
/* Whose request it is. */
struct sweeper *sweep_find(const struct request *req);
/* The first step of a look: leaves in the sweeper whether it may go on, and else for how long to
 * pause. */
enum flow sweep_look(struct request *req);

/* What of a sweep is set aside. */
struct sweep_aside {
    int64_t count;
    struct id first; /* whose turn comes first; of one at least */
    int64_t wait_us; /* until then, by the database's clock; not above 0: now */
};

/* sweep_aside.c */
void sweep_aside_find(struct request *req, const char *sweep, struct sweep_aside *out);
/* Adds to the unit: the row waits a second; one that was tried again twice as long as before, up to
 * ten minutes. */
void sweep_aside_put(struct request *req, const char *sweep, const struct id *row, const char *why);
void sweep_aside_remove(struct request *req, const char *sweep, const struct id *row);

#endif
