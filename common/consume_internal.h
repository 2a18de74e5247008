/* What the files of consume share. Nothing else includes this. */
#ifndef KEHU_CONSUME_INTERNAL_H
#define KEHU_CONSUME_INTERNAL_H

#include "common/call.h"
#include "common/consume.h"
#include "common/service.h"

#define CONSUME_POSITION_BYTES 100
#define CONSUME_WHY_BYTES 200
#define CONSUME_SET_EVENTS 500
#define CONSUME_LOOK_AGAIN_MS 1000 /* for a lease that another has, after a failure */

/* What was fetched, or parked events whose turn has come. */
struct consumed_set {
    struct consumed *list;
    size_t count;
    const char *next; /* fetched: the position after it */
    bool has_more;
    bool is_parked;
};

/* consume_wire.c */
/* The packed Fetch. False: the arena is full. */
bool consume_pack_fetch(struct request *req, const char *after, uint32_t max, int wait_ms,
                        struct flow_packed *out);
/* NULL, or why this is no answer to a Fetch. */
const char *consume_unpack(struct request *req, const struct call_ask *ask,
                           struct consumed_set *out);

/* How we stand with a log. */
struct consume_standing {
    bool found, is_ours;
    int64_t epoch;
    const char *position;
    int64_t parked;           /* counted to 10000 */
    int64_t oldest_parked_us; /* of real time; 0: none */
};

/* How we stand with a subject. */
struct consume_subject {
    struct id subject;
    int64_t version;
    bool has_parked_next; /* the next version is parked: all that follows waits for it */
};

struct consume_subjects {
    struct consume_subject *list;
    size_t count;
};

/* consume_rows.c */
void consume_lease(struct request *req, const char *log, const char *token);
void consume_release(struct request *req, const char *token);
void consume_find(struct request *req, const char *log, const char *token,
                  struct consume_standing *out);
/* Stale when the lease has changed hands, or somebody moved the position. */
struct consume_move {
    const char *log, *token;
    int64_t epoch;
    const char *from, *to;
    bool is_caught_up;
};
void consume_save(struct request *req, const struct consume_move *move);
struct pg_args *consume_ask_subjects(struct request *req, const char *log);
void consume_find_subjects(struct request *req, struct pg_args *args, struct consume_subjects *out);
/* Parked events whose turn has come at `real_us`, with up to 50 of each subject; by subject and
 * version. */
void consume_list_due(struct request *req, const char *log, int64_t real_us, size_t max,
                      struct consumed_set *out);
/* Stale unless the subject stands at `from`. What is parked of it after `to` is due now. */
void consume_save_version(struct request *req, const char *log, const struct id *subject,
                          int64_t from, int64_t to, int64_t real_us);
/* `try_at_us` 0: when the one before it is applied. */
void consume_park(struct request *req, const char *log, const struct consumed *event,
                  int64_t real_us, int64_t try_at_us, const char *why);
void consume_park_again(struct request *req, const char *log, const struct consumed *event,
                        int64_t try_at_us, const char *why);
void consume_unpark(struct request *req, const char *log, const struct consumed *event);

/* consume_plan.c */
struct consume_blame {
    char id[65]; /* of the event that a unit failed by; "": none */
    char why[CONSUME_WHY_BYTES];
};

/* What a unit makes of a set: its first `taken` events. */
struct consume_plan {
    const struct consumed_log *log;
    struct consumed_set set;
    struct consume_subjects subjects;
    const struct consume_blame *blame;
    size_t taken;
    size_t fresh;                 /* of them, those to be applied */
    const struct consumed *first; /* of these */
    /* After consume_plan_apply. */
    uint64_t applied, passed_over, repeats, parked, redriven;
    struct plan_subject *states;
};
/* Asks for the standing of the set's subjects. */
void consume_plan_begin(struct request *req, struct consume_plan *plan);
/* How many events of the set one unit takes, with at most `limit` to apply; asks for them. */
void consume_plan_ask(struct request *req, struct consume_plan *plan, size_t limit);
/* Adds to the unit what becomes of them. */
void consume_plan_apply(struct request *req, struct consume_plan *plan, int64_t real_us);

/* Sets are divided until the event to blame stands alone. */
struct consume_dividing {
    size_t limit;      /* events of a unit; halved by failures */
    unsigned absences; /* so many units of this size ended without an answer of the database */
    struct consume_blame blame;
};

/* consume_run.c */
/* One log. */
struct consumer {
    struct consumers *all;
    const struct consumed_log *log;
    struct call *call;
    uv_timer_t clock;
    bool is_running;
    bool is_at_work; /* more than waiting for news */
    bool has_lease;  /* as far as we know; the database says it with each commit */
    bool is_blaming; /* what fails now fails by the events */
    int64_t epoch;
    int64_t renew_us;                    /* of the loop's real time */
    int64_t read_us;                     /* when a set was taken last, or the start */
    int64_t pause_ms;                    /* before the next request */
    uint32_t max;                        /* events of a fetch; halved by failures */
    size_t taken;                        /* to be applied by the unit under way */
    char first_id[65];                   /* of its events */
    struct consume_dividing dividing[2]; /* of sets that are fetched, and that were parked */
    bool is_redriving;                   /* in this round: parked events */
    bool reads_next;                     /* after them the log has its turn */
    uint64_t parked_now, oldest_parked_us;
    char position[CONSUME_POSITION_BYTES];
    char trouble[240]; /* what keeps us from reading; "": nothing */
};

struct consumers {
    struct service *service;
    char token[48]; /* this process, since its start */
    size_t count;
    bool is_closed, is_stopping;
    struct consume_counters counters;
    char why[300];
    struct consumer list[];
};

/* consume.c: the first step of a round. */
enum flow consume_begin(struct request *req);

#endif
