/*
 * Settings from the environment, checked against tables before anything else happens: a service
 * starts with exactly what its table says, or says which setting is wrong and what would be right.
 */
#include "common/settings.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "KEHU_"
#define FILE_SUFFIX "_FILE"
#define FILE_BYTES_MAX (64 * 1024)
#define NAME_BYTES_MAX 96

enum setting_origin {
    ORIGIN_NONE,
    ORIGIN_STANDARD,
    ORIGIN_ENVIRONMENT,
    ORIGIN_FILE,
};

struct value {
    const struct setting *setting;
    enum setting_origin origin;
    char *text;
    int64_t integer;
    bool boolean;
};

struct settings {
    size_t count;
    struct value values[];
};

/* Where a failure is described; a struct so that helpers need one argument for it. */
struct reason {
    char *why;
    size_t why_bytes;
};

static enum status refuse(const struct reason *reason, const char *format, ...) PRINTF_LIKE(2, 3);

static enum status refuse(const struct reason *reason, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(reason->why, reason->why_bytes, format, list);
    va_end(list);
    return INVALID_ARGUMENT;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* Levenshtein's distance; names longer than NAME_BYTES_MAX are compared in their first part. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t a_bytes = strnlen(a, NAME_BYTES_MAX);
    size_t b_bytes = strnlen(b, NAME_BYTES_MAX);
    size_t row[NAME_BYTES_MAX + 1];

    for (size_t j = 0; j <= b_bytes; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_bytes; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_bytes; j++) {
            size_t above = row[j];

            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_bytes];
}

/* One that names a file itself has no second form. */
static bool has_file_form(const struct setting *setting)
{
    size_t bytes = strlen(setting->name), suffix = strlen(FILE_SUFFIX);

    return setting->type == SETTING_TEXT &&
           (bytes < suffix || strcmp(setting->name + bytes - suffix, FILE_SUFFIX) != 0);
}

static enum status refuse_unknown(const struct settings *settings, const char *name,
                                  const struct reason *reason)
{
    char nearest[NAME_BYTES_MAX + sizeof(FILE_SUFFIX)] = "";
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *setting = settings->values[i].setting;

        for (int form = 0; form <= (has_file_form(setting) ? 1 : 0); form++) {
            char known[NAME_BYTES_MAX + sizeof(FILE_SUFFIX)];
            size_t distance;

            snprintf(known, sizeof(known), "%s%s", setting->name, form ? FILE_SUFFIX : "");
            distance = edit_distance(name, known);
            if (distance < least) {
                least = distance;
                memcpy(nearest, known, sizeof(nearest));
            }
        }
    }
    if (least == SIZE_MAX)
        return refuse(reason, "%.96s: there is no such setting", name);
    return refuse(reason, "%.96s: there is no such setting; the nearest is %s", name, nearest);
}

/* The value with this name, or NULL; is_file says that the name is the setting's _FILE form. */
static struct value *find_value(struct settings *settings, const char *name, size_t name_bytes,
                                bool *is_file)
{
    for (size_t i = 0; i < settings->count; i++) {
        struct value *value = &settings->values[i];
        size_t bytes = strlen(value->setting->name);

        *is_file = name_bytes == bytes + strlen(FILE_SUFFIX) && has_file_form(value->setting) &&
                   memcmp(name + bytes, FILE_SUFFIX, strlen(FILE_SUFFIX)) == 0;
        if ((name_bytes == bytes || *is_file) && memcmp(name, value->setting->name, bytes) == 0)
            return value;
    }
    return NULL;
}

/* Reads at most FILE_BYTES_MAX + 1 bytes, so that the caller sees what is too long. */
static ssize_t read_bytes(int file, char *bytes)
{
    size_t used = 0;

    while (used <= FILE_BYTES_MAX) {
        ssize_t got = read(file, bytes + used, FILE_BYTES_MAX + 1 - used);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        used += (size_t)got;
    }
    return (ssize_t)used;
}

static enum status check_file_text(const char *name, const char *path, char *bytes, ssize_t used,
                                   const struct reason *reason)
{
    if (used < 0)
        return refuse(reason, "%s_FILE: cannot read %s: %s", name, path, strerror(errno));
    if (used > FILE_BYTES_MAX)
        return refuse(reason, "%s_FILE: %s is larger than %d bytes", name, path, FILE_BYTES_MAX);
    if (memchr(bytes, 0, (size_t)used))
        return refuse(reason, "%s_FILE: %s holds a NUL byte, it must be text", name, path);
    /* Editors and echo end a file with one newline that is not part of the secret. */
    if (used > 0 && bytes[used - 1] == '\n')
        used--;
    bytes[used] = '\0';
    return OK;
}

