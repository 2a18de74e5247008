/* Causes as messages name them, against the policy in force. */
#ifndef KEHU_COMPLAINTS_CAUSES_H
#define KEHU_COMPLAINTS_CAUSES_H

#include "services/complaints/handlers/policies_in_force.h"

/* Empty is fine. False: *end refuses and names codes that would be right; `present` may stay. */
bool causes_check(struct request *req, const char *field, const struct cause_tree *tree,
                  struct text code, struct text present, enum flow *end);

#endif
