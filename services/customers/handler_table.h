/*
 * The messages of the customers service: which there are, and what each asks of key and person.
 */
#ifndef KEHU_CUSTOMERS_HANDLER_TABLE_H
#define KEHU_CUSTOMERS_HANDLER_TABLE_H

#include "common/service.h"

extern const struct handler customers_handlers[];
extern const size_t customers_handler_count;

#endif
