/*
 * The audit, read through the one function that may (schema 010): PostgreSQL itself refuses whoever
 * is no auditor, and a reading that does not stand in the audit.
 */
#ifndef KEHU_CUSTOMERS_STORE_AUDIT_PAGE_H
#define KEHU_CUSTOMERS_STORE_AUDIT_PAGE_H

#include "common/flow.h"
#include "services/customers/domain/audit_entry.h"

extern const struct pg_statement audit_page_statements[];
extern const size_t audit_page_statement_count;

/* One more than the page. `read_at_us` is the moment at which this request's reading was audited
 * and committed. */
void audit_page_list(struct request *req, const struct audit_question *question, int64_t read_at_us,
                     struct audit_entries *out);

#endif
