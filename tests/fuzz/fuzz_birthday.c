/*
 * Any bytes as a birthday. What is accepted is one that there can be, says itself in the stored
 * form and in Chinese, reads again as the same, and is kept in a year within the calendars.
 */
#include "common/pure/birthday.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static bool is_same(const struct birthday *a, const struct birthday *b)
{
    return a->calendar == b->calendar && a->year == b->year && a->month == b->month &&
           a->is_leap == b->is_leap && a->day == b->day;
}

static void check_again(const char *text, const struct birthday *birthday)
{
    struct birthday again;

    assert(birthday_read((struct text){text, strlen(text)}, &again) == BIRTHDAY_FINE);
    assert(is_same(&again, birthday));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    char stored[BIRTHDAY_TEXT_BYTES], said[BIRTHDAY_SAID_BYTES], key[BIRTHDAY_KEY_BYTES];
    struct birthday birthday;
    struct birthday_occurrence found;

    if (birthday_read((struct text){(const char *)bytes, count}, &birthday))
        return 0;
    assert(birthday_check(&birthday) == BIRTHDAY_FINE);
    birthday_print(&birthday, stored);
    check_again(stored, &birthday);
    birthday_say_zh(&birthday, said);
    check_again(said, &birthday);
    birthday_say_en(&birthday, said);
    assert(strlen(said) > 3);
    assert(birthday_in_year(&birthday, 2100, &found));
    birthday_print_key(&birthday, found.year, key);
    assert(strlen(key) < sizeof(key));
    assert(birthday_on_day(&birthday, found.day, &found) && found.year == 2100);
    return 0;
}
