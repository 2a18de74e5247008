/*
 * A policy's document: from rows and JSON to what it says, and back.
 */
#include "services/customers/codec/codec_policy.h"

#include <assert.h>
#include <string.h>

#include "kehu/customers/v1/policies.pb-c.h"

_Static_assert((int)GRADE_METHOD_IS_SHARE ==
                       KEHU__CUSTOMERS__V1__GRADE_METHOD__GRADE_METHOD_SHARE &&
                   (int)GRADE_METHOD_IS_CUMULATIVE ==
                       KEHU__CUSTOMERS__V1__GRADE_METHOD__GRADE_METHOD_CUMULATIVE &&
                   (int)GRADE_METHOD_IS_RANK ==
                       KEHU__CUSTOMERS__V1__GRADE_METHOD__GRADE_METHOD_RANK,
               "methods have the same numbers on the wire");

static const char *const kinds[] = {
    [CODEC_POLICY_GRADE] = "grade",         [CODEC_POLICY_REVIEW] = "review",
    [CODEC_POLICY_OWNERS] = "owners",       [CODEC_POLICY_SERVICE_PLAN] = "service_plan",
    [CODEC_POLICY_POOL] = "pool",           [CODEC_POLICY_PEOPLE] = "people",
    [CODEC_POLICY_RETENTION] = "retention", [CODEC_POLICY_EXPORTS] = "exports",
};
_Static_assert(COUNT_OF(kinds) == CODEC_POLICY_KINDS + 1, "every kind has a name");

const struct policy_kinds codec_policy_kinds = {
    .policy = &kehu__customers__v1__policy__descriptor,
    .names = kinds,
    .count = CODEC_POLICY_KINDS,
    .said = "grade, review, owners, service_plan, pool, people, retention or exports",
};

const char *codec_policy_kind_name(enum codec_policy_kind kind)
{
    return kinds[kind];
}

/* 0 is the standard; what is not 0 stays, right or wrong. */
static void complete_grade(Kehu__Customers__V1__GradePolicy *document)
{
    struct grade_policy standard = grade_policy_standard();

    if (!document->method)
        document->method = (Kehu__Customers__V1__GradeMethod)standard.method;
    if (!document->a_share_micros)
        document->a_share_micros = standard.a_share_micros;
    if (!document->b_share_micros)
        document->b_share_micros = standard.b_share_micros;
    if (!document->a_cumulative_micros)
        document->a_cumulative_micros = standard.a_cumulative_micros;
    if (!document->b_cumulative_micros)
        document->b_cumulative_micros = standard.b_cumulative_micros;
    if (!document->a_rank)
        document->a_rank = standard.a_rank;
    if (!document->b_rank)
        document->b_rank = standard.b_rank;
    if (!document->window_months)
        document->window_months = standard.window_months;
    if (!document->long_term_months)
        document->long_term_months = standard.long_term_months;
    if (!document->small_region_customers)
        document->small_region_customers = standard.small_region_customers;
    if (!document->demotion_runs)
        document->demotion_runs = standard.demotion_runs;
    if (!document->confirmation_days)
        document->confirmation_days = standard.confirmation_days;
}

static struct grade_policy read_general(const Kehu__Customers__V1__GradePolicy *document)
{
    return (struct grade_policy){
        .method = (enum grade_method)document->method,
        .a_share_micros = document->a_share_micros,
        .b_share_micros = document->b_share_micros,
        .a_cumulative_micros = document->a_cumulative_micros,
        .b_cumulative_micros = document->b_cumulative_micros,
        .a_rank = document->a_rank,
        .b_rank = document->b_rank,
        .window_months = document->window_months,
        .long_term_months = document->long_term_months,
        .long_term_days = document->long_term_days,
        .small_regions_with_parent = document->small_regions_with_parent,
        .small_region_customers = document->small_region_customers,
        .unknown_region_gives_no_a_b = document->unknown_region_gives_no_a_b,
        .demotion_band_micros = document->demotion_band_micros,
        .demotion_runs = document->demotion_runs,
        .confirmation_days = document->confirmation_days,
    };
}

static bool take_grade(Kehu__Customers__V1__GradePolicy *document, struct arena *arena,
                       struct codec_policy *out)
{
    size_t count = document->n_regions;
    struct grade_policy_region *regions = arena_take_array(arena, count, sizeof(*regions));

    if (count > 0 && !regions)
        return false;
    complete_grade(document);
    for (size_t i = 0; i < count; i++) {
        const Kehu__Customers__V1__RegionGradePolicy *region = document->regions[i];

        regions[i] = (struct grade_policy_region){
            .region_code = {region->region_code, strlen(region->region_code)},
            .method = (enum grade_method)region->method,
            .a_share_micros = region->a_share_micros,
            .b_share_micros = region->b_share_micros,
        };
    }
    out->grade = (struct grade_policy_set){read_general(document), regions, count};
    return true;
}

