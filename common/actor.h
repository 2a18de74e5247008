/*
 * The person behind a request, as a service's directory of staff knows him: who is asked for at the
 * door, and whether he is let in. What he may do and see is each service's.
 */
#ifndef KEHU_ACTOR_H
#define KEHU_ACTOR_H

#include "common/flow.h"

struct actor {
    bool found, is_active;
    struct id id;
    const char *code;
};

/* Code or id: whose key it is, else the actor that the request names; "": a system by itself. */
const char *actor_asked(const struct request *req);
/* False: *end refuses, as he is nobody, has left, or a key that is a person's speaks for another;
 * or as the arena is full. */
bool actor_is_admitted(struct request *req, const struct actor *actor, enum flow *end);
/* He has the roles and may not `act` ("take cases"): it takes one of others. */
enum flow actor_refuse_right(struct request *req, const char *code, unsigned roles, const char *act,
                             unsigned needed);

#endif
