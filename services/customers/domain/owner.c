#include "services/customers/domain/owner.h"

#include <string.h>

#include "common/pure/text.h"

#define MAX_LINE 100 /* managers above one another; a circle ends here */

static const char *const states[] = {
    [OWNER_STATE_IS_NONE] = "",       [OWNER_STATE_IS_WAITING] = "waiting",
    [OWNER_STATE_IS_OWNED] = "owned", [OWNER_STATE_IS_UNASSIGNED] = "unassigned",
    [OWNER_STATE_IS_POOL] = "pool",   [OWNER_STATE_IS_NOBODYS] = "none",
};

const char *owner_state_name(enum owner_state state)
{
    return states[state];
}

static bool is_word(struct text text, const char *word)
{
    return text.bytes == strlen(word) && memcmp(text.at, word, text.bytes) == 0;
}

enum owner_state owner_state_read(struct text name)
{
    for (size_t i = 1; i < COUNT_OF(states); i++)
        if (is_word(name, states[i]))
            return (enum owner_state)i;
    return OWNER_STATE_IS_NONE;
}

struct owner_person *owner_find_person(const struct owner_people *people, const struct id *id)
{
    for (size_t i = 0; i < people->count; i++)
        if (memcmp(&people->list[i].id, id, sizeof(*id)) == 0)
            return &people->list[i];
    return NULL;
}

struct owner_person *owner_find_code(const struct owner_people *people, struct text code)
{
    for (size_t i = 0; i < people->count; i++)
        if (text_compare(people->list[i].code, code) == 0)
            return &people->list[i];
    return NULL;
}

struct owner_person *owner_find_manager(const struct owner_people *people,
                                        const struct owner_person *person)
{
    const struct owner_person *at = person;

    for (int level = 0; at && at->has_manager && level < MAX_LINE; level++) {
        struct owner_person *manager = owner_find_person(people, &at->manager);

        if (manager && !manager->has_left && manager != person)
            return manager;
        at = manager;
    }
    return NULL;
}

enum owner_taking owner_may_take(const struct owner_person *person)
{
    if (!person)
        return OWNER_IS_UNKNOWN;
    if (person->has_left)
        return OWNER_HAS_LEFT;
    if (!person->may_own)
        return OWNER_HAS_NO_ROLE;
    return person->is_absent && !person->has_deputy ? OWNER_IS_ABSENT : OWNER_TAKES;
}

const char *owner_taking_text(enum owner_taking taking)
{
    switch (taking) {
    case OWNER_IS_UNKNOWN:
        return "is nobody of the staff directory: give a code such as li.na";
    case OWNER_HAS_LEFT:
        return "has left: name somebody who works here";
    case OWNER_HAS_NO_ROLE:
        return "looks after no customers by his roles: name a salesperson, account_manager or "
               "manager";
    case OWNER_IS_ABSENT:
        return "is absent and has no deputy: name somebody else, or his deputy first";
    case OWNER_TAKES:
        break;
    }
    return "";
}

bool owner_is_wanted(const struct owner_standing *standing)
{
    return is_word(standing->party, "customer") || is_word(standing->party, "channel");
}

enum owner_start owner_check_start(const struct owner_standing *standing, int64_t from_us,
                                   int64_t now_us)
{
    if (from_us > now_us)
        return OWNER_STARTS_IN_FUTURE;
    if (from_us < now_us - OWNER_MAX_BACK_US)
        return OWNER_STARTS_TOO_EARLY;
    if (from_us < now_us && (standing->has_owner || from_us < standing->last_end_us))
        return OWNER_STARTS_OVERLAPPING;
    return OWNER_STARTS_WELL;
}
