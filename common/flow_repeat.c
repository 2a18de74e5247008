/*
 * Repeats: who hears nothing sends the same bytes again (kehu.h). While the first of them are at
 * work, doing the same once more would only put what is slow behind itself: each is answered when
 * the first is, by the same answer. Over another connection they are asked anew, since an answer
 * goes to where it was asked.
 */
#include <string.h>

#include "common/flow_internal.h"

/* Who asks, by the name that libzmq gave his connection, and the id of what he asks. */
static size_t write_name(const struct flow_request *f, uint8_t out[NAME_BYTES])
{
    size_t id_bytes = strlen(f->req.id);

    memcpy(out, f->route.bytes, f->route.length);
    memcpy(out + f->route.length, f->req.id, id_bytes);
    return f->route.length + id_bytes;
}

static struct flow_request *find(const struct flow_request *f)
{
    uint8_t name[NAME_BYTES];
    size_t bytes = write_name(f, name);
    struct flow_request *found;

    HASH_FIND(hh, f->flows->named, name, bytes, found);
    return found;
}

/* Another question under an id that is at work is no repeat: it is judged by itself. */
static bool asks_the_same(const struct request *a, const struct request *b)
{
    return strcmp(a->type, b->type) == 0 && strcmp(a->source, b->source) == 0 &&
           strcmp(a->actor, b->actor) == 0 && strcmp(a->subject, b->subject) == 0 &&
           a->payload_bytes == b->payload_bytes &&
           (a->payload_bytes == 0 || memcmp(a->payload, b->payload, a->payload_bytes) == 0);
}

struct flow_request *flow_find_first(const struct flow_request *f)
{
    struct flow_request *first = find(f);

    return first && asks_the_same(&first->req, &f->req) ? first : NULL;
}

void flow_name(struct flow_request *f)
{
    if (find(f))
        return; /* of two with one id the first is known by it */
    size_t bytes = write_name(f, f->name);

    f->is_named = true;
    HASH_ADD_KEYPTR(hh, f->flows->named, f->name, bytes, f);
}

void flow_unname(struct flow_request *f)
{
    if (f->is_named)
        HASH_DEL(f->flows->named, f);
    f->is_named = false;
}
