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
        /* Whoever records what somebody says need not see the case that it belongs to. */
        cases_find(req, &one->joined->question, NULL, &one->joined->found);
    }
    return true;
}

static void add_line(struct request *req, const struct openings_set *set,
                     const struct openings_one *one)
{
    const struct case_file *file = &one->joined->after;

    cases_add_entry(req, &(struct cases_entry){
                             .case_id = file->id,
                             .at_us = req->now_us,
                             .act = "reply",
                             .from = file->state,
                             .to = file->state,
                             .by = set->by,
                             .reason = TEXT_OF(""),
                             .detail = "",
                         });
}

/* The first word on a case reopens it where it was closed; what is said beside an open one leaves
 * its row alone. False: no memory, or *why says why not. */
static bool begin(struct request *req, struct openings_set *set, struct openings_one *one)
{
    struct case_change *change = one->joined;
    enum flow end;

    change->rules = set->rules;
    change->after = change->found.file;
    change->keeps_row = one->joining != JOINING_REOPENS;
    change->act_name = change->keeps_row ? "reply" : NULL;
    if (!change->keeps_row) {
        if (!case_change_move(req, change, CASE_REOPENS, TEXT_OF("reply"), &end))
            return false;
        case_change_happened(req, change, CLOCK_EVENT_REOPENED, req->now_us);
    }
    return case_change_put(req, change, TEXT_OF(""), "");
}

bool openings_put_joined(struct request *req, struct openings_set *set, size_t i)
{
    struct openings_one *one = &set->list[i];

    if (first_of(set, i) < i)
        add_line(req, set, one);
    else if (!begin(req, set, one))
        return false;
    openings_add_said(req, &one->joined->after.id, one->opening, one->opening->content);
    return true;
}