static enum status read_file(const char *name, const char *path, char **out,
                             const struct reason *reason)
{
    struct stat about;
    enum status status;
    char *bytes = NULL;
    /* O_NONBLOCK: a named pipe put there by mistake must not hold up the start for ever. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (file < 0)
        return refuse(reason, "%s_FILE: cannot open %s: %s", name, path, strerror(errno));
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        status = refuse(reason, "%s_FILE: %s is not a regular file", name, path);
        goto done;
    }
    bytes = calloc(1, FILE_BYTES_MAX + 2);
    if (!bytes) {
        status = refuse(reason, "%s_FILE: out of memory", name);
        goto done;
    }
    status = check_file_text(name, path, bytes, read_bytes(file, bytes), reason);
    if (status == OK) {
        *out = strdup(bytes);
        if (!*out)
            status = refuse(reason, "%s_FILE: out of memory", name);
    }
done:
    if (bytes)
        explicit_bzero(bytes, FILE_BYTES_MAX + 2);
    free(bytes);
    close(file);
    return status;
}

static enum status take_variable(struct settings *settings, const char *variable,
                                 const struct reason *reason)
{
    const char *equals = strchr(variable, '=');
    bool is_file;
    struct value *value;
    char name[NAME_BYTES_MAX];

    if (!equals || strncmp(variable, PREFIX, strlen(PREFIX)) != 0)
        return OK;
    value = find_value(settings, variable, (size_t)(equals - variable), &is_file);
    if (!value) {
        snprintf(name, sizeof(name), "%.*s", (int)(equals - variable), variable);
        return refuse_unknown(settings, name, reason);
    }
    if (value->origin == ORIGIN_ENVIRONMENT && !is_file)
        return refuse(reason, "%s: it is set twice", value->setting->name);
    if (value->origin != ORIGIN_NONE && has_file_form(value->setting))
        return refuse(reason, "%s: set either it or %s_FILE, not both", value->setting->name,
                      value->setting->name);
    if (is_file) {
        value->origin = ORIGIN_FILE;
        return read_file(value->setting->name, equals + 1, &value->text, reason);
    }
    value->origin = ORIGIN_ENVIRONMENT;
    value->text = strdup(equals + 1);
    return value->text ? OK : refuse(reason, "%s: out of memory", value->setting->name);
}

/* Decimal digits with an optional minus and nothing else: "08", "+1", " 1" and "1k" are refused. */
static bool parse_integer(const char *text, int64_t *out)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    long long number;

    if (strspn(digits, "0123456789") != strlen(digits) || digits[0] == '\0')
        return false;
    if (digits[0] == '0' && (digits[1] != '\0' || digits != text))
        return false;
    errno = 0;
    number = strtoll(text, NULL, 10);
    if (errno == ERANGE)
        return false;
    *out = number;
    return true;
}

/* A secret's value stays out of messages: those are logged. */
static const char *shown(const struct value *value)
{
    return value->setting->secret ? "the given value" : value->text;
}

static enum status check_value(struct value *value, const struct reason *reason)
{
    const struct setting *setting = value->setting;

    switch (setting->type) {
    case SETTING_TEXT:
        return OK;
    case SETTING_INTEGER:
        if (!parse_integer(value->text, &value->integer) || value->integer < setting->min ||
            value->integer > setting->max)
            return refuse(
                reason, "%s: \"%.100s\" is not a whole number from %" PRId64 " to %" PRId64 "%s%s",
                setting->name, shown(value), setting->min, setting->max,
                setting->unit[0] ? " " : "", setting->unit);
        return OK;
    case SETTING_BOOLEAN:
        value->boolean = strcmp(value->text, "true") == 0;
        if (!value->boolean && strcmp(value->text, "false") != 0)
            return refuse(reason, "%s: \"%.100s\" is neither true nor false", setting->name,
                          shown(value));
        return OK;
    }
    return OK;
}

static enum status complete_value(struct value *value, const struct reason *reason)
{
    const struct setting *setting = value->setting;

