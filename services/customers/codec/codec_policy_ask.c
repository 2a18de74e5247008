/*
 * The questions about policies. Everything wrong with a document is named at once, so that whoever
 * wrote it corrects it in one go.
 */
#include <string.h>

#include "common/pure/utf8.h"
#include "common/validate.h"
#include "kehu/customers/v1/policies.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_policy.h"

#define MAX_REGION 200 /* characters; codes are shorter, names of sources may be so long */

static void check_regions(const struct grade_policy_set *set, const char *path, struct arena *arena,
                          struct policy_faults *faults)
{
    for (size_t i = 0; i < set->region_count && i < GRADE_POLICY_MAX_REGIONS; i++)
        if (utf8_count(set->regions[i].region_code) > MAX_REGION)
            policy_faults_add(faults,
                              arena_print(arena, "%s.grade.regions[%zu].region_code", path, i),
                              "is longer than 200 characters");
}

/* What the domain found in a grade or review policy, with the path of each field. */
static void check_grades(const struct codec_policy *policy, const char *path, struct arena *arena,
                         struct policy_faults *faults)
{
    struct grade_policy_fault found[GRADE_POLICY_MAX_FAULTS];
    bool is_grade = policy->kind == CODEC_POLICY_GRADE;
    size_t count = is_grade ? grade_policy_check(&policy->grade, found)
                            : grade_policy_check_review(&policy->review, found);

    for (size_t i = 0; i < count; i++) {
        const char *kind = codec_policy_kind_name(policy->kind);
        const char *field = found[i].region == SIZE_MAX
                                ? arena_print(arena, "%s.%s.%s", path, kind, found[i].field)
                                : arena_print(arena, "%s.%s.regions[%zu].%s", path, kind,
                                              found[i].region, found[i].field);

        policy_faults_add(faults, field, found[i].why);
    }
    if (is_grade)
        check_regions(&policy->grade, path, arena, faults);
}

static void check_document(const struct codec_policy *policy, const char *path, struct arena *arena,
                           struct policy_faults *faults)
{
    switch (policy->kind) {
    case CODEC_POLICY_GRADE:
    case CODEC_POLICY_REVIEW:
        check_grades(policy, path, arena, faults);
        break;
    case CODEC_POLICY_OWNERS:
        codec_policy_check_owners(policy, path, arena, faults);
        break;
    case CODEC_POLICY_SERVICE_PLAN:
        codec_policy_check_plans(policy, path, arena, faults);
        break;
    case CODEC_POLICY_POOL:
        codec_policy_check_pool(policy, path, arena, faults);
        break;
    case CODEC_POLICY_PEOPLE:
        codec_policy_check_people(policy, path, arena, faults);
        break;
    case CODEC_POLICY_RETENTION:
        codec_policy_check_retention(policy, path, arena, faults);
        break;
    case CODEC_POLICY_EXPORTS:
        codec_policy_check_exports(policy, path, arena, faults);
        break;
    case CODEC_POLICY_NONE:
        break;
    }
}

/* A policy that comes with a document. */
static void read_policy(const Kehu__Customers__V1__Policy *message, const char *path,
                        struct arena *arena, struct codec_policy *out, struct policy_faults *faults)
{
    ProtobufCMessage *document;
    enum codec_policy_kind kind = (enum codec_policy_kind)policy_read_document(
        &codec_policy_kinds, message ? &message->base : NULL, path, arena, faults, &document);

    if (kind == CODEC_POLICY_NONE)
        return;
    *out = (struct codec_policy){.by = "", .reason = message->reason};
    if (codec_policy_take(kind, document, arena, out))
        check_document(out, path, arena, faults);
}

enum status codec_get_list_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_policy_question *out, struct policy_faults *faults)
{
    struct codec_policy_question question = {.kind = CODEC_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = policy_unpack(&kehu__customers__v1__list_policies__descriptor, payload,
                                       bytes, arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListPolicies *ask = (const void *)message;

    if (ask->kind[0])
        question.kind = (enum codec_policy_kind)policy_read_kind(&codec_policy_kinds, ask->kind,
                                                                 "kind", arena, faults);
    status = policy_faults_verdict(faults, arena);
    if (!status)
        *out = question;
    return status;
}

enum status codec_get_get_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_policy_question *out, struct policy_faults *faults)
{
    struct codec_policy_question question = {.kind = CODEC_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = policy_unpack(&kehu__customers__v1__get_policy__descriptor, payload, bytes,
                                       arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetPolicy *ask = (const void *)message;

    question.kind = (enum codec_policy_kind)policy_read_kind(&codec_policy_kinds, ask->kind, "kind",
                                                             arena, faults);
    question.version = ask->version;
    status = policy_faults_verdict(faults, arena);
    if (!status)
        *out = question;
    return status;
}

enum status codec_get_compare_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_policy_question *out,
                                       struct policy_faults *faults)
{
    struct codec_policy_question question = {.kind = CODEC_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = policy_unpack(&kehu__customers__v1__compare_policies__descriptor, payload,
                                       bytes, arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ComparePolicies *ask = (const void *)message;

    question.version = ask->from_version;
    question.to_version = ask->to_version;
    question.has_document = ask->to != NULL;
    if (ask->to)
        read_policy(ask->to, "to", arena, &question.policy, faults);
    if (ask->to && ask->to_version)
        policy_faults_add(faults, "to_version",
                          "has no meaning together with to: leave one of them out");
    if (ask->kind[0] || !ask->to)
        question.kind = (enum codec_policy_kind)policy_read_kind(&codec_policy_kinds, ask->kind,
                                                                 "kind", arena, faults);
    else
        question.kind = question.policy.kind;
    if (ask->to && faults->count == 0 && question.kind != question.policy.kind)
        policy_faults_add(faults, "to", "is a policy of another kind");
    status = policy_faults_verdict(faults, arena);
    if (!status)
        *out = question;
    return status;
}

enum status codec_get_apply_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_policy_question *out, struct policy_faults *faults)
{
    struct codec_policy_question question = {.has_document = true};
    ProtobufCMessage *message;
    enum status status = policy_unpack(&kehu__customers__v1__apply_policy__descriptor, payload,
                                       bytes, arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ApplyPolicy *ask = (const void *)message;

    read_policy(ask->policy, "policy", arena, &question.policy, faults);
    if (ask->policy)
        policy_check_reason(ask->policy->reason, faults);
    if (ask->expected_version == 0)
        policy_faults_add(faults, "expected_version",
                          "is missing: the version that this one replaces");
    question.kind = question.policy.kind;
    question.expected_version = ask->expected_version;
    status = policy_faults_verdict(faults, arena);
    if (!status)
        *out = question;
    return status;
}
