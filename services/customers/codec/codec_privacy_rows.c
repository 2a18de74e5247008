/*
 * The rows of a person as JSON: the document he is entitled to, the words by which he is known, and
 * the chunks in which his rows are kept sealed while he is restricted.
 */
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "common/pure/day.h"
#include "common/pure/text.h"
#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "kehu/customers/v1/privacy.pb-c.h"
#include "services/customers/codec/codec_privacy.h"
#include "services/customers/codec/codec_value.h"

#define CHUNK_BYTES (48 * 1024)
#define VAULT_COLUMN "person_vault.rows"
#define MIN_WORD_CHARACTERS 2
#define MOBILE_DIGITS 11
/* Where a value of the vault stands open: the row is sealed there as a whole. */
#define OPEN_VALUE "value_open"

/* What parts are called; a part without a row here is an index of others and not told. */
static const struct {
    const char *table, *zh, *en;
} titles[] = {
    {"customer", "客户", "Customer"},
    {"customer_fact", "客户档案", "Facts of the file"},
    {"customer_major_change", "重大变化", "Major changes"},
    {"grade_current", "等级", "Grade"},
    {"grade_history", "等级历史", "History of grades"},
    {"contact", "联系人", "Contact"},
    {"contact_link", "所属客户", "Customers"},
    {"contact_channel", "联系方式", "Ways to reach him"},
    {"contact_consent", "授权同意", "Consent"},
    {"contact_sensitive", "敏感信息", "Sensitive values"},
    {"decision_entry", "决策链", "Decision chain"},
    {"customer_need", "需求", "Needs"},
    {"entitlement", "权益", "Entitlements"},
    {"entitlement_use", "权益使用", "Entitlements used"},
    {"dealer", "经销商资料", "Dealer"},
    {"dealer_manager", "历任渠道经理", "Channel managers"},
    {"dealer_memo", "合作备忘", "Memos of cooperation"},
    {"dealer_score", "经销商评分", "Scores"},
    {"dealer_give_up", "放弃经销商", "Giving up a dealer"},
    {"ownership", "负责人", "Owners"},
    {"handover_item", "客户交接", "Handovers"},
    {"pool_entry", "公海", "Public pool"},
    {"merge", "合并", "Merges"},
    {"duplicate_dismissed", "非重复客户", "No duplicates"},
    {"import_former", "导入前的值", "Values before an import"},
    {"orders", "订单", "Orders"},
};

static const char *title_of(struct text table, const char *lang)
{
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (strlen(titles[i].table) == table.bytes &&
            memcmp(titles[i].table, table.at, table.bytes) == 0)
            return strcmp(lang, "en") == 0 ? titles[i].en : titles[i].zh;
    return NULL;
}

static const char *member(json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));

    return text ? text : "";
}

static bool is_table(struct text table, const char *name)
{
    return strlen(name) == table.bytes && memcmp(name, table.at, table.bytes) == 0;
}

/* The place for which a sealed value of this row was closed; without a column: no memory. */
static struct seal_place place_of(struct text table, json_t *row, struct arena *arena)
{
    struct seal_place place = {
        .column = arena_print(arena, "%.*s.value", (int)table.bytes, table.at), .part = ""};
    const char *id = member(row, "contact_id");

    if (is_table(table, "contact_channel"))
        id = member(row, "id");
    else if (is_table(table, "customer_fact"))
        id = member(row, "customer_id");
    else if (is_table(table, "import_former") && id[0] == '\0')
        id = member(row, "customer_id");
    if (is_table(table, "customer_fact") || is_table(table, "contact_sensitive"))
        place.part = member(row, "field");
    else if (is_table(table, "import_former"))
        place.part = arena_print(
            arena, "%lld:%lld:%s", (long long)json_integer_value(json_object_get(row, "import")),
            (long long)json_integer_value(json_object_get(row, "line")), member(row, "field"));
    uuid_parse(id, strlen(id), &place.row);
    return place;
}

/* "\x0102" as PostgreSQL writes bytes in JSON. */
static struct text bytes_of(const char *hex, struct arena *arena)
{
    size_t length = strlen(hex), count = 0;
    uint8_t *at;

    if (length < 2 || hex[0] != '\\' || hex[1] != 'x')
        return TEXT_OF("");
    at = arena_take(arena, length / 2 + 1);
    if (!at || sodium_hex2bin(at, length / 2, hex + 2, length - 2, NULL, &count, NULL) != 0)
        return TEXT_OF("");
    return (struct text){(const char *)at, count};
}

