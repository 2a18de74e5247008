/*
 * The audit: reads of personal data and administrative acts. The run role can add rows and nothing
 * else, not even read them.
 */
#ifndef KEHU_AUDIT_H
#define KEHU_AUDIT_H

#include "common/flow.h"

extern const struct pg_statement audit_statements[];
extern const size_t audit_statement_count;

/* Adds a row to this request's unit: who (key, actor), did what ("read customer"), to whom, with
 * which detail. Never personal values. */
void audit_add(struct request *req, const char *act, const char *subject, const char *detail);

#endif
