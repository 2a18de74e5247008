/*
 * The format `online-retail` (UCI "Online Retail" I and II): one CSV line per order line. Lines are
 * gathered to documents wherever they stand in the file; a document is one event.
 */
#ifndef KEHU_IMPORT_RETAIL_H
#define KEHU_IMPORT_RETAIL_H

#include "clients/kehuctl/import_encoding.h"
#include "clients/kehuctl/import_event.h"
#include "common/pure/zone.h"

/* A broken line. `name` is the column's, "" when it has none. */
typedef void (*import_retail_on_fault)(void *owner, uint64_t line, size_t column, const char *name,
                                       const char *what);

struct import_retail_options {
    const struct zone *zone; /* the file's times are local times there */
    const char *currency;
    enum import_encoding encoding;
    import_retail_on_fault fault;
    void *owner;
};

/* A line that is missing in a document, as far as its invoice number could be read. */
struct import_retail_gap {
    uint64_t line;
    const char *number;
    bool is_imported; /* the document has other lines, which are imported */
};

struct import_retail;

/* NULL when memory is out. The options are copied; what they point to is borrowed for the reader's
 * life. */
struct import_retail *import_retail_new(const struct import_retail_options *options);
void import_retail_free(struct import_retail *retail);

/*
 * Reads the file's bytes, without the mark of its encoding. False when nothing can be read: `why`
 * says which columns are missing and which were found. Broken lines go to `fault`.
 */
bool import_retail_read(struct import_retail *retail, const char *bytes, size_t count, char *why,
                        size_t why_bytes) MUST_USE;

size_t import_retail_documents(const struct import_retail *retail);
uint64_t import_retail_lines(const struct import_retail *retail);     /* good ones */
uint64_t import_retail_bad_lines(const struct import_retail *retail); /* one per fault */
/* Descriptions and regions in which control characters were replaced by spaces. */
uint64_t import_retail_cleaned(const struct import_retail *retail);
/* Names of columns that are not needed, separated by ", "; "" when there are none. */
const char *import_retail_ignored(const struct import_retail *retail);
/* Gap number i, in the order of the file; at most 100 are kept. False behind the last. */
bool import_retail_gap(const struct import_retail *retail, size_t i, struct import_retail_gap *gap);

/* The next document in the order of first appearance; its lines in the order of the file, its time
 * the earliest of its lines. Borrowed until the next call. False behind the last. */
bool import_retail_next(struct import_retail *retail, struct import_order *order);

#endif
