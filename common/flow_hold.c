/*
 * Subjects: each has a queue of requests in the order of arrival, and a request goes on when it is
 * the first in all of its queues. It joins them all at once, so waiting can never run in a circle.
 */
#include <assert.h>
#include <string.h>
#include <utlist.h>

#include <sodium.h>

#include "common/flow_internal.h"

struct subject {
    uint64_t hash;
    struct place *queue; /* utlist; the first holds the subject */
    UT_hash_handle hh;
};

uint64_t flow_subject_hash(const char *kind, struct text a, struct text b)
{
    /* Not secret, but equal hashes of different subjects only make them wait for each other. */
    static const uint8_t key[crypto_shorthash_KEYBYTES] = {'k', 'e', 'h', 'u'};
    const struct text parts[] = {{kind, strlen(kind)}, a, b};
    uint8_t in[512];
    uint8_t out[crypto_shorthash_BYTES];
    size_t used = 0;
    uint64_t hash;

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        size_t length = parts[i].bytes < 160 ? parts[i].bytes : 160;
        if (length > 0)
            memcpy(in + used, parts[i].at, length);
        used += length;
        in[used++] = 0;
    }
    crypto_shorthash(out, in, used, key);
    memcpy(&hash, out, sizeof(hash));
    return hash;
}

static struct subject *find_or_add(struct flows *flows, uint64_t hash)
{
    struct subject *subject;

    HASH_FIND(hh, flows->subjects, &hash, sizeof(hash), subject);
    if (subject)
        return subject;
    subject = calloc(1, sizeof(*subject));
    if (!subject)
        return NULL;
    subject->hash = hash;
    HASH_ADD(hh, flows->subjects, hash, sizeof(subject->hash), subject);
    return subject;
}

/* True when the place was taken; false: the request stands there already, or memory is out. */
static bool join(struct flow_request *f, struct place *place, uint64_t hash)
{
    struct subject *subject = find_or_add(f->flows, hash);

    if (!subject || (subject->queue && subject->queue->prev->owner == f))
        return false;
    place->subject = subject;
    place->owner = f;
    if (subject->queue)
        f->queues_ahead++;
    DL_APPEND(subject->queue, place);
    return true;
}

bool flow_join_subjects(struct flow_request *f, const uint64_t *hashes, size_t count)
{
    struct place_set *set = &f->sets[f->holds++];

    assert(f->holds <= MAX_HOLDS);
    if (set->places) /* held since an earlier try: the same bytes name the same subjects */
        return true;
    set->places = arena_take_array(f->envelope, count, sizeof(*set->places));
    if (!set->places)
        return false;
    for (size_t i = 0; i < count; i++)
        if (join(f, &set->places[set->count], hashes[i]))
            set->count++;
    if (f->queues_ahead > 0)
        f->flows->counters.waiting_subjects++;
    return true;
}

enum flow flow_hold(struct request *req, const uint64_t *hashes, size_t count, flow_step next)
{
    struct flow_request *f = (struct flow_request *)req;

    if (!flow_join_subjects(f, hashes, count))
        return flow_refuse_large(req);
    return flow_wait(req, next);
}

static void leave(struct flows *flows, struct place *place)
{
    struct subject *subject = place->subject;
    bool was_first = subject->queue == place;

    DL_DELETE(subject->queue, place);
    if (!subject->queue) {
        HASH_DEL(flows->subjects, subject);
        free(subject);
        return;
    }
    if (!was_first)
        return;
    struct flow_request *heir = subject->queue->owner;

    if (--heir->queues_ahead == 0) {
        flows->counters.waiting_subjects--;
        if (heir->pending == 0)
            flow_make_ready(heir);
    }
}

void flow_release_subjects(struct flow_request *f)
{
    if (f->queues_ahead > 0)
        f->flows->counters.waiting_subjects--;
    f->queues_ahead = 0;
    for (size_t s = 0; s < MAX_HOLDS; s++) {
        for (size_t i = 0; i < f->sets[s].count; i++)
            leave(f->flows, &f->sets[s].places[i]);
        f->sets[s].count = 0;
    }
}
