#include "services/customers/domain/staff.h"

#include <string.h>

#include "common/pure/text.h"

bool staff_is_code(struct text text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'))
            return false;
    }
    return text.bytes >= 1 && text.bytes <= STAFF_MAX_CODE;
}

bool staff_is_level(struct text text)
{
    static const struct text levels[] = {TEXT_OF("staff"), TEXT_OF("office_head"),
                                         TEXT_OF("middle"), TEXT_OF("top"), TEXT_OF("owner")};

    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (text_compare(levels[i], text) == 0)
            return true;
    return false;
}

enum staff_absence staff_check_absence(const struct id *who, const struct staff *deputy,
                                       int32_t from, int32_t to)
{
    if (!deputy)
        return STAFF_ABSENCE_NO_DEPUTY;
    if (memcmp(who, &deputy->id, sizeof(*who)) == 0)
        return STAFF_ABSENCE_DEPUTY_IS_HIMSELF;
    if (deputy->has_left)
        return STAFF_ABSENCE_DEPUTY_LEFT;
    if (deputy->absent_from != STAFF_NO_DAY && deputy->absent_from <= from &&
        deputy->absent_to >= to)
        return STAFF_ABSENCE_DEPUTY_AWAY;
    return STAFF_ABSENCE_FINE;
}
