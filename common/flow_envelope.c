/*
 * The envelope: a frame into a request, a reply into a frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/flow_internal.h"
#include "common/validate.h"
#include "kehu/bus/v1/envelope.pb-c.h"

static bool refuse(struct flow_refusal *refusal, enum status status, const char *message)
{
    *refusal = (struct flow_refusal){.status = status, .message = message};
    return false;
}

struct length_rule {
    const char *name;
    const char *value;
    size_t min, max;
};

static bool lengths_fit(struct flow_request *f, struct flow_refusal *refusal)
{
    const struct length_rule rules[] = {
        {"id", f->req.id, 1, 64},
        {"type", f->req.type, 1, 128},
        {"source", f->req.source, 0, 64},
        {"subject", f->req.subject, 0, 128},
        {"actor", f->req.actor, 0, 64},
        {"traceparent", f->req.traceparent, 0, 64},
        {"correlation_id", f->req.correlation_id, 0, 64},
        {"causation_id", f->req.causation_id, 0, 64},
    };

    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        size_t length = strlen(rules[i].value);
        if (length >= rules[i].min && length <= rules[i].max)
            continue;
        flow_violation(&f->req, rules[i].name, "has %zu bytes; %zu to %zu are allowed", length,
                       rules[i].min, rules[i].max);
        if (i == 0)
            f->req.id = ""; /* not worth repeating */
        return refuse(refusal, INVALID_ARGUMENT, "a field of the envelope is missing or too long");
    }
    return true;
}

static bool take_deadline(struct flow_request *f, const Google__Protobuf__Timestamp *deadline,
                          struct flow_refusal *refusal)
{
    f->req.deadline_us = f->begun_us + f->flows->limits.deadline_us;
    if (!deadline)
        return true;
    /* Years 0001 to 9999, as the type says; the product cannot overflow. */
    if (deadline->seconds < -INT64_C(62135596800) || deadline->seconds > INT64_C(253402300799) ||
        deadline->nanos < 0 || deadline->nanos > 999999999) {
        flow_violation(&f->req, "deadline", "is no time between the years 1 and 9999");
        return refuse(refusal, INVALID_ARGUMENT, "the deadline is no valid time");
    }
    /* The asker's deadline is real time, whatever the virtual clock says. */
    int64_t left_us = deadline->seconds * SECOND_US + deadline->nanos / 1000 -
                      loop_real_us(f->flows->service->loop);

    if (left_us <= 0)
        return refuse(refusal, DEADLINE_EXCEEDED, "the deadline had passed when it arrived");
    if (left_us < f->flows->limits.deadline_us)
        f->req.deadline_us = f->begun_us + left_us;
    return true;
}

/* The id of a frame that is otherwise wrong: the refusal must reach the question it answers. */
static void save_id(struct flow_request *f, const uint8_t *body, size_t body_bytes)
{
    const Kehu__Bus__V1__Request *request =
        kehu__bus__v1__request__unpack(arena_allocator(f->envelope), body_bytes, body);

    if (request && strlen(request->id) <= 64 && validate_text(request->id, strlen(request->id)))
        f->req.id = request->id;
}

bool flow_decode(struct flow_request *f, const uint8_t *body, size_t body_bytes,
                 struct flow_refusal *refusal)
{
    char field[200], why[200];
    ProtobufCMessage *message = NULL;

    enum status status =
        validate_unpack(&kehu__bus__v1__request__descriptor, arena_allocator(f->envelope), body,
                        body_bytes, &message, field, sizeof(field), why, sizeof(why));
    if (status == RESOURCE_EXHAUSTED)
        return refuse(refusal, INVALID_ARGUMENT, "the frame needs too much memory");
    if (status != OK) {
        save_id(f, body, body_bytes);
        flow_violation(&f->req, field, "%s", why);
        return refuse(refusal, INVALID_ARGUMENT, "the frame is no kehu.bus.v1.Request");
    }
    const Kehu__Bus__V1__Request *request = (const Kehu__Bus__V1__Request *)message;

    f->req.id = request->id;
    f->req.type = request->type;
    f->req.source = request->source;
    f->req.subject = request->subject;
    f->req.actor = request->actor;
    f->req.traceparent = request->traceparent;
    f->req.correlation_id = request->correlation_id;
    f->req.causation_id = request->causation_id;
    f->req.payload = request->payload.data;
    f->req.payload_bytes = request->payload.len;
    return lengths_fit(f, refusal) && take_deadline(f, request->deadline, refusal);
}

static void send_reply(struct flows *flows, const struct bus_route *route,
                       const Kehu__Bus__V1__Reply *reply)
{
    size_t bytes = kehu__bus__v1__reply__get_packed_size(reply);
    uint8_t *frame = malloc(bytes ? bytes : 1);

    if (!frame)
        return; /* the client asks again */
    kehu__bus__v1__reply__pack(reply, frame);
    bus_answer(flows->service->bus, route, frame, bytes);
    free(frame);
}

static void set_retry(Kehu__Bus__V1__Reply *reply, Google__Protobuf__Duration *duration,
                      int64_t retry_after_us)
{
    if (retry_after_us <= 0)
        return;
    duration->seconds = retry_after_us / SECOND_US;
    duration->nanos = (int32_t)(retry_after_us % SECOND_US * 1000);
    reply->retry_after = duration;
}

void flow_send(struct flow_request *f, enum status status, const char *message,
               int64_t retry_after_us, const ProtobufCMessage *payload)
{
    Kehu__Bus__V1__Reply reply = KEHU__BUS__V1__REPLY__INIT;
    Google__Protobuf__Duration retry = GOOGLE__PROTOBUF__DURATION__INIT;
    Kehu__Bus__V1__FieldViolation violations[MAX_VIOLATIONS], *pointers[MAX_VIOLATIONS];

    reply.id = (char *)f->req.id;
    reply.status = (Kehu__Bus__V1__Status)status;
    reply.message = (char *)(message ? message : "");
    set_retry(&reply, &retry, retry_after_us);
    for (size_t i = 0; i < f->violation_count; i++) {
        kehu__bus__v1__field_violation__init(&violations[i]);
        violations[i].field = (char *)f->violations[i].field;
        violations[i].description = (char *)f->violations[i].description;
        pointers[i] = &violations[i];
    }
    reply.violations = pointers;
    reply.n_violations = f->violation_count;
    if (payload) {
        size_t bytes = protobuf_c_message_get_packed_size(payload);
        reply.payload.data = arena_take(f->req.arena, bytes);
        if (!reply.payload.data) {
            reply.status = f->has_effect ? KEHU__BUS__V1__STATUS__RESOURCE_EXHAUSTED
                                         : KEHU__BUS__V1__STATUS__INVALID_ARGUMENT;
            reply.message = "the answer needs more memory than one request may take; ask for less";
        } else {
            reply.payload.len = protobuf_c_message_pack(payload, reply.payload.data);
            reply.payload_type = (char *)payload->descriptor->name;
        }
    }
    send_reply(f->flows, &f->route, &reply);
}

void flow_send_plain(struct flows *flows, const struct bus_route *route, const char *id,
                     enum status status, const char *message, int64_t retry_after_us)
{
    Kehu__Bus__V1__Reply reply = KEHU__BUS__V1__REPLY__INIT;
    Google__Protobuf__Duration retry = GOOGLE__PROTOBUF__DURATION__INIT;

    reply.id = (char *)id;
    reply.status = (Kehu__Bus__V1__Status)status;
    reply.message = (char *)message;
    set_retry(&reply, &retry, retry_after_us);
    flows->counters.by_status[status]++;
    send_reply(flows, route, &reply);
}
