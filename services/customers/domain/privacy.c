#include "services/customers/domain/privacy.h"

#include <string.h>

#include "common/pure/day.h"

static const char *const states[] = {"active", "restricted", "erasing", "erased"};
static const char *const kinds[PRIVACY_HOLD_KINDS] = {"case", "commitment", "dispute", "statutory",
                                                      "other"};

static bool find(const char *const *names, size_t count, struct text name, size_t *out)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == name.bytes && memcmp(names[i], name.at, name.bytes) == 0) {
            *out = i;
            return true;
        }
    return false;
}

const char *privacy_state_name(enum privacy_state state)
{
    return states[state];
}

bool privacy_state_read(struct text name, enum privacy_state *out)
{
    size_t place;

    if (!find(states, COUNT_OF(states), name, &place))
        return false;
    *out = (enum privacy_state)place;
    return true;
}

const char *privacy_kind_name(enum privacy_kind kind)
{
    return kinds[kind];
}

bool privacy_kind_read(struct text name, enum privacy_kind *out)
{
    size_t place;

    if (!find(kinds, COUNT_OF(kinds), name, &place))
        return false;
    *out = (enum privacy_kind)place;
    return true;
}

bool privacy_retains(bool has_transaction, int32_t last_transaction, uint32_t months, int32_t today,
                     int32_t *until)
{
    int32_t end;

    if (!has_transaction)
        return false;
    end = day_add_months(last_transaction, (int)months);
    if (today > end)
        return false;
    *until = end;
    return true;
}

size_t privacy_standing(struct privacy_hold *holds, size_t count, int32_t today)
{
    size_t standing = 0;

    for (size_t i = 0; i < count; i++)
        if (holds[i].released_at_us == 0 && holds[i].until >= today) {
            struct privacy_hold hold = holds[i];

            holds[i] = holds[standing];
            holds[standing++] = hold;
        }
    return standing;
}

int32_t privacy_free_on(const struct privacy_hold *standing, size_t count)
{
    int32_t last = INT32_MIN;

    for (size_t i = 0; i < count; i++)
        if (standing[i].until > last)
            last = standing[i].until;
    if (count == 0 || last == PRIVACY_NO_DAY)
        return PRIVACY_NO_DAY;
    return last + 1;
}

static enum privacy_refusal move_open(enum privacy_ask ask, bool is_held, enum privacy_state *to)
{
    switch (ask) {
    case PRIVACY_ASK_RESTRICT:
        *to = PRIVACY_RESTRICTED;
        return PRIVACY_FINE;
    case PRIVACY_ASK_LIFT:
        return PRIVACY_NOT_RESTRICTED;
    case PRIVACY_ASK_ERASE:
        *to = is_held ? PRIVACY_ERASING : PRIVACY_ERASED;
        return PRIVACY_FINE;
    case PRIVACY_ASK_LOOK:
        *to = PRIVACY_OPEN;
        return PRIVACY_FINE;
    }
    return PRIVACY_FINE;
}

static enum privacy_refusal move_restricted(enum privacy_ask ask, bool is_held, bool is_erasing,
                                            enum privacy_state *to)
{
    switch (ask) {
    case PRIVACY_ASK_RESTRICT:
        *to = is_erasing ? PRIVACY_ERASING : PRIVACY_RESTRICTED;
        return PRIVACY_FINE;
    case PRIVACY_ASK_LIFT:
        *to = PRIVACY_OPEN;
        return PRIVACY_FINE;
    case PRIVACY_ASK_ERASE:
        *to = is_held ? PRIVACY_ERASING : PRIVACY_ERASED;
        return PRIVACY_FINE;
    case PRIVACY_ASK_LOOK:
        *to = is_held ? PRIVACY_ERASING : PRIVACY_ERASED;
        if (!is_erasing)
            *to = PRIVACY_RESTRICTED;
        return PRIVACY_FINE;
    }
    return PRIVACY_FINE;
}

enum privacy_refusal privacy_move(enum privacy_state from, enum privacy_ask ask, bool is_held,
                                  enum privacy_state *to)
{
    switch (from) {
    case PRIVACY_OPEN:
        return move_open(ask, is_held, to);
    case PRIVACY_RESTRICTED:
        return move_restricted(ask, is_held, false, to);
    case PRIVACY_ERASING:
        return move_restricted(ask, is_held, true, to);
    case PRIVACY_ERASED:
        if (ask == PRIVACY_ASK_RESTRICT || ask == PRIVACY_ASK_LIFT)
            return PRIVACY_IS_ERASED;
        *to = PRIVACY_ERASED;
        return PRIVACY_FINE;
    }
    return PRIVACY_FINE;
}
