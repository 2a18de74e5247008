/* What becomes here of what the customers service says in its log. */
#ifndef KEHU_COMPLAINTS_HANDLERS_CONSUME_CUSTOMERS_H
#define KEHU_COMPLAINTS_HANDLERS_CONSUME_CUSTOMERS_H

#include "common/consume.h"

extern const struct consumed_type consume_customers_types[];
extern const size_t consume_customers_type_count;

#endif
