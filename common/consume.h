/*
 * Consuming another service's log (docs/architecture.md, "Consumers"): what is said there is
 * applied here, each event once, those of a subject in the order of their versions, whatever dies
 * meanwhile. A service names in its definition the logs it reads and what becomes of each type of
 * event; nothing here knows a service.
 *
 *   pull    one process per log reads, by a lease in the row of the log; the row's epoch rises when
 *           the lease changes hands and is checked in each commit, so that one who was only slow
 *           changes nothing any more. Without an answer he asks again; the service may be away for
 *           days
 *   apply   what was fetched is applied in one transaction with the position. The table keeps the
 *           version of each subject: up to it is a repeat, the next is applied, what is above a gap
 *           is held. All types are fetched, also those that nobody here wants: they count
 *   park    what cannot be applied goes, with its followers of the same subject, to a table; the
 *           position moves on. It is tried again after 1 s, doubling to 10 min; its followers stand
 *           at infinity until it is applied. However many are due, the log has every other round.
 *           A unit that the database refuses, or cannot end in time again and again, is divided
 *           until the event to blame stands alone
 *   bootstrap  OUT_OF_RANGE says that the log does not reach back to our position: `bootstrap` of
 *           the log runs, once a minute, until it has set another (consume_restart). Without one
 *           the log stands still, and health says so
 */
#ifndef KEHU_CONSUME_H
#define KEHU_CONSUME_H

#include <protobuf-c/protobuf-c.h>

#include "common/flow.h"
#include "common/metrics.h"

struct call;

/* An event that is being applied. Pointers hold as long as the request. */
struct consumed {
    const char *id;
    const char *type;
    struct id subject;
    int64_t version;
    int64_t at_us; /* business time of what it tells */
    const char *correlation_id, *traceparent;
    const uint8_t *data; /* the packed message of that type */
    size_t data_bytes;
    void *state;    /* of the handler: what `ask` made for `apply` */
    unsigned tries; /* of a parked one; 0: for the first time */
};

/* The message in the data of an event, in the arena; NULL: it is not what its type says. */
void *consume_open(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                   const uint8_t *data, size_t bytes);

/*
 * What becomes of the events of a type. `ask` may be NULL: it asks what the decision needs
 * (flow_ask into event->state); its answers know everything earlier events of the same subject did,
 * and nothing that earlier events of other subjects in the same unit did. `apply` adds writes to
 * the unit and returns NULL; or it writes nothing and returns a sentence: why this cannot be
 * applied now. Writes that depend on each other within a unit are the statements' business: they
 * are many rows to one execution, in the order of the log. While `apply` runs, the request's id,
 * correlation and trace are the event's, and with them those of what log_add tells.
 */
struct consumed_type {
    const char *type; /* "kehu.customers.v1.GradeChanged" */
    bool is_alone; /* never in one unit with an earlier event of its subject; of an `ask` always so
                    */
    void (*ask)(struct request *req, struct consumed *event);
    const char *(*apply)(struct request *req, struct consumed *event);
};

/* A log that a service consumes; a row of its definition. The service's address is the setting
 * KEHU_<LOG>_URL, our key there KEHU_SERVICE_KEY_FILE. */
struct consumed_log {
    const char *log; /* the service's name, "customers" */
    const struct consumed_type *types;
    size_t type_count;
    flow_step bootstrap; /* NULL: none */
};

/* For a bootstrap, as parts of its unit: reading goes on at this position; so much of the subject
 * is known (a snapshot says it of each). What was parked of the log is dropped with the restart. */
void consume_restart(struct request *req, const char *log, const char *position);
void consume_know(struct request *req, const char *log, const struct id *subject, int64_t version);

/* --- for service.c --- */

extern const struct pg_statement consume_statements[];
extern const size_t consume_statement_count;

struct consumers;

struct consume_counters {
    uint64_t fetches, sets, applied, passed_over, repeats, parked, redriven, divided, lost_leases,
        failures;
    uint64_t parked_now, oldest_parked_s, behind_s;
};

/* For the logs of the service's definition, with a call per log in their order; none: it does
 * nothing. NULL: out of memory. */
struct consumers *consumers_new(struct service *service, struct call **calls);
/* Begins to read; again whenever PostgreSQL comes back. */
void consumers_look(void *consumers);
/* Gives the leases back, as the last thing the service commits. */
void consumers_stop(struct consumers *consumers);
void consumers_close(struct consumers *consumers);
/* After flows_free. Takes NULL. */
void consumers_free(struct consumers *consumers);
/* What is not as it should be, in a sentence; "": all logs are read. */
const char *consumers_why_behind(struct consumers *consumers);
/* More is at work than waiting for news. */
bool consumers_are_busy(const struct consumers *consumers);
/* Brings the gauges up to date: what is parked, how old it is, how long ago the logs were heard. */
void consumers_measure(struct consumers *consumers);
const struct consume_counters *consumers_counters(const struct consumers *consumers);
extern const struct metric consume_metrics[];
extern const size_t consume_metric_count;

#endif
