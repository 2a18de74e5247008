/*
 * One key's file, member by member. Whatever is wrong ends the reading with a sentence about it.
 */
#include "common/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/curve.h"

#define PATTERNS_MAX 64
#define PATTERN_BYTES_MAX 200
#define IN_FLIGHT_STANDARD 256
#define IN_FLIGHT_MAX 4096
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* The key being read and where to say what is wrong with it. */
struct reader {
    struct key key;
    char *why;
    size_t why_bytes;
};

static bool refuse(struct reader *reader, const char *format, ...) PRINTF_LIKE(2, 3);

static bool refuse(struct reader *reader, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(reader->why, reader->why_bytes, format, list);
    va_end(list);
    return false;
}

/* Copies a text member; the size of `to` bounds it. */
static bool take_text(struct reader *reader, const char *member, const json_t *value, char *to,
                      size_t to_bytes)
{
    if (!json_is_string(value))
        return refuse(reader, "%s is not a text", member);
    if (json_string_length(value) >= to_bytes)
        return refuse(reader, "%s is longer than %zu bytes", member, to_bytes - 1);
    memcpy(to, json_string_value(value), json_string_length(value) + 1);
    return true;
}

static bool take_boolean(struct reader *reader, const char *member, const json_t *value, bool *to)
{
    if (!json_is_boolean(value))
        return refuse(reader, "%s is neither true nor false", member);
    *to = json_is_true(value);
    return true;
}

static bool take_in_flight(struct reader *reader, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > IN_FLIGHT_MAX)
        return refuse(reader, "max_in_flight is not a whole number from 1 to %d", IN_FLIGHT_MAX);
    reader->key.max_in_flight = (unsigned)json_integer_value(value);
    return true;
}

/* Of sources only "*" alone is a pattern, of the others any beginning that ends with "*". */
static bool is_pattern(const char *member, const char *pattern)
{
    size_t bytes = strlen(pattern);
    const char *star = strchr(pattern, '*');

    if (bytes == 0 || bytes > PATTERN_BYTES_MAX)
        return false;
    return !star || bytes == 1 || (star == pattern + bytes - 1 && strcmp(member, "publish") != 0);
}

static bool take_patterns(struct reader *reader, const char *member, const json_t *value,
                          char ***to, size_t *to_count)
{
    size_t count = json_array_size(value);

    if (!json_is_array(value))
        return refuse(reader, "%s is not a list", member);
    if (count > PATTERNS_MAX)
        return refuse(reader, "%s has more than %d elements", member, PATTERNS_MAX);
    if (count == 0)
        return true;
    *to = calloc(count, sizeof(**to));
    if (!*to)
        return refuse(reader, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const char *pattern = json_string_value(json_array_get(value, i));

        if (!pattern || !is_pattern(member, pattern))
            return refuse(reader, "%s[%zu] is not a name or pattern", member, i);
        (*to)[i] = strdup(pattern);
        if (!(*to)[i])
            return refuse(reader, "out of memory");
        *to_count = i + 1;
    }
    return true;
}

static bool take_kind(struct reader *reader, const json_t *value)
{
    const char *kind = json_string_value(value);

    if (!kind ||
        (strcmp(kind, "service") != 0 && strcmp(kind, "person") != 0 && strcmp(kind, "admin") != 0))
        return refuse(reader, "kind is not service, person or admin");
    return take_text(reader, "kind", value, reader->key.kind, sizeof(reader->key.kind));
}

static bool take_member(struct reader *reader, const char *member, const json_t *value)
{
    struct key *key = &reader->key;

    if (strcmp(member, "name") == 0)
        return take_text(reader, member, value, key->name, sizeof(key->name));
    if (strcmp(member, "public") == 0)
        return take_text(reader, member, value, key->public_z85, sizeof(key->public_z85));
    if (strcmp(member, "kind") == 0)
        return take_kind(reader, value);
    if (strcmp(member, "staff") == 0)
        return take_text(reader, member, value, key->staff, sizeof(key->staff));
    if (strcmp(member, "publish") == 0)
        return take_patterns(reader, member, value, &key->publish, &key->publish_count);
    if (strcmp(member, "types") == 0)
        return take_patterns(reader, member, value, &key->types, &key->types_count);
    if (strcmp(member, "call") == 0)
        return take_patterns(reader, member, value, &key->call, &key->call_count);
    if (strcmp(member, "act_for") == 0)
        return take_boolean(reader, member, value, &key->act_for);
    if (strcmp(member, "read_only") == 0)
        return take_boolean(reader, member, value, &key->read_only);
    if (strcmp(member, "administer") == 0)
        return take_boolean(reader, member, value, &key->administer);
    if (strcmp(member, "max_in_flight") == 0)
        return take_in_flight(reader, value);
    return refuse(reader, "%.64s: there is no such member", member);
}

