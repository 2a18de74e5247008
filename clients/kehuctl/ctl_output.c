/* Tables, JSON lines and numbers as people and programs read them. */
#include "ctl.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "common/pure/decimal.h"
#include "ctl_words.h"

#define COLUMNS_MAX 16

struct ctl_table {
    struct ctl *ctl;
    size_t columns, rows, room;
    const char **headings; /* in the reader's language */
    const bool *right;
    const char **cells; /* rows × columns, in the arena */
    size_t widths[COLUMNS_MAX];
};

void ctl_print_json(const struct ctl *ctl, json_t *json)
{
    (void)ctl;
    json_dumpf(json, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
    putchar('\n');
    json_decref(json);
}

/* Columns of the terminal: Chinese characters take two, combining marks none. */
static size_t display_width(const char *text)
{
    size_t width = 0;
    int32_t i = 0, bytes = (int32_t)strlen(text);

    while (i < bytes) {
        UChar32 c;

        U8_NEXT(text, i, bytes, c);
        if (c < 0) {
            width++;
            continue;
        }
        int32_t east = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
        int8_t category = u_charType(c);

        if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK ||
            category == U_FORMAT_CHAR)
            continue;
        width += east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
    }
    return width;
}

const char *ctl_padded(struct ctl *ctl, const char *text, size_t width)
{
    size_t used = display_width(text);

    return arena_print(ctl->arena, "%s%*s", text, (int)(used < width ? width - used : 0), "");
}

struct ctl_table *ctl_table_new(struct ctl *ctl, const char *const *headings, const bool *right,
                                size_t columns)
{
    struct ctl_table *table = arena_take(ctl->arena, sizeof(*table));

    if (!table || columns > COLUMNS_MAX)
        return NULL;
    table->headings = arena_take_array(ctl->arena, columns, sizeof(*table->headings));
    if (!table->headings)
        return NULL;
    table->ctl = ctl;
    table->columns = columns;
    table->right = right;
    for (size_t i = 0; i < columns; i++) {
        table->headings[i] = ctl_heading(ctl, headings[i]);
        table->widths[i] = display_width(table->headings[i]);
    }
    return table;
}

void ctl_table_row(struct ctl_table *table, const char *const *cells)
{
    if (!table)
        return;
    if (table->rows == table->room) {
        size_t room = table->room ? table->room * 2 : 64;
        const char **larger =
            arena_take_array(table->ctl->arena, room * table->columns, sizeof(*larger));

        if (!larger)
            return;
        if (table->rows)
            memcpy(larger, table->cells, table->rows * table->columns * sizeof(*larger));
        table->cells = larger;
        table->room = room;
    }
    for (size_t i = 0; i < table->columns; i++) {
        const char *cell = cells[i] ? cells[i] : "";
        size_t width = display_width(cell);

        table->cells[table->rows * table->columns + i] =
            arena_copy_text(table->ctl->arena, cell, strlen(cell));
        if (width > table->widths[i])
            table->widths[i] = width;
    }
    table->rows++;
}

static void print_row(const struct ctl_table *table, const char *const *cells)
{
    for (size_t i = 0; i < table->columns; i++) {
        const char *cell = cells[i] ? cells[i] : "";
        int padding = (int)(table->widths[i] - display_width(cell));
        bool is_last = i + 1 == table->columns;

        if (table->right[i])
            printf("%*s%s%s", padding, "", cell, is_last ? "" : "  ");
        else
            printf("%s%*s%s", cell, is_last ? 0 : padding, "", is_last ? "" : "  ");
    }
    putchar('\n');
}

void ctl_table_print(struct ctl_table *table)
{
    if (!table)
        return;
    if (table->rows == 0) {
        puts(ctl_sentence(table->ctl, "nothing"));
        return;
    }
    print_row(table, table->headings);
    for (size_t i = 0; i < table->columns; i++) {
        for (size_t k = 0; k < table->widths[i]; k++)
            putchar('-');
        fputs(i + 1 == table->columns ? "\n" : "  ", stdout);
    }
    for (size_t i = 0; i < table->rows; i++)
        print_row(table, table->cells + i * table->columns);
}

const char *ctl_decimal(struct ctl *ctl, int64_t micros)
{
    char text[DECIMAL_TEXT_BYTES];
    size_t length = decimal_print(micros, text);
    const char *copy = arena_copy_text(ctl->arena, text, length);

    return copy ? copy : "";
}

const char *ctl_local_time(struct ctl *ctl, const Google__Protobuf__Timestamp *at)
{
    time_t moment = at ? (time_t)at->seconds : 0;
    struct tm local;
    char text[32];

    if (!at || !localtime_r(&moment, &local))
        return "";
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local);
    return arena_print(ctl->arena, "%s", text);
}

const char *ctl_lower(struct ctl *ctl, const char *text)
{
    char *lower = arena_copy_text(ctl->arena, text, strlen(text));

    for (char *c = lower; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return lower ? lower : "";
}
