#include "common/zones.h"

#include <stdio.h>
#include <string.h>

#include "common/pure/tzif.h"

#define FOLDER "/usr/share/zoneinfo"
#define LARGEST_FILE_BYTES (64 * 1024)

/* Letters, digits, and what IANA names hold besides; nothing that could leave the folder. */
static bool is_name(const char *name)
{
    size_t bytes =
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    return bytes > 0 && name[bytes] == '\0' && name[0] != '/' &&
           bytes < sizeof(((struct zone *)0)->name);
}

/* The number of bytes read; 0 when there is no such file. */
static size_t read_file(const char *name, uint8_t *bytes, size_t size)
{
    char path[sizeof(FOLDER) + sizeof(((struct zone *)0)->name)];

    snprintf(path, sizeof(path), "%s/%s", FOLDER, name);

    FILE *file = fopen(path, "rbe");

    if (!file)
        return 0;

    size_t count = fread(bytes, 1, size, file);

    fclose(file);
    return count;
}

enum status zones_load(const char *name, struct zone *out, char *why, size_t why_bytes)
{
    uint8_t bytes[LARGEST_FILE_BYTES];
    struct zone zone = {.first_offset_s = 0};

    if (!is_name(name)) {
        snprintf(why, why_bytes,
                 "\"%.64s\" is no name of a time zone: one looks like Asia/Shanghai or UTC", name);
        return INVALID_ARGUMENT;
    }
    memcpy(zone.name, name, strlen(name));
    if (strcmp(name, "UTC") == 0) {
        *out = zone;
        return OK;
    }

    size_t count = read_file(name, bytes, sizeof(bytes));

    if (count == 0 && read_file("Etc/UTC", bytes, sizeof(bytes)) == 0) {
        snprintf(why, why_bytes,
                 "time zone \"%s\" cannot be read: " FOLDER " is empty, install the package tzdata",
                 name);
        return INVALID_ARGUMENT;
    }
    if (count == 0 || !tzif_read(bytes, count, &zone)) {
        snprintf(why, why_bytes,
                 "time zone \"%s\" is not known: give a name of the IANA database as it is written "
                 "there, such as Asia/Shanghai or Europe/London",
                 name);
        return INVALID_ARGUMENT;
    }
    *out = zone;
    return OK;
}
