/*
 * The door: what arrives is decoded, checked against the rights of its key and the limits of the
 * service, and begun, or refused with a sentence. And what moves all requests: deadlines, wake-ups.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "common/flow_internal.h"
#include "common/logfmt.h"

/* Decoding a message takes several times its bytes: structs, pointers, parameters, libpq's buffer.
 */
#define MEMORY_PER_MESSAGE_BYTE 24
#define MEMORY_PER_REQUEST (16 * 1024)
#define RETRY_OVERLOAD_US (100 * 1000)
/* What is exempt from the limit of memory must be small. */
#define MAX_POLL_BYTES (64 * 1024)
/* Deadlines are looked at so often at least; sleepers to the millisecond. */
#define LOOK_AGAIN_US (100 * 1000)

static const char jobs_key[] = "(job)";

struct flows *flows_new(struct service *service, const struct flow_limits *limits)
{
    struct flows *flows = calloc(1, sizeof(*flows));

    if (!flows)
        return NULL;
    flows->service = service;
    flows->limits = *limits;
    uv_timer_init(loop_uv(service->loop), &flows->waker);
    flows->waker.data = flows;
    return flows;
}

void flows_close(struct flows *flows)
{
    if (flows->is_closed)
        return;
    flows->is_closed = true;
    while (flows->all)
        flow_end_early(flows->all, UNAVAILABLE, "the service is stopping; ask again");
    uv_close((uv_handle_t *)&flows->waker, NULL);
}

void flows_free(struct flows *flows)
{
    if (!flows)
        return;
    free(flows);
}

const struct flow_counters *flows_counters(const struct flows *flows)
{
    return &flows->counters;
}

bool flows_has_ready(const struct flows *flows)
{
    return flows->ready != NULL;
}

static bool refuse(struct flow_refusal *refusal, enum status status, const char *message,
                   int64_t retry_after_us)
{
    *refusal = (struct flow_refusal){status, message, retry_after_us};
    return false;
}

/* "kehu.customers.v1.GetCustomer" at the service customers is the method "customers.GetCustomer".
 */
static void method_name(const struct flows *flows, const char *type, char *out, size_t bytes)
{
    const char *last = strrchr(type, '.');

    snprintf(out, bytes, "%s.%s", flows->service->definition->name, last ? last + 1 : type);
}

static bool may_call(struct flow_request *f, struct flow_refusal *refusal)
{
    const struct key *key = &f->req.key;
    char method[200];
    bool may;

    method_name(f->flows, f->req.type, method, sizeof(method));
    switch (f->handler->rights) {
    case RIGHTS_ANY:
        may = true;
        break;
    case RIGHTS_PUBLISH:
        may = !key->read_only && (key->publish_count > 0 || key->administer);
        break;
    case RIGHTS_ADMIN:
        may = key->administer;
        break;
    default:
        may = key_may_call(key, method, f->handler->is_query);
        break;
    }
    if (!may)
        return refuse(refusal, PERMISSION_DENIED, "this key may not call this method", 0);
    if (f->handler->is_for_systems && (f->req.actor[0] || key->staff[0]))
        return refuse(refusal, PERMISSION_DENIED,
                      "this is for systems' keys, which act as themselves: no person may do it", 0);
    if (f->req.actor[0] && !key->act_for && !key->administer && !key->staff[0])
        return refuse(refusal, PERMISSION_DENIED, "this key may not name an actor", 0);
    if (f->req.source[0] && strcmp(f->req.source, key->name) != 0 && !key->administer &&
        !key->act_for && !key_may_publish(key, f->req.source, NULL))
        return refuse(refusal, PERMISSION_DENIED, "this key may not speak for this source", 0);
    return true;
}

