#include "services/customers/domain/region.h"

#include "common/pure/text.h"

bool region_is_code(struct text text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        char c = text.at[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'))
            return false;
    }
    return text.bytes >= 1 && text.bytes <= REGION_MAX_CODE;
}

const struct region *region_find(const struct region_tree *tree, struct text code)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_compare(tree->list[middle].code, code);

        if (order == 0)
            return &tree->list[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_same(struct text a, struct text b)
{
    return text_compare(a, b) == 0;
}

static const struct region *parent_of(const struct region_tree *tree, const struct region *region)
{
    return region->parent.bytes > 0 ? region_find(tree, region->parent) : NULL;
}

/* How many levels `low` stands below the region of that code; 0: it does not. */
static int levels_below(const struct region_tree *tree, const struct region *low, struct text code)
{
    int levels = 0;

    for (const struct region *up = parent_of(tree, low); up && levels < REGION_MAX_DEPTH;
         up = parent_of(tree, up)) {
        levels++;
        if (is_same(up->code, code))
            return levels;
    }
    return 0;
}

/* Levels from the region of that code down to its lowest, itself too. */
static int height_of(const struct region_tree *tree, struct text code)
{
    int height = 1;

    for (size_t i = 0; i < tree->count; i++) {
        int levels = levels_below(tree, &tree->list[i], code);

        if (levels >= height)
            height = levels + 1;
    }
    return height;
}

/* The first grading one below it; NULL: none. */
static const struct region *grading_below(const struct region_tree *tree, struct text code)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->list[i].is_grading && levels_below(tree, &tree->list[i], code) > 0)
            return &tree->list[i];
    return NULL;
}

enum region_refusal region_check(const struct region_tree *tree, const struct region *region,
                                 const struct region **other)
{
    const struct region *below = grading_below(tree, region->code);
    const struct region *above = NULL;
    int depth = 1;

    if (region->parent.bytes > 0 && !is_same(region->parent, region->code) &&
        !region_find(tree, region->parent))
        return REGION_NO_PARENT;
    if (is_same(region->parent, region->code))
        return REGION_CIRCLE;
    for (const struct region *up = parent_of(tree, region); up; up = parent_of(tree, up)) {
        if (is_same(up->code, region->code))
            return REGION_CIRCLE;
        if (++depth > REGION_MAX_DEPTH)
            return REGION_TOO_DEEP;
        if (up->is_grading && !above)
            above = up;
    }
    if (depth - 1 + height_of(tree, region->code) > REGION_MAX_DEPTH)
        return REGION_TOO_DEEP;
    *other = above ? above : below;
    if (above && (region->is_grading || below))
        return REGION_GRADING_ABOVE;
    return region->is_grading && below ? REGION_GRADING_BELOW : REGION_FINE;
}

bool region_has_children(const struct region_tree *tree, struct text code)
{
    for (size_t i = 0; i < tree->count; i++)
        if (is_same(tree->list[i].parent, code))
            return true;
    return false;
}
