/*
 * Logfmt lines on stderr. A line is built in one buffer and leaves in one write, so that lines of
 * several processes on one stderr do not mix. A log that cannot be written stops nobody.
 */
#include "common/logfmt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VALUE_BYTES_MAX 512
#define LINE_BYTES_MAX 16384
/* What one value may grow to: every byte escaped as \u00XX, quotes and the mark of a cut. */
#define VALUE_ROOM (VALUE_BYTES_MAX * 6 + 8)

struct line {
    char bytes[LINE_BYTES_MAX];
    size_t used;
};

static char service_name[64] = "kehu";
static bool enabled = true;

void logfmt_set_service(const char *service)
{
    snprintf(service_name, sizeof(service_name), "%s", service);
}

void logfmt_set_enabled(bool is_enabled)
{
    enabled = is_enabled;
}

static void add_bytes(struct line *line, const char *bytes, size_t count)
{
    memcpy(line->bytes + line->used, bytes, count);
    line->used += count;
}

/* Length of the UTF-8 character at `at`, 0 where there is none: cut, overlong, surrogate. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

    if (!length || length > left || at[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

static bool needs_quotes(const char *value, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)value[i];

        if (byte <= ' ' || byte == '"' || byte == '=' || byte == '\\' || byte >= 0x7f)
            return true;
    }
    return false;
}

static void add_escaped(struct line *line, unsigned char byte)
{
    char escaped[8];
    int count;

    switch (byte) {
    case '"':
    case '\\':
        count = snprintf(escaped, sizeof(escaped), "\\%c", byte);
        break;
    case '\n':
        count = snprintf(escaped, sizeof(escaped), "\\n");
        break;
    case '\r':
        count = snprintf(escaped, sizeof(escaped), "\\r");
        break;
    case '\t':
        count = snprintf(escaped, sizeof(escaped), "\\t");
        break;
    default:
        count = snprintf(escaped, sizeof(escaped), "\\u%04x", byte);
        break;
    }
    add_bytes(line, escaped, (size_t)count);
}

/* Adds one character of a quoted value; returns how many bytes of it were used. */
static size_t add_character(struct line *line, const unsigned char *at, size_t left)
{
    size_t length = utf8_length(at, left);

    if (length == 0) {
        add_bytes(line, "\xef\xbf\xbd", 3); /* U+FFFD stands for what is no UTF-8 */
        return 1;
    }
    if (length == 1 && (at[0] < ' ' || at[0] == '"' || at[0] == '\\' || at[0] == 0x7f)) {
        add_escaped(line, at[0]);
        return 1;
    }
    if (length == 2 && at[0] == 0xc2 && at[1] < 0xa0) { /* the C1 controls move cursors too */
        add_escaped(line, at[1]);
        return 2;
    }
    add_bytes(line, (const char *)at, length);
    return length;
}

static void add_value(struct line *line, const char *value)
{
    size_t count = strnlen(value, VALUE_BYTES_MAX + 1);
    bool is_cut = count > VALUE_BYTES_MAX;

    if (is_cut) {
        count = VALUE_BYTES_MAX;
        while (count > VALUE_BYTES_MAX - 3 && ((unsigned char)value[count] & 0xc0) == 0x80)
            count--;
    }
    if (!is_cut && !needs_quotes(value, count)) {
        add_bytes(line, value, count);
        return;
    }
    add_bytes(line, "\"", 1);
    for (size_t i = 0; i < count;)
        i += add_character(line, (const unsigned char *)value + i, count - i);
    if (is_cut)
        add_bytes(line, "\xe2\x80\xa6", 3);
    add_bytes(line, "\"", 1);
}

static void add_pair(struct line *line, const char *key, const char *value)
{
    size_t key_bytes = strlen(key);

    /* One byte is kept for the newline; pairs that no longer fit are left out whole. */
    if (line->used + key_bytes + 2 + VALUE_ROOM + 1 > sizeof(line->bytes))
        return;
    if (line->used)
        add_bytes(line, " ", 1);
    add_bytes(line, key, key_bytes);
    add_bytes(line, "=", 1);
    add_value(line, value);
}

static void write_line(const char *level, const char *event, va_list pairs)
{
    struct line line;
    struct timespec now;
    struct tm parts;
    char stamp[40];
    size_t used;
    const char *key;

    if (!enabled)
        return;
    line.used = 0;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    used = strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(stamp + used, sizeof(stamp) - used, ".%03ldZ", now.tv_nsec / 1000000);
    add_pair(&line, "time", stamp);
    add_pair(&line, "service", service_name);
    add_pair(&line, "level", level);
    add_pair(&line, "event", event);
    while ((key = va_arg(pairs, const char *))) {
        const char *value = va_arg(pairs, const char *);
        if (value && *value) /* a pair without a value is left out */
            add_pair(&line, key, value);
    }
    line.bytes[line.used++] = '\n';
    if (write(STDERR_FILENO, line.bytes, line.used) < 0)
        return; /* nobody is left to tell */
}

void logfmt_info(const char *event, ...)
{
    va_list pairs;

    va_start(pairs, event);
    write_line("info", event, pairs);
    va_end(pairs);
}

void logfmt_warning(const char *event, ...)
{
    va_list pairs;

    va_start(pairs, event);
    write_line("warning", event, pairs);
    va_end(pairs);
}

void logfmt_error(const char *event, ...)
{
    va_list pairs;

    va_start(pairs, event);
    write_line("error", event, pairs);
    va_end(pairs);
}
