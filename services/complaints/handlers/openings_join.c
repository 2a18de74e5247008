#include "services/complaints/handlers/openings_join.h"

bool openings_is_joined(const struct openings_one *one)
{
    return !one->is_left && !one->field && one->joins_place == OPENINGS_NOWHERE && one->at &&
           (one->joining == JOINING_JOINS || one->joining == JOINING_REOPENS);
}

/* Whoever records what somebody says need not see the case that it belongs to. */
bool openings_hear(struct request *req, const struct openings_one *one, struct case_heard *heard)
{
    const struct opening *opening = one->opening;

    *heard = (struct case_heard){
        .words = {.ref = "",
                  .text = opening->content,
                  .channel = case_channel_name(opening->channel),
                  .attachments = opening->attachments,
                  .at_us = opening->submitted_us},
        .change = arena_take(req->arena, sizeof(*heard->change)),
    };
    if (!heard->change)
        return false;
    heard->change->question =
        (struct cases_question){.kind = CASES_REF_ID, .id = one->at->joins.id};
    return true;
}

bool openings_has_lost(const struct request *req, const struct case_heard *heard)
{
    return !heard->change->found.found || case_heard_recurs(req, heard);
}
