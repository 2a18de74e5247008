#include "services/complaints/domain/recurrence.h"

#include "common/pure/text.h"
#include "common/pure/uuid.h"

struct recurrence_case recurrence_of(const struct case_file *file)
{
    return (struct recurrence_case){
        .id = file->id,
        .customer = file->customer,
        .kind = file->kind,
        .state = file->state,
        .cause = file->cause,
        .issue = file->issue,
        .product = file->product,
        .batch = file->batch,
        .day = file->day,
    };
}

static bool is_same(struct text a, struct text b)
{
    return a.bytes > 0 && text_compare(a, b) == 0;
}

static bool is_same_customer(const struct id *a, const struct id *b)
{
    return uuid_is_same(a, b) && !uuid_is_none(a);
}

/* By causes where both are known; an issue is only what the complainant called it. */
static bool is_same_cause(const struct recurrence_case *a, const struct recurrence_case *b)
{
    if (a->cause.bytes > 0 && b->cause.bytes > 0)
        return is_same(a->cause, b->cause);
    return is_same(a->issue, b->issue);
}

uint32_t recurrence_between(const struct recurrence_case *earlier,
                            const struct recurrence_case *later, uint32_t days)
{
    int64_t apart = (int64_t)later->day - earlier->day;
    uint32_t ways = RECURRENCE_IS_NONE;

    if (apart < 0 || apart > days || uuid_is_same(&earlier->id, &later->id) ||
        !case_is_counted(earlier->kind, earlier->state) ||
        !case_is_counted(later->kind, later->state))
        return RECURRENCE_IS_NONE;
    if (is_same_customer(&earlier->customer, &later->customer) && is_same_cause(earlier, later))
        ways |= RECURRENCE_OF_CUSTOMER;
    if (is_same(earlier->batch, later->batch) && is_same(earlier->product, later->product))
        ways |= RECURRENCE_OF_BATCH;
    return ways;
}

uint32_t recurrence_count(const struct recurrence_case *earlier, size_t count,
                          const struct recurrence_case *later, uint32_t days)
{
    uint32_t repeated = 0;

    for (size_t i = 0; i < count; i++)
        repeated += recurrence_between(&earlier[i], later, days) != RECURRENCE_IS_NONE;
    return repeated;
}
