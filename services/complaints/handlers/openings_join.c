/* What joins or reopens a case that is there: said to it, beside whoever works on it. */
#include <string.h>

#include "services/complaints/handlers/openings_join.h"

bool openings_is_joined(const struct openings_one *one)
{
    return !one->is_left && !one->field && one->joins_place == OPENINGS_NOWHERE && one->at &&
           (one->joining == JOINING_JOINS || one->joining == JOINING_REOPENS);
}

/* The first of the set that joins this case: its row is read, and written, once. */
static size_t first_of(const struct openings_set *set, size_t i)
{
    const struct id *id = &set->list[i].at->joins.id;

    for (size_t k = 0; k < i; k++)
        if (openings_is_joined(&set->list[k]) &&
            memcmp(&set->list[k].at->joins.id, id, sizeof(*id)) == 0)
            return k;
    return i;
}

bool openings_ask_joined(struct request *req, struct openings_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct openings_one *one = &set->list[i];

        if (!openings_is_joined(one))
            continue;
        size_t first = first_of(set, i);

        one->joined =
            first == i ? arena_take(req->arena, sizeof(*one->joined)) : set->list[first].joined;
        if (!one->joined)
            return false;
        if (first < i)
            continue;
        one->joined->question =
            (struct cases_question){.kind = CASES_REF_ID, .id = one->at->joins.id};
        one->joined->keeps_row = one->joining != JOINING_REOPENS;
        /* Whoever records what somebody says need not see the case that it belongs to. */
        case_change_ask(req, one->joined, NULL);
    }
    return true;
}

/* The first word on a case reopens it where it was closed; what is said beside an open one leaves
 * its row alone. False: no memory. */
static bool begin(struct request *req, struct case_change *change)
{
    enum flow end;

    if (!case_change_begin(req, change))
        return false;
    return change->keeps_row || case_change_reopen(req, change, TEXT_OF("reply"), &end);
}

bool openings_put_joined(struct request *req, struct openings_set *set, size_t i)
{
    struct openings_one *one = &set->list[i];
    struct case_change *change = one->joined;

    if (first_of(set, i) == i && !begin(req, change))
        return false;
    change->act_name = "reply";
    openings_add_said(req, &change->found.file.id, one->opening, one->opening->content);
    return case_change_note(req, change, TEXT_OF(""), "");
}

bool openings_save_joined(struct request *req, struct openings_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (openings_is_joined(&set->list[i]) && first_of(set, i) == i &&
            !case_change_save(req, set->list[i].joined))
            return false;
    return true;
}

bool openings_has_lost(const struct openings_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (openings_is_joined(&set->list[i]) && !set->list[i].joined->found.found)
            return true;
    return false;
}
