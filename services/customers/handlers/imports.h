/*
 * What the messages of imports share.
 */
#ifndef KEHU_CUSTOMERS_IMPORTS_H
#define KEHU_CUSTOMERS_IMPORTS_H

#include "common/flow.h"
#include "services/customers/codec/codec_import.h"

/* Ends a question whose faults are named. */
enum flow imports_refuse(struct request *req, enum status status,
                         const struct codec_file_faults *faults);

#endif
