#include "services/complaints/domain/joining.h"

#include "common/pure/text.h"
#include "common/pure/uuid.h"

static bool is_same_text(struct text a, struct text b)
{
    return a.bytes > 0 && text_compare(a, b) == 0;
}

bool joining_may_reopen(enum case_state state, int32_t closed_day, int32_t said_day,
                        uint32_t reopen_days)
{
    return (state == CASE_CLOSED || state == CASE_CLOSED_UNCONFIRMED) &&
           (int64_t)said_day - closed_day <= (int64_t)reopen_days;
}

static bool is_of_other(const struct joining_ask *ask, const struct joining_case *other)
{
    return !uuid_is_none(&ask->customer) && !uuid_is_none(&other->customer) &&
           !uuid_is_same(&ask->customer, &other->customer);
}

static bool is_of_same(const struct joining_ask *ask, const struct joining_case *other)
{
    return !uuid_is_none(&ask->customer) && uuid_is_same(&ask->customer, &other->customer);
}

static struct joining_verdict decide_named(const struct joining_ask *ask,
                                           const struct joining_case *named, size_t at,
                                           uint32_t reopen_days)
{
    struct joining_verdict verdict = {.at = at};

    if (named->state == CASE_DUPLICATE && !uuid_is_none(&named->duplicate_of))
        verdict.joining = JOINING_FOLLOWS;
    else if (!case_is_ended(named->state))
        verdict.joining = JOINING_JOINS;
    else if (!named->is_forgotten &&
             joining_may_reopen(named->state, named->closed_day, ask->day, reopen_days))
        verdict.joining = JOINING_REOPENS;
    else
        verdict.joining = JOINING_RECURS;
    return verdict;
}

/* The same order, or the same product where no other order is named, of the same customer. */
static bool joins_by_subject(const struct joining_ask *ask, const struct joining_case *other)
{
    if (case_is_ended(other->state) || !is_of_same(ask, other) || ask->kind != other->kind)
        return false;
    if (ask->order.bytes > 0 && other->order.bytes > 0)
        return is_same_text(ask->order, other->order);
    return is_same_text(ask->product, other->product);
}

/* Open, or closed so lately that it could be reopened; of the same customer, or about the same
 * order, or named although another's. */
static bool is_possible(const struct joining_ask *ask, const struct joining_case *other,
                        uint32_t reopen_days)
{
    bool is_live = !case_is_ended(other->state) ||
                   joining_may_reopen(other->state, other->closed_day, ask->day, reopen_days);

    return is_live &&
           (other->is_named || is_of_same(ask, other) || is_same_text(ask->order, other->order));
}

struct joining_verdict joining_decide(const struct joining_ask *ask,
                                      const struct joining_case *cases, size_t count,
                                      uint32_t reopen_days)
{
    struct joining_verdict verdict = {.joining = JOINING_NEW, .at = SIZE_MAX};

    for (size_t i = 0; i < count; i++)
        if (cases[i].is_named && !is_of_other(ask, &cases[i]))
            return decide_named(ask, &cases[i], i, reopen_days);
    for (size_t i = 0; i < count; i++)
        if (joins_by_subject(ask, &cases[i]))
            return (struct joining_verdict){.joining = JOINING_JOINS, .at = i};
    for (size_t i = 0; i < count && verdict.possible_count < JOINING_POSSIBLE; i++)
        if (is_possible(ask, &cases[i], reopen_days))
            verdict.possible[verdict.possible_count++] = i;
    return verdict;
}

const struct joining_holder *joining_find_holder(const struct joining_holder *holders, size_t count)
{
    return count == 1 ? &holders[0] : NULL;
}
