/*
 * The personal columns of this service, generated from the comments of its schema by
 * deploy/check/personal.sh: what erasure, subject access and docs/personal.md go by.
 */
#ifndef KEHU_CUSTOMERS_DOMAIN_PERSONAL_H
#define KEHU_CUSTOMERS_DOMAIN_PERSONAL_H

#include "common/base.h"
#include "common/pure/personal.h"

extern const struct personal_column personal_columns[];
extern const size_t personal_column_count;

#endif
