#include "services/customers/handlers/scope.h"

#include <assert.h>

#include "common/actor.h"
#include "common/pure/day.h"
#include "common/service.h"

/* What the door asked and found, in the arena of this try. */
struct entering {
    struct scope scope; /* first: req->scope is its address */
    struct scope_person person;
};

static enum flow admit(struct request *req);

bool scope_may(const struct request *req, enum rights_act act)
{
    const struct scope *scope = scope_of(req);

    return scope->is_staff ? rights_may(scope->roles, act) : act != ACT_AUDIT;
}

enum flow scope_door(struct request *req)
{
    const char *who = actor_asked(req);
    struct entering *entering;

    if (!who[0]) {
        if (scope_may(req, (enum rights_act)flow_act(req)))
            return flow_enter(req);
        return flow_refuse(
            req, PERMISSION_DENIED,
            "only an auditor may do this, a person of the staff directory: ask with his "
            "key, or name him as the actor");
    }
    entering = arena_take(req->arena, sizeof(*entering));
    if (!entering)
        return flow_refuse_large(req);
    req->scope = entering;
    scope_find_person(req, who, zone_day(&req->service->zone, req->now_us), &entering->person);
    return flow_wait(req, admit);
}

/* Who oversees and sells too changes only what he sees as a seller. */
static bool oversees(unsigned roles, enum rights_act act)
{
    unsigned overseers = roles & ROLE_OVERSEERS;

    return overseers != 0 && rights_may(overseers, act);
}

static enum flow admit(struct request *req)
{
    struct entering *entering = req->scope;
    const struct scope_person *person = &entering->person;
    const struct actor actor = {person->found, !person->has_left, person->id, person->code};
    enum rights_act act = (enum rights_act)flow_act(req);
    enum flow end;

    if (!actor_is_admitted(req, &actor, &end))
        return end;
    entering->scope = (struct scope){
        .is_staff = true,
        .staff = person->id,
        .code = person->code,
        .roles = person->roles,
        .sees_all = oversees(person->roles, act),
        .sees_potential = (person->roles & ROLE_MARKETING) != 0,
        .owners = person->owners,
        .owner_count = person->owner_count,
    };
    if (!rights_may(person->roles, act))
        return actor_refuse_right(req, person->code, person->roles, rights_act_text(act),
                                  rights_roles_for(act));
    flow_name_actor(req, person->code);
    return flow_enter(req);
}

void scope_look_list(struct request *req, const struct id *customers, size_t count,
                     struct scope_sight *out)
{
    const struct scope *scope = scope_of(req);
    struct scope_seen *seen = NULL;

    if (!scope->sees_all && count > 0)
        seen = arena_take_array(req->arena, count, sizeof(*seen));
    for (size_t i = 0; i < count; i++)
        out[i] = (struct scope_sight){
            .is_asked = true, .is_within = scope->sees_all, .seen = seen ? &seen[i] : NULL};
    if (seen)
        scope_list_seen(req, customers, count, seen);
}

void scope_look(struct request *req, const struct id *customer, struct scope_sight *out)
{
    scope_look_list(req, customer, 1, out);
}

void scope_settle(const struct request *req, struct scope_sight *sight)
{
    assert(sight->is_asked);
    if (!sight->seen)
        return;
    sight->is_within = sight->seen->is_within;
    sight->has_owner = sight->seen->has_owner;
    sight->owner_name = sight->seen->owner_name;
    sight->owned_since =
        sight->has_owner ? zone_day(&req->service->zone, sight->seen->owned_since_us) : 0;
}

bool scope_admits(struct request *req, struct scope_sight *sight, enum flow *end)
{
    char since[DAY_TEXT_BYTES];

    scope_settle(req, sight);
    if (sight->is_within)
        return true;
    if (!sight->has_owner) {
        *end =
            flow_refuse(req, PERMISSION_DENIED,
                        "the customer exists and is outside of what you may see; it has no owner");
        return false;
    }
    day_print(sight->owned_since, since);
    flow_log_as(req, "the customer is outside of what the actor may see");
    *end = flow_refuse(req, PERMISSION_DENIED,
                       "the customer exists and is outside of what you may see; owner %s since %s",
                       sight->owner_name ? sight->owner_name : "", since);
    return false;
}
