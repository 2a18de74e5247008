#include "services/customers/domain/decision.h"

#include <stdlib.h>
#include <string.h>

#include "common/pure/text.h"
#include "common/pure/uuid.h"

const char *const decision_roles[] = {"decider", "influencer", "supporter", "opponent", NULL};

static const struct decision_entry *find(const struct decision_chain *chain, size_t count,
                                         const struct id *contact)
{
    for (size_t i = 0; i < count; i++)
        if (uuid_is_same(&chain->list[i].contact, contact))
            return &chain->list[i];
    return NULL;
}

static const struct decision_entry *find_any(const struct decision_chain *chain,
                                             const struct id *contact)
{
    return find(chain, chain->count + chain->hidden, contact);
}

const struct decision_entry *decision_find(const struct decision_chain *chain,
                                           const struct id *contact)
{
    return find(chain, chain->count, contact);
}

static int weight(const char *role)
{
    int at = 0;

    while (decision_roles[at] && strcmp(decision_roles[at], role) != 0)
        at++;
    return at;
}

/* Negative: a stands before b. */
static int compare(const struct decision_entry *a, const struct decision_entry *b)
{
    int by_role = weight(a->role) - weight(b->role);
    int by_name = text_compare(a->name, b->name);

    if (by_role)
        return by_role;
    if (a->is_key != b->is_key)
        return a->is_key ? -1 : 1;
    return by_name ? by_name : memcmp(&a->contact, &b->contact, sizeof(a->contact));
}

/* A chain is short: sorted by insertion. */
void decision_sort(struct decision_chain *chain)
{
    for (size_t i = 1; i < chain->count; i++) {
        struct decision_entry entry = chain->list[i];
        size_t at = i;

        for (; at > 0 && compare(&entry, &chain->list[at - 1]) < 0; at--)
            chain->list[at] = chain->list[at - 1];
        chain->list[at] = entry;
    }
}

bool decision_has_decider(const struct decision_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        if (weight(chain->list[i].role) == 0)
            return true;
    return false;
}

size_t decision_find_circle(const struct decision_chain *chain, const struct id *contact,
                            const struct id *superior,
                            const struct decision_entry *way[DECISION_MAX_ENTRIES])
{
    const struct decision_entry *at = find_any(chain, superior);
    size_t count = 0;

    while (at && count < DECISION_MAX_ENTRIES) {
        way[count++] = at;
        if (uuid_is_same(&at->contact, contact))
            return count;
        at = at->has_superior ? find_any(chain, &at->reports_to) : NULL;
    }
    return 0;
}

struct decision_need decision_need_of(char grade, bool is_key_account, int64_t staff_count,
                                      int64_t large_from)
{
    return (struct decision_need){grade == 'A', is_key_account, staff_count >= large_from};
}

bool decision_is_needed(const struct decision_need *need)
{
    return need->is_grade_a || need->is_key_account || need->is_large;
}
