/*
 * What the handlers of regions share.
 */
#ifndef KEHU_CUSTOMERS_REGIONS_H
#define KEHU_CUSTOMERS_REGIONS_H

#include "common/flow.h"
#include "services/customers/codec/codec_region.h"

/* Ends a question that cannot be answered as asked. */
enum flow regions_refuse_question(struct request *req, enum status status,
                                  const struct codec_region_faults *faults);

#endif
