/*
 * A job: whatever is not sealed with the current key is sealed with it, a chunk at a time, after a
 * rotation (`kehuctl keys seal --rotate`) and, once, what was there before there were seals. How
 * far it is stands in the database, so it goes on after a restart, and two processes do not do the
 * same. Health and counters tell what waits.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/logfmt.h"
#include "common/service.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/reseal.h"

#define WAITING_BYTES 120

struct resealing {
    struct reseal_walk walks[RESEAL_MAX_COLUMNS];
    struct reseal_ring ring;
    struct reseal_counts counts[RESEAL_MAX_COLUMNS];
    size_t column; /* that is worked on */
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

static bool is_of_older_key(const struct request *req, const struct reseal_walk *walk)
{
    return walk->key_id != seal_current(req->service->seal);
}

/* --- what is told --- */

/* "values wait to be sealed again: customer_fact.value (key 1: 1200)", as far as there is room. */
struct note {
    char *text;
    size_t room, used;
};

static void add(struct note *note, const char *text, size_t bytes)
{
    if (bytes >= note->room - note->used)
        bytes = note->room - note->used - 1;
    memcpy(note->text + note->used, text, bytes);
    note->used += bytes;
    note->text[note->used] = '\0';
}

static void add_waiting(struct note *note, const char *column, const struct reseal_walk *walk)
{
    const char *before = note->used ? ", " : "values wait to be sealed again: ";

    add(note, before, strlen(before));
    add(note, column, strlen(column));
    if (walk->waiting.bytes == 0)
        return;
    add(note, " (", 2);
    add(note, walk->waiting.at, walk->waiting.bytes);
    add(note, ")", 1);
}

static void tell(struct request *req, const struct resealing *r)
{
    static const char unreadable[] = "values that cannot be opened: see the log";
    struct service *service = req->service;
    struct customers_counters *counters = service->counters;
    struct note note = {service->seal_note, sizeof(service->seal_note), 0};

    service->seal_is_wrong = false;
    counters->seal_waiting = counters->seal_unreadable = counters->seal_wrong_ring = 0;
    note.text[0] = '\0';
    for (size_t i = 0; i < reseal_column_count; i++) {
        const struct reseal_walk *walk = &r->walks[i];

        counters->seal_unreadable += (uint64_t)walk->unreadable;
        if (walk->is_done && !is_of_older_key(req, walk))
            continue;
        counters->seal_waiting++;
        add_waiting(&note, reseal_columns[i], walk);
    }
    if (counters->seal_unreadable) {
        add(&note, "; ", note.used ? 2 : 0);
        add(&note, unreadable, sizeof(unreadable) - 1);
    }
}

/* Nothing opens with another ring, and what it seals nobody finds: the right one must come back. */
static enum flow refuse_ring(struct request *req)
{
    struct service *service = req->service;
    struct customers_counters *counters = service->counters;

    counters->seal_wrong_ring = 1;
    if (!service->seal_is_wrong)
        logfmt_error("seal", "state", "wrong-ring", "why",
                     "this database's values were sealed with another ring: restore its file",
                     NULL);
    service->seal_is_wrong = true;
    return flow_end(req);
}

/* --- choosing --- */

/* After a rotation, or for the first time, all columns begin together. */
static bool ask_beginnings(struct request *req, struct resealing *r)
{
    bool asked = false;

    for (size_t i = 0; i < reseal_column_count; i++) {
        if (!is_of_older_key(req, &r->walks[i]))
            continue;
        reseal_count_keys(req, i, &r->counts[i]);
        asked = true;
    }
    return asked;
}

static enum flow choose(struct request *req)
{
    struct resealing *r = req->state;
    uint8_t fingerprint[SEAL_HASH_BYTES];

    seal_hash(req->service->seal, "ring", (struct text){"", 0}, fingerprint);
    if (!r->ring.is_known) {
        reseal_add_ring(req, fingerprint);
        return flow_commit(req, start_next);
    }
    if (memcmp(fingerprint, r->ring.fingerprint, sizeof(fingerprint)) != 0)
        return refuse_ring(req);
    tell(req, r);
    if (ask_beginnings(req, r))
        return flow_wait(req, begin);
    while (r->column < reseal_column_count &&
           (r->walks[r->column].is_done || !r->walks[r->column].has_begun))
        r->column++;
    if (r->column == reseal_column_count)
        return flow_end(req);
    reseal_list_rows(req, r->column, &r->walks[r->column], &r->rows);
    return flow_wait(req, seal_chunk);
}

/* --- a walk --- */

/* "key 1: 1200, plain: 3" of all that is not under the current key. Returns how many. */
static int64_t print_waiting(struct request *req, const struct reseal_counts *counts,
                             char waiting[WAITING_BYTES])
{
    struct note note = {waiting, WAITING_BYTES, 0};
    int64_t all = 0;

    waiting[0] = '\0';
    for (size_t i = 0; i < counts->count; i++) {
        const struct reseal_count *count = &counts->list[i];
        char text[60];

        if (count->key_id == seal_current(req->service->seal))
            continue;
        all += count->values;
        if (count->key_id)
            snprintf(text, sizeof(text), "key %" PRIu32 ": %" PRId64, count->key_id, count->values);
        else
            snprintf(text, sizeof(text), "plain: %" PRId64, count->values);
        add(&note, ", ", note.used ? 2 : 0);
        add(&note, text, strlen(text));
    }
    return all;
}

static enum flow begin(struct request *req)
{
    struct resealing *r = req->state;
    char waiting[WAITING_BYTES];

    for (size_t i = 0; i < reseal_column_count; i++) {
        if (!is_of_older_key(req, &r->walks[i]))
            continue;
        print_waiting(req, &r->counts[i], waiting);
        reseal_begin_walk(req, i, &r->walks[i], seal_current(req->service->seal), waiting);
    }
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
        reseal_count_keys(req, r->column, &r->counts[r->column]);
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
    char waiting[WAITING_BYTES];

    if (print_waiting(req, &r->counts[r->column], waiting) > walk->unreadable) {
        reseal_begin_walk(req, r->column, walk, walk->key_id, waiting);
        return flow_commit(req, flow_end);
    }
    walk->is_done = true;
    walk->waiting = (struct text){waiting, strlen(waiting)};
    reseal_save_walk(req, r->column, walk);
    logfmt_info("seal", "state", "sealed-again", "column", reseal_columns[r->column], NULL);
    return flow_commit(req, start_next);
}
