#include "services/customers/domain/grade_home.h"

#include "common/pure/text.h"

const struct grade_node *grade_home_node(const struct grade_tree *tree, struct text code)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(tree->nodes[middle].code, code);

        if (order == 0)
            return &tree->nodes[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct text grade_home_region(const struct grade_tree *tree, struct text code)
{
    const struct grade_node *node = grade_home_node(tree, code);

    for (int level = 0; node && level < GRADE_HOME_LEVELS; level++) {
        if (node->is_grading)
            return node->code;
        node = grade_home_node(tree, node->parent);
    }
    return code;
}

int64_t grade_home_add_net(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return b < 0 ? -INT64_MAX : INT64_MAX;
    return sum;
}

size_t grade_home_add(struct grade_purchase *list, size_t count,
                      const struct grade_purchase *purchase)
{
    for (size_t i = 0; i < count; i++) {
        if (text_compare(list[i].region, purchase->region) != 0)
            continue;
        list[i].net_micros = grade_home_add_net(list[i].net_micros, purchase->net_micros);
        if (purchase->last_day > list[i].last_day)
            list[i].last_day = purchase->last_day;
        return count;
    }
    list[count] = *purchase;
    return count + 1;
}

static bool is_larger(const struct grade_purchase *a, const struct grade_purchase *b)
{
    if (a->net_micros != b->net_micros)
        return a->net_micros > b->net_micros;
    if (a->last_day != b->last_day)
        return a->last_day > b->last_day;
    return text_compare(a->region, b->region) < 0;
}

const struct grade_purchase *grade_home_largest(const struct grade_purchase *list, size_t count)
{
    const struct grade_purchase *largest = NULL;

    for (size_t i = 0; i < count; i++)
        if (!largest || is_larger(&list[i], largest))
            largest = &list[i];
    return largest;
}

const struct grade_purchase *grade_home_find(const struct grade_purchase *list, size_t count,
                                             struct text region)
{
    for (size_t i = 0; i < count; i++)
        if (text_compare(list[i].region, region) == 0)
            return &list[i];
    return NULL;
}
