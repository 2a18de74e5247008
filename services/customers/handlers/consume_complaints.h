/* What becomes here of what the complaints service says in its log. */
#ifndef KEHU_CUSTOMERS_HANDLERS_CONSUME_COMPLAINTS_H
#define KEHU_CUSTOMERS_HANDLERS_CONSUME_COMPLAINTS_H

#include "common/consume.h"

extern const struct consumed_type consume_complaints_types[];
extern const size_t consume_complaints_type_count;

#endif
