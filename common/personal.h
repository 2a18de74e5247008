/*
 * Personal columns as statements; the tables of them are generated (deploy/check/personal.sh).
 */
#ifndef KEHU_PERSONAL_H
#define KEHU_PERSONAL_H

#include "common/pg.h"
#include "common/pure/personal.h"

/* A table with personal columns. */
struct personal_part {
    const char *table;
    const struct pg_statement *put;    /* NULL: it keeps what it has */
    const struct pg_statement *strike; /* NULL: no free texts about a customer or many */
};

#endif
