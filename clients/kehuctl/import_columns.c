/*
 * A missing column must be easy to put right: the sentence names it and what was found instead.
 */
#include "clients/kehuctl/import_columns.h"

#include "clients/kehuctl/import_value.h"

#include <stdio.h>
#include <string.h>

/* The limits are those of kehu.customers.v1. */
const struct import_column_rule import_column_rules[IMPORT_COLUMNS] = {
    [IMPORT_COLUMN_INVOICE] = {{"Invoice", "InvoiceNo"}, 64, false, true, false, false},
    /* "47503J " and "47503J" may be two products: the source's codes are its own. */
    [IMPORT_COLUMN_STOCK_CODE] = {{"StockCode", NULL}, 64, false, false, false, false},
    [IMPORT_COLUMN_DESCRIPTION] = {{"Description", NULL}, 500, true, false, true, false},
    [IMPORT_COLUMN_QUANTITY] = {{"Quantity", NULL}, 64, false, true, false, false},
    [IMPORT_COLUMN_INVOICE_DATE] = {{"InvoiceDate", NULL}, 64, false, true, false, false},
    [IMPORT_COLUMN_PRICE] = {{"Price", "UnitPrice"}, 64, false, true, false, false},
    [IMPORT_COLUMN_CUSTOMER] = {{"Customer ID", "CustomerID"}, 128, true, true, false, false},
    [IMPORT_COLUMN_COUNTRY] = {{"Country", NULL}, 100, true, true, true, false},
};

static bool is_name(struct text text, const char *name)
{
    return name != NULL && strlen(name) == text.bytes && memcmp(name, text.at, text.bytes) == 0;
}

/* Adds ", name" to a list, which ends with "…" once it is full. */
static void add_name(char *list, size_t room, struct text name)
{
    size_t used = strlen(list);
    bool is_full = used >= 3 && strcmp(list + used - 3, "…") == 0;

    if (is_full)
        return;
    if (used + name.bytes + 8 < room)
        snprintf(list + used, room - used, "%s%.*s", used == 0 ? "" : ", ", (int)name.bytes,
                 name.at);
    else
        strcpy(list + used, "…");
}

static void explain_missing(const struct import_columns *columns, uint64_t line, const char *found,
                            char *why, size_t why_bytes)
{
    char missing[256] = "";

    for (size_t i = 0; i < columns->count; i++) {
        const char *const *names = columns->rules[i].names;
        char name[64];

        if (columns->name[i] != NULL || columns->rules[i].is_optional)
            continue;
        snprintf(name, sizeof(name), names[1] != NULL ? "%s (or %s)" : "%s", names[0], names[1]);
        add_name(missing, sizeof(missing), (struct text){name, strlen(name)});
    }
    snprintf(why, why_bytes,
             "line %llu: missing columns: %s; found: %s. The first line must name the columns, "
             "separated by commas",
             (unsigned long long)line, missing, found);
}

/* Takes the name at place `at`; false when the column is there already. */
static bool take_name(struct import_columns *columns, struct text name, size_t at)
{
    for (size_t i = 0; i < columns->count; i++) {
        for (size_t n = 0; n < COUNT_OF(columns->rules[i].names); n++) {
            if (!is_name(name, columns->rules[i].names[n]))
                continue;
            if (columns->name[i] != NULL)
                return false;
            columns->at[i] = at;
            columns->name[i] = columns->rules[i].names[n];
            return true;
        }
    }
    add_name(columns->ignored, sizeof(columns->ignored), name);
    return true;
}

bool import_columns_find(struct import_columns *columns, uint64_t line, const struct text *names,
                         size_t count, char *why, size_t why_bytes)
{
    char found[512] = "";

    *columns = (struct import_columns){.rules = columns->rules, .count = columns->count};
    for (size_t i = 0; i < count; i++) {
        struct text name = import_value_trim(names[i]);

        if (!take_name(columns, name, i)) {
            snprintf(why, why_bytes, "line %llu, column %zu: %.*s is there twice; only one may be",
                     (unsigned long long)line, i + 1, (int)name.bytes, name.at);
            return false;
        }
        add_name(found, sizeof(found), name);
    }
    columns->complete = true;
    for (size_t i = 0; i < columns->count; i++)
        columns->complete =
            columns->complete && (columns->name[i] != NULL || columns->rules[i].is_optional);
    if (!columns->complete)
        explain_missing(columns, line, found, why, why_bytes);
    return columns->complete;
}

const char *import_columns_name(const struct import_columns *columns, size_t column)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->name[i] != NULL && columns->at[i] + 1 == column)
            return columns->name[i];
    }
    return "";
}
