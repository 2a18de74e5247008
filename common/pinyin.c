#include "common/pinyin.h"

#include <unicode/utrans.h>
#include <unicode/ustring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pinyin_words.h"
#include "common/pure/utf8.h"

/* The characters whose readings are remembered; rarer ones are asked for each time. */
#define FIRST 0x3400
#define LAST 0x9fff
#define READINGS 3
#define SYLLABLE_BYTES 8

struct pinyin {
    UTransliterator *han;
    UTransliterator *latin;
    bool begins_word[LAST - FIRST + 1];
    char syllables[LAST - FIRST + 1][SYLLABLE_BYTES]; /* empty: not asked yet */
};

/* A syllable with its readings, or a piece of Latin script, which is its own initials. */
struct unit {
    size_t count;
    bool is_literal;
    char readings[READINGS][SYLLABLE_BYTES];
};

struct units {
    size_t count;
    struct unit all[PINYIN_CHARACTERS];
};

static UTransliterator *open_transliterator(const char *id, UErrorCode *error)
{
    UChar name[128];
    UParseError where;

    u_uastrcpy(name, id);
    return utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, &where, error);
}

static void mark_words(struct pinyin *pinyin)
{
    const struct pinyin_word *word;

    for (size_t i = 0; (word = pinyin_words_at(i)) != NULL; i++) {
        size_t at = 0;
        int32_t first = utf8_next((struct text){word->word, strlen(word->word)}, &at);

        pinyin->begins_word[first - FIRST] = true;
    }
}

enum status pinyin_new(struct pinyin **out, char *why, size_t why_bytes)
{
    UErrorCode error = U_ZERO_ERROR;
    struct pinyin *pinyin = calloc(1, sizeof(*pinyin));

    if (!pinyin) {
        snprintf(why, why_bytes, "out of memory");
        return INTERNAL;
    }
    /* Tones go, the two dots of ü stay. */
    pinyin->han = open_transliterator(
        "Han-Latin; NFD; [\\u0300\\u0301\\u0302\\u0304\\u030C] Remove; NFC; Lower", &error);
    pinyin->latin = open_transliterator("Any-Latin; Latin-ASCII; Lower", &error);
    if (U_FAILURE(error)) {
        snprintf(why, why_bytes, "ICU cannot write Chinese in Latin letters: %s",
                 u_errorName(error));
        pinyin_free(pinyin);
        return INTERNAL;
    }
    mark_words(pinyin);
    *out = pinyin;
    return OK;
}

void pinyin_free(struct pinyin *pinyin)
{
    if (!pinyin)
        return;
    if (pinyin->han)
        utrans_close(pinyin->han);
    if (pinyin->latin)
        utrans_close(pinyin->latin);
    free(pinyin);
}

/* What ICU makes of one character, in [a-z0-9], as much as fits; empty: nothing. */
static void transliterate(UTransliterator *by, int32_t character, char out[SYLLABLE_BYTES])
{
    UErrorCode error = U_ZERO_ERROR;
    UChar text[32];
    int32_t length = 0;
    int32_t limit;
    size_t bytes = 0;

    out[0] = '\0';
    u_strFromUTF32(text, (int32_t)COUNT_OF(text), &length, &character, 1, &error);
    limit = length;
    utrans_transUChars(by, text, &length, (int32_t)COUNT_OF(text), 0, &limit, &error);
    if (U_FAILURE(error))
        return;
    for (int32_t i = 0; i < length && bytes < SYLLABLE_BYTES - 1; i++) {
        UChar letter = text[i] == 0xfc ? 'v' : text[i];

        if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
            out[bytes++] = (char)letter;
    }
    out[bytes] = '\0';
}

static struct unit *add_unit(struct units *units)
{
    struct unit *unit;

    if (units->count == PINYIN_CHARACTERS)
        return NULL;
    unit = &units->all[units->count++];
    memset(unit, 0, sizeof(*unit));
    return unit;
}

static void add_reading(struct unit *unit, const char *at, size_t bytes)
{
    if (unit->count == READINGS || bytes >= SYLLABLE_BYTES)
        return;
    memcpy(unit->readings[unit->count], at, bytes);
    unit->readings[unit->count++][bytes] = '\0';
}

/* ü is typed as v, and by some as u. */
static void add_syllable(struct units *units, const char *syllable)
{
    struct unit *unit = syllable[0] ? add_unit(units) : NULL;
    char *v;

    if (!unit)
        return;
    add_reading(unit, syllable, strlen(syllable));
    if (!strchr(syllable, 'v'))
        return;
    add_reading(unit, syllable, strlen(syllable));
    v = strchr(unit->readings[unit->count - 1], 'v');
    *v = 'u';
}

