#include "services/complaints/codec/codec_subject.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/decimal.h"
#include "common/pure/text.h"
#include "common/pure/uuid.h"
#include "kehu/complaints/v1/privacy.pb-c.h"
#include "services/complaints/domain/case.h"
#include "services/complaints/domain/clock.h"
#include "services/complaints/domain/remedy.h"
#include "services/complaints/domain/severity.h"

#define MICROS "_micros"

/* --- the question --- */

static void read_ids(struct codec_read *r, const Kehu__Complaints__V1__GetSubjectCases *ask,
                     struct subject_ids *ids)
{
    size_t count = ask->n_person_ids;

    if (count == 0 || count > SUBJECT_MAX_IDS) {
        codec_read_fault(r, "person_ids",
                         "are %zu: give the 1 to %d ids that SubjectAccess has as person_ids",
                         count, SUBJECT_MAX_IDS);
        return;
    }
    ids->list = arena_take_array(r->arena, count, sizeof(*ids->list));
    for (size_t i = 0; ids->list && i < count; i++)
        if (codec_read_id(r, "person_ids", ask->person_ids[i], true, &ids->list[ids->count]))
            ids->count++;
}

enum status codec_get_subject_cases(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_subject *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__GetSubjectCases,
                    kehu__complaints__v1__get_subject_cases__descriptor);
    static const char *const languages[] = {"zh", "en", NULL};
    int64_t place;

    *out = (struct codec_subject){.page_size = ask->page_size ? ask->page_size : SUBJECT_PAGE};
    read_ids(&r, ask, &out->ids);
    out->language = codec_read_word(&r, "lang", ask->lang, languages, "\"zh\" or \"en\"", 0) == 0
                        ? TELLING_IS_ZH
                        : TELLING_IS_EN;
    if (ask->page_size > SUBJECT_MAX_PAGE)
        codec_read_fault(&r, "page_size", "must be from 1 to %d, or 0 for %d", SUBJECT_MAX_PAGE,
                         SUBJECT_PAGE);
    codec_read_token(&r, ask->page_token, CODEC_READ_SUBJECT, &place, &out->after);
    return codec_read_end(&r);
}

/* --- rows to be read --- */

static bool is_table(struct text table, const char *name)
{
    return strlen(name) == table.bytes && memcmp(name, table.at, table.bytes) == 0;
}

/* What tables are called. */
static const struct {
    const char *table, *zh, *en;
} titles[] = {
    {"cases", "案件", "Case"},
    {"case_entry", "处理经过", "History"},
    {"case_message", "往来记录", "Messages and notes"},
    {"case_subtask", "协办任务", "Sub-tasks"},
    {"case_action", "整改措施", "Actions"},
    {"case_lesson", "经验总结", "Lessons"},
    {"case_rating", "评分", "Ratings"},
    {"case_attempt", "联系记录", "Attempts to reach him"},
    {"clock", "时限", "Deadlines"},
};

static const char *title_of(struct text table, enum telling_language language)
{
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (is_table(table, titles[i].table))
            return language == TELLING_IS_EN ? titles[i].en : titles[i].zh;
    return NULL;
}

/* What only machines need: guards, sums, keyed hashes. */
static const char *const unreadable[] = {"version", "figures", "phone_hash"};

#define NAMING(function, type)                                                                     \
    static const char *function##_of(int value)                                                    \
    {                                                                                              \
        return function((enum type)value);                                                         \
    }
NAMING(case_kind_name, case_kind)
NAMING(case_state_name, case_state)
NAMING(case_channel_name, case_channel)
NAMING(severity_name, severity)
NAMING(severity_priority_name, priority)
NAMING(remedy_fault_name, remedy_fault)
NAMING(clock_kind_name, clock_kind)
NAMING(clock_state_name, clock_state)
NAMING(clock_outcome_name, clock_outcome)

/* Numbers that stand for words. */
static const struct {
    const char *table, *column;
    const char *(*name)(int value);
} words[] = {
    {"cases", "kind", case_kind_name_of},
    {"cases", "state", case_state_name_of},
    {"cases", "channel", case_channel_name_of},
    {"cases", "severity", severity_name_of},
    {"cases", "severity_safety", severity_name_of},
    {"cases", "severity_legal", severity_name_of},
    {"cases", "priority", severity_priority_name_of},
    {"cases", "fault", remedy_fault_name_of},
    {"case_entry", "from_state", case_state_name_of},
    {"case_entry", "to_state", case_state_name_of},
    {"clock", "kind", clock_kind_name_of},
    {"clock", "state", clock_state_name_of},
    {"clock", "outcome", clock_outcome_name_of},
};

static void say_words(struct text table, json_t *row)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        json_t *value =
            is_table(table, words[i].table) ? json_object_get(row, words[i].column) : NULL;

        if (json_is_integer(value))
            json_object_set_new(row, words[i].column,
                                json_string(words[i].name((int)json_integer_value(value))));
    }
}

/* "remedy_micros": 1500000 is "remedy": "1.5", or "remedy_amount" where remedy is a word. */
static void say_amounts(json_t *row)
{
    static const char *const columns[] = {"amount", "remedy", "charge"};

    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        char name[40], text[DECIMAL_TEXT_BYTES];
        json_t *value;

        snprintf(name, sizeof(name), "%s" MICROS, columns[i]);
        value = json_object_get(row, name);
        if (!json_is_integer(value))
            continue;
        decimal_print(json_integer_value(value), text);
        json_object_del(row, name);
        snprintf(name, sizeof(name), "%s%s", columns[i], i == 0 ? "" : "_amount");
        json_object_set_new(row, name, json_string(text));
    }
}

