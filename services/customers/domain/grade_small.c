#include "services/customers/domain/grade_small.h"

#include "common/pure/text.h"

static size_t parent_of(const struct grade_tree *tree, size_t node)
{
    const struct grade_node *parent = grade_home_node(tree, tree->nodes[node].parent);

    return parent ? (size_t)(parent - tree->nodes) : SIZE_MAX;
}

/* Everything below counts in each region above it, as often as it stands below. */
static void add_up(const struct grade_tree *tree, const struct grade_own *own,
                   struct grade_within *within)
{
    for (size_t i = 0; i < tree->count; i++) {
        size_t up = i;

        for (int level = 0; up != SIZE_MAX && level < GRADE_HOME_LEVELS; level++) {
            within[up].net_micros = grade_home_add_net(within[up].net_micros, own[i].net_micros);
            within[up].customers += own[i].customers;
            up = parent_of(tree, up);
        }
    }
}

static size_t climb(const struct grade_tree *tree, const struct grade_within *within, size_t node,
                    int64_t few)
{
    for (int level = 1; within[node].customers < few && level < GRADE_HOME_LEVELS; level++) {
        size_t up = parent_of(tree, node);

        if (up == SIZE_MAX)
            break;
        node = up;
    }
    return node;
}

void grade_small_place(const struct grade_tree *tree, const struct grade_own *own, int64_t few,
                       struct grade_within *within)
{
    for (size_t i = 0; i < tree->count; i++)
        within[i] = (struct grade_within){.with = i};
    add_up(tree, own, within);
    for (size_t i = 0; i < tree->count; i++) {
        if (!own[i].has_members || own[i].customers >= few)
            continue;
        within[i].with = climb(tree, within, i, few);
        within[within[i].with].is_whole = true;
    }
    for (size_t i = 0; i < tree->count; i++) {
        if (within[i].is_whole)
            continue;
        within[i].net_micros = own[i].net_micros;
        within[i].customers = own[i].customers;
    }
}

bool grade_small_is_within(const struct grade_tree *tree, struct text code, struct text upper)
{
    const struct grade_node *node = grade_home_node(tree, code);

    for (int level = 0; node && level < GRADE_HOME_LEVELS; level++) {
        if (text_compare(node->code, upper) == 0)
            return true;
        node = grade_home_node(tree, node->parent);
    }
    return false;
}
