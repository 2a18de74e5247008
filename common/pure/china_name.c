/* Names of people and companies. */
#include "common/pure/china.h"

#include <string.h>

#include "common/pure/utf8.h"

const char *china_refusal_text(enum china_refusal refusal)
{
    switch (refusal) {
    case CHINA_FINE:
        return "is right";
    case CHINA_EMPTY:
        return "is empty";
    case CHINA_NO_UTF8:
        return "is not UTF-8";
    case CHINA_TOO_LONG:
        return "is too long";
    case CHINA_CONTROL:
        return "has a control character or an invisible mark";
    case CHINA_CHARACTER:
        return "has a character that has no place there";
    case CHINA_NO_NUMBER:
        return "is not a telephone number";
    case CHINA_AREA:
        return "needs its area code";
    case CHINA_LENGTH:
        return "has too few or too many characters";
    case CHINA_CHECK:
        return "is mistyped: its check character does not fit";
    case CHINA_NO_ADDRESS:
        return "is not an e-mail address";
    }
    return "is wrong";
}

static bool is_space(int32_t character)
{
    return character == ' ' || character == 0xa0 || character == 0x3000 ||
           (character >= 0x2000 && character <= 0x200a) || character == 0x202f;
}

/* Controls, and what is not seen but makes two names differ: joiners, direction marks, BOM. */
static bool is_invisible(int32_t character)
{
    return character < 0x20 || (character >= 0x7f && character <= 0x9f) || character == 0xad ||
           (character >= 0x200b && character <= 0x200f) ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0xfeff ||
           (character >= 0xfff0 && character <= 0xffff && character != 0xfffd) ||
           (character >= 0xe0000 && character <= 0xe007f);
}

/* All dots that keyboards offer for 卡米力·肉孜 are one. */
static bool is_middle_dot(int32_t character)
{
    return character == 0xb7 || character == 0x2022 || character == 0x2027 || character == 0x2219 ||
           character == 0x22c5 || character == 0x30fb || character == 0xff65;
}

static bool is_latin_or_digit(int32_t character)
{
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z');
}

static int32_t clean(int32_t character)
{
    int32_t half = utf8_half_width(character);

    if (is_middle_dot(character))
        return 0xb7;
    return is_latin_or_digit(half) ? half : character;
}

static enum china_refusal clean_name(struct text text, int32_t max_characters,
                                     struct utf8_writer *to)
{
    int32_t count = 0;
    bool has_space = false;

    for (size_t at = 0; at < text.bytes;) {
        int32_t character = utf8_next(text, &at);

        if (character < 0)
            return CHINA_NO_UTF8;
        if (is_invisible(character) || character == 0xfffd)
            return character == 0xfffd ? CHINA_CHARACTER : CHINA_CONTROL;
        if (is_space(character)) {
            has_space = count > 0;
            continue;
        }
        if (has_space)
            utf8_put(to, ' ');
        utf8_put(to, clean(character));
        count += 1 + has_space;
        has_space = false;
        if (count > max_characters || to->overflowed)
            return CHINA_TOO_LONG;
    }
    return count ? CHINA_FINE : CHINA_EMPTY;
}

enum china_refusal china_read_name(struct text text, int32_t max_characters, char *name,
                                   size_t room)
{
    char cleaned[1024];
    struct utf8_writer to;

    utf8_open(&to, cleaned, room < sizeof(cleaned) ? room : sizeof(cleaned));

    enum china_refusal refusal = clean_name(text, max_characters, &to);

    if (!refusal)
        memcpy(name, cleaned, to.bytes + 1);
    return refusal;
}

/* The letters, digits and characters of which a company's name is made; signs are decoration. */
static bool is_of_key(int32_t character)
{
    if (character < 0x80)
        return is_latin_or_digit(character);
    return !is_space(character) && !is_invisible(character) && !is_middle_dot(character) &&
           character != 0xd7 && !(character >= 0x2010 && character <= 0x206f) &&
           !(character >= 0x3001 && character <= 0x303f && character != 0x3005 &&
             character != 0x3007) &&
           !(character >= 0xfe10 && character <= 0xfe6f) &&
           !(character >= 0xff01 && character <= 0xff65);
}

static size_t remove_all(char *text, size_t bytes, struct text what)
{
    size_t kept = 0;

    for (size_t at = 0; at < bytes;) {
        if (bytes - at >= what.bytes && memcmp(text + at, what.at, what.bytes) == 0)
            at += what.bytes;
        else
            text[kept++] = text[at++];
    }
    text[kept] = '\0';
    return kept;
}

bool china_make_company_key(struct text name, char *key, size_t room)
{
    struct utf8_writer to;

    utf8_open(&to, key, room);
    for (size_t at = 0; at < name.bytes;) {
        int32_t character = utf8_next(name, &at);

        if (character < 0)
            return false;
        character = utf8_lower(utf8_half_width(character));
        if (is_of_key(character))
            utf8_put(&to, character);
    }
    if (to.overflowed)
        return false;
    remove_all(key, remove_all(key, to.bytes, TEXT_OF("有限责任公司")), TEXT_OF("有限公司"));
    return true;
}

static bool has_at(struct text text, size_t at, struct text what)
{
    return text.bytes - at >= what.bytes && memcmp(text.at + at, what.at, what.bytes) == 0;
}

static bool has_any(struct text text, size_t at, const struct text *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_at(text, at, words[i]))
            return true;
    return false;
}

/* Behind 第: a number, in either script and width. */
static bool is_number(struct text text, size_t at)
{
    static const struct text numerals[] = {
        TEXT_OF("一"), TEXT_OF("二"), TEXT_OF("三"), TEXT_OF("四"), TEXT_OF("五"), TEXT_OF("六"),
        TEXT_OF("七"), TEXT_OF("八"), TEXT_OF("九"), TEXT_OF("十"), TEXT_OF("百"), TEXT_OF("两"),
    };
    size_t behind = at;

    if (at >= text.bytes)
        return false;

    int32_t character = utf8_half_width(utf8_next(text, &behind));

    return (character >= '0' && character <= '9') ||
           has_any(text, at, numerals, COUNT_OF(numerals));
}

bool china_is_branch(struct text name)
{
    static const struct text words[] = {
        TEXT_OF("分公司"), TEXT_OF("分店"), TEXT_OF("分行"),   TEXT_OF("分厂"),
        TEXT_OF("分部"),   TEXT_OF("分院"), TEXT_OF("分社"),   TEXT_OF("支行"),
        TEXT_OF("支公司"), TEXT_OF("门店"), TEXT_OF("办事处"), TEXT_OF("营业部"),
    };
    static const struct text ordinal = TEXT_OF("第");

    for (size_t at = 0; at < name.bytes; at++) {
        if (has_any(name, at, words, COUNT_OF(words)))
            return true;
        if (has_at(name, at, ordinal) && is_number(name, at + ordinal.bytes))
            return true;
    }
    return false;
}
