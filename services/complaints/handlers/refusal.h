/* Refusing messages whose fields are wrong. */
#ifndef KEHU_COMPLAINTS_REFUSAL_H
#define KEHU_COMPLAINTS_REFUSAL_H

#include "common/flow.h"
#include "services/complaints/codec/codec_read.h"

/* Ends a request with every fault named; `status` is what the codec said. */
enum flow refusal_of_faults(struct request *req, enum status status,
                            const struct codec_faults *faults);

#endif
