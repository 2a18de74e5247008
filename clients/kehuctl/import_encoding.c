/*
 * ICU knows the encodings; we know which one to ask for.
 */
#include "clients/kehuctl/import_encoding.h"

#include <unicode/ucnv.h>
#include <unicode/utf8.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    FIELD_BYTES = 1 << 16,
    /* Two bytes of GB18030 are at most three of UTF-8, four are at most four. */
    FIELD_UTF8_BYTES = FIELD_BYTES * 2,
};

struct import_converter {
    UConverter *gb18030; /* NULL: UTF-8 */
    char text[FIELD_UTF8_BYTES];
};

static const struct {
    const char *name;
    enum import_encoding encoding;
} encodings[] = {
    {"utf-8", IMPORT_ENCODING_UTF8},      {"utf8", IMPORT_ENCODING_UTF8},
    {"gb18030", IMPORT_ENCODING_GB18030}, {"gbk", IMPORT_ENCODING_GB18030},
    {"gb2312", IMPORT_ENCODING_GB18030},
};

const char *import_encoding_name(enum import_encoding encoding)
{
    return encoding == IMPORT_ENCODING_GB18030 ? "GB18030" : "UTF-8";
}

bool import_encoding_parse(const char *name, enum import_encoding *encoding)
{
    for (size_t i = 0; i < COUNT_OF(encodings); i++) {
        if (strcasecmp(name, encodings[i].name) == 0) {
            *encoding = encodings[i].encoding;
            return true;
        }
    }
    return false;
}

static bool is_ascii(struct text text)
{
    for (size_t i = 0; i < text.bytes; i++) {
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    }
    return true;
}

static bool is_utf8(struct text text)
{
    const uint8_t *at = (const uint8_t *)text.at;
    size_t i = 0;

    while (i < text.bytes) {
        UChar32 character;

        U8_NEXT(at, i, text.bytes, character);
        if (character < 0)
            return false;
    }
    return true;
}

struct import_converter *import_converter_new(enum import_encoding encoding)
{
    struct import_converter *converter = calloc(1, sizeof(*converter));
    UErrorCode error = U_ZERO_ERROR;

    if (converter == NULL || encoding == IMPORT_ENCODING_UTF8)
        return converter;
    converter->gb18030 = ucnv_open("gb18030", &error);
    if (converter->gb18030 != NULL)
        ucnv_setToUCallBack(converter->gb18030, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
    if (U_FAILURE(error)) {
        import_converter_free(converter);
        return NULL;
    }
    return converter;
}

void import_converter_free(struct import_converter *converter)
{
    if (converter == NULL)
        return;
    if (converter->gb18030 != NULL)
        ucnv_close(converter->gb18030);
    free(converter);
}

bool import_converter_read(struct import_converter *converter, struct text field, struct text *out)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t bytes;

    if (field.bytes > FIELD_BYTES)
        return false;
    if (is_ascii(field)) {
        *out = field;
        return true;
    }
    if (converter->gb18030 == NULL) {
        if (!is_utf8(field))
            return false;
        *out = field;
        return true;
    }
    bytes = ucnv_toAlgorithmic(UCNV_UTF8, converter->gb18030, converter->text,
                               sizeof(converter->text), field.at, (int32_t)field.bytes, &error);
    if (U_FAILURE(error))
        return false;
    *out = (struct text){converter->text, (size_t)bytes};
    return true;
}

/* A mark of an encoding that we do not read, or the zero bytes that ASCII has in it. */
static const char *wide_name(const unsigned char *at, size_t count)
{
    if (count >= 4 && memcmp(at, "\xFF\xFE\0\0", 4) == 0)
        return "UTF-32";
    if (count >= 4 && memcmp(at, "\0\0\xFE\xFF", 4) == 0)
        return "UTF-32";
    if (count >= 2 && (memcmp(at, "\xFF\xFE", 2) == 0 || memcmp(at, "\xFE\xFF", 2) == 0))
        return "UTF-16";
    if (count >= 4 && ((at[0] == 0 && at[2] == 0 && at[1] != 0 && at[3] != 0) ||
                       (at[1] == 0 && at[3] == 0 && at[0] != 0 && at[2] != 0)))
        return "UTF-16";
    return NULL;
}

/* Counts the lines beyond ASCII that read well in either encoding. */
static bool count_lines(const char *bytes, size_t count, size_t *as_utf8, size_t *as_gb18030)
{
    struct import_converter *converter = import_converter_new(IMPORT_ENCODING_GB18030);
    const char *end = bytes + count;
    struct text ignored;

    if (converter == NULL)
        return false;
    *as_utf8 = *as_gb18030 = 0;
    while (bytes < end) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        struct text line = {bytes, (size_t)((stop != NULL ? stop : end) - bytes)};

        bytes = stop != NULL ? stop + 1 : end;
        if (is_ascii(line))
            continue;
        *as_utf8 += is_utf8(line);
        *as_gb18030 += import_converter_read(converter, line, &ignored);
    }
    import_converter_free(converter);
    return true;
}

bool import_encoding_detect(const char *bytes, size_t count, enum import_encoding *encoding,
                            size_t *skip, char *why, size_t why_bytes)
{
    const char *wide = wide_name((const unsigned char *)bytes, count);
    size_t as_utf8, as_gb18030;

    if (wide != NULL) {
        snprintf(why, why_bytes, "the file is in %s; save it as UTF-8 or GB18030", wide);
        return false;
    }
    *encoding = IMPORT_ENCODING_UTF8;
    *skip = 0;
    if (count >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        *skip = 3;
        return true;
    }
    if (count >= 4 && memcmp(bytes, "\x84\x31\x95\x33", 4) == 0) {
        *encoding = IMPORT_ENCODING_GB18030;
        *skip = 4;
        return true;
    }
    if (!is_utf8((struct text){bytes, count}) && count_lines(bytes, count, &as_utf8, &as_gb18030) &&
        as_gb18030 > as_utf8)
        *encoding = IMPORT_ENCODING_GB18030;
    return true;
}
