#include "common/pure/utf8.h"

static bool is_tail(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Bytes of the character that begins so; 0: none does. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

int32_t utf8_next(struct text text, size_t *at)
{
    static const int32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text.at + *at;
    size_t length = length_of(bytes[0]);

    if (length == 0 || length > text.bytes - *at)
        return -1;

    int32_t character = length == 1 ? bytes[0] : bytes[0] & (0xff >> (length + 1));

    for (size_t i = 1; i < length; i++) {
        if (!is_tail(bytes[i]))
            return -1;
        character = character << 6 | (bytes[i] & 0x3f);
    }
    if (character < smallest[length] || character > 0x10ffff ||
        (character >= 0xd800 && character <= 0xdfff))
        return -1;
    *at += length;
    return character;
}

size_t utf8_count(struct text text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.bytes; i++)
        count += (text.at[i] & 0xc0) != 0x80;
    return count;
}

static bool is_space(int32_t character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r' ||
           character == 0x3000 || character == 0xa0;
}

struct text utf8_trim(struct text text)
{
    size_t at = 0, first = text.bytes, end = 0;

    while (at < text.bytes) {
        size_t begin = at;
        int32_t character = utf8_next(text, &at);

        if (character < 0)
            return text;
        if (is_space(character))
            continue;
        if (first == text.bytes)
            first = begin;
        end = at;
    }
    return end > first ? (struct text){text.at + first, end - first} : (struct text){text.at, 0};
}

void utf8_open(struct utf8_writer *writer, char *out, size_t room)
{
    *writer = (struct utf8_writer){.out = out, .room = room};
    out[0] = '\0';
}

void utf8_put(struct utf8_writer *writer, int32_t character)
{
    char bytes[4];
    size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};

    /* Once something was left out, nothing behind it is added. */
    if (writer->overflowed || writer->bytes + length >= writer->room) {
        writer->overflowed = true;
        return;
    }
    for (size_t i = length - 1; i > 0; i--, character >>= 6)
        bytes[i] = (char)(0x80 | (character & 0x3f));
    bytes[0] = (char)(marks[length] | character);
    for (size_t i = 0; i < length; i++)
        writer->out[writer->bytes++] = bytes[i];
    writer->out[writer->bytes] = '\0';
}

int32_t utf8_half_width(int32_t character)
{
    if (character == 0x3000)
        return ' ';
    return character >= 0xff01 && character <= 0xff5e ? character - 0xff01 + '!' : character;
}

int32_t utf8_lower(int32_t character)
{
    return character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : character;
}

bool utf8_is_han(int32_t character)
{
    return (character >= 0x4e00 && character <= 0x9fff) ||
           (character >= 0x3400 && character <= 0x4dbf) || character == 0x3007 ||
           (character >= 0xf900 && character <= 0xfaff) ||
           (character >= 0x20000 && character <= 0x323af);
}
