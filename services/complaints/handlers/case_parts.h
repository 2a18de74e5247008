/*
 * What saving a sub-task, an action and a lesson have in common: whether the part is there, the
 * case takes it, its owner is a colleague, and how faults are told.
 */
#ifndef KEHU_COMPLAINTS_CASE_PARTS_H
#define KEHU_COMPLAINTS_CASE_PARTS_H

#include "services/complaints/handlers/case_change.h"
#include "services/complaints/store/case_part.h"
#include "services/complaints/store/colleague.h"

/* Asks who it is, where somebody is named. */
void case_parts_ask_colleague(struct request *req, struct text who, struct colleague *out);
/* The asker owes it: he is its owner, or it is his department's and nobody's in it. */
bool case_parts_is_his(const struct request *req, struct text owner, struct text unit);

/* What is written of a part; of a case that was forgotten "***": what was owed for it ends, without
 * words. */
struct text case_parts_words(const struct case_change *change, struct text words);

/* --- false: *end refuses --- */

/* A part that is named is one of this case; of new ones there is room. */
bool case_parts_check_known(struct request *req, const char *field, bool is_new,
                            const struct case_part_found *known, enum flow *end);
/* New ones are of a case that runs; what is there may end after it. */
bool case_parts_check_state(struct request *req, const struct case_change *change, bool is_new,
                            enum flow *end);
/* Nobody named, or a colleague who works here and is not recused from the case. */
bool case_parts_check_colleague(struct request *req, const struct case_change *change,
                                const char *field, struct text named, const struct colleague *found,
                                enum flow *end);
/* Faults of the domain, each with its field "under.field". */
bool case_parts_check_faults(struct request *req, const char *under,
                             const struct case_part_fault *faults, size_t count, enum flow *end);

#endif
