/*
 * A job: whoever has left handles nothing. His open cases go to who stood in for him, else to his
 * manager, else to nobody, where everybody sees them; never to somebody recused from them.
 *
 *   look    → cases of leavers, so many at a time
 *   find    → each with what is decided by
 *   decide  → their new handlers; one commit. What another changed meanwhile is looked at again
 */
#include "common/pure/uuid.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/store/case_leaver.h"

#define SET 20

struct leaving {
    struct case_leavers leavers;
    struct case_change *changes; /* one each */
};

static enum flow find(struct request *req);
static enum flow decide(struct request *req);

enum flow leaver_cases_look(struct request *req)
{
    struct leaving *r = request_state(req, sizeof(*r));

    case_leaver_list(req, SET, &r->leavers);
    return flow_wait(req, find);
}

static enum flow find(struct request *req)
{
    struct leaving *r = req->state;

    if (r->leavers.count == 0)
        return flow_end(req);
    r->changes = arena_take_array(req->arena, r->leavers.count, sizeof(*r->changes));
    if (!r->changes)
        return flow_refuse_large(req);
    for (size_t i = 0; i < r->leavers.count; i++) {
        r->changes[i].question =
            (struct cases_question){.kind = CASES_REF_ID, .id = r->leavers.list[i].case_id};
        case_change_ask(req, &r->changes[i], NULL);
    }
    return flow_wait(req, decide);
}

static bool may_have_it(const struct cases_found *found, const struct id *staff)
{
    return !uuid_is_none(staff) &&
           conduct_permits(found->recusals, found->recusal_count, staff, CONDUCT_HANDLES);
}

static bool give_away(struct request *req, struct case_change *change,
                      const struct case_leaver *leaver)
{
    if (!case_change_begin(req, change))
        return false;
    change->after.handler = may_have_it(&change->found, &leaver->deputy)    ? leaver->deputy
                            : may_have_it(&change->found, &leaver->manager) ? leaver->manager
                                                                            : (struct id){0};
    change->act_name = "assign";
    return case_change_note(req, change, TEXT_OF(""), "the handler has left") &&
           case_change_save(req, change);
}

static enum flow decide(struct request *req)
{
    struct leaving *r = req->state;

    for (size_t i = 0; i < r->leavers.count; i++)
        if (r->changes[i].found.found && !case_is_ended(r->changes[i].found.file.state) &&
            !give_away(req, &r->changes[i], &r->leavers.list[i]))
            return flow_refuse_large(req);
    return flow_commit(req, flow_end);
}