/* References are kept as JSON within a text. */
static void open_attachments(json_t *row)
{
    const char *text = json_string_value(json_object_get(row, "attachments"));
    json_t *list = text ? json_loads(text, 0, NULL) : NULL;

    if (list)
        json_object_set_new(row, "attachments", list);
}

static void make_readable(struct text table, json_t *row)
{
    say_words(table, row);
    say_amounts(row);
    open_attachments(row);
    for (size_t i = 0; i < COUNT_OF(unreadable); i++)
        json_object_del(row, unreadable[i]);
}

/* How many members of the row say something. */
static uint32_t count_values(json_t *row)
{
    const char *name;
    json_t *value;
    uint32_t count = 0;

    json_object_foreach(row, name, value) count +=
        !json_is_null(value) && (!json_is_string(value) || json_string_value(value)[0] != '\0') &&
        (!json_is_array(value) || json_array_size(value) > 0);
    return count;
}

/* --- the document --- */

/* A row on its way to its case: in the order of tables, and of time within one. */
struct told {
    size_t of, place; /* the case; the table */
    struct text table;
    const char *id; /* of the row: UUIDs in the order of time */
    json_t *row;
};

static int compare(const void *a, const void *b)
{
    const struct told *one = a, *other = b;

    if (one->of != other->of)
        return one->of < other->of ? -1 : 1;
    if (one->place != other->place)
        return one->place < other->place ? -1 : 1;
    return strcmp(one->id, other->id);
}

static const char *member(json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));

    return text ? text : "";
}

/* Whose row it is; page->count: of a case that is not told. */
static size_t case_of(const struct codec_subject_page *page, struct text table, json_t *row)
{
    const char *text = member(row, is_table(table, "cases") ? "id" : "case_id");
    struct id id;

    for (size_t i = 0; uuid_parse(text, strlen(text), &id) && i < page->count; i++)
        if (uuid_is_same(&page->cases->list[i].id, &id))
            return i;
    return page->count;
}

static size_t load(const struct codec_subject_page *page, const struct subject_rows *rows,
                   size_t place, struct told *out)
{
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        struct text table = rows->list[i].table;
        json_t *row = json_loadb(rows->list[i].json.at, rows->list[i].json.bytes, 0, NULL);
        size_t of = row ? case_of(page, table, row) : page->count;

        place += i > 0 && text_compare(rows->list[i - 1].table, table) != 0;
        if (of == page->count || !title_of(table, page->language)) {
            json_decref(row);
            continue;
        }
        out[count++] = (struct told){of, place, table, member(row, "id"), row};
    }
    return count;
}

/* One case with its tables; takes the references of its rows over. */
static char *print_case(struct text number, const struct told *list, size_t count,
                        enum telling_language language, uint32_t *values)
{
    json_t *parts = json_array(), *of_case, *part = NULL;
    char *text;

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || list[i].place != list[i - 1].place) {
            part = json_pack("{s:s%, s:s, s:[]}", "table", list[i].table.at, list[i].table.bytes,
                             "title", title_of(list[i].table, language), "rows");
            json_array_append_new(parts, part);
        }
        make_readable(list[i].table, list[i].row);
        *values += count_values(list[i].row);
        json_array_append_new(json_object_get(part, "rows"), list[i].row);
    }
    of_case = json_pack("{s:s%, s:o}", "case", number.at, number.bytes, "parts", parts);
    text = json_dumps(of_case, JSON_INDENT(2));
    json_decref(of_case);
    return text;
}

static void drop(const struct told *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_decref(list[i].row);
}

/* The cases from the first on, as many as fit: the text of the list, and how many. */
static char *print_cases(const struct codec_subject_page *page, const struct told *list,
                         size_t count, struct arena *arena, Kehu__Complaints__V1__SubjectCases *out)
{
    static const char begin[] = "{\"cases\": [", end[] = "]}";
    char **texts = arena_take_array(arena, page->count, sizeof(*texts)), *json, *at;
    size_t bytes = sizeof(begin) + sizeof(end), first = 0;

    while (texts && out->cases < page->count && bytes < CODEC_SUBJECT_BYTES) {
        size_t next = first;
        char *text;

        while (next < count && list[next].of == out->cases)
            next++;
        text = print_case(page->cases->list[out->cases].number, &list[first], next - first,
                          page->language, &out->values);
        first = next;
        texts[out->cases] = text ? arena_copy_text(arena, text, strlen(text)) : NULL;
        free(text);
        if (!texts[out->cases])
            break;
        bytes += strlen(texts[out->cases++]) + 1;
    }
    drop(&list[first], count - first);
    json = at = arena_take(arena, bytes);
    if (!json || arena_is_full(arena))
        return NULL;
    at = stpcpy(at, begin);
    for (size_t i = 0; i < out->cases; i++)
        at = stpcpy(stpcpy(at, i > 0 ? "," : ""), texts[i]);
    stpcpy(at, end);
    return json;
}

const ProtobufCMessage *codec_subject_cases(const struct codec_subject_page *page,
                                            struct arena *arena)
{
    Kehu__Complaints__V1__SubjectCases *out = arena_take(arena, sizeof(*out));
    size_t room = page->personal->count + page->others->count, count;
    struct told *list = arena_take_array(arena, room, sizeof(*list));

    if (!out || !list)
        return NULL;
    kehu__complaints__v1__subject_cases__init(out);
    count = load(page, page->personal, 0, list);
    count += load(page, page->others, room, &list[count]);
    qsort(list, count, sizeof(*list), compare);
    out->json = print_cases(page, list, count, arena, out);
    if (out->json && out->cases > 0 && (page->has_more || out->cases < page->count))
        out->next_page_token = codec_read_print_token(CODEC_READ_SUBJECT, 0,
                                                      &page->cases->list[out->cases - 1].id, arena);
    return out->json && !arena_is_full(arena) ? &out->base : NULL;
}
