/*
 * The policy "causes": the tree of codes. A document without causes is the built-in tree.
 */
#include <string.h>

#include "services/complaints/codec/codec_case_policy_take.h"

static struct text text_of(const char *at)
{
    return (struct text){at, strlen(at)};
}

/* The arena keeps what the built-in texts say, since they stand as terminated ones. */
static void complete_document(struct arena *arena, Kehu__Complaints__V1__CausePolicy *document)
{
    struct cause_tree standard = cause_standard();
    Kehu__Complaints__V1__Cause *list = arena_take_array(arena, standard.count, sizeof(*list));
    Kehu__Complaints__V1__Cause **pointers =
        arena_take_array(arena, standard.count, sizeof(*pointers));

    if (!list || !pointers)
        return;
    for (size_t i = 0; i < standard.count; i++) {
        const struct cause *cause = &standard.list[i];

        kehu__complaints__v1__cause__init(&list[i]);
        list[i].code = (char *)cause->code.at;
        list[i].parent = (char *)cause->parent.at;
        list[i].zh = (char *)cause->zh.at;
        list[i].en = (char *)cause->en.at;
        list[i].unit = (char *)cause->unit.at;
        pointers[i] = &list[i];
    }
    document->causes = pointers;
    document->n_causes = standard.count;
}

static void tell(struct case_policy_taking *taking, const struct cause_fault *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *field = found[i].field;

        if (found[i].place != SIZE_MAX)
            field = arena_print(taking->arena, "causes[%zu].%s", found[i].place, field);
        else if (found[i].code.bytes > 0)
            field = arena_print(taking->arena, "causes[%.*s]", (int)found[i].code.bytes,
                                found[i].code.at);
        codec_case_policy_fault(taking, field ? field : "causes", found[i].why);
    }
}

void codec_case_policy_take_causes(Kehu__Complaints__V1__CausePolicy *document,
                                   struct case_policy_taking *taking, struct case_policy *out)
{
    struct cause_fault found[CAUSE_FAULTS];

    if (document->n_causes == 0)
        complete_document(taking->arena, document);
    struct cause *list = arena_take_array(taking->arena, document->n_causes, sizeof(*list));

    if (!list)
        return;
    for (size_t i = 0; i < document->n_causes; i++) {
        const Kehu__Complaints__V1__Cause *cause = document->causes[i];

        list[i] = (struct cause){
            .code = text_of(cause->code),
            .parent = text_of(cause->parent),
            .zh = text_of(cause->zh),
            .en = text_of(cause->en),
            .unit = text_of(cause->unit),
            .is_retired = cause->retired,
        };
    }
    out->causes = (struct cause_tree){list, document->n_causes};
    tell(taking, found, cause_tree_check(&out->causes, found));
}

void codec_case_policy_check_causes(const struct case_policy *present,
                                    const struct case_policy *next, struct arena *arena,
                                    struct policy_faults *faults)
{
    struct cause_fault found[CAUSE_FAULTS];
    struct case_policy_taking taking = {arena, "policy.causes", faults};

    tell(&taking, found, cause_tree_compare(&present->causes, &next->causes, found));
}
