/*
 * The questions about owners, checked field by field.
 */
#include "services/customers/codec/codec_owner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/utf8.h"
#include "kehu/customers/v1/owners.pb-c.h"
#include "services/customers/codec/codec_check.h"

#define MAX_REGION 200

enum status codec_get_assign_owner(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_owner_question *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__assign_owner__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__AssignOwner *ask = (const void *)message;

    *out = (struct codec_owner_question){0};
    status = codec_ask_ref(ask->ref, fault, &out->customer);
    if (!status)
        status = codec_ask_staff("staff", ask->staff, false, fault, &out->staff);
    if (!status)
        status = codec_ask_time("from", ask->from, fault, &out->at_us);
    if (!status)
        status = codec_ask_words("note", ask->note, true, fault, &out->note);
    return status;
}

enum status codec_get_end_ownership(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_owner_question *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__end_ownership__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__EndOwnership *ask = (const void *)message;

    *out = (struct codec_owner_question){0};
    status = codec_ask_ref(ask->ref, fault, &out->customer);
    if (!status)
        status = codec_ask_words("reason", ask->reason, false, fault, &out->note);
    return status;
}

static enum status read_team(const Kehu__Customers__V1__SetTeam *ask,
                             struct codec_owner_question *out, struct codec_ask_fault *fault)
{
    if (ask->n_staff > OWNER_MAX_TEAM)
        return codec_ask_refuse(fault, "staff", "must be at most %d people", OWNER_MAX_TEAM);
    for (size_t i = 0; i < ask->n_staff; i++) {
        char field[40];

        snprintf(field, sizeof(field), "staff[%zu]", i);
        enum status status = codec_ask_staff(field, ask->staff[i], false, fault, &out->team[i]);

        if (status)
            return status;
        for (size_t k = 0; k < i; k++)
            if (strcmp(ask->staff[k], ask->staff[i]) == 0)
                return codec_ask_refuse(fault, field, "stands here twice");
    }
    out->team_count = ask->n_staff;
    return OK;
}

enum status codec_get_set_team(const uint8_t *payload, size_t bytes, struct arena *arena,
                               struct codec_owner_question *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__set_team__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__SetTeam *ask = (const void *)message;

    *out = (struct codec_owner_question){0};
    status = codec_ask_ref(ask->ref, fault, &out->customer);
    if (!status)
        status = codec_ask_words("note", ask->note, true, fault, &out->note);
    return status ? status : read_team(ask, out, fault);
}

enum status codec_get_get_owners(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_owner_question *out, struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__get_owners__descriptor, payload,
                                          bytes, arena, fault, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetOwners *ask = (const void *)message;

    *out = (struct codec_owner_question){.wants_history = ask->history};
    status = codec_ask_ref(ask->ref, fault, &out->customer);
    if (!status)
        status = codec_ask_time("at", ask->at, fault, &out->at_us);
    if (!status && ask->at && ask->history)
        status = codec_ask_refuse(fault, "at", "has no meaning together with history");
    return status;
}

/* "A.000123": grade and number of the last row before the page. */
static enum status read_place(struct text token, struct codec_owner_question *out,
                              struct codec_ask_fault *fault)
{
    const char *dot = token.bytes ? memchr(token.at, '.', token.bytes) : NULL;
    int end = 0;

    if (token.bytes == 0)
        return OK;
    if (dot) {
        out->after_grade = (struct text){token.at, (size_t)(dot - token.at)};
        sscanf(dot + 1, "%18" SCNd64 "%n", &out->after_number, &end);
    }
    if (end == 0 || dot[1 + end] != '\0' || !service_plan_is_grade(out->after_grade) ||
        out->after_number <= 0)
        return codec_ask_refuse(fault, "page_token", "is none that was answered");
    return OK;
}

enum status codec_get_list_unassigned(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_owner_question *out,
                                      struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__list_unassigned__descriptor,
                                          payload, bytes, arena, fault, &message);
    struct text token;

    if (status)
        return status;
    const Kehu__Customers__V1__ListUnassigned *ask = (const void *)message;

    *out = (struct codec_owner_question){.region = codec_check_text_of(ask->region),
                                         .grade = codec_check_text_of(ask->grade)};
    if (utf8_count(out->region) > MAX_REGION)
        return codec_ask_refuse(fault, "region", "is longer than 200 characters");
    if (out->grade.bytes > 0 && !service_plan_is_grade(out->grade))
        return codec_ask_refuse(fault, "grade", "must be A, B, C or none");
    status = codec_ask_page(ask->page_size, 50, 500, fault, &out->page_size);
    if (!status)
        status = codec_ask_token(ask->page_token, fault, &token);
    return status ? status : read_place(token, out, fault);
}

enum status codec_get_run_owner_rules(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_owner_question *out,
                                      struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__run_owner_rules__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    *out = (struct codec_owner_question){
        .is_dry = ((const Kehu__Customers__V1__RunOwnerRules *)message)->dry};
    return OK;
}

enum status codec_get_get_service_plan(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_owner_question *out,
                                       struct codec_ask_fault *fault)
{
    ProtobufCMessage *message;
    enum status status = codec_ask_unpack(&kehu__customers__v1__get_service_plan__descriptor,
                                          payload, bytes, arena, fault, &message);

    if (status)
        return status;
    *out = (struct codec_owner_question){0};
    return codec_ask_ref(((const Kehu__Customers__V1__GetServicePlan *)message)->ref, fault,
                         &out->customer);
}
