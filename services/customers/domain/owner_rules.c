#include "services/customers/domain/owner_rules.h"

#include "common/pure/text.h"

size_t owner_rules_count_staff(const struct owner_rules *rules)
{
    size_t count = 0;

    for (size_t i = 0; i < rules->count; i++)
        count += rules->list[i].staff.count;
    return count;
}

void owner_rules_resolve(struct owner_rules *rules, const struct owner_people *people,
                         struct owner_person **places)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct owner_rule *rule = &rules->list[i];

        rule->people = places;
        for (size_t k = 0; k < rule->staff.count; k++)
            *places++ = owner_find_code(people, rule->staff.list[k]);
    }
}

bool owner_rules_is_within(const struct region_tree *tree, struct text region, struct text code)
{
    for (int level = 0; region.bytes > 0 && level <= REGION_MAX_DEPTH; level++) {
        if (text_compare(region, code) == 0)
            return true;
        const struct region *node = region_find(tree, region);

        if (!node)
            return false;
        region = node->parent;
    }
    return false;
}

static bool is_among(const struct owner_words *words, struct text word)
{
    for (size_t i = 0; i < words->count; i++)
        if (text_compare(words->list[i], word) == 0)
            return true;
    return words->count == 0;
}

static bool is_in_regions(const struct owner_words *regions, const struct region_tree *tree,
                          struct text region)
{
    for (size_t i = 0; i < regions->count; i++)
        if (owner_rules_is_within(tree, region, regions->list[i]))
            return true;
    return regions->count == 0;
}

static bool matches(const struct owner_rule *rule, const struct region_tree *tree,
                    const struct owner_standing *standing)
{
    struct text grade =
        standing->grade == ' ' ? TEXT_OF("none") : (struct text){&standing->grade, 1};

    return is_among(&rule->grades, grade) && is_among(&rule->parties, standing->party) &&
           is_among(&rule->natures, standing->nature) &&
           is_in_regions(&rule->regions, tree, standing->region);
}

static bool has_room(const struct owner_rule *rule, const struct owner_person *person)
{
    return person && !person->has_left && !person->is_absent &&
           person->customers < person->capacity &&
           (rule->capacity == 0 || person->customers < rule->capacity);
}

static struct owner_person *find_taker(const struct owner_rule *rule)
{
    struct owner_person *taker = NULL;

    for (size_t i = 0; i < rule->staff.count; i++) {
        struct owner_person *person = rule->people[i];

        if (!has_room(rule, person))
            continue;
        if (rule->choice != OWNER_CHOICE_IS_ROUND_ROBIN)
            return person;
        if (!taker || person->customers < taker->customers)
            taker = person;
    }
    return taker;
}

struct owner_choosing owner_rules_choose(const struct owner_rules *rules,
                                         const struct region_tree *tree,
                                         const struct owner_standing *standing)
{
    struct owner_choosing choosing = {.rule = NULL};

    for (size_t i = 0; i < rules->count; i++) {
        const struct owner_rule *rule = &rules->list[i];

        if (!matches(rule, tree, standing))
            continue;
        if (!choosing.rule)
            choosing.rule = rule;
        choosing.taker = find_taker(rule);
        choosing.by = choosing.taker ? rule : NULL;
        if (choosing.taker)
            break;
    }
    return choosing;
}

const struct owner_region_manager *
owner_rules_find_manager(const struct region_tree *tree,
                         const struct owner_region_managers *managers, struct text region)
{
    for (int level = 0; region.bytes > 0 && level <= REGION_MAX_DEPTH; level++) {
        const struct region *node = region_find(tree, region);

        for (size_t i = 0; i < managers->count; i++)
            if (text_compare(managers->list[i].region, region) == 0)
                return &managers->list[i];
        if (!node)
            return NULL;
        region = node->parent;
    }
    return NULL;
}
