#include "services/customers/handlers/scope.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "common/pure/day.h"
#include "common/pure/uuid.h"
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
    const char *who = req->key.staff[0] ? req->key.staff : req->actor;
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

/* A key that is a person's speaks for nobody else. */
static bool is_same_person(const struct request *req, const struct scope_person *person)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(&person->id, id);
    return !req->actor[0] || strcmp(req->actor, person->code) == 0 ||
           strcasecmp(req->actor, id) == 0;
}

static enum flow refuse_act(struct request *req, const struct scope *scope, enum rights_act act)
{
    char has[ROLE_NAMES_BYTES], needs[ROLE_NAMES_BYTES];

    role_print(scope->roles, has);
    role_print(rights_roles_for(act), needs);
    return flow_refuse(req, PERMISSION_DENIED, "%s has %s and may not %s; it takes one of: %s",
                       scope->code, has, rights_act_text(act), needs);
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
    enum rights_act act = (enum rights_act)flow_act(req);

    if (!person->found) {
        flow_log_as(req, "the actor is nobody of the staff directory");
        return flow_refuse(req, PERMISSION_DENIED,
                           "'%s' is nobody of the staff directory: an actor is named by code or id",
                           req->key.staff[0] ? req->key.staff : req->actor);
    }
    if (arena_is_full(req->arena))
        return flow_refuse_large(req);
    if (person->has_left)
        return flow_refuse(req, PERMISSION_DENIED, "%s has left the company", person->code);
    if (req->key.staff[0] && !is_same_person(req, person))
        return flow_refuse(req, PERMISSION_DENIED, "this key is %s's and speaks for nobody else",
                           person->code);
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
        return refuse_act(req, &entering->scope, act);
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
