#include "services/customers/domain/grade_place.h"

static int64_t add_within(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return b < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

void grade_place_pass(struct grade_place *place, int64_t customers, int64_t net_micros)
{
    place->counted += (uint32_t)customers;
    place->accumulated_micros = add_within(place->accumulated_micros, net_micros);
}

void grade_place_next(struct grade_place *place, struct grade_figures *figures)
{
    bool is_tie = place->counted > 0 && place->last_numerator_micros == figures->numerator_micros;

    place->counted++;
    if (!is_tie) {
        place->rank = place->counted;
        place->accumulated_before_micros = place->accumulated_micros;
    }
    place->last_numerator_micros = figures->numerator_micros;
    place->accumulated_micros = add_within(place->accumulated_micros, figures->numerator_micros);
    figures->rank = place->rank;
    figures->accumulated_before_micros = place->accumulated_before_micros;
}