/* The plain value of a row that has a sealed one; false: it has none, or it does not open. */
static bool open_value(struct text table, json_t *row, const struct seal *seal, struct arena *arena,
                       struct text *out)
{
    struct text sealed = bytes_of(member(row, "value_sealed"), arena);
    const char *open = json_string_value(json_object_get(row, OPEN_VALUE));
    struct seal_place place;

    if (open) {
        *out = (struct text){arena_copy_text(arena, open, strlen(open)), strlen(open)};
        return out->at != NULL;
    }
    if (sealed.bytes == 0 || !seal)
        return false;
    place = place_of(table, row, arena);
    return place.column && seal_open(seal, &place, sealed, arena, out) == SEAL_OPENED;
}

static json_t *load(struct text json)
{
    return json_loadb(json.at, json.bytes, 0, NULL);
}

/* --- the document --- */

/* Sealed values in plain, without what only machines need. */
static void make_readable(struct text table, json_t *row, const struct seal *seal,
                          struct arena *arena)
{
    struct text plain;

    if (open_value(table, row, seal, arena, &plain))
        json_object_set_new(row, "value", json_stringn(plain.at, plain.bytes));
    json_object_del(row, OPEN_VALUE);
    json_object_del(row, "value_sealed");
    json_object_del(row, "value_hash");
    json_object_del(row, "last_four");
}

/* How many members of the row say something. */
static uint32_t count_values(json_t *row)
{
    const char *name;
    json_t *value;
    uint32_t count = 0;

    json_object_foreach(row, name, value) count +=
        !json_is_null(value) && (!json_is_string(value) || json_string_value(value)[0] != '\0');
    return count;
}

/* The rows of one table after another; parts stand in the order of their first row. */
static void add_rows(json_t *parts, const struct privacy_rows *rows, const char *lang,
                     const struct seal *seal, struct arena *arena, uint32_t *values)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct text table = rows->list[i].table;
        const char *title = title_of(table, lang);
        json_t *last = json_array_get(parts, json_array_size(parts) - 1), *row;

        if (!title || !(row = load(rows->list[i].json)))
            continue;
        if (!last || strcmp(member(last, "title"), title) != 0) {
            last = json_pack("{s:s%, s:s, s:[]}", "table", table.at, table.bytes, "title", title,
                             "rows");
            json_array_append_new(parts, last);
        }
        make_readable(table, row, seal, arena);
        *values += count_values(row);
        json_array_append_new(json_object_get(last, "rows"), row);
    }
}

/* By which other services know him: as they are told when he is restricted. */
static void add_ids(const struct privacy_person *person, struct arena *arena,
                    Kehu__Customers__V1__SubjectAccess *out)
{
    size_t own = person->customer_count, room = own + person->contact_count;

    out->person_ids = arena_take_array(arena, room, sizeof(*out->person_ids));
    for (size_t i = 0; out->person_ids && i < room; i++)
        out->person_ids[out->n_person_ids++] = codec_value_id(
            i < own ? &person->customers[i].id : &person->contacts[i - own].id, arena);
}

const ProtobufCMessage *codec_subject_access(const struct privacy_rows *const *rows, size_t count,
                                             const struct privacy_person *person, int64_t now_us,
                                             const char *lang, const struct seal *seal,
                                             struct arena *arena)
{
    Kehu__Customers__V1__SubjectAccess *out = arena_take(arena, sizeof(*out));
    char id[UUID_TEXT_BYTES];
    json_t *parts = json_array(), *document;
    char *text;

    uuid_print(&person->id, id);
    document = json_pack("{s:s, s:s, s:o}", "person", id, "made_on",
                         codec_value_day((int32_t)(now_us / DAY_US), arena), "parts", parts);
    if (!out || !document) {
        json_decref(document);
        return NULL;
    }
    kehu__customers__v1__subject_access__init(out);
    for (size_t i = 0; i < count; i++)
        add_rows(parts, rows[i], lang, seal, arena, &out->values);
    add_ids(person, arena, out);
    out->parts = (uint32_t)json_array_size(parts);
    text = json_dumps(document, JSON_INDENT(2));
    json_decref(document);
    out->json = text ? arena_copy_text(arena, text, strlen(text)) : NULL;
    free(text);
    return out->json && !arena_is_full(arena) ? &out->base : NULL;
}

/* --- the words by which he is known --- */

static size_t add_word(struct text word, struct text *words, size_t count, size_t room)
{
    if (count == room || utf8_count(word) < MIN_WORD_CHARACTERS)
        return count;
    words[count] = word;
    return count + 1;
}

