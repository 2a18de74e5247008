/*
 * The installation's own row: what kind it is, and the virtual clock of tests and demonstrations.
 */
#ifndef KEHU_INSTALLATION_H
#define KEHU_INSTALLATION_H

#include "common/flow.h"

extern const struct pg_statement installation_statements[];
extern const size_t installation_statement_count;

/* A job, whenever PostgreSQL becomes ready: sets the loop's clock by the row. The schema allows an
 * offset only where the installation was created as demo or test. */
enum flow installation_read(struct request *req);

#endif
