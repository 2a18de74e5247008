/*
 * The installation's own row: what kind it is, and the virtual clock of tests and demonstrations.
 */
#ifndef KEHU_INSTALLATION_H
#define KEHU_INSTALLATION_H

#include "common/flow.h"

extern const struct pg_statement installation_statements[];
extern const size_t installation_statement_count;

struct installation {
    char kind[8]; /* "live", "demo", "test": chosen when the schema was made */
    int64_t clock_offset_us;
};

void installation_find(struct request *req, struct installation *out);

/* Adds to the unit: the clock is that far ahead of real time, and all processes are told. Stale
 * when `before` is no longer the row. The schema allows it only where the installation is demo or
 * test. */
void installation_save_clock(struct request *req, const struct installation *before,
                             int64_t clock_offset_us);

/* The process follows the row. Never backwards: what was read may be older than what is known. */
void installation_set_clock(struct service *service, const struct installation *installation);

/* A job, whenever PostgreSQL becomes ready or the clock was moved: sets the clock by the row. */
enum flow installation_read(struct request *req);

#endif