static size_t add_member(json_t *row, const char *name, struct arena *arena, struct text *words,
                         size_t count, size_t room)
{
    const char *value = member(row, name);
    const char *kept = arena_copy_text(arena, value, strlen(value));

    return kept ? add_word((struct text){kept, strlen(kept)}, words, count, room) : count;
}

/* A mobile also as people write it: 13800138000, 138 0013 8000, 138-0013-8000. */
static size_t add_mobile(struct text plain, struct arena *arena, struct text *words, size_t count,
                         size_t room)
{
    static const char *const between[] = {"", " ", "-"};
    const char *at = plain.at + 3;

    if (plain.bytes != 3 + MOBILE_DIGITS || memcmp(plain.at, "+86", 3) != 0)
        return count;
    for (size_t i = 0; i < COUNT_OF(between); i++) {
        const char *text =
            arena_print(arena, "%.3s%s%.4s%s%.4s", at, between[i], at + 3, between[i], at + 7);

        if (text)
            count = add_word((struct text){text, strlen(text)}, words, count, room);
    }
    return count;
}

/* Facts that name him; others, such as his occupation, are words of everybody. */
static bool names_him(const char *field)
{
    return strcmp(field, "name") == 0 || strcmp(field, "address") == 0;
}

size_t codec_privacy_words(const struct privacy_rows *rows, const struct seal *seal,
                           struct arena *arena, struct text *words, size_t room)
{
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        struct text table = rows->list[i].table, plain;
        json_t *row = load(rows->list[i].json);

        if (!row)
            continue;
        if (is_table(table, "contact") || is_table(table, "customer")) {
            count = add_member(row, "name", arena, words, count, room);
            count = add_member(row, "salutation", arena, words, count, room);
        } else if (is_table(table, "customer_fact") && names_him(member(row, "field"))) {
            count = add_member(row, "value", arena, words, count, room);
        } else if ((is_table(table, "contact_channel") || is_table(table, "customer_fact")) &&
                   open_value(table, row, seal, arena, &plain)) {
            count = add_word(plain, words, count, room);
            count = add_mobile(plain, arena, words, count, room);
        }
        json_decref(row);
    }
    return count;
}

/* --- the vault --- */

/* JSON in the arena; `at` is NULL when it is full. The value is given up. */
static struct text dump(json_t *value, struct arena *arena)
{
    char *text = json_dumps(value, JSON_COMPACT);
    const char *kept = text ? arena_copy_text(arena, text, strlen(text)) : NULL;

    json_decref(value);
    free(text);
    return (struct text){kept, kept ? strlen(kept) : 0};
}

static bool may_have_sealed(struct text json)
{
    static const char name[] = "\"value_sealed\"";

    return memmem(json.at, json.bytes, name, sizeof(name) - 1) != NULL;
}

/* The row with its sealed value open, so that in the vault the vault's key alone keeps it: keys may
 * change and be dropped while he is restricted. What does not open stays as it is. */
static struct privacy_row open_row(const struct privacy_row *row, const struct seal *seal,
                                   struct arena *arena)
{
    json_t *json = may_have_sealed(row->json) ? load(row->json) : NULL;
    struct text plain;

    if (!json)
        return *row;
    if (!open_value(row->table, json, seal, arena, &plain)) {
        json_decref(json);
        return *row;
    }
    json_object_set_new(json, OPEN_VALUE, json_stringn(plain.at, plain.bytes));
    json_object_set_new(json, "value_sealed", json_null());
    return (struct privacy_row){row->table, dump(json, arena)};
}

/* False: no memory. */
static bool open_rows(const struct privacy_rows *rows, const struct seal *seal, struct arena *arena,
                      struct privacy_rows *out)
{
    *out = (struct privacy_rows){arena_take_array(arena, rows->count, sizeof(*out->list)), 0};
    for (size_t i = 0; out->list && i < rows->count; i++)
        out->list[out->count++] = open_row(&rows->list[i], seal, arena);
    return out->list && !arena_is_full(arena);
}

/* "\x0102" again. False: no memory. */
static bool set_bytes(json_t *row, const char *name, struct text bytes, struct arena *arena)
{
    size_t room = 2 * bytes.bytes + 3;
    char *hex = arena_take(arena, room);

    if (!hex || !bytes.at)
        return false;
    memcpy(hex, "\\x", 2);
    sodium_bin2hex(hex + 2, room - 2, (const uint8_t *)bytes.at, bytes.bytes);
    return json_object_set_new(row, name, json_string(hex)) == 0;
}

