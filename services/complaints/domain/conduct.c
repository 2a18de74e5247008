#include "services/complaints/domain/conduct.h"

#include <string.h>

bool conduct_permits(const struct conduct_recusal *recusals, size_t count, const struct id *staff,
                     enum conduct_part part)
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(&recusals[i].staff, staff, sizeof(*staff)) != 0)
            continue;
        if (part == CONDUCT_READS || (part == CONDUCT_SEES && !recusals[i].hides_complainant))
            continue;
        return false;
    }
    return true;
}

static enum priority step_up(enum priority priority)
{
    return priority >= PRIORITY_URGENT ? PRIORITY_URGENT : (enum priority)(priority + 1);
}

struct conduct_chase conduct_chase(uint32_t count, enum priority priority)
{
    return (struct conduct_chase){count >= CONDUCT_CHASES_FOR_MANAGER, step_up(priority)};
}

enum priority conduct_queued(enum priority priority, int32_t chased_day, int32_t today)
{
    return chased_day == today ? step_up(priority) : priority;
}

bool conduct_is_on_page(bool is_supervised, enum case_state state)
{
    return is_supervised && !case_is_ended(state);
}
