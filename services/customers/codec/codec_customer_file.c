/*
 * RegisterCustomer and UpdateCustomer, checked whole: every fault is named, not only the first.
 */
#include "services/customers/codec/codec_customer_file.h"

#include <string.h>

#include "common/pure/day.h"
#include "common/pure/utf8.h"
#include "common/validate.h"
#include "kehu/customers/v1/files.pb-c.h"
#include "services/customers/codec/codec_check.h"

_Static_assert(
    (int)FILE_PARTY_COMPETITOR == KEHU__CUSTOMERS__V1__PARTY_TYPE__PARTY_TYPE_COMPETITOR &&
        (int)FILE_PARTY_CHANNEL == KEHU__CUSTOMERS__V1__PARTY_TYPE__PARTY_TYPE_CHANNEL &&
        (int)FILE_NATURE_PERSON == KEHU__CUSTOMERS__V1__PARTY_NATURE__PARTY_NATURE_PERSON &&
        (int)FILE_SOURCE_VISIT == KEHU__CUSTOMERS__V1__FACT_SOURCE__FACT_SOURCE_VISIT &&
        (int)FILE_SOURCE_SALES_DATA == KEHU__CUSTOMERS__V1__FACT_SOURCE__FACT_SOURCE_SALES_DATA &&
        (int)FILE_STATUS_DISPUTED == KEHU__CUSTOMERS__V1__FACT_STATUS__FACT_STATUS_DISPUTED,
    "enums have the same numbers on the wire");

#define REGION_MAX_BYTES 40

struct reading {
    const struct codec_file_asker *asker;
    struct arena *arena;
    struct codec_file_ask *ask;
    struct codec_file_faults *faults;
    bool is_new;
};

static const char *path(struct reading *r, const char *list, size_t i, const char *field)
{
    return arena_print(r->arena, "%s[%zu]%s%s", list, i, field[0] ? "." : "", field);
}

static void check_ref(struct reading *r, const char *field, const char *ref,
                      struct customer_question *out)
{
    if (!customer_question_parse(codec_check_text_of(ref), out))
        codec_file_fault(r->faults, field,
                         ref[0] ? "refers to nobody: give " CUSTOMER_REF_FORMS
                                : "is missing: give " CUSTOMER_REF_FORMS);
}

static void read_region(struct reading *r, const char *region)
{
    struct file_change *change = &r->ask->change;

    change->sets_region = true;
    change->region = codec_check_text_of(region);
    if (change->region.bytes > REGION_MAX_BYTES)
        codec_file_fault(r->faults, "region",
                         "is too long: the code of a region has at most 40 characters");
}

static void read_parent(struct reading *r, const char *ref)
{
    struct file_change *change = &r->ask->change;

    change->sets_parent = true;
    change->has_parent = ref[0] != '\0';
    if (change->has_parent)
        check_ref(r, "parent_ref", ref, &r->ask->parent);
}

/* --- facts --- */

static void read_collector(struct reading *r, size_t i, const char *collector, struct fact *out)
{
    out->collector = codec_check_text_of(collector[0] ? collector : r->asker->name);
    if (utf8_count(out->collector) > FILE_MAX_COLLECTOR)
        codec_file_fault(r->faults, path(r, "facts", i, "collector"),
                         "is too long: it may have at most 100 characters");
}

static void read_status(struct reading *r, size_t i, const Kehu__Customers__V1__Fact *from,
                        struct fact *out)
{
    const char *field = path(r, "facts", i, "verified_on");

    out->status = from->status ? (enum file_status)from->status : FILE_STATUS_UNVERIFIED;
    out->verified_on = out->status == FILE_STATUS_VERIFIED ? r->asker->today : FILE_NO_DAY;
    if (from->verified_on[0] == '\0')
        return;
    if (!day_parse(from->verified_on, strlen(from->verified_on), &out->verified_on) ||
        out->verified_on > r->asker->today)
        codec_file_fault(r->faults, field,
                         "must be a day up to today as YYYY-MM-DD, or empty for today");
    else if (out->status == FILE_STATUS_UNVERIFIED)
        codec_file_fault(r->faults, field, "stands only with status VERIFIED or DISPUTED");
}

