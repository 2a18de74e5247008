/*
 * A job: telephone numbers whose holder may be another now are looked at in sets, and what differs
 * from what was told is told: by the keyed hash, never the number. What changed between the
 * questions and the commit has marks of its own, which the next look finds.
 */
#include <string.h>

#include "common/log.h"
#include "services/customers/codec/codec_people.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/number.h"

#define MARKS_AT_ONCE 500

static enum flow tell(struct request *req);

enum flow number_look(struct request *req)
{
    struct number_list *marked = request_state(req, sizeof(*marked));

    number_list_marked(req, MARKS_AT_ONCE, marked);
    return flow_wait(req, tell);
}

/* Events of a number have its hash's beginning as their subject. */
static struct id subject_of(struct text hash)
{
    struct id id = {{0}};

    memcpy(&id, hash.at, hash.bytes < sizeof(id) ? hash.bytes : sizeof(id));
    return id;
}

static enum flow tell(struct request *req)
{
    const struct number_list *marked = req->state;

    if (marked->count == 0)
        return flow_end(req);
    for (size_t i = 0; i < marked->count; i++) {
        const struct number_marked *one = &marked->list[i];
        struct id subject = subject_of(one->hash);
        struct flow_packed packed;

        if (memcmp(&one->now, &one->told, sizeof(one->now)) == 0)
            continue;
        if (!flow_pack(
                req,
                codec_number_held(one->hash, &one->now.customer, &one->now.contact, req->arena),
                &packed))
            return flow_refuse_large(req);
        number_put_told(req, one->hash, &one->now);
        log_add(req, packed.type, &subject, packed.bytes, packed.count);
    }
    number_remove_marks(req, marked);
    return flow_commit(req, flow_end);
}
