/*
 * Reads a compiled time zone (TZif, RFC 8536, version 2 or later) into a table of transitions.
 * Pure: the bytes are the caller's, and anything may be wrong with them.
 */
#ifndef KEHU_TZIF_H
#define KEHU_TZIF_H

#include "common/pure/zone.h"

/*
 * Fills the table with the transitions of 1900 to 2100: those of the file, then those of the rule
 * in its footer. The name is left alone. False, and the zone untouched, when the bytes are no such
 * file or it has more transitions than the table holds.
 */
bool tzif_read(const uint8_t *bytes, size_t count, struct zone *zone);

#endif
