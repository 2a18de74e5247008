#include "services/complaints/domain/ahead.h"

bool ahead_is_day_beyond(int32_t today, int32_t day, int32_t days)
{
    return (int64_t)day - today > days;
}

bool ahead_is_beyond(int64_t now_us, int64_t at_us, int32_t days)
{
    return at_us > now_us && at_us - now_us > days * DAY_US;
}
