/*
 * The messages of the complaints service: which there are, and what each asks of key and person.
 */
#ifndef KEHU_COMPLAINTS_HANDLER_TABLE_H
#define KEHU_COMPLAINTS_HANDLER_TABLE_H

#include "common/service.h"

extern const struct handler complaints_handlers[];
extern const size_t complaints_handler_count;

#endif