static bool has_room(struct flow_request *f, size_t bytes, struct flow_refusal *refusal)
{
    struct flows *flows = f->flows;
    struct key_load *load;

    if (f->handler->limit == LIMIT_NONE)
        return true;
    HASH_FIND_STR(flows->loads, f->req.key.name, load);
    if (f->handler->limit == LIMIT_POLL) {
        if (flows->counters.polls < flows->limits.max_polls &&
            (!load || load->polls < f->req.key.max_in_flight))
            return true;
        return refuse(refusal, RESOURCE_EXHAUSTED, "too many parked polls", SECOND_US);
    }
    if (load && load->in_flight >= f->req.key.max_in_flight)
        return refuse(refusal, RESOURCE_EXHAUSTED, "too many requests of this key at once",
                      RETRY_OVERLOAD_US);
    if (flows->counters.in_flight >= flows->limits.max_requests)
        return refuse(refusal, RESOURCE_EXHAUSTED, "too many requests at once", RETRY_OVERLOAD_US);
    /* One request alone is always let in: a limit must not make a permitted size impossible. */
    if (flows->counters.in_flight > 0 && flows->counters.bytes + bytes > flows->limits.max_bytes)
        return refuse(refusal, RESOURCE_EXHAUSTED, "the requests at work fill the memory",
                      RETRY_OVERLOAD_US);
    return true;
}

/* Systems do not pass it: it knows persons, and what it would let through anyhow costs nothing. */
static bool has_door(const struct flow_request *f)
{
    const struct service_definition *definition = f->flows->service->definition;

    return definition->door && !f->handler->is_for_systems && f->handler >= definition->handlers &&
           f->handler < definition->handlers + definition->handler_count;
}

static bool find_handler(struct flow_request *f, struct flow_refusal *refusal)
{
    f->handler = service_find_handler(f->flows->service, f->req.type);
    if (f->handler && f->handler->limit != LIMIT_WORK && f->req.payload_bytes > MAX_POLL_BYTES)
        return refuse(refusal, INVALID_ARGUMENT, "the question is too long: at most 64 KiB", 0);
    if (f->handler) {
        f->first = has_door(f) ? f->flows->service->definition->door : f->handler->step;
        return true;
    }
    flow_violation(&f->req, "type",
                   "'%s' is no message of this service; `kehuctl call --list` names them",
                   f->req.type);
    return refuse(refusal, UNIMPLEMENTED, "unknown type or version", 0);
}

static void refuse_at_door(struct flow_request *f, const struct flow_refusal *refusal)
{
    struct flows *flows = f->flows;

    if (refusal->status == RESOURCE_EXHAUSTED)
        flows->counters.refused_overload++;
    if (refusal->status == INVALID_ARGUMENT)
        flows->counters.malformed++;
    flows->counters.by_status[refusal->status]++;
    flow_send(f, refusal->status, refusal->message, refusal->retry_after_us, NULL);
    if (refusal->status != RESOURCE_EXHAUSTED) /* overload would drown the log */
        logfmt_info("request", "request", f->req.id, "type", f->req.type, "key", f->req.key.name,
                    "status", status_name(refusal->status), "steps", "0", "why", refusal->message,
                    NULL);
    flow_abandon(f);
}

/* Commands about one subject are worked off in the order of arrival, without their handlers' doing.
 */
static bool queue_by_subject(struct flow_request *f, struct flow_refusal *refusal)
{
    if (f->handler->is_query || f->handler->rights == RIGHTS_PUBLISH || !f->req.subject[0])
        return true; /* a Publish queues for what its events are about */
    struct text subject = {f->req.subject, strlen(f->req.subject)};
    uint64_t hash = flow_subject_hash("subject", subject, TEXT_OF(""));

    f->door_holds = 1;
    if (flow_join_subjects(f, &hash, 1))
        return true;
    return refuse(refusal, RESOURCE_EXHAUSTED, "the request needs too much memory", SECOND_US);
}

/* The key set may be read anew while the request is under way: it keeps what the key may do by now.
 */
static bool take_key(struct flow_request *f, const struct key *key, struct flow_refusal *refusal)
{
    if (key_copy(f->envelope, key, &f->req.key))
        return true;
    return refuse(refusal, RESOURCE_EXHAUSTED, "the request needs too much memory", SECOND_US);
}

void flows_receive(void *owner, const struct bus_message *message)
{
    struct flows *flows = owner;
    struct flow_request *f = flow_new_request(flows), *first;
    struct flow_refusal refusal;
    size_t bytes = message->body_bytes * MEMORY_PER_MESSAGE_BYTE + MEMORY_PER_REQUEST;

    if (!f) {
        flow_send_plain(flows, &message->route, "", RESOURCE_EXHAUSTED, "out of memory", SECOND_US);
        return;
    }
    f->route = message->route;
    f->has_route = true;
    if (!take_key(f, message->key, &refusal) ||
        !flow_decode(f, message->body, message->body_bytes, &refusal) ||
        !find_handler(f, &refusal) || !may_call(f, &refusal)) {
        refuse_at_door(f, &refusal);
        return;
    }
    if (!f->req.source[0])
        f->req.source = f->req.key.name;
    first = flow_find_first(f);
    if (first) {
        first->repeats += first->repeats < MAX_REPEATS;
        flows->counters.repeats++;
        flow_abandon(f);
        return;
    }
    if (!has_room(f, bytes, &refusal) || !queue_by_subject(f, &refusal)) {
        refuse_at_door(f, &refusal);
        return;
    }
    flow_name(f);
    flow_begin(f, bytes);
}

