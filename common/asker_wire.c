/* Packs requests and reads replies; see asker_wire.h. */
#include "common/asker_wire.h"

#include <stdlib.h>

#include "common/base.h"
#include "kehu/bus/v1/envelope.pb-c.h"

#define RETRY_MIN_MS 10
#define RETRY_MAX_MS 10000
#define RETRY_STANDARD_MS 100

static char *text_or(const char *text, const char *other)
{
    return (char *)(text ? text : other);
}

bool asker_wire_pack(const struct asker_question *question, const char *id,
                     const char *default_source, int64_t deadline_us, zmq_msg_t *out)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;
    Google__Protobuf__Timestamp deadline = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

    request.id = (char *)id;
    request.type = (char *)question->type;
    request.source = text_or(question->source, default_source);
    request.subject = text_or(question->subject, "");
    request.actor = text_or(question->actor, "");
    request.payload.data = (uint8_t *)question->payload;
    request.payload.len = question->payload_bytes;
    if (deadline_us > 0) {
        deadline.seconds = deadline_us / SECOND_US;
        deadline.nanos = (int32_t)(deadline_us % SECOND_US * 1000);
        request.deadline = &deadline;
    }
    if (zmq_msg_init_size(out, kehu__bus__v1__request__get_packed_size(&request)) != 0)
        return false;
    kehu__bus__v1__request__pack(&request, zmq_msg_data(out));
    return true;
}

static int retry_after_ms(const Google__Protobuf__Duration *duration)
{
    if (!duration)
        return RETRY_STANDARD_MS;
    if (duration->seconds >= RETRY_MAX_MS / 1000)
        return RETRY_MAX_MS;
    int64_t ms = duration->seconds * 1000 + duration->nanos / 1000000;

    return ms < RETRY_MIN_MS ? RETRY_MIN_MS : (int)ms;
}

bool asker_wire_unpack(const uint8_t *bytes, size_t count, struct asker_wire_reply *out)
{
    Kehu__Bus__V1__Reply *reply = kehu__bus__v1__reply__unpack(NULL, count, bytes);
    struct asker_violation *violations;

    if (!reply)
        return false;
    violations = calloc(reply->n_violations + 1, sizeof(*violations));
    if (!violations) {
        kehu__bus__v1__reply__free_unpacked(reply, NULL);
        return false;
    }
    for (size_t i = 0; i < reply->n_violations; i++)
        violations[i] = (struct asker_violation){.field = reply->violations[i]->field,
                                                 .description = reply->violations[i]->description};
    *out = (struct asker_wire_reply){
        .answer = {.request_id = reply->id,
                   .status = (int)reply->status,
                   .message = reply->message,
                   .violations = violations,
                   .violation_count = reply->n_violations,
                   .payload_type = reply->payload_type,
                   .payload = reply->payload.data,
                   .payload_bytes = reply->payload.len},
        .retry_after_ms = retry_after_ms(reply->retry_after),
        .message = reply,
        .violations = violations,
    };
    return true;
}

void asker_wire_free(struct asker_wire_reply *reply)
{
    kehu__bus__v1__reply__free_unpacked(reply->message, NULL);
    free(reply->violations);
}
