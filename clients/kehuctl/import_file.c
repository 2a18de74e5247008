/*
 * Reading through zlib, which passes plain files through unchanged.
 */
#include "clients/kehuctl/import_file.h"

#include <zlib.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FIRST_BYTES = 1 << 20,
    ZLIB_BUFFER_BYTES = 1 << 17,
    READ_BYTES = 1 << 30, /* gzread counts in int */
};

struct buffer {
    char *at;
    size_t count;
    size_t room;
};

static int open_path(const char *path, char *why, size_t why_bytes)
{
    struct stat about;
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        snprintf(why, why_bytes, "%s", strerror(errno));
        return -1;
    }
    if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
        snprintf(why, why_bytes, "is a folder, not a file");
        close(fd);
        return -1;
    }
    return fd;
}

static bool make_room(struct buffer *buffer, char *why, size_t why_bytes)
{
    size_t room = buffer->room == 0 ? FIRST_BYTES : buffer->room * 2;
    char *larger;

    if (buffer->count < buffer->room)
        return true;
    if (buffer->room > IMPORT_FILE_MAX_BYTES) {
        snprintf(why, why_bytes, "is larger than %zu MiB unpacked; split it into several files",
                 IMPORT_FILE_MAX_BYTES >> 20);
        return false;
    }
    larger = realloc(buffer->at, room);
    if (larger == NULL) {
        snprintf(why, why_bytes, "memory is out after %zu bytes", buffer->count);
        return false;
    }
    buffer->at = larger;
    buffer->room = room;
    return true;
}

static bool read_all(gzFile file, struct buffer *buffer, char *why, size_t why_bytes)
{
    for (;;) {
        size_t room;
        int got, error = Z_OK;
        const char *text;

        if (!make_room(buffer, why, why_bytes))
            return false;
        room = buffer->room - buffer->count;
        got = gzread(file, buffer->at + buffer->count,
                     room < READ_BYTES ? (unsigned)room : READ_BYTES);
        if (got > 0) {
            buffer->count += (size_t)got;
            continue;
        }
        /* A gzip file that was cut off ends with 0 bytes and Z_BUF_ERROR, not with -1. */
        text = gzerror(file, &error);
        if (got == 0 && error == Z_OK)
            return true;
        if (error == Z_BUF_ERROR)
            snprintf(why, why_bytes, "the gzip file is cut off after %zu unpacked bytes",
                     buffer->count);
        else
            snprintf(why, why_bytes, "cannot be read after %zu unpacked bytes: %s", buffer->count,
                     error == Z_ERRNO ? strerror(errno) : text);
        return false;
    }
}

enum import_file_result import_file_read(const char *path, char **bytes, size_t *count, char *why,
                                         size_t why_bytes)
{
    struct buffer buffer = {NULL, 0, 0};
    gzFile file;
    bool good;
    int fd = open_path(path, why, why_bytes);

    if (fd < 0)
        return IMPORT_FILE_ABSENT;
    file = gzdopen(fd, "rb");
    if (file == NULL) {
        close(fd);
        snprintf(why, why_bytes, "memory is out");
        return IMPORT_FILE_BROKEN;
    }
    gzbuffer(file, ZLIB_BUFFER_BYTES);
    good = read_all(file, &buffer, why, why_bytes);
    gzclose(file);
    if (!good) {
        free(buffer.at);
        return IMPORT_FILE_BROKEN;
    }
    *bytes = buffer.at;
    *count = buffer.count;
    return IMPORT_FILE_READ;
}
