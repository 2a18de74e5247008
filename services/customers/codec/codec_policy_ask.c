/*
 * The questions about policies. Everything wrong with a document is named at once, so that whoever
 * wrote it corrects it in one go.
 */
#include <string.h>

#include "common/validate.h"
#include "kehu/customers/v1/policies.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_policy.h"

#define MAX_REASON 500
#define KINDS "grade, review, owners, service_plan, pool, people, retention or exports"
#define MAX_REGION 200 /* characters; codes are shorter, names of sources may be so long */

void codec_policy_add_fault(struct codec_policy_faults *faults, const char *field, const char *why)
{
    if (faults->count == GRADE_POLICY_MAX_FAULTS)
        return;
    faults->list[faults->count].field = field ? field : "";
    faults->list[faults->count].why = why ? why : "";
    faults->count++;
}

/* INVALID_ARGUMENT when something was added. */
static enum status verdict_of(const struct codec_policy_faults *faults, const struct arena *arena)
{
    if (arena_is_full(arena))
        return RESOURCE_EXHAUSTED;
    return faults->count > 0 ? INVALID_ARGUMENT : OK;
}

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, struct codec_policy_faults *faults,
                          ProtobufCMessage **out)
{
    char field[100], why[300];
    enum status status = validate_unpack(descriptor, arena_allocator(arena), payload, bytes, out,
                                         field, sizeof(field), why, sizeof(why));

    faults->count = 0;
    if (status == INVALID_ARGUMENT)
        codec_policy_add_fault(faults, arena_copy_text(arena, field, strlen(field)),
                               arena_copy_text(arena, why, strlen(why)));
    return status;
}

/* The kind of that name; a fault when there is none. */
static enum codec_policy_kind read_kind(const char *name, const char *field,
                                        struct codec_policy_faults *faults)
{
    for (int kind = 1; kind <= CODEC_POLICY_KINDS; kind++)
        if (strcmp(name, codec_policy_kind_name((enum codec_policy_kind)kind)) == 0)
            return (enum codec_policy_kind)kind;
    codec_policy_add_fault(
        faults, field, name[0] ? "is no kind of policy: give " KINDS : "is missing: give " KINDS);
    return CODEC_POLICY_NONE;
}

static void check_regions(const struct grade_policy_set *set, const char *path, struct arena *arena,
                          struct codec_policy_faults *faults)
{
    for (size_t i = 0; i < set->region_count && i < GRADE_POLICY_MAX_REGIONS; i++)
        if (codec_check_count(set->regions[i].region_code) > MAX_REGION)
            codec_policy_add_fault(faults,
                                   arena_print(arena, "%s.grade.regions[%zu].region_code", path, i),
                                   "is longer than 200 characters");
}

/* What the domain found in a grade or review policy, with the path of each field. */
static void check_grades(const struct codec_policy *policy, const char *path, struct arena *arena,
                         struct codec_policy_faults *faults)
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

        codec_policy_add_fault(faults, field, found[i].why);
    }
    if (is_grade)
        check_regions(&policy->grade, path, arena, faults);
}

static void check_document(const struct codec_policy *policy, const char *path, struct arena *arena,
                           struct codec_policy_faults *faults)
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

/* The kind whose document the policy carries; NONE: it carries none. */
static enum codec_policy_kind carried_kind(const Kehu__Customers__V1__Policy *message)
{
    for (int kind = 1; message && kind <= CODEC_POLICY_KINDS; kind++)
        if (codec_policy_field((enum codec_policy_kind)kind)->id ==
            (uint32_t)message->document_case)
            return (enum codec_policy_kind)kind;
    return CODEC_POLICY_NONE;
}

/* A policy that comes with a document. The kind may be left out where the document says it. */
static void read_policy(const Kehu__Customers__V1__Policy *message, const char *path,
                        struct arena *arena, struct codec_policy *out,
                        struct codec_policy_faults *faults)
{
    enum codec_policy_kind kind = carried_kind(message);

