#include "common/actor.h"

#include <string.h>
#include <strings.h>

#include "common/pure/role.h"
#include "common/pure/uuid.h"
#include "common/service.h"

const char *actor_asked(const struct request *req)
{
    return req->key.staff[0] ? req->key.staff : req->actor;
}

static bool is_same(const struct request *req, const struct actor *actor)
{
    char id[UUID_TEXT_BYTES];

    uuid_print(&actor->id, id);
    return !req->actor[0] || strcmp(req->actor, actor->code) == 0 ||
           strcasecmp(req->actor, id) == 0;
}

bool actor_is_admitted(struct request *req, const struct actor *actor, enum flow *end)
{
    if (!actor->found) {
        flow_log_as(req, "the actor is nobody of the staff directory");
        *end = flow_refuse(req, PERMISSION_DENIED,
                           "'%s' is nobody of the staff directory: an actor is named by code or id",
                           actor_asked(req));
        return false;
    }
    if (arena_is_full(req->arena)) {
        *end = flow_refuse_large(req);
        return false;
    }
    if (!actor->is_active) {
        *end = flow_refuse(req, PERMISSION_DENIED, "%s has left the company", actor->code);
        return false;
    }
    if (req->key.staff[0] && !is_same(req, actor)) {
        *end = flow_refuse(req, PERMISSION_DENIED, "this key is %s's and speaks for nobody else",
                           actor->code);
        return false;
    }
    return true;
}

enum flow actor_refuse_right(struct request *req, const char *code, unsigned roles, const char *act,
                             unsigned needed)
{
    char has[ROLE_NAMES_BYTES], needs[ROLE_NAMES_BYTES];

    role_print(roles, has);
    role_print(needed, needs);
    return flow_refuse(req, PERMISSION_DENIED, "%s has %s and may not %s; it takes one of: %s",
                       code, has, act, needs);
}
