/*
 * A policy's document: from rows and JSON to what it says, and back.
 */
#include "services/complaints/codec/codec_case_policy.h"

#include <assert.h>
#include <string.h>

#include "kehu/complaints/v1/policies.pb-c.h"
#include "services/complaints/codec/codec_case_policy_take.h"

static const char *const kinds[] = {
    [CASE_POLICY_TARGETS] = "targets",   [CASE_POLICY_CAUSES] = "causes",
    [CASE_POLICY_SEVERITY] = "severity", [CASE_POLICY_REMEDIES] = "remedies",
    [CASE_POLICY_REPEAT] = "repeat",
};
_Static_assert(COUNT_OF(kinds) == CASE_POLICY_KINDS + 1, "every kind has a name");

const struct policy_kinds case_policy_kinds = {
    .policy = &kehu__complaints__v1__policy__descriptor,
    .names = kinds,
    .count = CASE_POLICY_KINDS,
    .said = "targets, causes, severity, remedies or repeat",
};

/* --- amounts and counts: 0 is the standard; what is not 0 stays, right or wrong --- */

static void take_amount(int64_t *wire, int64_t *said)
{
    if (!*wire)
        *wire = *said;
    *said = *wire;
}

static void take_count(uint32_t *wire, uint32_t *said)
{
    if (!*wire)
        *wire = *said;
    *said = *wire;
}

static void take_severity(Kehu__Complaints__V1__SeverityPolicy *document, struct case_policy *out)
{
    out->severity = severity_policy_standard();
    take_amount(&document->serious_from_micros, &out->severity.serious_from_micros);
    take_amount(&document->critical_from_micros, &out->severity.critical_from_micros);
    take_count(&document->recurrence_days, &out->severity.recurrence_days);
    take_count(&document->recurrences_serious, &out->severity.recurrences_serious);
}

static void take_remedies(Kehu__Complaints__V1__RemedyPolicy *document, struct case_policy *out)
{
    out->remedies = remedy_policy_standard();
    take_amount(&document->handler_limit_micros, &out->remedies.handler_limit_micros);
    take_amount(&document->manager_limit_micros, &out->remedies.manager_limit_micros);
}

static void take_repeat(Kehu__Complaints__V1__RepeatPolicy *document, struct case_policy *out)
{
    out->repeat = repeat_policy_standard();
    take_count(&document->in_90_days, &out->repeat.in_90_days);
    take_count(&document->in_12_months, &out->repeat.in_12_months);
}

static void check_severity(const struct case_policy *policy, struct case_policy_taking *taking)
{
    struct severity_fault found[SEVERITY_FAULTS];
    size_t count = severity_policy_check(&policy->severity, found);

    for (size_t i = 0; i < count; i++)
        codec_case_policy_fault(taking, found[i].field, found[i].why);
}

static void check_remedies(const struct case_policy *policy, struct case_policy_taking *taking)
{
    struct remedy_policy_fault found[REMEDY_POLICY_FAULTS];
    size_t count = remedy_policy_check(&policy->remedies, found);

    for (size_t i = 0; i < count; i++)
        codec_case_policy_fault(taking, found[i].field, found[i].why);
}

static void check_repeat(const struct case_policy *policy, struct case_policy_taking *taking)
{
    struct repeat_policy_fault found[REPEAT_POLICY_FAULTS];
    size_t count = repeat_policy_check(&policy->repeat, found);

    for (size_t i = 0; i < count; i++)
        codec_case_policy_fault(taking, found[i].field, found[i].why);
}

/* --- any kind --- */

void codec_case_policy_fault(struct case_policy_taking *taking, const char *field, const char *why)
{
    policy_faults_add(taking->faults, arena_print(taking->arena, "%s.%s", taking->path, field),
                      why);
}

bool codec_case_policy_take(enum case_policy_kind kind, ProtobufCMessage *document,
                            struct case_policy_taking *taking, struct case_policy *out)
{
    out->kind = kind;
    out->document = document;
    switch (kind) {
    case CASE_POLICY_TARGETS:
        codec_case_policy_take_targets((Kehu__Complaints__V1__TargetPolicy *)document, taking, out);
        break;
    case CASE_POLICY_CAUSES:
        codec_case_policy_take_causes((Kehu__Complaints__V1__CausePolicy *)document, taking, out);
        break;
    case CASE_POLICY_SEVERITY:
        take_severity((Kehu__Complaints__V1__SeverityPolicy *)document, out);
        check_severity(out, taking);
        break;
    case CASE_POLICY_REMEDIES:
        take_remedies((Kehu__Complaints__V1__RemedyPolicy *)document, out);
        check_remedies(out, taking);
        break;
    case CASE_POLICY_REPEAT:
        take_repeat((Kehu__Complaints__V1__RepeatPolicy *)document, out);
        check_repeat(out, taking);
        break;
    case CASE_POLICY_NONE:
        assert(!"a kind of policy");
    }
    return !arena_is_full(taking->arena);
}

enum status codec_case_policy_read(enum case_policy_kind kind, const char *json,
                                   struct arena *arena, struct case_policy *out)
{
    struct case_policy policy = {.by = "", .reason = ""};
    struct policy_faults faults = {.count = 0};
    struct case_policy_taking taking = {arena, "", &faults};
    ProtobufCMessage *document;
    enum status status =
        policy_document_read(&case_policy_kinds, (int)kind, json, arena, &document);

    if (!status && !codec_case_policy_take(kind, document, &taking, &policy))
        status = RESOURCE_EXHAUSTED;
    if (!status)
        status = policy_faults_verdict(&faults, arena);
    if (!status)
        *out = policy;
    return status;
}

enum status codec_case_policy_find(const struct policy_rows *rows, enum case_policy_kind kind,
                                   uint32_t version, struct arena *arena, struct case_policy *out)
{
    const struct policy_row *row = policy_find(rows, version);
    enum status status;

    if (!row && version != 1)
        return NOT_FOUND;
    /* An empty document is the standard one. */
    status = codec_case_policy_read(kind, row ? row->document : "{}", arena, out);
    if (status)
        return status == RESOURCE_EXHAUSTED ? status : INTERNAL;
    out->version = version;
    out->valid_from_us = row ? row->valid_from_us : 0;
    out->by = row ? row->by : "";
    out->reason = row ? row->reason : "built in";
    return OK;
}

uint32_t codec_case_policy_in_force(const struct policy_rows *rows, int64_t at_us)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->list[i].valid_from_us <= at_us)
            return rows->list[i].version;
    return 1;
}
