#include "services/customers/domain/import.h"

#include <string.h>

static const char *const kind_names[] = {"", "customers", "contacts"};
static const char *const known_names[] = {"", "keep", "update"};
static const char *const outcome_names[] = {"", "accepted", "updated", "unchanged", "rejected"};
static const char *const state_names[] = {"", "open", "finished", "undoing", "undone"};

static int read_word(struct text text, const char *const *words, int count)
{
    for (int i = 1; i < count; i++)
        if (strlen(words[i]) == text.bytes && memcmp(words[i], text.at, text.bytes) == 0)
            return i;
    return 0;
}

const char *import_kind_name(enum import_kind kind)
{
    return kind_names[kind];
}

enum import_kind import_kind_read(struct text name)
{
    return (enum import_kind)read_word(name, kind_names, COUNT_OF(kind_names));
}

const char *import_known_name(enum import_known known)
{
    return known_names[known];
}

enum import_known import_known_read(struct text name)
{
    return (enum import_known)read_word(name, known_names, COUNT_OF(known_names));
}

const char *import_outcome_name(enum import_outcome outcome)
{
    return outcome_names[outcome];
}

enum import_outcome import_outcome_read(struct text name)
{
    return (enum import_outcome)read_word(name, outcome_names, COUNT_OF(outcome_names));
}

enum import_state import_state_read(struct text name)
{
    return (enum import_state)read_word(name, state_names, COUNT_OF(state_names));
}

void import_number_print(const char prefix[3], int64_t number, char out[IMPORT_NUMBER_BYTES])
{
    char digits[20];
    size_t count = 0, bytes = 2;

    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count < 6)
        digits[count++] = '0';
    memcpy(out, prefix, 2);
    while (count > 0)
        out[bytes++] = digits[--count];
    out[bytes] = '\0';
}

static bool is_letter(char given, char capital)
{
    return given == capital || given == capital - 'A' + 'a';
}

bool import_number_read(const char prefix[3], struct text text, int64_t *number)
{
    int64_t value = 0;

    if (text.bytes < 3 || text.bytes > 2 + 18 || !is_letter(text.at[0], prefix[0]) ||
        !is_letter(text.at[1], prefix[1]))
        return false;
    for (size_t i = 2; i < text.bytes; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        value = value * 10 + (text.at[i] - '0');
    }
    *number = value;
    return value > 0;
}

const char *import_keep_because(const struct import_standing *standing)
{
    if (standing->is_gone)
        return "was merged into another or is gone already";
    if (standing->has_orders)
        return "has orders";
    if (standing->is_changed)
        return "was changed since";
    if (standing->has_people)
        return "has contacts";
    if (standing->has_below)
        return "has other organisations below it";
    if (standing->has_owner)
        return "was given to somebody by hand";
    if (standing->has_more)
        return "has other entries";
    return NULL;
}
