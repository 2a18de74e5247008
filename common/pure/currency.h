/*
 * The currencies of ISO 4217 (list one, 2025-05), without the codes for testing (XTS) and for no
 * currency (XXX).
 */
#ifndef KEHU_CURRENCY_H
#define KEHU_CURRENCY_H

#include "common/base.h"

/* True when the terminated code is exactly three capital letters that ISO 4217 lists. */
bool currency_is_known(const char *code);

#endif
