/*
 * A policy about repeat complainants that comes into force: who is one may be another.
 */
#ifndef KEHU_COMPLAINTS_POLICY_REPEAT_H
#define KEHU_COMPLAINTS_POLICY_REPEAT_H

#include "common/flow.h"

#define POLICY_REPEAT_KIND "policy_repeat"

/* Adds to the unit: by that version customers are counted from then on. */
void policy_repeat_arm(struct request *req, uint32_t version, int64_t from_us);
/* The step of its timers. */
enum flow policy_repeat_ring(struct request *req);

#endif
