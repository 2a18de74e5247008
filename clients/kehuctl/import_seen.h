/*
 * Which ids a file had already, and in which line: by a keyed hash of 64 bits, 12 bytes an id and
 * a third of room. That two ids of a million share one is as likely as one in thirty million.
 */
#ifndef KEHU_IMPORT_SEEN_H
#define KEHU_IMPORT_SEEN_H

#include "common/base.h"

struct import_seen;

struct import_seen *import_seen_new(void);
void import_seen_free(struct import_seen *seen);
/* The line in which the id stood before; 0: it is new and remembered with `line`. False: memory is
 * out. */
bool import_seen_take(struct import_seen *seen, struct text id, uint32_t line, uint32_t *before);

#endif
