/*
 * A job: whatever is not sealed with the current key is sealed with it, a chunk at a time, after a
 * rotation (`kehuctl keys seal --rotate`) and, once, what was there before there were seals. How
 * far it is stands in the database, so it goes on after a restart, and two processes do not do the
 * same. Health and counters tell what waits.
 */
#include <stdio.h>
#include <string.h>

#include "common/logfmt.h"
#include "common/service.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/reseal.h"

struct resealing {
    struct reseal_walk walks[RESEAL_MAX_COLUMNS];
    struct reseal_ring ring;
    size_t column; /* that is worked on */
    struct reseal_counts counts;
    struct reseal_rows rows;
};

static enum flow choose(struct request *req);
static enum flow begin(struct request *req);
static enum flow seal_chunk(struct request *req);
static enum flow end(struct request *req);
static enum flow start_next(struct request *req);

enum flow reseal_look(struct request *req)
{
    struct resealing *r = request_state(req, sizeof(*r));

    reseal_list_walks(req, r->walks);
    reseal_find_ring(req, &r->ring);
    return flow_wait(req, choose);
}

/* --- what is told --- */

static bool is_current(const struct request *req, const struct reseal_walk *walk)
{
    return walk->key_id == seal_current(req->service->seal) && walk->is_done;
}

/* For health: "sealing again with key 2: customer_fact.value (key 1: 1200)". */
static void tell(struct request *req, const struct resealing *r)
{
    struct service *service = req->service;
    struct customers_counters *counters = service->counters;
    char *note = service->seal_note;
    size_t room = sizeof(service->seal_note), used = 0;

    counters->seal_waiting = counters->seal_unreadable = 0;
    note[0] = '\0';
    for (size_t i = 0; i < reseal_column_count; i++) {
        const struct reseal_walk *walk = &r->walks[i];

        counters->seal_unreadable += (uint64_t)walk->unreadable;
        if (is_current(req, walk))
            continue;
        counters->seal_waiting++;
        if (used < room)
            used += (size_t)snprintf(
                note + used, room - used, "%s%s (%.*s)",
                used ? ", " : "values wait to be sealed again: ", reseal_columns[i],
                (int)walk->waiting.bytes, walk->waiting.bytes ? walk->waiting.at : "");
    }
    if (counters->seal_unreadable && used < room)
        snprintf(note + used, room - used, "%s%llu values cannot be opened, see the log",
                 used ? "; " : "", (unsigned long long)counters->seal_unreadable);
}

/* Nothing opens with another ring, and what it seals nobody finds: the right one must come back. */
static enum flow refuse_ring(struct request *req)
{
    struct service *service = req->service;

    if (!service->seal_is_wrong)
        logfmt_error("seal", "state", "wrong-ring", "why",
                     "this database's values were sealed with another ring: restore its file",
                     NULL);
    service->seal_is_wrong = true;
    return flow_end(req);
}

/* --- choosing --- */

static enum flow choose(struct request *req)
{
    struct resealing *r = req->state;
    uint8_t fingerprint[SEAL_HASH_BYTES];
    const struct reseal_walk *walk;

    seal_hash(req->service->seal, "ring", (struct text){"", 0}, fingerprint);
    if (!r->ring.is_known) {
        reseal_add_ring(req, fingerprint);
        return flow_commit(req, start_next);
    }
    if (memcmp(fingerprint, r->ring.fingerprint, sizeof(fingerprint)) != 0)
        return refuse_ring(req);
    req->service->seal_is_wrong = false;
    tell(req, r);
    while (r->column < reseal_column_count && is_current(req, &r->walks[r->column]))
        r->column++;
    if (r->column == reseal_column_count)
        return flow_end(req);
    walk = &r->walks[r->column];
    if (walk->key_id != seal_current(req->service->seal)) {
        reseal_count_keys(req, r->column, &r->counts);
        return flow_wait(req, begin);
    }
    if (!walk->has_begun)
        return flow_end(req);
    reseal_list_rows(req, r->column, walk, &r->rows);
    return flow_wait(req, seal_chunk);
}

/* --- a walk --- */

/* "key 1: 1200, plain: 3" of all that is not under the current key. Returns how many. */
static int64_t print_waiting(struct request *req, const struct reseal_counts *counts,
                             char waiting[120])
{
    size_t used = 0;
    int64_t all = 0;

    waiting[0] = '\0';
    for (size_t i = 0; i < counts->count; i++) {
        const struct reseal_count *count = &counts->list[i];
        const char *comma = used ? ", " : "";

        if (count->key_id == seal_current(req->service->seal))
            continue;
        all += count->values;
        if (used < 120 && count->key_id)
            used += (size_t)snprintf(waiting + used, 120 - used, "%skey %u: %lld", comma,
                                     count->key_id, (long long)count->values);
        else if (used < 120)
            used += (size_t)snprintf(waiting + used, 120 - used, "%splain: %lld", comma,
                                     (long long)count->values);
    }
    return all;
}

static enum flow begin(struct request *req)
{
    struct resealing *r = req->state;
    char waiting[120];

    print_waiting(req, &r->counts, waiting);
    reseal_begin_walk(req, r->column, &r->walks[r->column], seal_current(req->service->seal),
                      waiting);
    return flow_commit(req, flow_end);
}

static enum flow start_next(struct request *req)
{
    if (!req->service->is_stopping)
        flows_start(req->service->flows, req->type, reseal_look);
    return flow_end(req);
}

static enum flow seal_chunk(struct request *req)
{
    struct resealing *r = req->state;
    struct reseal_walk *walk = &r->walks[r->column];
    struct customers_counters *counters = req->service->counters;

    if (r->rows.count == 0) {
        reseal_count_keys(req, r->column, &r->counts);
        return flow_wait(req, end);
    }
    for (size_t i = 0; i < r->rows.count; i++)
        walk->unreadable += !reseal_row(req, r->column, &r->rows.list[i]);
    const struct reseal_row *last = &r->rows.list[r->rows.count - 1];

    walk->after = last->row;
    snprintf(walk->after_part, sizeof(walk->after_part), "%.*s", (int)last->part.bytes,
             last->part.at);
    reseal_save_walk(req, r->column, walk);
    counters->resealed += r->rows.count;
    return flow_commit(req, start_next);
}

/* A walk is done when the count says so: what slipped in behind it makes it begin again. */
static enum flow end(struct request *req)
{
    struct resealing *r = req->state;
    struct reseal_walk *walk = &r->walks[r->column];
    char waiting[120];

    if (print_waiting(req, &r->counts, waiting) > walk->unreadable) {
        reseal_begin_walk(req, r->column, walk, walk->key_id, waiting);
        return flow_commit(req, flow_end);
    }
    walk->is_done = true;
    walk->waiting = (struct text){waiting, strlen(waiting)};
    reseal_save_walk(req, r->column, walk);
    logfmt_info("seal", "state", "sealed-again", "column", reseal_columns[r->column], NULL);
    return flow_commit(req, start_next);
}