    /* An empty required setting is what a compose file makes of one that was forgotten. */
    if (!setting->standard && (!value->text || !value->text[0]))
        return refuse(reason, "%s: it must be set%s: %s", setting->name,
                      has_file_form(setting) ? " (or its _FILE form)" : "", setting->sentence);
    if (!value->text) {
        value->origin = ORIGIN_STANDARD;
        value->text = strdup(setting->standard);
        if (!value->text)
            return refuse(reason, "%s: out of memory", setting->name);
    }
    return check_value(value, reason);
}

static struct settings *new_settings(const struct setting *const *tables, const size_t *counts,
                                     size_t table_count)
{
    size_t count = 0;
    struct settings *settings;

    for (size_t t = 0; t < table_count; t++)
        count += counts[t];
    settings = calloc(1, sizeof(*settings) + count * sizeof(settings->values[0]));
    if (!settings)
        return NULL;
    for (size_t t = 0; t < table_count; t++) {
        for (size_t i = 0; i < counts[t]; i++) {
            assert(strncmp(tables[t][i].name, PREFIX, strlen(PREFIX)) == 0);
            assert(strlen(tables[t][i].name) < NAME_BYTES_MAX);
            settings->values[settings->count++].setting = &tables[t][i];
        }
    }
    return settings;
}

enum status settings_read(const struct setting *const *tables, const size_t *counts,
                          size_t table_count, char *const *environment, struct settings **out,
                          char *why, size_t why_bytes)
{
    const struct reason reason = {why, why_bytes};
    struct settings *settings = new_settings(tables, counts, table_count);
    enum status status = OK;

    if (!settings)
        return refuse(&reason, "out of memory");
    for (size_t i = 0; environment[i] && status == OK; i++)
        status = take_variable(settings, environment[i], &reason);
    for (size_t i = 0; i < settings->count && status == OK; i++)
        status = complete_value(&settings->values[i], &reason);
    if (status != OK) {
        settings_free(settings);
        return status;
    }
    *out = settings;
    return OK;
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    for (size_t i = 0; i < settings->count; i++) {
        char *text = settings->values[i].text;

        if (text && settings->values[i].setting->secret)
            explicit_bzero(text, strlen(text));
        free(text);
    }
    free(settings);
}

static const struct value *known_value(const struct settings *settings, const char *name,
                                       enum setting_type type)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct value *value = &settings->values[i];

        if (strcmp(value->setting->name, name) == 0) {
            assert(value->setting->type == type);
            return value;
        }
    }
    assert(!"the setting stands in no table");
    abort();
}

const char *settings_text(const struct settings *settings, const char *name)
{
    return known_value(settings, name, SETTING_TEXT)->text;
}

int64_t settings_integer(const struct settings *settings, const char *name)
{
    return known_value(settings, name, SETTING_INTEGER)->integer;
}

bool settings_boolean(const struct settings *settings, const char *name)
{
    return known_value(settings, name, SETTING_BOOLEAN)->boolean;
}

static void print_setting_help(const struct setting *setting)
{
    static const char *const types[] = {"text", "whole number", "true or false"};

    printf("  %s%s\n      %s\n      %s", setting->name, has_file_form(setting) ? "[_FILE]" : "",
           setting->sentence, types[setting->type]);
    if (setting->type == SETTING_INTEGER)
        printf(" from %" PRId64 " to %" PRId64, setting->min, setting->max);
    if (setting->unit[0])
        printf(" (%s)", setting->unit);
    if (!setting->standard)
        printf("; required");
    else if (setting->standard[0])
        printf("; default %s", setting->secret ? "hidden" : setting->standard);
    else
        printf("; default empty");
    printf("%s\n", setting->secret ? "; secret" : "");
}

void settings_print_help(const struct setting *const *tables, const size_t *counts,
                         size_t table_count)
{
    for (size_t t = 0; t < table_count; t++)
        for (size_t i = 0; i < counts[t]; i++)
            print_setting_help(&tables[t][i]);
}

void settings_print(const struct settings *settings)
{
    static const char *const origins[] = {"", "default", "environment", "file"};

    for (size_t i = 0; i < settings->count; i++) {
        const struct value *value = &settings->values[i];
        const char *hidden = value->text[0] ? "(secret)" : "";

        printf("%s=%s%s%s  (%s)\n", value->setting->name,
               value->setting->secret ? hidden : value->text, value->setting->unit[0] ? " " : "",
               value->setting->unit, origins[value->origin]);
    }
}