    if (kind == CODEC_POLICY_NONE) {
        codec_policy_add_fault(faults, path, "has no document: give " KINDS);
        return;
    }
    if (message->kind[0] && strcmp(message->kind, codec_policy_kind_name(kind)) != 0) {
        codec_policy_add_fault(faults, arena_print(arena, "%s.kind", path),
                               "is not the kind of the document");
        return;
    }
    *out = (struct codec_policy){.by = "", .reason = message->reason};
    /* All documents of a oneof share their place. */
    if (codec_policy_take(kind, &message->grade->base, arena, out))
        check_document(out, path, arena, faults);
}

enum status codec_get_list_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_policy_question *out,
                                    struct codec_policy_faults *faults)
{
    struct codec_policy_question question = {.kind = CODEC_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__list_policies__descriptor, payload, bytes,
                                arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListPolicies *ask = (const void *)message;

    if (ask->kind[0])
        question.kind = read_kind(ask->kind, "kind", faults);
    status = verdict_of(faults, arena);
    if (!status)
        *out = question;
    return status;
}

enum status codec_get_get_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_policy_question *out,
                                 struct codec_policy_faults *faults)
{
    struct codec_policy_question question = {.kind = CODEC_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__get_policy__descriptor, payload, bytes, arena,
                                faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetPolicy *ask = (const void *)message;

    question.kind = read_kind(ask->kind, "kind", faults);
    question.version = ask->version;
    status = verdict_of(faults, arena);
    if (!status)
        *out = question;
    return status;
}

enum status codec_get_compare_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_policy_question *out,
                                       struct codec_policy_faults *faults)
{
    struct codec_policy_question question = {.kind = CODEC_POLICY_NONE};
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__compare_policies__descriptor, payload, bytes,
                                arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ComparePolicies *ask = (const void *)message;

    question.version = ask->from_version;
    question.to_version = ask->to_version;
    question.has_document = ask->to != NULL;
    if (ask->to)
        read_policy(ask->to, "to", arena, &question.policy, faults);
    if (ask->to && ask->to_version)
        codec_policy_add_fault(faults, "to_version",
                               "has no meaning together with to: leave one of them out");
    if (ask->kind[0] || !ask->to)
        question.kind = read_kind(ask->kind, "kind", faults);
    else
        question.kind = question.policy.kind;
    if (ask->to && faults->count == 0 && question.kind != question.policy.kind)
        codec_policy_add_fault(faults, "to", "is a policy of another kind");
    status = verdict_of(faults, arena);
    if (!status)
        *out = question;
    return status;
}

static void check_reason(const char *reason, struct codec_policy_faults *faults)
{
    size_t count = codec_check_count(codec_check_text_of(reason));

    if (count == 0)
        codec_policy_add_fault(faults, "policy.reason",
                               "is missing: say in a sentence why the policy changes");
    if (count > MAX_REASON)
        codec_policy_add_fault(faults, "policy.reason", "is longer than 500 characters");
}

enum status codec_get_apply_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_policy_question *out,
                                   struct codec_policy_faults *faults)
{
    struct codec_policy_question question = {.has_document = true};
    ProtobufCMessage *message;
    enum status status = unpack(&kehu__customers__v1__apply_policy__descriptor, payload, bytes,
                                arena, faults, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ApplyPolicy *ask = (const void *)message;

    read_policy(ask->policy, "policy", arena, &question.policy, faults);
    if (ask->policy)
        check_reason(ask->policy->reason, faults);
    if (ask->expected_version == 0)
        codec_policy_add_fault(faults, "expected_version",
                               "is missing: the version that this one replaces");
    question.kind = question.policy.kind;
    question.expected_version = ask->expected_version;
    status = verdict_of(faults, arena);
    if (!status)
        *out = question;
    return status;
}
