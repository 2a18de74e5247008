/* Cases in lists, with the names of customers joined; see command_complaint.h. */
#include "command_complaint.h"
#include "ctl_words.h"

#include <stdio.h>
#include <string.h>

#include "kehu/customers/v1/cards.pb-c.h"

#define CARDS_AT_ONCE 100
#define NAMES_TIMEOUT_MS 3000 /* cases are handled without their customers' names too */
#define SUMMARY_CHARACTERS 24

/* --- names of customers --- */

struct complaint_names {
    size_t count;
    const char **ids, **names;
};

static void take_cards(struct ctl *ctl, struct complaint_names *names, char **ids, size_t count)
{
    Kehu__Customers__V1__GetCards ask = KEHU__CUSTOMERS__V1__GET_CARDS__INIT;
    int code, timeout_ms = ctl->timeout_ms;

    ask.refs = ids;
    ask.n_refs = count;
    ctl->is_quiet = true;
    ctl->timeout_ms = timeout_ms < NAMES_TIMEOUT_MS ? timeout_ms : NAMES_TIMEOUT_MS;
    Kehu__Customers__V1__Cards *cards = (Kehu__Customers__V1__Cards *)ctl_ask(
        ctl, &ask.base, &kehu__customers__v1__cards__descriptor, &code);

    ctl->is_quiet = false;
    ctl->timeout_ms = timeout_ms;
    for (size_t i = 0; cards && i < cards->n_cards; i++) {
        const Kehu__Customers__V1__Card *card = cards->cards[i];

        names->ids[names->count] = card->ref;
        names->names[names->count++] =
            card->outside || !card->name[0]
                ? card->number
                : arena_print(ctl->arena, "%s %s", card->number, card->name);
    }
}

const char *complaint_name(const struct complaint_names *names, const char *id)
{
    for (size_t i = 0; names && i < names->count; i++)
        if (strcmp(names->ids[i], id) == 0)
            return names->names[i];
    return "";
}

static bool is_among(char *const *ids, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

struct complaint_names *complaint_names_of(struct ctl *ctl, char *const *ids, size_t count)
{
    struct complaint_names *names = arena_take(ctl->arena, sizeof(*names));
    char *batch[CARDS_AT_ONCE];
    size_t taken = 0;

    if (!names || count == 0)
        return NULL;
    names->ids = arena_take_array(ctl->arena, count, sizeof(*names->ids));
    names->names = arena_take_array(ctl->arena, count, sizeof(*names->names));
    for (size_t i = 0; names->ids && names->names && i < count; i++) {
        if (ids[i][0] && !is_among(batch, taken, ids[i]) && !complaint_name(names, ids[i])[0])
            batch[taken++] = ids[i];
        if (taken == CARDS_AT_ONCE || (i + 1 == count && taken > 0)) {
            take_cards(ctl, names, batch, taken);
            taken = 0;
        }
    }
    return names;
}

/* --- rows --- */

struct complaint_rows {
    struct ctl *ctl;
    size_t count, room;
    const Kehu__Complaints__V1__CaseSummary **cases;
};

struct complaint_rows *complaint_rows_new(struct ctl *ctl)
{
    struct complaint_rows *rows = arena_take(ctl->arena, sizeof(*rows));

    if (!rows)
        ctl_usage(ctl, "out of memory");
    rows->ctl = ctl;
    return rows;
}

void complaint_rows_add(struct complaint_rows *rows,
                        Kehu__Complaints__V1__CaseSummary *const *cases, size_t count)
{
    if (rows->count + count > rows->room) {
        size_t room = (rows->count + count) * 2;
        const Kehu__Complaints__V1__CaseSummary **larger =
            arena_take_array(rows->ctl->arena, room, sizeof(*larger));

        if (!larger)
            return;
        if (rows->count)
            memcpy(larger, rows->cases, rows->count * sizeof(*larger));
        rows->cases = larger;
        rows->room = room;
    }
    if (count)
        memcpy(rows->cases + rows->count, cases, count * sizeof(*cases));
    rows->count += count;
}

size_t complaint_rows_count(const struct complaint_rows *rows)
{
    return rows->count;
}

/* The first characters, for a table; the whole stands in `complaint show`. */
static const char *shortened(struct ctl *ctl, const char *text)
{
    size_t bytes = 0, characters = 0;

    while (text[bytes] && characters < SUMMARY_CHARACTERS && text[bytes] != '\n') {
        bytes++;
        while ((text[bytes] & 0xC0) == 0x80)
            bytes++;
        characters++;
    }
    return text[bytes] ? arena_print(ctl->arena, "%.*s…", (int)bytes, text) : text;
}

static const char *marks_of(struct ctl *ctl, const Kehu__Complaints__V1__CaseSummary *one)
{
    const char *marks = one->supervised ? complaint_word(ctl, WORDS_LABEL, "supervised") : "";

    if (one->chases)
        marks = arena_print(ctl->arena, "%s%s%s ×%u", marks, marks[0] ? ", " : "",
                            complaint_word(ctl, WORDS_LABEL, "chased"), one->chases);
    if (one->paused_since)
        marks = arena_print(ctl->arena, "%s%s%s", marks, marks[0] ? ", " : "",
                            complaint_word(ctl, WORDS_RUNNING, "paused"));
    return marks;
}

static void add_row(struct ctl *ctl, struct ctl_table *table,
                    const Kehu__Complaints__V1__CaseSummary *one,
                    const struct complaint_names *names)
{
    const char *cells[] = {
        one->number,
        complaint_enum_word(ctl, WORDS_STATE, &kehu__complaints__v1__case_state__descriptor,
                            (int)one->state),
        complaint_enum_word(ctl, WORDS_PRIORITY, &kehu__complaints__v1__priority__descriptor,
                            (int)one->priority),
        ctl_local_time(ctl, one->due_at),
        complaint_word(ctl, WORDS_CLOCK, one->due_kind),
        complaint_word(ctl, WORDS_BAND, one->due_at ? one->band : ""),
        one->handler[0] ? one->handler : one->team,
        complaint_name(names, one->customer_id),
        shortened(ctl, one->summary),
        marks_of(ctl, one),
    };

    ctl_table_row(table, cells);
}

static void print_table(const struct complaint_rows *rows)
{
    static const char *const labels[] = {"number", "state",   "priority", "due",     "deadline",
                                         "status", "handler", "customer", "summary", "marks"};
    static const bool right[COUNT_OF(labels)] = {false};
    struct ctl *ctl = rows->ctl;
    struct ctl_table *table = complaint_table(ctl, labels, right, COUNT_OF(labels));
    char **ids = arena_take_array(ctl->arena, rows->count + 1, sizeof(*ids));

    for (size_t i = 0; ids && i < rows->count; i++)
        ids[i] = rows->cases[i]->customer_id;
    struct complaint_names *names = ids ? complaint_names_of(ctl, ids, rows->count) : NULL;

    for (size_t i = 0; i < rows->count; i++)
        add_row(ctl, table, rows->cases[i], names);
    ctl_table_print(table);
}

void complaint_rows_print(struct complaint_rows *rows, bool has_more)
{
    struct ctl *ctl = rows->ctl;

    if (ctl->json) {
        json_t *list = json_array();

        for (size_t i = 0; i < rows->count; i++)
            json_array_append_new(list, ctl_json_message(&rows->cases[i]->base));
        ctl_print_json(ctl, list);
        return;
    }
    if (rows->count == 0)
        puts(ctl_sentence(ctl, "nothing"));
    else
        print_table(rows);
    if (has_more)
        puts(ctl_sentence(ctl, "and more: --all shows all of them"));
}