/* A row that comes back has its value sealed for its place, with the key of today. */
static bool close_row(struct text table, json_t *row, const struct seal *seal, struct arena *arena)
{
    struct seal_place place;
    struct text plain;

    if (!json_object_get(row, OPEN_VALUE))
        return true;
    if (!open_value(table, row, seal, arena, &plain))
        return false;
    place = place_of(table, row, arena);
    if (!place.column)
        return false;
    json_object_del(row, OPEN_VALUE);
    return set_bytes(row, "value_sealed", seal_close(seal, &place, plain, arena), arena);
}

/* How many rows from `first` on stand in one array. */
static size_t chunk_of(const struct privacy_rows *rows, size_t first, size_t *bytes)
{
    size_t count = 0;

    *bytes = 2;
    while (first + count < rows->count) {
        const struct privacy_row *row = &rows->list[first + count];

        if (text_compare(row->table, rows->list[first].table) != 0 ||
            (count > 0 && *bytes + row->json.bytes + 1 > CHUNK_BYTES))
            break;
        *bytes += row->json.bytes + 1;
        count++;
    }
    return count;
}

static struct text join(const struct privacy_rows *rows, size_t first, size_t count, size_t bytes,
                        struct arena *arena)
{
    char *at = arena_take(arena, bytes + 1), *end = at;

    if (!at)
        return (struct text){NULL, 0};
    *end++ = '[';
    for (size_t i = first; i < first + count; i++) {
        if (i > first)
            *end++ = ',';
        memcpy(end, rows->list[i].json.at, rows->list[i].json.bytes);
        end += rows->list[i].json.bytes;
    }
    *end++ = ']';
    *end = '\0';
    return (struct text){at, (size_t)(end - at)};
}

/* False: no memory, or a row that is too large. */
static bool pack(const struct privacy_rows *rows, struct arena *arena,
                 struct codec_privacy_chunks *out)
{
    for (size_t first = 0, taken; first < rows->count; first += taken) {
        size_t bytes;
        struct text table = rows->list[first].table, json;

        taken = chunk_of(rows, first, &bytes);
        json = join(rows, first, taken, bytes, arena);
        if (!json.at || json.bytes > SEAL_PLAIN_BYTES_MAX)
            return false;
        out->list[out->count++] =
            (struct codec_privacy_chunk){arena_copy_text(arena, table.at, table.bytes), json};
    }
    return true;
}

bool codec_privacy_pack(const struct privacy_rows *const *rows, size_t count,
                        const struct seal *seal, struct arena *arena,
                        struct codec_privacy_chunks *out)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += rows[i]->count;
    *out =
        (struct codec_privacy_chunks){.list = arena_take_array(arena, total, sizeof(*out->list))};
    for (size_t i = 0; out->list && i < count; i++) {
        struct privacy_rows open;

        if (!open_rows(rows[i], seal, arena, &open) || !pack(&open, arena, out))
            return false;
    }
    return out->list && !arena_is_full(arena);
}

/* The array of rows of one sealed chunk; NULL: it does not open. */
static json_t *open_chunk(const struct privacy_sealed *sealed, const struct seal *seal,
                          struct arena *arena)
{
    const struct seal_place place = {.column = VAULT_COLUMN, .row = sealed->id, .part = ""};
    struct text json;

    return seal_open(seal, &place, sealed->sealed, arena, &json) == SEAL_OPENED ? load(json) : NULL;
}

bool codec_privacy_restore(const struct privacy_sealed *sealed, const struct seal *seal,
                           struct arena *arena, struct text *json)
{
    json_t *array = open_chunk(sealed, seal, arena), *row;
    size_t i;

    if (!array)
        return false;
    json_array_foreach(array, i, row)
    {
        if (!close_row(sealed->table, row, seal, arena)) {
            json_decref(array);
            return false;
        }
    }
    *json = dump(array, arena);
    return json->at != NULL;
}

bool codec_privacy_open(const struct privacy_sealed *sealed, const struct seal *seal,
                        struct arena *arena, struct privacy_rows *out)
{
    json_t *array = open_chunk(sealed, seal, arena), *row;
    size_t i;

    if (!array)
        return false;
    *out = (struct privacy_rows){
        .list = arena_take_array(arena, json_array_size(array), sizeof(*out->list))};
    json_array_foreach(array, i, row)
    {
        struct text json = dump(json_incref(row), arena);

        if (!out->list || !json.at)
            break;
        out->list[out->count++] = (struct privacy_row){sealed->table, json};
    }
    json_decref(array);
    return out->list && !arena_is_full(arena);
}
