/*
 * The questions about handovers, checked field by field.
 */
#include "services/customers/codec/codec_handover.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "kehu/customers/v1/handover.pb-c.h"

_Static_assert((int)HANDOVER_ITEM_IS_PENDING ==
                       KEHU__CUSTOMERS__V1__HANDOVER_ITEM_STATE__HANDOVER_ITEM_STATE_PENDING &&
                   (int)HANDOVER_ITEM_IS_OBJECTED ==
                       KEHU__CUSTOMERS__V1__HANDOVER_ITEM_STATE__HANDOVER_ITEM_STATE_OBJECTED &&
                   (int)HANDOVER_ITEM_IS_OVERTAKEN ==
                       KEHU__CUSTOMERS__V1__HANDOVER_ITEM_STATE__HANDOVER_ITEM_STATE_OVERTAKEN,
               "states have the same numbers on the wire");

static enum status read_refs(char *const *refs, size_t count, struct arena *arena,
                             struct codec_ask_fault *fault, struct codec_handover_question *out)
{
    struct customer_question *questions = NULL;
    enum status status = codec_ask_refs(refs, count, arena, fault, &questions);

    out->refs = questions;
    out->ref_count = count;
    return status;
}

/* A page token is the id of the last row. */
static enum status read_after(const char *token, struct codec_ask_fault *fault,
                              struct codec_handover_question *out)
{
    out->has_after = token[0] != '\0';
    if (!out->has_after || uuid_parse(token, strlen(token), &out->after))
        return OK;
    return codec_ask_refuse(fault, "page_token", "is none that was answered");
}

static enum status check_making(const Kehu__Customers__V1__MakeHandover *ask,
                                struct codec_ask_fault *fault)
{
    if (ask->to[0] && ask->by_rule)
        return codec_ask_refuse(fault, "by_rule", "has no meaning together with to");
    if (!ask->to[0] && !ask->by_rule)
        return codec_ask_refuse(fault, "to", "is missing: name who takes over, or say by_rule");
    if (strcmp(ask->from, ask->to) == 0)
        return codec_ask_refuse(fault, "to", "is who hands over: name somebody else");
    if (ask->leaves && ask->n_refs > 0)
        return codec_ask_refuse(fault, "refs", "must be empty: who leaves hands over everything");
    return OK;
}

enum status codec_get_make_handover(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_handover_question *out,
                                    struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__make_handover__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__MakeHandover *ask = (const void *)message;

    *out = (struct codec_handover_question){
        .by_rule = ask->by_rule, .leaves = ask->leaves, .tells_customers = ask->tell_customers};
    status = codec_ask_staff("from", ask->from, false, fault, &out->from);
    if (!status)
        status = codec_ask_staff("to", ask->to, true, fault, &out->to);
    if (!status)
        status = check_making(ask, fault);
    if (!status)
        status = codec_ask_words("note", ask->note, true, fault, &out->note);
    return status ? status : read_refs(ask->refs, ask->n_refs, arena, fault, out);
}

enum status codec_get_list_handovers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct codec_handover_question *out,
                                     struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__list_handovers__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListHandovers *ask = (const void *)message;

    *out = (struct codec_handover_question){
        .only_open = ask->state == KEHU__CUSTOMERS__V1__HANDOVER_STATE__HANDOVER_STATE_OPEN,
        .only_done = ask->state == KEHU__CUSTOMERS__V1__HANDOVER_STATE__HANDOVER_STATE_DONE};
    status = codec_ask_staff("staff", ask->staff, true, fault, &out->staff);
    if (!status)
        status = codec_ask_page(ask->page_size, 50, 200, fault, &out->page_size);
    return status ? status : read_after(ask->page_token, fault, out);
}

enum status codec_get_get_handover(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_handover_question *out,
                                   struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__get_handover__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetHandover *ask = (const void *)message;

    *out = (struct codec_handover_question){.has_id = true,
                                            .state = (enum handover_item_state)ask->state};
    status = codec_ask_id("id", ask->id, fault, &out->id);
    if (!status)
        status = codec_ask_staff("receiver", ask->receiver, true, fault, &out->receiver);
    if (!status)
        status = codec_ask_page(ask->page_size, 50, 500, fault, &out->page_size);
    return status ? status : read_after(ask->page_token, fault, out);
}

enum status codec_get_acknowledge_handover(const uint8_t *payload, size_t bytes,
                                           struct arena *arena, struct codec_handover_question *out,
                                           struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__acknowledge_handover__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__AcknowledgeHandover *ask = (const void *)message;

    *out = (struct codec_handover_question){.has_id = true};
    status = codec_ask_id("id", ask->id, fault, &out->id);
    if (!status)
        status = codec_ask_staff("receiver", ask->receiver, true, fault, &out->receiver);
    return status ? status : read_refs(ask->refs, ask->n_refs, arena, fault, out);
}

enum status codec_get_object_handover(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_handover_question *out,
                                      struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__object_handover__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ObjectHandover *ask = (const void *)message;

    *out = (struct codec_handover_question){.has_id = true};
    status = codec_ask_id("id", ask->id, fault, &out->id);
    if (!status)
        status = codec_ask_staff("receiver", ask->receiver, true, fault, &out->receiver);
    if (!status)
        status = codec_ask_words("reason", ask->reason, false, fault, &out->note);
    if (!status && ask->n_refs == 0)
        status = codec_ask_refuse(fault, "refs", "are missing: name the customers objected to");
    return status ? status : read_refs(ask->refs, ask->n_refs, arena, fault, out);
}

enum status codec_get_decide_handover(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_handover_question *out,
                                      struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__decide_handover__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__DecideHandover *ask = (const void *)message;

    *out = (struct codec_handover_question){.has_id = true};
    status = codec_ask_id("id", ask->id, fault, &out->id);
    if (!status)
        status = codec_ask_staff("to", ask->to, true, fault, &out->to);
    if (!status)
        status = codec_ask_words("reason", ask->reason, false, fault, &out->note);
    return status ? status : read_refs(ask->refs, ask->n_refs, arena, fault, out);
}

enum status codec_get_get_briefing(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_handover_question *out,
                                   struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__get_briefing__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetBriefing *ask = (const void *)message;

    *out = (struct codec_handover_question){.has_customer = ask->ref[0] != '\0',
                                            .has_id = ask->handover_id[0] != '\0'};
    if (out->has_customer == out->has_id)
        return codec_ask_refuse(fault, "ref", "%s: give a customer, or a handover",
                                out->has_id ? "has no meaning together with handover_id"
                                            : "is missing");
    if (out->has_customer)
        return codec_ask_ref(ask->ref, fault, &out->customer);
    status = codec_ask_id("handover_id", ask->handover_id, fault, &out->id);
    if (!status)
        status = codec_ask_staff("receiver", ask->receiver, true, fault, &out->receiver);
    if (!status)
        status = codec_ask_page(ask->page_size, 20, 50, fault, &out->page_size);
    return status ? status : read_after(ask->page_token, fault, out);
}
