/*
 * The format `cfpb` (complaints as the Consumer Financial Protection Bureau of the US publishes
 * them): one CSV line per complaint, with what became of it. Each becomes one event.
 */
#ifndef KEHU_IMPORT_CFPB_H
#define KEHU_IMPORT_CFPB_H

#include "clients/kehuctl/import_encoding.h"
#include "clients/kehuctl/import_event.h"
#include "common/pure/zone.h"

/* A broken line. `name` is the column's, "" when it has none. */
typedef void (*import_cfpb_on_fault)(void *owner, uint64_t line, size_t column, const char *name,
                                     const char *what);

struct import_cfpb_options {
    const struct zone *zone; /* a complaint's day begins there */
    enum import_encoding encoding;
    import_cfpb_on_fault fault;
    void *owner;
};

struct import_cfpb;

/* NULL when memory is out. The options are copied; what they point to is borrowed for the reader's
 * life. */
struct import_cfpb *import_cfpb_new(const struct import_cfpb_options *options);
void import_cfpb_free(struct import_cfpb *cfpb);

/*
 * Reads the file's bytes, without the mark of its encoding. False when nothing can be read: `why`
 * says which columns are missing and which were found. Broken lines go to `fault`.
 */
bool import_cfpb_read(struct import_cfpb *cfpb, const char *bytes, size_t count, char *why,
                      size_t why_bytes) MUST_USE;

size_t import_cfpb_complaints(const struct import_cfpb *cfpb);
uint64_t import_cfpb_bad_lines(const struct import_cfpb *cfpb); /* one per fault */
/* Texts in which control characters were replaced by spaces. */
uint64_t import_cfpb_cleaned(const struct import_cfpb *cfpb);
/* Names of columns that are not needed, separated by ", "; "" when there are none. */
const char *import_cfpb_ignored(const struct import_cfpb *cfpb);

/* The next complaint in the order of the file. Borrowed until the next call. False behind the last.
 */
bool import_cfpb_next(struct import_cfpb *cfpb, struct import_complaint *complaint);

#endif