static bool is_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strspn(name, NAME_CHARACTERS) == strlen(name);
}

static bool check_key(struct reader *reader, const char *name)
{
    const struct key *key = &reader->key;

    if (!is_name(key->name))
        return refuse(reader, "name is not 1 to 64 letters, digits, dots, hyphens, underscores");
    if (strcmp(key->name, name) != 0)
        return refuse(reader, "name is %s, the file's name says otherwise", key->name);
    if (!curve_is_key(key->public_z85))
        return refuse(reader, "public is not %d characters of Z85", KEY_PUBLIC_CHARS);
    if (!key->kind[0])
        return refuse(reader, "kind is missing");
    if (key->administer && key->read_only)
        return refuse(reader, "administer and read_only contradict each other");
    return true;
}

static bool decode_members(struct reader *reader, const char *name, json_t *root)
{
    const char *member;
    json_t *value;

    if (!json_is_object(root))
        return refuse(reader, "it is not a JSON object");
    json_object_foreach(root, member, value)
    {
        if (!take_member(reader, member, value))
            return false;
    }
    return check_key(reader, name);
}

enum status keyfile_decode(const char *name, const char *bytes, size_t count, struct key *out,
                           char *why, size_t why_bytes)
{
    struct reader reader = {.why = why, .why_bytes = why_bytes};
    json_error_t error;
    json_t *root = json_loadb(bytes, count, JSON_REJECT_DUPLICATES, &error);
    bool is_good;

    if (!root) {
        snprintf(why, why_bytes, "it is not JSON: line %d: %.100s", error.line, error.text);
        return INVALID_ARGUMENT;
    }
    reader.key.max_in_flight = IN_FLIGHT_STANDARD;
    is_good = decode_members(&reader, name, root);
    json_decref(root);
    if (!is_good) {
        keyfile_clear(&reader.key);
        return INVALID_ARGUMENT;
    }
    *out = reader.key;
    return OK;
}

/* Reads at most KEYFILE_BYTES_MAX + 1 bytes; -1 with errno when it cannot. */
static ssize_t read_bytes(const char *path, char *bytes)
{
    struct stat about;
    size_t used = 0;
    ssize_t got = -1;
    /* O_NONBLOCK: a named pipe in the folder must not hold up the loop. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (file < 0)
        return -1;
    if (fstat(file, &about) == 0 && !S_ISREG(about.st_mode)) {
        close(file);
        errno = EINVAL;
        return -1;
    }
    while (used <= KEYFILE_BYTES_MAX) {
        got = read(file, bytes + used, KEYFILE_BYTES_MAX + 1 - used);
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    close(file);
    return got < 0 ? -1 : (ssize_t)used;
}

enum status keyfile_read(const char *folder, const char *file, struct key *out, char *why,
                         size_t why_bytes)
{
    char path[4096];
    char name[256];
    const char *dot = strrchr(file, '.');
    enum status status = INVALID_ARGUMENT;
    char *bytes = malloc(KEYFILE_BYTES_MAX + 1);
    ssize_t used;

    if (!bytes) {
        snprintf(why, why_bytes, "out of memory");
        return status;
    }
    snprintf(path, sizeof(path), "%s/%s", folder, file);
    snprintf(name, sizeof(name), "%.*s", dot ? (int)(dot - file) : 0, file);
    used = read_bytes(path, bytes);
    if (used < 0)
        snprintf(why, why_bytes, "it cannot be read: %s", strerror(errno));
    else if (used > KEYFILE_BYTES_MAX)
        snprintf(why, why_bytes, "it is larger than %d bytes", KEYFILE_BYTES_MAX);
    else
        status = keyfile_decode(name, bytes, (size_t)used, out, why, why_bytes);
    free(bytes);
    return status;
}

void keyfile_clear(struct key *key)
{
    for (size_t i = 0; i < key->publish_count; i++)
        free(key->publish[i]);
    for (size_t i = 0; i < key->types_count; i++)
        free(key->types[i]);
    for (size_t i = 0; i < key->call_count; i++)
        free(key->call[i]);
    free(key->publish);
    free(key->types);
    free(key->call);
    memset(key, 0, sizeof(*key));
}
