/*
 * kehu.complaints.v1.TakeCase and AssignCase: who has the case. Taking it acknowledges it: a person
 * is responsible from then on. Assigning names one, or a team whose people take it.
 *
 *   decode  → the receipt, the case, the rules, the colleague
 *   decide  → the handler, the clocks; one commit
 */
#include <string.h>

#include "common/pure/uuid.h"
#include "common/service.h"
#include "services/complaints/codec/codec_case_handling.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"
#include "services/complaints/store/colleague.h"

struct taking {
    struct case_change change; /* first */
    struct codec_handling ask;
    struct colleague person, deputy;
};

static enum flow take(struct request *req);
static enum flow assign(struct request *req);
static enum flow find_deputy(struct request *req);

static int32_t today_of(const struct request *req)
{
    return zone_day(&req->service->zone, req->now_us);
}

/* --- who it is to be --- */

/* False: *end refuses, naming who stands in for him where somebody does. */
static bool check_person(struct request *req, const struct taking *r, enum flow *end)
{
    const struct colleague *person = &r->person;
    const struct cases_found *found = &r->change.found;
    int named = (int)r->ask.handler.bytes;

    if (!person->found) {
        flow_violation(req, "handler", "'%.*s' is nobody of the staff directory", named,
                       r->ask.handler.at);
        *end = flow_refuse(req, INVALID_ARGUMENT,
                           "handler is nobody of the staff directory: name him by code or id");
        return false;
    }
    if (!person->is_active)
        flow_violation(req, "handler", "%s has left the company", person->code);
    else if (!case_rights_takes(person->roles))
        flow_violation(req, "handler", "%s may not handle cases: his roles change nothing",
                       person->code);
    else if (!conduct_permits(found->recusals, found->recusal_count, &person->id, CONDUCT_HANDLES))
        flow_violation(req, "handler", "%s is recused from this case", person->code);
    else if (person->is_away)
        flow_violation(req, "handler", "%s is away today; %s%s", person->code,
                       r->deputy.found ? "stands in for him: " : "nobody stands in for him",
                       r->deputy.found ? r->deputy.code : "");
    else
        return true;
    *end = flow_refuse(req, FAILED_PRECONDITION, "%s cannot be given the case", person->code);
    return false;
}

static enum flow find_deputy(struct request *req)
{
    struct taking *r = req->state;
    flow_step next = strcmp(req->type, "kehu.complaints.v1.TakeCase") == 0 ? take : assign;

    if (!r->person.found || !r->person.is_away || uuid_is_none(&r->person.deputy))
        return flow_go(req, next);
    colleague_list(req, &r->person.deputy, 1, today_of(req), &r->deputy);
    return flow_wait(req, next);
}

/* The case, and the person that is named. */
static enum flow find_both(struct request *req)
{
    struct taking *r = req->state;
    enum flow next = case_change_find(req, &r->change, r->ask.ref, r->ask.expected_version,
                                      CONDUCT_HANDLES, find_deputy);

    if (next == FLOW_WAIT && r->ask.handler.bytes > 0)
        colleague_find(req, r->ask.handler, today_of(req), &r->person);
    return next;
}

/* --- TakeCase --- */

enum flow handle_take_case(struct request *req)
{
    struct taking *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_take(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return find_both(req);
}

static enum flow take(struct request *req)
{
    struct taking *r = req->state;
    struct case_change *change = &r->change;
    const struct who *who = who_of(req);
    enum flow end;

    if (r->ask.handler.bytes > 0) {
        if (!check_person(req, r, &end))
            return end;
        change->after.handler = r->person.id;
    } else if (who->is_staff) {
        change->after.handler = who->staff;
    } else {
        flow_violation(req, "handler", "is missing: this key is no person's");
        return flow_refuse(req, INVALID_ARGUMENT, "say who takes the case: a staff member's code");
    }
    if (!case_change_move(req, change, CASE_TAKES, TEXT_OF(""), &end))
        return end;
    case_change_happened(req, change, CLOCK_EVENT_TAKEN, req->now_us);
    return case_change_commit(req, change, TEXT_OF(""), "");
}

/* --- AssignCase --- */

enum flow handle_assign_case(struct request *req)
{
    struct taking *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_assign(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);

    if (status)
        return refusal_of_faults(req, status, &faults);
    return find_both(req);
}

/* Assigned to a person, the case is not yet taken by him. To a team: whoever of it takes it. */
static enum flow assign(struct request *req)
{
    struct taking *r = req->state;
    struct case_change *change = &r->change;
    struct case_file *after = &change->after;
    enum flow end;

    if (case_is_ended(after->state)) {
        return refusal_of_state(req, after->state, "nobody handles it any more");
    }
    if (r->ask.handler.bytes > 0) {
        if (!check_person(req, r, &end))
            return end;
        after->handler = r->person.id;
    } else {
        after->handler = (struct id){0};
    }
    if (r->ask.team.bytes > 0)
        after->team = r->ask.team;
    change->act_name = "assign";
    case_clocks_change(req, after, &change->rules, CLOCK_BY_GROUP, &change->found.clocks);
    return case_change_commit(req, change, r->ask.reason, "");
}