static void take_review(Kehu__Customers__V1__ReviewPolicy *document, struct codec_policy *out)
{
    struct grade_review_policy standard = grade_policy_standard_review();

    if (!document->a_months)
        document->a_months = standard.a_months;
    if (!document->b_months)
        document->b_months = standard.b_months;
    if (!document->c_months)
        document->c_months = standard.c_months;
    out->review =
        (struct grade_review_policy){document->a_months, document->b_months, document->c_months};
}

bool codec_policy_take(enum codec_policy_kind kind, ProtobufCMessage *document, struct arena *arena,
                       struct codec_policy *out)
{
    out->kind = kind;
    out->document = document;
    switch (kind) {
    case CODEC_POLICY_GRADE:
        return take_grade((Kehu__Customers__V1__GradePolicy *)document, arena, out);
    case CODEC_POLICY_REVIEW:
        take_review((Kehu__Customers__V1__ReviewPolicy *)document, out);
        return true;
    case CODEC_POLICY_OWNERS:
        return codec_policy_take_owners(document, arena, out);
    case CODEC_POLICY_SERVICE_PLAN:
        return codec_policy_take_plans(document, arena, out);
    case CODEC_POLICY_POOL:
        codec_policy_take_pool(document, out);
        return true;
    case CODEC_POLICY_PEOPLE:
        codec_policy_take_people(document, out);
        return true;
    case CODEC_POLICY_RETENTION:
        codec_policy_take_retention(document, out);
        return true;
    case CODEC_POLICY_EXPORTS:
        codec_policy_take_exports(document, out);
        return true;
    case CODEC_POLICY_NONE:
        break;
    }
    assert(!"a kind of policy");
    return false;
}

enum status codec_policy_read(enum codec_policy_kind kind, const char *text, struct arena *arena,
                              struct codec_policy *out)
{
    struct codec_policy policy = {.by = "", .reason = ""};
    ProtobufCMessage *document;
    enum status status =
        policy_document_read(&codec_policy_kinds, (int)kind, text, arena, &document);

    if (!status && !codec_policy_take(kind, document, arena, &policy))
        status = RESOURCE_EXHAUSTED;
    if (!status)
        *out = policy;
    return status;
}

const char *codec_policy_json(const struct codec_policy *policy, struct arena *arena)
{
    return policy_document_print(policy->document, arena);
}

/* An empty document is the standard one. */
static enum status find_built_in(enum codec_policy_kind kind, struct arena *arena,
                                 struct codec_policy *out)
{
    enum status status = codec_policy_read(kind, "{}", arena, out);

    if (status)
        return status;
    out->version = 1;
    out->reason = "built in";
    return OK;
}

enum status codec_policy_find(const struct policy_rows *rows, enum codec_policy_kind kind,
                              uint32_t version, struct arena *arena, struct codec_policy *out)
{
    if (version == 0)
        version = policy_latest(rows);
    if (version == 1)
        return find_built_in(kind, arena, out);
    const struct policy_row *row = policy_find(rows, version);

    if (!row)
        return NOT_FOUND;
    enum status status = codec_policy_read(kind, row->document, arena, out);

    if (status)
        return status == RESOURCE_EXHAUSTED ? status : INTERNAL;
    out->version = row->version;
    out->valid_from_us = row->valid_from_us;
    out->by = row->by;
    out->reason = row->reason;
    return OK;
}

enum status codec_policy_adjust(const struct codec_policy *policy, enum grade_method method,
                                uint32_t long_term_days, struct arena *arena,
                                struct codec_policy *out)
{
    const char *json = codec_policy_json(policy, arena);
    struct codec_policy copy;

    assert(policy->kind == CODEC_POLICY_GRADE);
    if (!json || codec_policy_read(policy->kind, json, arena, &copy) != OK)
        return RESOURCE_EXHAUSTED;
    Kehu__Customers__V1__GradePolicy *document = (Kehu__Customers__V1__GradePolicy *)copy.document;

    if (long_term_days > 0)
        document->long_term_days = long_term_days;
    if (method) {
        document->method = (Kehu__Customers__V1__GradeMethod)method;
        for (size_t i = 0; i < document->n_regions; i++)
            document->regions[i]->method =
                KEHU__CUSTOMERS__V1__GRADE_METHOD__GRADE_METHOD_UNSPECIFIED;
    }
    if (!codec_policy_take(copy.kind, copy.document, arena, &copy))
        return RESOURCE_EXHAUSTED;
    copy.version = policy->version;
    copy.valid_from_us = policy->valid_from_us;
    copy.by = policy->by;
    copy.reason = policy->reason;
    *out = copy;
    return OK;
}
