/*
 * How grades move from run to run: up at once, down slowly, and for the important ones only with
 * the manager's knowledge.
 */
#include "common/pure/day.h"
#include "services/customers/domain/grade.h"

#define OVERRIDE_MONTHS 12

static bool closes_quarter(int32_t as_of)
{
    struct day_date date = day_split(as_of);

    return date.day == 1 && date.month % 3 == 1;
}

/* The grade by thresholds that the band makes easier: down to this one he has fallen, no further.
 * Ranks have no band. */
static enum grade lenient_grade(const struct grade_verdict *verdict,
                                const struct grade_figures *figures,
                                const struct grade_policy *policy)
{
    struct grade_policy lenient = *policy;

    if (policy->demotion_band_micros <= 0)
        return verdict->grade;
    lenient.a_share_micros -= policy->demotion_band_micros;
    lenient.b_share_micros -= policy->demotion_band_micros;
    lenient.a_cumulative_micros += policy->demotion_band_micros;
    lenient.b_cumulative_micros += policy->demotion_band_micros;
    return grade_of(figures, &lenient).grade;
}

static struct grade_change stays(const struct grade_standing *standing, enum grade_step step,
                                 uint32_t runs_below, enum grade held_to)
{
    return (struct grade_change){step, standing->grade, runs_below, held_to};
}

static struct grade_change below(const struct grade_standing *standing, enum grade target,
                                 const struct grade_policy *policy, int32_t as_of)
{
    bool is_waiting = standing->held_to != GRADE_NONE;
    uint32_t runs = standing->runs_below + 1;

    if (as_of <= standing->last_as_of)
        return stays(standing, is_waiting ? GRADE_STEP_WAITING : GRADE_STEP_NONE,
                     standing->runs_below, standing->held_to);
    if (is_waiting)
        return stays(standing, GRADE_STEP_WAITING, runs, target);
    if (runs < policy->demotion_runs && !closes_quarter(as_of))
        return stays(standing, GRADE_STEP_COUNTED, runs, GRADE_NONE);
    if (standing->grade == GRADE_A || standing->is_key_account)
        return stays(standing, GRADE_STEP_HELD, runs, target);
    return (struct grade_change){GRADE_STEP_DEMOTED, target, 0, GRADE_NONE};
}

struct grade_change grade_move(const struct grade_standing *standing,
                               const struct grade_verdict *verdict,
                               const struct grade_figures *figures,
                               const struct grade_policy *policy, int32_t as_of, bool at_once)
{
    if (standing->grade == GRADE_NONE)
        return (struct grade_change){GRADE_STEP_FIRST, verdict->grade, 0, GRADE_NONE};
    if (standing->is_overridden)
        return stays(standing, GRADE_STEP_NONE, 0, GRADE_NONE);
    if (verdict->grade < standing->grade)
        return (struct grade_change){GRADE_STEP_PROMOTED, verdict->grade, 0, GRADE_NONE};

    enum grade target = lenient_grade(verdict, figures, policy);

    if (target <= standing->grade)
        return stays(standing, GRADE_STEP_NONE, 0, GRADE_NONE);
    if (at_once)
        return (struct grade_change){GRADE_STEP_DEMOTED, target, 0, GRADE_NONE};
    return below(standing, target, policy, as_of);
}

struct grade_change grade_decide(const struct grade_standing *standing,
                                 enum grade_decision decision)
{
    if (standing->held_to == GRADE_NONE)
        return stays(standing, GRADE_STEP_NONE, standing->runs_below, GRADE_NONE);
    /* The count stays: the next run that finds him below holds him again, a repeated one does not.
     */
    if (decision == GRADE_DECISION_KEPT)
        return stays(standing, GRADE_STEP_KEPT, standing->runs_below, GRADE_NONE);
    return (struct grade_change){GRADE_STEP_DEMOTED, standing->held_to, 0, GRADE_NONE};
}

bool grade_override_may_last(int32_t until, int32_t today)
{
    return until >= today && until <= day_add_months(today, OVERRIDE_MONTHS);
}