static void read_value(struct reading *r, size_t i, const char *value, struct fact *out)
{
    struct text raw = codec_check_text_of(value);
    char *room = arena_take(r->arena, fields_room(raw));
    enum china_refusal detail = CHINA_FINE;

    if (!room)
        return;
    enum fields_refusal refusal = fields_read(out->field, raw, r->asker->today, room, &detail);
    bool may_be_empty = !r->is_new && strcmp(out->field->name, "name") != 0;

    if (refusal == FIELDS_EMPTY && may_be_empty)
        out->value = TEXT_OF("");
    else if (refusal == FIELDS_EMPTY && !r->is_new)
        codec_file_fault(r->faults, path(r, "facts", i, "value"),
                         "is empty: a name can be changed, not removed");
    else if (refusal)
        codec_file_fault(r->faults, path(r, "facts", i, "value"),
                         codec_file_why(out->field, refusal, detail, r->asker->today, r->arena));
    else
        out->value = codec_check_text_of(room);
}

/* A field of the other nature. An update's nature may be that of the stored file: there the handler
 * looks. */
static void check_fit(struct reading *r, size_t i, const struct field *field)
{
    bool is_person = r->ask->change.nature == FILE_NATURE_PERSON;

    if (r->is_new && fields_need_of(field, is_person) == FIELDS_NEED_NONE)
        codec_file_fault(r->faults, path(r, "facts", i, "field"),
                         is_person ? "is for organisations, and this is a person"
                                   : "is for persons, and this is an organisation");
}

static void read_fact(struct reading *r, size_t i, const Kehu__Customers__V1__Fact *from)
{
    struct facts *facts = &r->ask->change.facts;
    struct fact fact = {.field = fields_find(codec_check_text_of(from->field)),
                        .source = (enum file_source)from->source};

    if (!fact.field) {
        codec_file_fault(r->faults, path(r, "facts", i, "field"),
                         "is not in the dictionary: DescribeFields lists all fields");
        return;
    }
    if (file_find_fact(facts, fact.field)) {
        codec_file_fault(r->faults, path(r, "facts", i, "field"),
                         "is told twice: each field may stand once in a request");
        return;
    }
    check_fit(r, i, fact.field);
    read_value(r, i, from->value, &fact);
    read_collector(r, i, from->collector, &fact);
    read_status(r, i, from, &fact);
    facts->list[facts->count++] = fact;
}

static void read_facts(struct reading *r, Kehu__Customers__V1__Fact **facts, size_t count)
{
    if (count > FILE_MAX_FACTS)
        codec_file_fault(r->faults, "facts", "are too many: at most 100 in one request");
    for (size_t i = 0; i < count && i < FILE_MAX_FACTS; i++)
        read_fact(r, i, facts[i]);
}

/* --- references and major changes --- */

static bool same_text(struct text a, struct text b)
{
    return a.bytes == b.bytes && memcmp(a.at, b.at, a.bytes) == 0;
}

static bool is_told_before(const struct codec_file_ask *ask, const struct customer_reference *ref)
{
    for (size_t i = 0; i < ask->change.added_refs; i++)
        if (same_text(ask->refs[i].source, ref->source) &&
            same_text(ask->refs[i].external_id, ref->external_id))
            return true;
    return false;
}

static void read_refs(struct reading *r, const char *list, char **refs, size_t count)
{
    struct codec_file_ask *ask = r->ask;

    ask->refs = arena_take_array(r->arena, count, sizeof(*ask->refs));
    if (count > FILE_MAX_REFS)
        codec_file_fault(r->faults, list, "are too many: at most 100 in one request");
    for (size_t i = 0; ask->refs && i < count && i < FILE_MAX_REFS; i++) {
        struct customer_question question;

        if (!customer_question_parse(codec_check_text_of(refs[i]), &question) ||
            question.kind != CUSTOMER_REF_EXTERNAL)
            codec_file_fault(r->faults, path(r, list, i, ""),
                             "must be source:external_id, such as uci:13085");
        else if (is_told_before(ask, &question.reference))
            codec_file_fault(r->faults, path(r, list, i, ""), "is told twice");
        else
            ask->refs[ask->change.added_refs++] = question.reference;
    }
}

static void read_major_change(struct reading *r, size_t i,
                              const Kehu__Customers__V1__MajorChange *from)
{
    struct major_changes *changes = &r->ask->major_changes;
    struct major_change change = {.kind = codec_check_text_of(from->kind),
                                  .description = codec_check_text_of(from->description),
                                  .happened_on = r->asker->today};

    if (!file_is_major_kind(change.kind))
        codec_file_fault(r->faults, path(r, "major_changes", i, "kind"),
                         "must be one of " FILE_MAJOR_KINDS);
    if (utf8_count(change.description) > FILE_MAX_DESCRIPTION)
        codec_file_fault(r->faults, path(r, "major_changes", i, "description"),
                         "is too long: it may have at most 500 characters");
    if (from->happened_on[0] != '\0' &&
        (!day_parse(from->happened_on, strlen(from->happened_on), &change.happened_on) ||
         change.happened_on > r->asker->today))
        codec_file_fault(r->faults, path(r, "major_changes", i, "happened_on"),
                         "must be a day up to today as YYYY-MM-DD, or empty for today");
    changes->list[changes->count++] = change;
}

