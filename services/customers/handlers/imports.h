/*
 * What the messages of imports share.
 */
#ifndef KEHU_CUSTOMERS_IMPORTS_H
#define KEHU_CUSTOMERS_IMPORTS_H

#include "common/flow.h"
#include "services/customers/codec/codec_import.h"
#include "services/customers/domain/import_record.h"

/* Ends a question whose faults are named. */
enum flow imports_refuse(struct request *req, enum status status,
                         const struct codec_file_faults *faults);

/* False: *end refuses. There is none of this number, or a person asks for the rows of another's:
 * they may be about customers outside of his scope. Keys as themselves go on with everybody's. */
bool imports_admit(struct request *req, const struct import_record *record, enum flow *end);

#endif
