/*
 * What the handlers of policies share.
 */
#ifndef KEHU_CUSTOMERS_POLICIES_H
#define KEHU_CUSTOMERS_POLICIES_H

#include "services/customers/codec/codec_policy.h"

/* Ends a question that cannot be answered as asked, or whose version cannot be had. */
enum flow policies_refuse_question(struct request *req, enum status status,
                                   const struct codec_policy_faults *faults);
enum flow policies_refuse_version(struct request *req, enum status status,
                                  enum codec_policy_kind kind, uint32_t version);

#endif
