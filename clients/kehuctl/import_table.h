/*
 * A table of customers or contacts, read from a stream: its header by the names that the service
 * knows, its rows as UTF-8, with everything that a row cannot be sent with.
 */
#ifndef KEHU_IMPORT_TABLE_H
#define KEHU_IMPORT_TABLE_H

#include "clients/kehuctl/ctl.h"
#include "clients/kehuctl/import_csv.h"
#include "clients/kehuctl/import_encoding.h"
#include "kehu/customers/v1/imports.pb-c.h"

#define IMPORT_TABLE_COLUMNS 40 /* that are sent */

/* One name for another: of the file's column, and what it means. */
struct import_table_mapping {
    const char *from, *to;
};

/* What the header said. */
struct import_table_columns {
    size_t count;
    char *fields[IMPORT_TABLE_COLUMNS];      /* the service's */
    const char *names[IMPORT_TABLE_COLUMNS]; /* the file's */
    size_t places[IMPORT_TABLE_COLUMNS];     /* in the file, from 1 */
    size_t id;                               /* which of them is external_id; count: none */
    char unknown[1024];                      /* names of columns that mean nothing, with commas */
};

/* Where rows go. */
struct import_table_taker {
    void (*row)(void *owner, uint64_t line, const struct text *values);
    void (*fault)(void *owner, uint64_t line, size_t column, const char *name, const char *what);
    void *owner;
};

struct import_table_options {
    struct ctl *ctl;
    Kehu__Customers__V1__ImportKind kind;
    enum import_encoding encoding;
    const struct import_table_mapping *mappings;
    size_t mapping_count;
};

struct import_table;
struct import_table *import_table_new(const struct import_table_options *options);
void import_table_free(struct import_table *table);

/*
 * Reads the header alone and asks the service what it means. Otherwise the code to end with, after
 * everything was said. CTL_DONE: columns are those to be sent.
 */
int import_table_header(struct import_table *table, struct import_csv_source *source);
const struct import_table_columns *import_table_columns(const struct import_table *table);
/* Reads all rows, from the beginning of the source. False: memory is out. */
bool import_table_rows(struct import_table *table, struct import_csv_source *source,
                       const struct import_table_taker *taker);
/* Rows without anything in them, which were passed over. */
uint64_t import_table_empty(const struct import_table *table);

#endif
