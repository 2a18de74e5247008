/*
 * Owner rules (R41): whom a customer without an owner goes to, by region, grade and kind. The first
 * rule that matches and has a taker decides.
 */
#ifndef KEHU_CUSTOMERS_OWNER_RULES_H
#define KEHU_CUSTOMERS_OWNER_RULES_H

#include "services/customers/domain/owner.h"
#include "services/customers/domain/region.h"

#define OWNER_RULES_MAX 200
#define OWNER_RULES_MAX_WORDS 200 /* regions of a rule */
#define OWNER_RULES_MAX_STAFF 50

enum owner_choice {
    OWNER_CHOICE_IS_FIRST = 1,
    OWNER_CHOICE_IS_ROUND_ROBIN = 2,
};

struct owner_words {
    const struct text *list;
    size_t count; /* 0: any */
};

struct owner_rule {
    struct text name;
    struct owner_words regions, grades, parties, natures, staff, team;
    enum owner_choice choice;
    uint32_t capacity;            /* 0: only the person's own */
    struct owner_person **people; /* of staff, by owner_rules_resolve; NULL elements: unknown */
};
struct owner_rules {
    struct owner_rule *list;
    size_t count;
};

/* Looks everybody up once: `places` has room for the staff of all rules together. */
size_t owner_rules_count_staff(const struct owner_rules *rules);
void owner_rules_resolve(struct owner_rules *rules, const struct owner_people *people,
                         struct owner_person **places);

/* Who would take him. Nothing is counted; whoever assigns raises taker->customers. */
struct owner_choosing {
    const struct owner_rule *rule; /* the first that matches; NULL: none does */
    struct owner_person *taker;    /* NULL: no rule has one */
    const struct owner_rule *by;   /* that has the taker */
};
struct owner_choosing owner_rules_choose(const struct owner_rules *rules,
                                         const struct region_tree *tree,
                                         const struct owner_standing *standing);

/* Whether the region is that one or below it. */
bool owner_rules_is_within(const struct region_tree *tree, struct text region, struct text code);

/* Who answers for a region: a manager who names it, or the nearest above it. */
struct owner_region_manager {
    struct id id;
    struct text code, name;
    struct text region;
};
struct owner_region_managers {
    const struct owner_region_manager *list;
    size_t count;
};
/* NULL: nobody does. */
const struct owner_region_manager *
owner_rules_find_manager(const struct region_tree *tree,
                         const struct owner_region_managers *managers, struct text region);

#endif
