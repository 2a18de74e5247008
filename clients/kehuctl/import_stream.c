/*
 * Reading through zlib, which passes plain files through unchanged.
 */
#include "clients/kehuctl/import_stream.h"

#include <zlib.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ZLIB_BUFFER_BYTES = 1 << 17,
    COPY_BYTES = 1 << 16,
    READ_BYTES = 1 << 30, /* gzread counts in int */
};

struct import_stream {
    gzFile file;
    char why[200];
};

/* A copy of standard input that can be read again; -1: why says what is wrong. */
static int keep_input(char *why, size_t why_bytes)
{
    FILE *kept = tmpfile();
    char bytes[COPY_BYTES];
    ssize_t got = 0;
    int fd = -1;

    if (kept == NULL) {
        snprintf(why, why_bytes, "no temporary file: %s", strerror(errno));
        return -1;
    }
    while ((got = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0)
        if (fwrite(bytes, 1, (size_t)got, kept) != (size_t)got)
            break;
    if (got != 0 || fflush(kept) != 0 || fseek(kept, 0, SEEK_SET) != 0)
        snprintf(why, why_bytes, "cannot be kept in a temporary file: %s", strerror(errno));
    else
        fd = dup(fileno(kept));
    fclose(kept);
    return fd;
}

static int open_path(const char *path, char *why, size_t why_bytes)
{
    struct stat about;
    int fd;

    if (strcmp(path, "-") == 0)
        return keep_input(why, why_bytes);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        snprintf(why, why_bytes, "%s", strerror(errno));
        return -1;
    }
    if (fstat(fd, &about) == 0 && !S_ISREG(about.st_mode)) {
        snprintf(why, why_bytes, "is no file that can be read twice; - reads standard input");
        close(fd);
        return -1;
    }
    return fd;
}

enum import_stream_result import_stream_open(const char *path, struct import_stream **out,
                                             char *why, size_t why_bytes)
{
    int fd = open_path(path, why, why_bytes);
    struct import_stream *stream;

    if (fd < 0)
        return IMPORT_STREAM_ABSENT;
    stream = calloc(1, sizeof(*stream));
    if (stream != NULL)
        stream->file = gzdopen(fd, "rb");
    if (stream == NULL || stream->file == NULL) {
        close(fd);
        free(stream);
        snprintf(why, why_bytes, "memory is out");
        return IMPORT_STREAM_BROKEN;
    }
    gzbuffer(stream->file, ZLIB_BUFFER_BYTES);
    *out = stream;
    return IMPORT_STREAM_OPEN;
}

void import_stream_close(struct import_stream *stream)
{
    if (stream == NULL)
        return;
    gzclose(stream->file);
    free(stream);
}

size_t import_stream_read(struct import_stream *stream, char *at, size_t room)
{
    int got = gzread(stream->file, at, room < READ_BYTES ? (unsigned)room : READ_BYTES);
    int error = Z_OK;
    const char *text;

    if (got > 0)
        return (size_t)got;
    /* A gzip file that was cut off ends with 0 bytes and Z_BUF_ERROR, not with -1. */
    text = gzerror(stream->file, &error);
    if (error == Z_BUF_ERROR)
        snprintf(stream->why, sizeof(stream->why), "the gzip file is cut off");
    else if (got < 0 || error != Z_OK)
        snprintf(stream->why, sizeof(stream->why), "cannot be read: %s",
                 error == Z_ERRNO ? strerror(errno) : text);
    return 0;
}

const char *import_stream_why(const struct import_stream *stream)
{
    return stream->why;
}

bool import_stream_rewind(struct import_stream *stream)
{
    stream->why[0] = '\0';
    if (gzrewind(stream->file) == 0)
        return true;
    snprintf(stream->why, sizeof(stream->why), "cannot be read from its beginning again");
    return false;
}