/* "lv/lu xing": a unit for each syllable. */
static void add_word(struct units *units, const char *readings)
{
    const char *at = readings;

    while (*at) {
        struct unit *unit = add_unit(units);

        if (!unit)
            return;
        while (*at && *at != ' ') {
            size_t bytes = strcspn(at, "/ ");

            add_reading(unit, at, bytes);
            at += bytes + (at[bytes] == '/');
        }
        at += *at == ' ';
    }
}

static void add_character(struct pinyin *pinyin, struct units *units, int32_t character)
{
    char rare[SYLLABLE_BYTES];

    if (character < FIRST || character > LAST) {
        transliterate(pinyin->han, character, rare);
        add_syllable(units, rare);
        return;
    }

    char *known = pinyin->syllables[character - FIRST];

    if (!known[0])
        transliterate(pinyin->han, character, known);
    add_syllable(units, known);
}

static void add_latin(struct pinyin *pinyin, struct units *units, int32_t character)
{
    int32_t small = utf8_lower(utf8_half_width(character));
    char letters[SYLLABLE_BYTES] = "";
    struct unit *unit;

    if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9'))
        letters[0] = (char)small;
    else if (small >= 0x80)
        transliterate(pinyin->latin, small, letters);
    unit = letters[0] ? add_unit(units) : NULL;
    if (!unit)
        return;
    unit->is_literal = true;
    add_reading(unit, letters, strlen(letters));
}

static const struct pinyin_word *word_at(const struct pinyin *pinyin, struct text rest,
                                         int32_t character, bool is_surname)
{
    const struct pinyin_word *word = is_surname ? pinyin_words_find_surname(rest) : NULL;

    if (!word && character >= FIRST && character <= LAST && pinyin->begins_word[character - FIRST])
        word = pinyin_words_find(rest);
    return word;
}

static void read_units(struct pinyin *pinyin, struct text name, bool is_person, struct units *units)
{
    units->count = 0;
    for (size_t at = 0; at < name.bytes && units->count < PINYIN_CHARACTERS;) {
        struct text rest = {name.at + at, name.bytes - at};
        int32_t character = utf8_next(name, &at);

        if (character < 0)
            return;

        const struct pinyin_word *word =
            word_at(pinyin, rest, character, is_person && units->count == 0);

        if (word) {
            add_word(units, word->readings);
            at += strlen(word->word) - (size_t)(name.at + at - rest.at);
        } else if (utf8_is_han(character)) {
            add_character(pinyin, units, character);
        } else {
            add_latin(pinyin, units, character);
        }
    }
}

/* A way of reading: everything as usual but for two units at most. */
struct choice {
    size_t unit[2];
    size_t reading[2];
};

static void write_way(const struct units *units, const struct choice *choice,
                      struct pinyin_way *way)
{
    size_t full = 0;
    size_t initials = 0;

    for (size_t i = 0; i < units->count; i++) {
        const struct unit *unit = &units->all[i];
        size_t reading = i == choice->unit[0]   ? choice->reading[0]
                         : i == choice->unit[1] ? choice->reading[1]
                                                : 0;
        size_t bytes = strlen(unit->readings[reading]);
        size_t shown = unit->is_literal ? bytes : 1;

        memcpy(way->full + full, unit->readings[reading], bytes);
        memcpy(way->initials + initials, unit->readings[reading], shown);
        full += bytes;
        initials += shown;
    }
    way->full[full] = '\0';
    way->initials[initials] = '\0';
}

static void add_way(const struct units *units, const struct choice *choice,
                    struct pinyin_keys *keys)
{
    if (keys->count < PINYIN_WAYS)
        write_way(units, choice, &keys->ways[keys->count++]);
}

/* The usual way, then one unit read otherwise, then two: what people type comes early. */
void pinyin_make_keys(struct pinyin *pinyin, struct text name, bool is_person,
                      struct pinyin_keys *keys)
{
    struct units units;

    read_units(pinyin, name, is_person, &units);
    keys->count = 0;
    add_way(&units, &(struct choice){{SIZE_MAX, SIZE_MAX}, {0, 0}}, keys);
    for (size_t i = 0; i < units.count; i++)
        for (size_t k = 1; k < units.all[i].count; k++)
            add_way(&units, &(struct choice){{i, SIZE_MAX}, {k, 0}}, keys);
    for (size_t i = 0; i < units.count && keys->count < PINYIN_WAYS; i++)
        for (size_t j = i + 1; j < units.count && units.all[i].count > 1; j++)
            if (units.all[j].count > 1)
                add_way(&units, &(struct choice){{i, j}, {1, 1}}, keys);
}
