/*
 * Lines are cut out of pieces; a line longer than there is room for counts as no text in either
 * encoding.
 */
#include "clients/kehuctl/import_scan.h"

#include <sodium.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROOM_BYTES = 1 << 17,
    MARK_BYTES = 4,
};

struct scanning {
    struct import_converter *utf8, *gb18030;
    crypto_hash_sha256_state hash;
    char line[ROOM_BYTES];
    size_t used;
    bool is_overlong;
    bool has_last; /* the end of the file lacks a line end */
    uint64_t lines, as_utf8, as_gb18030, beyond_ascii;
};

static bool is_plain(const char *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)at[i] >= 0x80)
            return false;
    return true;
}

static void end_line(struct scanning *scanning)
{
    struct text line = {scanning->line, scanning->used}, ignored;

    scanning->lines++;
    if (!scanning->is_overlong && !is_plain(line.at, line.bytes)) {
        scanning->beyond_ascii++;
        scanning->as_utf8 += import_converter_read(scanning->utf8, line, &ignored);
        scanning->as_gb18030 += import_converter_read(scanning->gb18030, line, &ignored);
    }
    scanning->used = 0;
    scanning->is_overlong = scanning->has_last = false;
}

static void take_bytes(struct scanning *scanning, const char *at, size_t bytes)
{
    scanning->has_last = true;
    if (scanning->used + bytes > ROOM_BYTES) {
        scanning->is_overlong = true;
        return;
    }
    memcpy(scanning->line + scanning->used, at, bytes);
    scanning->used += bytes;
}

static void take_piece(struct scanning *scanning, const char *at, size_t bytes)
{
    const char *end = at + bytes;

    crypto_hash_sha256_update(&scanning->hash, (const unsigned char *)at, bytes);
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (stop == NULL) {
            take_bytes(scanning, at, (size_t)(end - at));
            return;
        }
        take_bytes(scanning, at, (size_t)(stop - at));
        end_line(scanning);
        at = stop + 1;
    }
}

static bool scan_pieces(struct scanning *scanning, struct import_stream *stream,
                        struct import_scan *out, char *why, size_t why_bytes)
{
    char piece[ROOM_BYTES / 2];
    size_t got = import_stream_read(stream, piece, sizeof(piece));

    if (!import_encoding_detect(piece, got < MARK_BYTES ? got : MARK_BYTES, &out->encoding,
                                &out->skip, why, why_bytes))
        return false;
    for (; got > 0; got = import_stream_read(stream, piece, sizeof(piece)))
        take_piece(scanning, piece, got);
    if (scanning->has_last)
        end_line(scanning);
    if (import_stream_why(stream)[0] == '\0')
        return true;
    snprintf(why, why_bytes, "%s", import_stream_why(stream));
    return false;
}

static void conclude(struct scanning *scanning, struct import_scan *out)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256_final(&scanning->hash, hash);
    sodium_bin2hex(out->hash, sizeof(out->hash), hash, sizeof(hash));
    out->lines = scanning->lines;
    if (out->skip > 0)
        return;
    out->encoding =
        scanning->as_utf8 < scanning->beyond_ascii && scanning->as_gb18030 > scanning->as_utf8
            ? IMPORT_ENCODING_GB18030
            : IMPORT_ENCODING_UTF8;
}

bool import_scan_read(struct import_stream *stream, struct import_scan *out, char *why,
                      size_t why_bytes)
{
    struct scanning *scanning = calloc(1, sizeof(*scanning));
    bool good = false;

    if (scanning == NULL) {
        snprintf(why, why_bytes, "memory is out");
        return false;
    }
    *out = (struct import_scan){.encoding = IMPORT_ENCODING_UTF8};
    crypto_hash_sha256_init(&scanning->hash);
    scanning->utf8 = import_converter_new(IMPORT_ENCODING_UTF8);
    scanning->gb18030 = import_converter_new(IMPORT_ENCODING_GB18030);
    if (scanning->utf8 == NULL || scanning->gb18030 == NULL)
        snprintf(why, why_bytes, "memory is out");
    else
        good = scan_pieces(scanning, stream, out, why, why_bytes);
    if (good)
        conclude(scanning, out);
    import_converter_free(scanning->utf8);
    import_converter_free(scanning->gb18030);
    free(scanning);
    return good;
}
