/*
 * Settings come from one table per service: environment variables KEHU_<NAME>, or KEHU_<NAME>_FILE
 * naming a file that holds the value (secrets). --help prints the table, --check verifies it, an
 * unknown KEHU_ variable is an error.
 */
#ifndef KEHU_SETTINGS_H
#define KEHU_SETTINGS_H

#include "common/base.h"
#include "common/status.h"

enum setting_type {
    SETTING_TEXT,
    SETTING_INTEGER,
    SETTING_BOOLEAN, /* true, false */
};

struct setting {
    const char *name; /* "KEHU_CUSTOMERS_ENDPOINT" */
    enum setting_type type;
    const char *standard; /* the default; NULL: required */
    int64_t min, max;     /* of integers, inclusive */
    const char *unit;     /* "ms", "bytes", "" */
    bool secret;          /* never printed */
    const char *sentence; /* what it does, one sentence */
};

struct settings;

/* Reads the environment against the tables (they are added up). INVALID_ARGUMENT: `why` names the
 * setting, what is wrong and what would be right. */
enum status settings_read(const struct setting *const *tables, const size_t *counts,
                          size_t table_count, char *const *environment, struct settings **out,
                          char *why, size_t why_bytes) MUST_USE;
void settings_free(struct settings *settings);

/* The name must stand in a table with that type (asserted). */
const char *settings_text(const struct settings *settings, const char *name);
int64_t settings_integer(const struct settings *settings, const char *name);
bool settings_boolean(const struct settings *settings, const char *name);

/* The table as people read it (--help), and with the values in force, secrets hidden (--check). */
void settings_print_help(const struct setting *const *tables, const size_t *counts,
                         size_t table_count);
void settings_print(const struct settings *settings);

#endif
