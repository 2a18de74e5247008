#include "services/complaints/domain/figures.h"

#include "common/pure/day.h"

#define HUNDREDTH_HOUR_US (36 * SECOND_US)

struct figures_share figures_share(int64_t count, int64_t of)
{
    struct figures_share share = {.count = count, .of = of, .has_share = of > 0};

    if (share.has_share)
        share.micros = (int64_t)((__int128)count * 1000000 / of);
    return share;
}

struct figures_share figures_complaint_rate(int64_t complaints, int64_t active_customers)
{
    return figures_share(complaints, active_customers);
}

int32_t figures_active_from(int32_t end_day)
{
    return day_add_months(end_day, -12);
}

enum figures_judgement figures_judge(const struct case_clock *clock)
{
    switch (clock->outcome) {
    case CLOCK_OUTCOME_IS_OPEN:
        return FIGURES_UNJUDGED;
    case CLOCK_MET:
        return FIGURES_MET;
    case CLOCK_BREACHED:
        return FIGURES_BREACHED;
    }
    return FIGURES_UNJUDGED;
}

void figures_add_time(struct figures_time *time, int64_t from_us, int64_t to_us)
{
    time->count++;
    time->sum_us += to_us > from_us ? to_us - from_us : 0;
}

int64_t figures_mean_hours(const struct figures_time *time)
{
    return time->count == 0 ? 0 : time->sum_us / time->count / HUNDREDTH_HOUR_US;
}

int64_t figures_mean_rating(const struct figures_ratings *ratings)
{
    return ratings->answered == 0 ? 0 : ratings->sum * 100 / ratings->answered;
}

struct figures_share figures_answer_rate(const struct figures_ratings *ratings)
{
    return figures_share(ratings->answered, ratings->asked);
}