void flows_refuse(void *owner, const struct bus_route *route, const uint8_t *body,
                  size_t body_bytes)
{
    struct flows *flows = owner;
    struct flow_request *f = flow_new_request(flows);
    struct flow_refusal refusal;

    if (!f)
        return;
    /* The id is all we want of it: the refusal must reach the question it answers. */
    f->route = *route;
    flow_decode(f, body, body_bytes, &refusal);
    flow_send_plain(flows, route, f->req.id, UNAUTHENTICATED,
                    "this key is not known any more; it was revoked", 0);
    logfmt_info("request", "request", f->req.id, "type", f->req.type, "status",
                status_name(UNAUTHENTICATED), "why", "revoked key", NULL);
    flow_abandon(f);
}

void flows_start(struct flows *flows, const char *type, flow_step step)
{
    flows_start_own(flows, &(struct flow_own){.type = type, .step = step});
}

bool flows_start_own(struct flows *flows, const struct flow_own *own)
{
    struct flow_request *f = flow_new_request(flows);

    if (!f)
        return false;
    f->req.type = own->type;
    f->req.id = own->id ? own->id : "";
    f->req.timer = own->timer;
    f->is_own_poll = own->is_poll;
    f->failed_own = own->failed;
    f->ended = own->ended;
    f->ended_owner = own->owner;
    snprintf(f->req.key.name, sizeof(f->req.key.name), "%s", jobs_key);
    f->req.deadline_us = f->begun_us + flows->limits.deadline_us;
    f->first = own->step;
    flow_begin(f, MEMORY_PER_REQUEST);
    return true;
}

static void wake(struct flow_request *f)
{
    f->sleeps_until_us = 0;
    if (f->pending == 0 && f->queues_ahead == 0)
        flow_make_ready(f);
}

static void end_at_deadline(struct flow_request *f)
{
    f->flows->counters.deadline++;
    flow_end_early(f, DEADLINE_EXCEEDED, "the deadline passed before it was done");
}

/* Sleepers whose time has come go on, what passed its deadline ends; then the next look is set. */
static void look(uv_timer_t *timer)
{
    struct flows *flows = timer->data;
    int64_t now_us = (int64_t)uv_now(timer->loop) * 1000, next_us = now_us + LOOK_AGAIN_US;
    struct flow_request *f, *next;

    DL_FOREACH_SAFE(flows->all, f, next)
    {
        int64_t due_us = f->sleeps_until_us > 0 ? f->sleeps_until_us : f->req.deadline_us;
        if (f->sleeps_until_us > 0 && due_us <= now_us)
            wake(f);
        else if (due_us <= now_us && !f->is_ready)
            end_at_deadline(f);
        else if (due_us > now_us && due_us < next_us)
            next_us = due_us;
    }
    flows->look_at_us = 0;
    flow_wake_at(flows, next_us);
}

void flow_wake_at(struct flows *flows, int64_t at_us)
{
    int64_t now_us = (int64_t)uv_now(loop_uv(flows->service->loop)) * 1000;

    if (flows->is_closed || (flows->look_at_us > 0 && flows->look_at_us <= at_us))
        return;
    flows->look_at_us = at_us > now_us ? at_us : now_us;
    uv_timer_start(&flows->waker, look, (uint64_t)((flows->look_at_us - now_us + 999) / 1000), 0);
}

void flows_wake(struct flows *flows)
{
    struct flow_request *f;

    DL_FOREACH(flows->all, f)
    {
        if (f->sleeps_until_us > 0)
            wake(f);
    }
}

void flows_pg_ready(struct flows *flows)
{
    struct flow_request *f;

    DL_FOREACH(flows->all, f)
    {
        if (!f->waits_for_pg)
            continue;
        f->waits_for_pg = false;
        flow_make_ready(f);
    }
}
