/* Refusing messages whose fields are wrong, or which the state of the case does not take. */
#ifndef KEHU_COMPLAINTS_REFUSAL_H
#define KEHU_COMPLAINTS_REFUSAL_H

#include "common/flow.h"
#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case.h"

/* Ends a request with every fault named; `status` is what the codec said. */
enum flow refusal_of_faults(struct request *req, enum status status,
                            const struct codec_faults *faults);

/* The field `state`, in the words of people. The sentence beside it says what is allowed. */
void refusal_name_state(struct request *req, enum case_state state);
/* FAILED_PRECONDITION: "the case is closed: <why>; reopen it first", with the field `state`. */
enum flow refusal_of_state(struct request *req, enum case_state state, const char *why);

#endif
