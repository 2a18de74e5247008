/*
 * Brings a service's schema up to date, before any loop exists: used by --migrate only, as the
 * owner role. Migrations are numbered SQL files, embedded in the program; each is applied once, in
 * order, in a transaction of its own, under an advisory lock, and kept in <schema>.schema_migration
 * with the SHA-256 of its text, so that a file changed after the fact is noticed.
 */
#ifndef KEHU_MIGRATE_H
#define KEHU_MIGRATE_H

#include "common/base.h"
#include "common/status.h"

struct migration {
    const char *name; /* "floor/001_floor.sql" */
    const char *sql;
};

/*
 * Applies what is missing; applying nothing is success. `installation` ("live", "demo", "test") is
 * what files read as current_setting('kehu.installation'): a new schema becomes that. Waits at most
 * 30 s for the database to accept connections and 60 s for another process that migrates. One log
 * line per applied file. FAILED_PRECONDITION  an applied file was changed or left out, or stands
 * behind a newer one, or the schema does not exist UNAVAILABLE          no connection
 * DEADLINE_EXCEEDED    another process migrates for too long INTERNAL             a file failed; it
 * and those after it were not applied `why` then says precisely what.
 */
enum status migrate_run(const char *conninfo, const char *schema, const struct migration *list,
                        size_t count, const char *installation, char *why,
                        size_t why_bytes) MUST_USE;

#endif
