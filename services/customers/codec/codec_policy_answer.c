/*
 * Policies as answers, and the event that one was applied.
 */
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/policies.pb-c.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/codec/codec_value.h"

static void fill(const struct codec_policy *policy, struct arena *arena,
                 Kehu__Customers__V1__Policy *out)
{
    kehu__customers__v1__policy__init(out);
    out->kind = (char *)codec_policy_kind_name(policy->kind);
    out->version = policy->version;
    out->valid_from = codec_value_time_or_absent(policy->valid_from_us, arena);
    out->by = (char *)policy->by;
    out->reason = (char *)policy->reason;
    /* All documents of a oneof share their place. */
    out->document_case = (Kehu__Customers__V1__Policy__DocumentCase)policy_document_field(
                             &codec_policy_kinds, policy->kind)
                             ->id;
    out->grade = (Kehu__Customers__V1__GradePolicy *)policy->document;
}

const ProtobufCMessage *codec_policy(const struct codec_policy *policy, struct arena *arena)
{
    Kehu__Customers__V1__Policy *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    fill(policy, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_policy_list(const struct codec_policy *policies, size_t count,
                                          struct arena *arena)
{
    Kehu__Customers__V1__PolicyList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__Policy *list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__Policy **pointers = arena_take_array(arena, count, sizeof(*pointers));

    if (!out || !list || !pointers)
        return NULL;
    kehu__customers__v1__policy_list__init(out);
    for (size_t i = 0; i < count; i++) {
        fill(&policies[i], arena, &list[i]);
        pointers[i] = &list[i];
    }
    out->policies = pointers;
    out->n_policies = count;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_policy_difference(const struct codec_policy *from,
                                                const struct codec_policy *to, struct arena *arena)
{
    Kehu__Customers__V1__PolicyDifference *out = arena_take(arena, sizeof(*out));
    struct codec_policy_changes changes;

    if (!out || !codec_policy_compare(from->document, to->document, arena, &changes))
        return NULL;
    Kehu__Customers__V1__PolicyFieldDifference *list =
        arena_take_array(arena, changes.count, sizeof(*list));
    Kehu__Customers__V1__PolicyFieldDifference **pointers =
        arena_take_array(arena, changes.count, sizeof(*pointers));

    if (!list || !pointers)
        return NULL;
    kehu__customers__v1__policy_difference__init(out);
    for (size_t i = 0; i < changes.count; i++) {
        kehu__customers__v1__policy_field_difference__init(&list[i]);
        list[i].field = (char *)changes.list[i].field;
        list[i].from = (char *)changes.list[i].from;
        list[i].to = (char *)changes.list[i].to;
        pointers[i] = &list[i];
    }
    out->fields = pointers;
    out->n_fields = changes.count;
    return &out->base;
}

const ProtobufCMessage *codec_policy_applied(const struct codec_policy *policy, struct arena *arena)
{
    Kehu__Customers__V1__PolicyApplied *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__policy_applied__init(out);
    out->kind = (char *)codec_policy_kind_name(policy->kind);
    out->version = policy->version;
    return &out->base;
}
