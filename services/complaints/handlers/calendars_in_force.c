#include "services/complaints/handlers/calendars_in_force.h"

#include <string.h>

#include "common/pure/calendar_cn.h"
#include "common/service.h"

/* Xinjiang and Tibet keep their own hours by Beijing time (BEHAVIOUR §0). */
static const char *const west[] = {"新疆", "西藏", "Xinjiang", "Tibet"};

static struct {
    bool is_set;
    struct calendar west;
} kept;

static bool begins_with(struct text text, const char *word)
{
    size_t bytes = strlen(word);

    return text.bytes >= bytes && memcmp(text.at, word, bytes) == 0;
}

struct text calendars_in_force_code(const struct service *service, struct text team,
                                    struct text region)
{
    (void)service;
    (void)team;
    for (size_t i = 0; i < COUNT_OF(west); i++)
        if (begins_with(region, west[i]))
            return TEXT_OF("cn-west");
    return TEXT_OF("");
}

const struct calendar *calendars_in_force_find(const struct service *service, struct text code)
{
    if (!begins_with(code, "cn-west"))
        return &service->calendar;
    if (!kept.is_set)
        calendar_cn_set(&kept.west, &service->zone, CALENDAR_CN_WEST);
    kept.is_set = true;
    return &kept.west;
}
