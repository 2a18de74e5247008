/*
 * One physical line after the other goes into libcsv until a record ends. If that fails, the parser
 * starts afresh after the record's first line.
 */
#include "clients/kehuctl/import_csv.h"

#include <csv.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* With fewer columns a line of text with a comma would look like a record. */
    WHOLE_LINE_COLUMNS = 4,
    WINDOW_BYTES = 4 << 20,
    /* What must be in the window before a record is read: the longest one and a line. */
    AHEAD_BYTES = IMPORT_CSV_RECORD_BYTES + IMPORT_CSV_LINE_BYTES + 2,
};

/* Where the bytes of a record's fields are kept: libcsv uses its buffer again for the next field.
 */
struct cell {
    size_t at;
    size_t bytes;
};

struct csv {
    const struct import_csv_reader *reader;
    struct csv_parser parser;
    const char *next;
    const char *end;
    struct import_csv_source *source; /* NULL: all of it is in memory */
    char *window;
    bool is_all;    /* nothing follows behind `end` */
    uint64_t line;  /* number of the line at `next` */
    size_t columns; /* 0: the header was not read yet */
    /* The record being read. */
    const char *broken; /* NULL: good so far */
    bool ended;
    size_t count;
    struct cell cells[IMPORT_CSV_COLUMNS];
    struct text fields[IMPORT_CSV_COLUMNS];
    char *text;
    size_t text_bytes, text_room;
};

static const char text_too_long[] =
    "the field is longer than 64 KiB; its closing quote is missing, or the text must be shortened";
static const char text_too_many_lines[] =
    "the record is longer than 100 lines; the closing quote of a field is missing";
static const char text_unclosed[] =
    "the closing quote is missing; a field that begins with a quote "
    "must end with one before the comma";
static const char text_stray[] = "a quote where none may stand; a field holding quotes must be in "
                                 "quotes, with each inner quote doubled";
static const char text_whole_line[] =
    "the closing quote is missing: the field would swallow the lines after it";

static const char text_line_too_long[] =
    "the line is longer than 256 KiB; shorten it, or see whether line ends are missing";
static const char text_record_too_long[] =
    "the record is longer than 1 MiB; the closing quote of a field is missing";
static const char text_no_memory[] = "memory is out";

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static bool keep_bytes(struct csv *csv, const void *at, size_t bytes)
{
    size_t room = csv->text_room == 0 ? IMPORT_CSV_FIELD_BYTES : csv->text_room;
    char *larger;

    while (room - csv->text_bytes < bytes)
        room *= 2;
    if (room != csv->text_room) {
        larger = realloc(csv->text, room);
        if (larger == NULL)
            return false;
        csv->text = larger;
        csv->text_room = room;
    }
    if (bytes > 0)
        memcpy(csv->text + csv->text_bytes, at, bytes);
    csv->text_bytes += bytes;
    return true;
}

static void take_field(void *at, size_t bytes, void *owner)
{
    struct csv *csv = owner;
    size_t start = csv->text_bytes;

    if (csv->broken != NULL)
        return;
    if (bytes > IMPORT_CSV_FIELD_BYTES)
        csv->broken = text_too_long;
    else if (csv->count == IMPORT_CSV_COLUMNS)
        csv->broken = "the line has more than 512 columns";
    else if (!keep_bytes(csv, at, bytes))
        csv->broken = text_no_memory;
    else
        csv->cells[csv->count++] = (struct cell){start, bytes};
}

static void take_end(int terminator, void *owner)
{
    struct csv *csv = owner;

    (void)terminator;
    csv->ended = true;
}

/* The length of the physical line at `at`, its end included. */
static size_t line_bytes(const char *at, const char *end)
{
    for (const char *c = at; c < end; c++) {
        if (*c == '\n')
            return (size_t)(c - at) + 1;
        if (*c == '\r')
            return (size_t)(c - at) + 1 + (c + 1 < end && c[1] == '\n');
    }
    return (size_t)(end - at);
}

/* A fresh parser, after a record that did not end. */
static bool start_parser(struct csv *csv)
{
    csv_free(&csv->parser);
    if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return false;
    /* Spaces belong to the text: libcsv would cut them off unquoted fields. */
    csv_set_space_func(&csv->parser, no_space);
    return true;
}

/* A line that has all columns of a record of its own. */
static bool is_whole_line(const struct csv *csv, const char *at, size_t bytes)
{
    size_t commas = 0;

    for (size_t i = 0; i < bytes; i++)
        commas += at[i] == ',';
    return csv->columns >= WHOLE_LINE_COLUMNS && commas + 1 >= csv->columns;
}

/* Feeds lines until the record ends or is broken; moves on to behind it. */
static void read_lines(struct csv *csv)
{
    const char *start = csv->next;

    for (unsigned lines = 0; !csv->ended && csv->broken == NULL; lines++) {
        size_t bytes = line_bytes(csv->next, csv->end);

        if (bytes == 0) {
            if (csv_fini(&csv->parser, take_field, take_end, csv) != 0)
                csv->broken = text_unclosed;
            return;
        }
        if (lines == IMPORT_CSV_RECORD_LINES)
            csv->broken = text_too_many_lines;
        else if (csv->source != NULL &&
                 (size_t)(csv->next - start) + bytes > IMPORT_CSV_RECORD_BYTES)
            csv->broken = text_record_too_long;
        else if (lines > 0 && is_whole_line(csv, csv->next, bytes))
            csv->broken = text_whole_line;
        else if (csv->parser.entry_pos > IMPORT_CSV_FIELD_BYTES)
            csv->broken = text_too_long;
        else if (csv_parse(&csv->parser, csv->next, bytes, take_field, take_end, csv) == bytes)
            csv->line++;
        else if (csv_error(&csv->parser) == CSV_EPARSE)
            csv->broken = lines > 0 ? text_unclosed : text_stray;
        else
            csv->broken = text_no_memory;
        csv->next += bytes;
    }
}

