#include "services/customers/domain/file.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/pure/text.h"

static const char *const party_names[] = {"",         "customer", "channel",
                                          "supplier", "partner",  "competitor"};
static const char *const nature_names[] = {"", "organisation", "person"};
static const char *const source_names[] = {
    "", "visit", "survey", "phone", "web", "industry_report", "feedback", "social", "sales_data"};
static const char *const status_names[] = {"", "unverified", "verified", "disputed"};

static bool is_word(struct text text, const char *word)
{
    return text.bytes == strlen(word) && memcmp(text.at, word, text.bytes) == 0;
}

static int read_word(struct text text, const char *const *words, int count)
{
    for (int i = 1; i < count; i++)
        if (is_word(text, words[i]))
            return i;
    return 0;
}

const char *file_party_name(enum file_party party)
{
    return party_names[party];
}

enum file_party file_party_read(struct text name)
{
    return (enum file_party)read_word(name, party_names, COUNT_OF(party_names));
}

const char *file_nature_name(enum file_nature nature)
{
    return nature_names[nature];
}

enum file_nature file_nature_read(struct text name)
{
    return (enum file_nature)read_word(name, nature_names, COUNT_OF(nature_names));
}

const char *file_source_name(enum file_source source)
{
    return source_names[source];
}

enum file_source file_source_read(struct text name)
{
    return (enum file_source)read_word(name, source_names, COUNT_OF(source_names));
}

const char *file_status_name(enum file_status status)
{
    return status_names[status];
}

enum file_status file_status_read(struct text name)
{
    return (enum file_status)read_word(name, status_names, COUNT_OF(status_names));
}

bool file_is_major_kind(struct text kind)
{
    static const char *const kinds[] = {"expansion",        "executive_change", "relocation",
                                        "ownership_change", "liquidation",      "other"};

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (is_word(kind, kinds[i]))
            return true;
    return false;
}

const struct fact *file_find_fact(const struct facts *facts, const struct field *field)
{
    for (size_t i = 0; i < facts->count; i++)
        if (facts->list[i].field == field)
            return &facts->list[i];
    return NULL;
}

bool file_is_new_fact(const struct facts *before, const struct fact *fact)
{
    const struct fact *known = file_find_fact(before, fact->field);

    if (!known)
        return fact->value.bytes > 0;
    return text_compare(known->value, fact->value) != 0 || known->source != fact->source ||
           text_compare(known->collector, fact->collector) != 0 || known->status != fact->status ||
           known->verified_on != fact->verified_on;
}

static void put_fact(struct facts *facts, const struct fact *fact)
{
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->list[i].field != fact->field)
            continue;
        if (fact->value.bytes > 0)
            facts->list[i] = *fact;
        else
            facts->list[i] = facts->list[--facts->count];
        return;
    }
    if (fact->value.bytes > 0 && facts->count < FIELDS_MAX)
        facts->list[facts->count++] = *fact;
}

static bool same_parent(const struct file_state *a, const struct file_state *b)
{
    return a->has_parent == b->has_parent &&
           (!a->has_parent || memcmp(&a->parent, &b->parent, sizeof(a->parent)) == 0);
}

size_t file_apply(const struct file_state *before, const struct file_change *change,
                  struct file_state *after, const char *changed[FILE_MAX_CHANGED])
{
    struct fact *room = after->facts.list;
    size_t count = 0;

    *after = *before;
    after->facts.list = room;
    if (before->facts.count > 0)
        memcpy(room, before->facts.list, before->facts.count * sizeof(*room));
    if (change->party)
        after->party = change->party;
    if (change->nature)
        after->nature = change->nature;
    if (change->sets_parent) {
        after->has_parent = change->has_parent;
        after->parent = change->parent;
    }
    if (change->sets_region)
        after->region = change->region;
    if (after->party != before->party)
        changed[count++] = "party_type";
    if (after->nature != before->nature)
        changed[count++] = "nature";
    if (!same_parent(before, after))
        changed[count++] = "parent";
    if (text_compare(before->region, after->region) != 0)
        changed[count++] = "region";
    if (change->added_refs > 0)
        changed[count++] = "refs";
    for (size_t i = 0; i < change->facts.count; i++) {
        const struct fact *fact = &change->facts.list[i];

        if (!file_is_new_fact(&before->facts, fact) || count == FILE_MAX_CHANGED)
            continue;
        put_fact(&after->facts, fact);
        after->has_name |=
            is_word((struct text){fact->field->name, strlen(fact->field->name)}, "name");
        changed[count++] = fact->field->name;
    }
    return count;
}

struct fields_score file_score(const struct file_state *state)
{
    struct fields_known known[FIELDS_MAX + 1];
    const struct field *name = fields_find(TEXT_OF("name"));
    size_t count = 0;

    for (size_t i = 0; i < state->facts.count && i < FIELDS_MAX; i++)
        known[count++] = (struct fields_known){state->facts.list[i].field,
                                               state->facts.list[i].status == FILE_STATUS_DISPUTED};
    if (state->has_name && !file_find_fact(&state->facts, name))
        known[count++] = (struct fields_known){name, false};
    return fields_score(state->nature == FILE_NATURE_PERSON, known, count);
}

const struct field *file_find_misfit(const struct file_state *state)
{
    for (size_t i = 0; i < state->facts.count; i++)
        if (fields_need_of(state->facts.list[i].field, state->nature == FILE_NATURE_PERSON) ==
            FIELDS_NEED_NONE)
            return state->facts.list[i].field;
    return NULL;
}

enum file_hanging file_hang(const struct id *file, const struct file_chain *above, size_t height)
{
    for (size_t i = 0; i < above->count; i++)
        if (memcmp(&above->list[i].id, file, sizeof(*file)) == 0)
            return FILE_HANGS_IN_CIRCLE;
    return above->count + height > FILE_MAX_DEPTH ? FILE_HANGS_TOO_DEEP : FILE_HANGS_WELL;
}

double file_mean_interval(const struct purchases *purchases)
{
    if (purchases->order_days < 2)
        return 0;
    return (double)(purchases->last_day - purchases->first_day) /
           (double)(purchases->order_days - 1);
}

int32_t file_expected_next(const struct purchases *purchases)
{
    if (purchases->order_days < 3)
        return FILE_NO_DAY;
    return purchases->last_day + (int32_t)(file_mean_interval(purchases) + 0.5);
}

int32_t file_window_from(int32_t today)
{
    return day_add_months(today + 1, -12);
}