static void read_major_changes(struct reading *r, Kehu__Customers__V1__MajorChange **changes,
                               size_t count)
{
    if (count > FILE_MAX_MAJOR_CHANGES) {
        codec_file_fault(r->faults, "major_changes", "are too many: at most 20 in one request");
        return;
    }
    r->ask->major_changes.list =
        arena_take_array(r->arena, count, sizeof(*r->ask->major_changes.list));
    for (size_t i = 0; r->ask->major_changes.list && i < count; i++)
        read_major_change(r, i, changes[i]);
}

/* --- the two questions --- */

static enum status unpack(struct reading *r, const ProtobufCMessageDescriptor *descriptor,
                          const uint8_t *payload, size_t bytes, ProtobufCMessage **message)
{
    char field[200] = "", why[300] = "";
    enum status status = validate_unpack(descriptor, arena_allocator(r->arena), payload, bytes,
                                         message, field, sizeof(field), why, sizeof(why));

    if (status == INVALID_ARGUMENT)
        codec_file_fault(r->faults, arena_print(r->arena, "%s", field),
                         arena_print(r->arena, "%s", why));
    if (status)
        return status;
    r->ask->change.facts.list =
        arena_take_array(r->arena, FIELDS_MAX, sizeof(*r->ask->change.facts.list));
    return r->ask->change.facts.list ? OK : RESOURCE_EXHAUSTED;
}

static enum status end(const struct reading *r)
{
    if (arena_is_full(r->arena))
        return RESOURCE_EXHAUSTED;
    return r->faults->count > 0 ? INVALID_ARGUMENT : OK;
}

enum status codec_get_register_customer(const uint8_t *payload, size_t bytes,
                                        const struct codec_file_asker *asker, struct arena *arena,
                                        struct codec_file_ask *out,
                                        struct codec_file_faults *faults)
{
    struct reading r = {asker, arena, out, faults, true};
    ProtobufCMessage *message;
    enum status status =
        unpack(&r, &kehu__customers__v1__register_customer__descriptor, payload, bytes, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__RegisterCustomer *ask = (const void *)message;

    out->change.party = ask->party_type ? (enum file_party)ask->party_type : FILE_PARTY_CUSTOMER;
    out->change.nature = ask->nature ? (enum file_nature)ask->nature : FILE_NATURE_ORGANISATION;
    read_parent(&r, ask->parent_ref);
    read_region(&r, ask->region);
    read_facts(&r, ask->facts, ask->n_facts);
    if (!file_find_fact(&out->change.facts, fields_find(TEXT_OF("name"))))
        codec_file_fault(faults, "facts", "have no name: a file needs at least the fact name");
    read_refs(&r, "refs", ask->refs, ask->n_refs);
    return end(&r);
}

enum status codec_get_update_customer(const uint8_t *payload, size_t bytes,
                                      const struct codec_file_asker *asker, struct arena *arena,
                                      struct codec_file_ask *out, struct codec_file_faults *faults)
{
    struct reading r = {asker, arena, out, faults, false};
    ProtobufCMessage *message;
    enum status status =
        unpack(&r, &kehu__customers__v1__update_customer__descriptor, payload, bytes, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__UpdateCustomer *ask = (const void *)message;

    check_ref(&r, "ref", ask->ref, &out->ref);
    out->expected_version = ask->expected_version;
    out->is_reviewed = ask->reviewed;
    out->change.party = (enum file_party)ask->party_type;
    out->change.nature = (enum file_nature)ask->nature;
    if (ask->parent_case == KEHU__CUSTOMERS__V1__UPDATE_CUSTOMER__PARENT_PARENT_REF)
        read_parent(&r, ask->parent_ref);
    if (ask->region_choice_case == KEHU__CUSTOMERS__V1__UPDATE_CUSTOMER__REGION_CHOICE_REGION)
        read_region(&r, ask->region);
    read_facts(&r, ask->facts, ask->n_facts);
    read_major_changes(&r, ask->major_changes, ask->n_major_changes);
    read_refs(&r, "add_refs", ask->add_refs, ask->n_add_refs);
    return end(&r);
}
