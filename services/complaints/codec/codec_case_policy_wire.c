/*
 * The questions about policies and their answers. Everything wrong with a document is named at
 * once, so that whoever wrote it corrects it in one go.
 */
#include <string.h>

#include "common/pure/zone.h"
#include "services/complaints/codec/codec_case_policy_take.h"
#include "services/complaints/codec/codec_read.h"

enum status codec_get_case_list_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                         struct case_policy_question *out,
                                         struct policy_faults *faults)
{
    struct case_policy_question question = {.kind = CASE_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = policy_unpack(&kehu__complaints__v1__list_policies__descriptor, payload,
                                       bytes, arena, faults, &message);

    if (status)
        return status;
    const Kehu__Complaints__V1__ListPolicies *ask = (const void *)message;

    if (ask->kind[0])
        question.kind = (enum case_policy_kind)policy_read_kind(&case_policy_kinds, ask->kind,
                                                                "kind", arena, faults);
    status = policy_faults_verdict(faults, arena);
    if (!status)
        *out = question;
    return status;
}

enum status codec_get_case_get_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct case_policy_question *out,
                                      struct policy_faults *faults)
{
    struct case_policy_question question = {.kind = CASE_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = policy_unpack(&kehu__complaints__v1__get_policy__descriptor, payload,
                                       bytes, arena, faults, &message);

    if (status)
        return status;
    const Kehu__Complaints__V1__GetPolicy *ask = (const void *)message;

    question.kind = (enum case_policy_kind)policy_read_kind(&case_policy_kinds, ask->kind, "kind",
                                                            arena, faults);
    question.version = ask->version;
    status = policy_faults_verdict(faults, arena);
    if (!status)
        *out = question;
    return status;
}

static void read_policy(const Kehu__Complaints__V1__Policy *message, struct arena *arena,
                        struct case_policy *out, struct policy_faults *faults)
{
    ProtobufCMessage *document;
    int kind = policy_read_document(&case_policy_kinds, message ? &message->base : NULL, "policy",
                                    arena, faults, &document);
    struct case_policy_taking taking = {arena, NULL, faults};
    struct codec_faults times = {.count = 0};
    struct codec_read read = {.arena = arena, .faults = &times, .under = "policy."};

    if (!kind)
        return;
    policy_check_reason(message->reason, faults);
    taking.path = arena_print(arena, "policy.%s", case_policy_kinds.names[kind]);
    *out = (struct case_policy){.by = "", .reason = message->reason};
    out->valid_from_us = codec_read_time(&read, "valid_from", message->valid_from, 0, INT64_MAX);
    for (size_t i = 0; i < times.count; i++)
        policy_faults_add(faults, times.list[i].field, times.list[i].why);
    codec_case_policy_take((enum case_policy_kind)kind, document, &taking, out);
}

enum status codec_get_case_apply_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct case_policy_question *out,
                                        struct policy_faults *faults)
{
    struct case_policy_question question = {.kind = CASE_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = policy_unpack(&kehu__complaints__v1__apply_policy__descriptor, payload,
                                       bytes, arena, faults, &message);

    if (status)
        return status;
    const Kehu__Complaints__V1__ApplyPolicy *ask = (const void *)message;

    read_policy(ask->policy, arena, &question.policy, faults);
    if (ask->expected_version == 0)
        policy_faults_add(faults, "expected_version",
                          "is missing: the version that this one replaces");
    question.kind = question.policy.kind;
    question.expected_version = ask->expected_version;
    question.is_dry_run = ask->dry_run;
    status = policy_faults_verdict(faults, arena);
    if (!status)
        *out = question;
    return status;
}

/* --- answers --- */

static void fill(const struct case_policy *policy, struct arena *arena,
                 Kehu__Complaints__V1__Policy *out)
{
    kehu__complaints__v1__policy__init(out);
    out->kind = (char *)case_policy_kinds.names[policy->kind];
    out->version = policy->version;
    out->valid_from = codec_read_print_time(policy->valid_from_us, arena);
    out->by = (char *)policy->by;
    out->reason = (char *)policy->reason;
    /* All documents of a oneof share their place. */
    out->document_case = (Kehu__Complaints__V1__Policy__DocumentCase)policy_document_field(
                             &case_policy_kinds, (int)policy->kind)
                             ->id;
    out->targets = (Kehu__Complaints__V1__TargetPolicy *)policy->document;
}

const ProtobufCMessage *codec_case_policy(const struct case_policy *policy, struct arena *arena)
{
    Kehu__Complaints__V1__Policy *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    fill(policy, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_policy_list(const struct case_policy *policies, size_t count,
                                               struct arena *arena)
{
    Kehu__Complaints__V1__PolicyList *out = arena_take(arena, sizeof(*out));
    Kehu__Complaints__V1__Policy *list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Complaints__V1__Policy **pointers = arena_take_array(arena, count, sizeof(*pointers));

    if (!out || !list || !pointers)
        return NULL;
    kehu__complaints__v1__policy_list__init(out);
    for (size_t i = 0; i < count; i++) {
        fill(&policies[i], arena, &list[i]);
        pointers[i] = &list[i];
    }
    out->policies = pointers;
    out->n_policies = count;
    return arena_is_full(arena) ? NULL : &out->base;
}

static void fill_examples(const struct case_policy_effect *effect, struct arena *arena,
                          Kehu__Complaints__V1__PolicyApplied *out)
{
    size_t count = effect->example_count;
    Kehu__Complaints__V1__ClockMove *list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Complaints__V1__ClockMove **pointers = arena_take_array(arena, count, sizeof(*pointers));

    if (!list || !pointers)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct case_policy_example *example = &effect->examples[i];

        kehu__complaints__v1__clock_move__init(&list[i]);
        list[i].case_number = (char *)example->number;
        list[i].clock = (char *)clock_kind_name(example->kind);
        list[i].priority = (Kehu__Complaints__V1__Priority)example->priority;
        list[i].due_at = codec_read_print_time(example->due_us, arena);
        list[i].next_due_at = codec_read_print_time(example->next_due_us, arena);
        pointers[i] = &list[i];
    }
    out->examples = pointers;
    out->n_examples = count;
}

const ProtobufCMessage *codec_case_policy_applied(const struct case_policy *policy,
                                                  const struct case_policy_effect *effect,
                                                  struct arena *arena)
{
    Kehu__Complaints__V1__PolicyApplied *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__policy_applied__init(out);
    out->kind = (char *)case_policy_kinds.names[policy->kind];
    out->version = policy->version;
    out->valid_from = codec_read_print_time(policy->valid_from_us, arena);
    if (effect) {
        out->clocks_moved = effect->clocks > UINT32_MAX ? UINT32_MAX : (uint32_t)effect->clocks;
        out->dry_run = effect->is_dry_run;
        fill_examples(effect, arena, out);
    }
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_case_policy_moved(uint32_t version, uint32_t moved,
                                                struct arena *arena)
{
    Kehu__Complaints__V1__ClocksRecomputed *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__complaints__v1__clocks_recomputed__init(out);
    out->kind = (char *)case_policy_kinds.names[CASE_POLICY_TARGETS];
    out->version = version;
    out->moved = moved;
    return &out->base;
}