/* Reports the record and goes back to the line after its first. */
static void give_up_record(struct csv *csv, const char *start, uint64_t line, size_t column,
                           const char *what)
{
    struct import_csv_fault fault = {line, column, what, csv->fields, csv->count};

    csv->reader->fault(csv->reader->owner, &fault);
    csv->next = start + line_bytes(start, csv->end);
    csv->line = line + 1;
}

static void pass_record(struct csv *csv, const char *start, uint64_t line)
{
    struct import_csv_record record = {line, csv->line - 1, csv->fields, csv->count};

    if (csv->count != csv->columns) {
        size_t common = csv->count < csv->columns ? csv->count : csv->columns;
        char what[128];

        snprintf(what, sizeof(what), "the line has %zu column%s where the header has %zu",
                 csv->count, csv->count == 1 ? "" : "s", csv->columns);
        give_up_record(csv, start, line, common + 1, what);
        return;
    }
    csv->reader->record(csv->reader->owner, &record);
}

static bool pass_header(struct csv *csv, uint64_t line)
{
    struct import_csv_record record = {line, csv->line - 1, csv->fields, csv->count};

    if (!csv->reader->header(csv->reader->owner, &record))
        return false;
    csv->columns = csv->count;
    return true;
}

/* What is left of the window goes to its beginning, and more comes behind it. */
static void fill_window(struct csv *csv)
{
    size_t left = (size_t)(csv->end - csv->next);

    if (csv->source == NULL || csv->is_all || left >= AHEAD_BYTES)
        return;
    memmove(csv->window, csv->next, left);
    csv->next = csv->window;
    while (left < WINDOW_BYTES && !csv->is_all) {
        size_t got = csv->source->read(csv->source->owner, csv->window + left, WINDOW_BYTES - left);

        csv->is_all = got == 0;
        left += got;
    }
    csv->end = csv->window + left;
}

static void skip_empty_lines(struct csv *csv)
{
    for (;;) {
        fill_window(csv);
        if (csv->next == csv->end || (*csv->next != '\n' && *csv->next != '\r'))
            return;
        csv->next += line_bytes(csv->next, csv->end);
        csv->line++;
    }
}

/* A line beyond the limit is reported and passed over, however long it is. False: it is not. */
static bool skip_long_line(struct csv *csv)
{
    struct import_csv_fault fault = {.line = csv->line, .column = 1, .what = text_line_too_long};

    if (csv->source == NULL || line_bytes(csv->next, csv->end) <= IMPORT_CSV_LINE_BYTES)
        return false;
    csv->reader->fault(csv->reader->owner, &fault);
    for (;;) {
        const char *stop = memchr(csv->next, '\n', (size_t)(csv->end - csv->next));

        csv->next = stop != NULL ? stop + 1 : csv->end;
        if (stop != NULL)
            break;
        fill_window(csv);
        if (csv->next == csv->end)
            break;
    }
    csv->line++;
    return true;
}

/* One record, good or broken. False: nothing more is to be read, or not with this header. */
static bool read_record(struct csv *csv)
{
    const char *start;
    uint64_t line;

    skip_empty_lines(csv);
    if (csv->next == csv->end)
        return false;
    if (skip_long_line(csv))
        return csv->columns > 0;
    start = csv->next;
    line = csv->line;
    csv->broken = NULL;
    csv->ended = false;
    csv->count = 0;
    csv->text_bytes = 0;
    read_lines(csv);
    for (size_t i = 0; i < csv->count; i++)
        csv->fields[i] = (struct text){csv->text + csv->cells[i].at, csv->cells[i].bytes};
    if (csv->broken != NULL) {
        give_up_record(csv, start, line, csv->count + 1, csv->broken);
        return start_parser(csv) && csv->columns > 0;
    }
    if (csv->columns == 0)
        return pass_header(csv, line);
    pass_record(csv, start, line);
    return true;
}

static bool read_records(struct csv *csv)
{
    bool good = false;

    csv->line = 1;
    if (start_parser(csv)) {
        while (read_record(csv))
            continue;
        good = csv->columns > 0 && csv->next == csv->end;
    }
    csv_free(&csv->parser);
    free(csv->text);
    return good;
}

bool import_csv_read(const char *bytes, size_t count, const struct import_csv_reader *reader)
{
    struct csv *csv = calloc(1, sizeof(*csv));
    bool good;

    if (csv == NULL)
        return false;
    csv->reader = reader;
    csv->next = bytes;
    csv->end = bytes + count;
    csv->is_all = true;
    good = read_records(csv);
    free(csv);
    return good;
}

bool import_csv_stream(struct import_csv_source *source, const struct import_csv_reader *reader)
{
    struct csv *csv = calloc(1, sizeof(*csv));
    bool good = false;

    if (csv == NULL)
        return false;
    csv->reader = reader;
    csv->source = source;
    csv->window = malloc(WINDOW_BYTES);
    csv->next = csv->end = csv->window;
    if (csv->window != NULL)
        good = read_records(csv);
    free(csv->window);
    free(csv);
    return good;
}
