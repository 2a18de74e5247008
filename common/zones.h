/*
 * Loads a time zone by its name from the system's zone files (/usr/share/zoneinfo, package tzdata).
 * The files are read directly: libical 3.0.16 loses transitions of them (Asia/Shanghai 1987 and
 * 1988, Europe/London 1930 and 1951; Australia/Lord_Howe after 2037 is 12 hours off),
 * tests/unit/test_zone.c holds the real ones.
 */
#ifndef KEHU_ZONES_H
#define KEHU_ZONES_H

#include "common/pure/zone.h"
#include "common/status.h"

/*
 * Fills `out` with the zone of an IANA name such as "Asia/Shanghai"; "UTC" needs no file. Takes
 * well under a millisecond. INVALID_ARGUMENT: no such zone, or none can be read; `why` is a
 * sentence that says what would be right.
 */
enum status zones_load(const char *name, struct zone *out, char *why, size_t why_bytes) MUST_USE;

#endif
