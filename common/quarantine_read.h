/*
 * kehu.bus.v1.ListQuarantine and GetQuarantined: what is kept of what was refused, for those who
 * help its sender. A service names both in its handler table, with the right that persons need;
 * keys as themselves see what they brought, an administrator's everything.
 */
#ifndef KEHU_QUARANTINE_READ_H
#define KEHU_QUARANTINE_READ_H

#include "common/flow.h"

extern const struct pg_statement quarantine_read_statements[];
extern const size_t quarantine_read_statement_count;

enum flow quarantine_read_list(struct request *req);
enum flow quarantine_read_one(struct request *req);

#endif
