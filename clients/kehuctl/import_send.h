/*
 * Events to the service and the count of what it answered: batches, several on the way at a time,
 * each sent again by libkehu until it is answered, however long that takes.
 */
#ifndef KEHU_IMPORT_SEND_H
#define KEHU_IMPORT_SEND_H

#include "clients/kehuctl/ctl.h"
#include "clients/kehuctl/import_event.h"

/* A batch's events together; a larger event goes alone. */
#define IMPORT_SEND_BATCH_BYTES ((size_t)1 << 20)
#define IMPORT_SEND_MAX_BATCH 2000
#define IMPORT_SEND_MAX_IN_FLIGHT 64

/* Where events come from. */
struct import_source {
    /* The next event, borrowed until the next call; false: there is none. */
    bool (*next)(void *owner, struct import_event *event);
    void *owner;
    uint64_t total; /* for the progress */
};

struct import_options {
    size_t batch;     /* events in a request, 1..2,000 */
    size_t in_flight; /* requests on the way, 1..64 */
    unsigned rate;    /* events a second; 0: as fast as they are taken */
};

struct import_result {
    uint64_t accepted, duplicates, rejected, historic; /* events */
    uint64_t lines;                                    /* order lines in the answered events */
    double seconds;
    bool finished; /* every event was answered */
    int exit;      /* CTL_DONE, CTL_REFUSED or CTL_UNFINISHED */
};

/*
 * Sends everything through ctl_kehu, which is connected. Rejected events (the first 100) and a
 * request that was refused as a whole are said on stderr; the latter ends the import. On SIGINT and
 * SIGTERM it waits 5 s for what is on the way.
 */
void import_send(struct ctl *ctl, const struct import_source *source,
                 const struct import_options *options, struct import_result *result);

/* The result for people on stdout, `what` being "orders_2010.csv.gz". */
void import_send_print(const char *what, uint64_t events, const struct import_result *result);

/* The same as a JSON object; the fields from events to historic stand together in this order,
 * because scripts look for them as one piece. */
json_t *import_send_json(const char *source, uint64_t events, const struct import_result *result);

#endif
