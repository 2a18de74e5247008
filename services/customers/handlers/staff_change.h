/*
 * What the handlers of the staff directory share. Whoever changes an entry tells it:
 * staff_change_tell.
 */
#ifndef KEHU_CUSTOMERS_STAFF_CHANGE_H
#define KEHU_CUSTOMERS_STAFF_CHANGE_H

#include "common/flow.h"
#include "services/customers/codec/codec_staff.h"
#include "services/customers/store/staff.h"

/* Ends a question that cannot be answered as asked. */
enum flow staff_change_refuse(struct request *req, enum status status,
                              const struct codec_staff_faults *faults);
/* Ends one about somebody who is not there. */
enum flow staff_change_refuse_unknown(struct request *req, const char *field, struct text who);
/* False: the entry is of another version than expected (0: any), and *end says of which. */
bool staff_change_is_expected(struct request *req, uint64_t expected, int64_t present,
                              enum flow *end);
/* Adds audit and event of the entry, as it is from now on, to the unit. False: no memory. */
bool staff_change_tell(struct request *req, const char *act, const struct staff *staff,
                       const char *detail);

#endif
