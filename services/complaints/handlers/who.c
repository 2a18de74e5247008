#include "services/complaints/handlers/who.h"

#include "common/actor.h"
#include "common/pure/uuid.h"
#include "common/service.h"

/* What the door asked and found, in the arena of this try. */
struct entering {
    struct who who; /* first: req->scope is its address */
    struct sight_person person;
};

static const struct who as_itself = {.code = "", .unit = "", .sight = {.sees_all = true}};

static enum flow admit(struct request *req);

const struct who *who_of(const struct request *req)
{
    return req->scope ? req->scope : &as_itself;
}

const struct sight *who_sight(const struct request *req)
{
    return &who_of(req)->sight;
}

const char *who_name(const struct request *req)
{
    const struct who *who = who_of(req);

    return who->is_staff ? who->code : req->key.name;
}

enum remedy_rank who_rank(const struct request *req)
{
    const struct who *who = who_of(req);

    if (!who->is_staff || who->is_head)
        return REMEDY_HEAD;
    return who->roles & ROLE_MANAGER ? REMEDY_MANAGER : REMEDY_HANDLER;
}

bool who_stands_for(const struct request *req, const struct id *staff)
{
    const struct sight *sight = who_sight(req);

    for (size_t i = 0; i < sight->stand_count; i++)
        if (uuid_is_same(&sight->stands[i], staff))
            return true;
    return false;
}

bool who_may(const struct request *req, enum case_right right)
{
    const struct who *who = who_of(req);

    return !who->is_staff || case_rights_may(who->roles, right);
}

bool who_handles(const struct request *req, const struct id *handler)
{
    const struct who *who = who_of(req);

    return !who->is_staff || case_rights_handles(who->roles, who_stands_for(req, handler));
}

enum flow who_door(struct request *req)
{
    const char *asked = actor_asked(req);
    struct entering *entering;

    if (!asked[0])
        return flow_enter(req);
    entering = arena_take(req->arena, sizeof(*entering));
    if (!entering)
        return flow_refuse_large(req);
    *entering = (struct entering){.who = as_itself};
    req->scope = entering;
    sight_find_person(req, asked, zone_day(&req->service->zone, req->now_us), &entering->person);
    return flow_wait(req, admit);
}

static void introduce(struct who *who, const struct sight_person *person, enum case_right right)
{
    *who = (struct who){
        .is_staff = true,
        .staff = person->id,
        .code = person->code,
        .roles = person->roles,
        .unit = person->unit,
        .manager = person->manager,
        .is_head = person->is_head,
        .sight = {.sees_all = case_rights_sees_all(person->roles, right),
                  .sees_restricted = case_rights_sees_restricted(person->roles, right),
                  .staff = person->id,
                  .stands = person->stands,
                  .stand_count = person->stand_count,
                  .owners = person->owners,
                  .owner_count = person->owner_count},
    };
}

static enum flow admit(struct request *req)
{
    struct entering *entering = req->scope;
    const struct sight_person *person = &entering->person;
    const struct actor actor = {person->found, person->is_active, person->id, person->code};
    enum case_right right = (enum case_right)flow_act(req);
    enum flow end;

    if (!actor_is_admitted(req, &actor, &end))
        return end;
    introduce(&entering->who, person, right);
    if (!case_rights_may(person->roles, right))
        return actor_refuse_right(req, person->code, person->roles, case_rights_text(right),
                                  case_rights_roles_for(right));
    flow_name_actor(req, person->code);
    return flow_enter(req);
}
