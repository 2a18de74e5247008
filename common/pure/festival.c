#include "common/pure/festival.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/pure/lunar.h"

struct rule {
    struct festival_kind kind;
    bool is_lunar;
    int32_t month, day; /* of 清明 the day is computed */
};

static const struct rule rules[] = {
    [FESTIVAL_NEW_YEAR] = {{"new_year", "元旦", "New Year's Day", "快乐", true}, false, 1, 1},
    [FESTIVAL_SPRING] = {{"spring", "春节", "Spring Festival", "快乐", true}, true, 1, 1},
    [FESTIVAL_LANTERN] = {{"lantern", "元宵", "Lantern Festival", "快乐", true}, true, 1, 15},
    [FESTIVAL_QINGMING] = {{"qingming", "清明", "Qingming", "", false}, false, 4, 0},
    [FESTIVAL_DRAGON_BOAT] = {{"dragon_boat", "端午", "Dragon Boat Festival", "安康", true},
                              true,
                              5,
                              5},
    [FESTIVAL_ZHONGYUAN] = {{"zhongyuan", "中元", "Ghost Festival", "", false}, true, 7, 15},
    [FESTIVAL_MID_AUTUMN] = {{"mid_autumn", "中秋", "Mid-Autumn Festival", "快乐", true},
                             true,
                             8,
                             15},
    [FESTIVAL_NATIONAL] = {{"national", "国庆", "National Day", "快乐", true}, false, 10, 1},
};

_Static_assert(COUNT_OF(rules) == FESTIVAL_COUNT, "one rule for each");

const struct festival_kind *festival_kind(enum festival festival)
{
    return &rules[festival].kind;
}

bool festival_find(struct text name, enum festival *out)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        const char *names[] = {rules[i].kind.name, rules[i].kind.zh};

        for (size_t k = 0; k < COUNT_OF(names); k++)
            if (strlen(names[k]) == name.bytes && memcmp(names[k], name.at, name.bytes) == 0) {
                *out = (enum festival)i;
                return true;
            }
    }
    return false;
}

/* The day of April on which the sun is at 15 degrees, in China: the tropical year's drift less the
 * leap days, from the means of each century. Equal to the computed solar terms of 1901..2100. */
static int32_t qingming_day(int32_t year)
{
    int32_t of_century = year % 100, mean = year < 2000 ? 55900 : 48100;

    if (year == 2100) /* 2100 has no 29 February, its century would end with one */
        return 5;
    return (of_century * 2422 + mean) / 10000 - of_century / 4;
}

bool festival_in_year(enum festival festival, int32_t year, int32_t *day)
{
    const struct rule *rule = &rules[festival];
    struct lunar_date date = {.year = year, .month = rule->month, .day = rule->day};

    if (year < LUNAR_YEAR_MIN || year > LUNAR_YEAR_MAX)
        return false;
    if (rule->is_lunar)
        return lunar_to_day(&date, day) == LUNAR_FINE;
    *day = day_make(year, rule->month, rule->day ? rule->day : qingming_day(year));
    return true;
}

bool festival_greeting_day(enum festival festival, int32_t year, int32_t *day)
{
    int32_t own;

    if (!rules[festival].kind.may_greet || !festival_in_year(festival, year, &own))
        return false;
    *day = festival == FESTIVAL_SPRING ? own - 1 : own;
    return true;
}
