#include "services/customers/domain/handover.h"

#include <string.h>

static const char *const states[HANDOVER_ITEM_STATES] = {
    "", "pending", "acknowledged", "accepted", "objected", "kept", "given", "overtaken",
};

const char *handover_item_state_name(enum handover_item_state state)
{
    return states[state];
}

enum handover_item_state handover_item_state_read(struct text name)
{
    for (size_t i = 1; i < HANDOVER_ITEM_STATES; i++)
        if (name.bytes == strlen(states[i]) && memcmp(name.at, states[i], name.bytes) == 0)
            return (enum handover_item_state)i;
    return HANDOVER_ITEM_IS_NONE;
}

enum handover_item_state handover_next(enum handover_item_state state, enum handover_act act)
{
    bool is_pending = state == HANDOVER_ITEM_IS_PENDING;
    bool is_objected = state == HANDOVER_ITEM_IS_OBJECTED;

    switch (act) {
    case HANDOVER_ACKNOWLEDGES:
        return is_pending || is_objected ? HANDOVER_ITEM_IS_ACKNOWLEDGED : HANDOVER_ITEM_IS_NONE;
    case HANDOVER_OBJECTS:
        return is_pending ? HANDOVER_ITEM_IS_OBJECTED : HANDOVER_ITEM_IS_NONE;
    case HANDOVER_KEEPS:
        return is_objected ? HANDOVER_ITEM_IS_KEPT : HANDOVER_ITEM_IS_NONE;
    case HANDOVER_GIVES:
        return is_objected ? HANDOVER_ITEM_IS_GIVEN : HANDOVER_ITEM_IS_NONE;
    case HANDOVER_EXPIRES:
        return is_pending ? HANDOVER_ITEM_IS_ACCEPTED : HANDOVER_ITEM_IS_NONE;
    }
    return HANDOVER_ITEM_IS_NONE;
}
