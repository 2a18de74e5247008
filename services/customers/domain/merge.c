#include "services/customers/domain/merge.h"

#include "common/pure/uuid.h"

enum merge_refusal merge_check(const struct file_row *survivor, const struct file_row *merged)
{
    if (survivor->merged_from)
        return MERGE_SURVIVOR_IS_MERGED;
    if (merged->merged_from)
        return MERGE_MERGED_IS_MERGED;
    if (uuid_is_same(&survivor->id, &merged->id))
        return MERGE_ITSELF;
    if (survivor->state.party == FILE_PARTY_NONE || merged->state.party == FILE_PARTY_NONE)
        return MERGE_ANONYMOUS;
    if (survivor->is_erased || merged->is_erased)
        return MERGE_ERASED;
    if (survivor->state.nature != merged->state.nature)
        return MERGE_NATURES;
    return MERGE_FINE;
}

void merge_join_facts(const struct facts *survivor, const struct facts *merged, struct facts *all)
{
    all->count = 0;
    for (size_t i = 0; i < survivor->count; i++)
        all->list[all->count++] = survivor->list[i];
    for (size_t i = 0; i < merged->count; i++)
        if (!file_find_fact(survivor, merged->list[i].field))
            all->list[all->count++] = merged->list[i];
}

static bool has_owner(const struct merge_intervals *intervals)
{
    for (size_t i = 0; i < intervals->count; i++)
        if (intervals->list[i].is_owner)
            return true;
    return false;
}

static bool knows(const struct merge_intervals *intervals, const struct id *staff)
{
    for (size_t i = 0; i < intervals->count; i++)
        if (uuid_is_same(&intervals->list[i].staff, staff))
            return true;
    return false;
}

bool merge_owners(const struct merge_intervals *survivor, const struct merge_intervals *merged,
                  bool *goes_on)
{
    bool is_owned = has_owner(survivor);
    bool needs_owner = !is_owned;

    for (size_t i = 0; i < merged->count; i++) {
        const struct merge_interval *one = &merged->list[i];

        goes_on[i] = !knows(survivor, &one->staff) && (!one->is_owner || needs_owner);
        is_owned |= goes_on[i] && one->is_owner;
    }
    return is_owned;
}
