/* Policies of the complaints service, for the commands of policies. */
#ifndef KEHU_CTL_POLICY_COMPLAINTS_H
#define KEHU_CTL_POLICY_COMPLAINTS_H

#include "policy_document.h"

/* Adds its versions of that kind ("": all) to the table or, with --json, to the array. */
int policy_complaints_list(struct ctl *ctl, const char *kind, struct ctl_table *table,
                           json_t *array);
int policy_complaints_show(struct ctl *ctl, const char *kind, uint32_t version);
int policy_complaints_apply(struct ctl *ctl, const char *kind, const char *file);

#endif
