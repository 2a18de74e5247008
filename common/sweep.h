/*
 * Sweeps: rows of a service's own that fall due, done in sets. A timer (timer.h) gives every key a
 * request of its own; where a thousand rows are due in one second, a sweep takes them with one
 * question and settles them in one unit.
 *
 *   sleep   until the first row is due, until a NOTIFY says that an earlier one was committed
 *           (sweep_wake), or half a minute
 *   take    one process at a time sweeps rows of a kind, by a lease of a second; when it dies,
 *           another goes on after at most that second
 *   settle  the step takes what is due, a set at a time, until nothing is
 *
 *   divide  a set that fails by its rows is tried again half as large, down to one row; sets that
 *           succeed let the size grow again. What fails by an absence or a crowd (UNAVAILABLE,
 *           DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED) is tried again as it was, a second later
 *   aside   a row that fails alone is set aside in the table sweep_aside, with an error in the log;
 *           health and a metric say so. The others go on without it. When nothing else is due it
 *           is tried again by itself, after 1 s, doubling to 10 min, until it succeeds or is not
 *           due any more
 *
 * The lease is economy, the rows are truth: the unit of a set must be guarded by the rows it took
 * (versions), so that of two processes that took the same ones only one commits. What is due is
 * due until it is settled, so nothing is lost with a process; rows that fell due while nobody could
 * take them are taken as soon as somebody can, in the order of their time.
 */
#ifndef KEHU_SWEEP_H
#define KEHU_SWEEP_H

#include "common/flow.h"
#include "common/metrics.h"

extern const struct pg_statement sweep_statements[], sweep_aside_statements[];
extern const size_t sweep_statement_count, sweep_aside_statement_count;

/* A row of the service's definition. */
struct sweep {
    const char *name; /* "clocks": in logs, and what AdvanceClock waits for */
    size_t most;      /* rows of a set */
    /* One row for $1, a PG_TIME of the business clock: is anything due by then that is not set
     * aside (boolean), and when is the first of the others (timestamptz, null: there is none). */
    const struct pg_statement *outlook;
    /* Takes one set of what is due, as sweep_share says, tells it to sweep_took, commits and ends
     * with flow_end. Entered again while rows are due. */
    flow_step step;
};

/* What stores write: the row of that id, an expression that is never null, is not set aside by the
 * sweep. Those that are set aside are read once, whatever the planner thinks of how many they are:
 * as `not exists` all would be read anew for each row, where they were none when it last looked. */
#define SWEEP_IS_FREE(sweep, id)                                                                   \
    id " not in (select a.id from sweep_aside a where a.sweep = '" sweep "')"

/* What the step is to take. */
struct sweep_share {
    int64_t most;           /* rows */
    const struct id *again; /* only of this one, which was set aside; NULL: of all that are free */
};
struct sweep_share sweep_share(const struct request *req);
/* Says what it took, before flow_commit, also when it was nothing; `first`, of one at least, is
 * what is set aside if it stands alone and fails. */
void sweep_took(struct request *req, size_t count, const struct id *first);

/* Adds to the unit: a row of some sweep is due then. Tells all processes, when that is soon. */
void sweep_wake(struct request *req, int64_t due_at_us);

/* How the sweeps of the service stand. */
struct sweep_outlook {
    bool is_due;
    bool has_next;
    int64_t next_at_us;
};
/* `out` has one per sweep of the definition. */
void sweep_find_outlooks(struct request *req, struct sweep_outlook *out);

/* --- for service.c --- */

struct service;
struct sweeps;

struct sweep_counters {
    uint64_t looks, sets, failures, set_aside, lost, aside;
};

/* For the sweeps of the service's definition; without any it never looks. NULL: out of memory. */
struct sweeps *sweeps_new(struct service *service);
void sweeps_close(struct sweeps *sweeps);
/* After flows_free. */
void sweeps_free(struct sweeps *sweeps);
/* Looks for due rows now: at start, on news, after the clock was moved. */
void sweeps_look(void *sweeps);

/* Which rows are set aside, in a sentence; "": none. */
const char *sweeps_why_aside(struct sweeps *sweeps);
const struct sweep_counters *sweeps_counters(const struct sweeps *sweeps);
extern const struct metric sweep_metrics[];
extern const size_t sweep_metric_count;

#endif
