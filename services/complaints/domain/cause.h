/*
 * Policy "causes": the tree of codes by which cases say why something happened (R65, R71). A code
 * that was ever given stays: it is retired, never removed, so that what cases say keeps its
 * meaning; a retired one is given to no further case.
 */
#ifndef KEHU_COMPLAINTS_CAUSE_H
#define KEHU_COMPLAINTS_CAUSE_H

#include "services/complaints/domain/telling.h"

#define CAUSES_MAX 500
#define CAUSE_DEPTH 6       /* levels, the first counted */
#define CAUSE_CODE_BYTES 40 /* small letters, digits and - _ . */

/* Texts are borrowed. */
struct cause {
    struct text code, parent; /* parent empty: of the first level */
    struct text zh, en;       /* one of them at least */
    struct text unit;         /* responsible by this cause where nothing else is said; or empty */
    bool is_retired;
};

struct cause_tree {
    const struct cause *list;
    size_t count;
};

/* The built-in one: eight causes with a few below each. */
struct cause_tree cause_standard(void);

/* NULL: there is none of this code. */
const struct cause *cause_find(const struct cause_tree *tree, struct text code);
/* The cause itself or one above it; of a sound tree. */
bool cause_is_within(const struct cause_tree *tree, struct text code, struct text above);
/* In the language, else in the other. */
struct text cause_label(const struct cause *cause, enum telling_language language);

enum cause_flaw {
    CAUSE_FINE,
    CAUSE_IS_UNKNOWN,
    CAUSE_WAS_RETIRED,
};
/* Whether a case may be given the cause; `present` is what it says already, which it may keep. */
enum cause_flaw cause_check(const struct cause_tree *tree, struct text code,
                            struct text present) MUST_USE;
const char *cause_flaw_text(enum cause_flaw flaw, enum telling_language language);

#define CAUSE_FAULTS 20
struct cause_fault {
    size_t place; /* in the list; SIZE_MAX: of the whole */
    const char *field, *why;
    struct text code; /* of the whole: which one is missing */
};
/* What is wrong with a tree, how much: codes are codes and stand once, parents exist, are not
 * retired above what is not, and lead up to the first level. */
size_t cause_tree_check(const struct cause_tree *tree, struct cause_fault faults[CAUSE_FAULTS]);
/* What of the present tree is missing in the next. */
size_t cause_tree_compare(const struct cause_tree *present, const struct cause_tree *next,
                          struct cause_fault faults[CAUSE_FAULTS]);

#endif
