#include "services/customers/codec/codec_privacy.h"

#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "kehu/customers/v1/privacy.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_value.h"
#include "services/customers/domain/contact.h"
#include "services/customers/domain/personal.h"

#define MAX_REASON 200
#define MAX_HOLD_SUBJECT 64
#define NEW(type, init, arena)                                                                     \
    type *out = arena_take(arena, sizeof(*out));                                                   \
    if (!out)                                                                                      \
        return NULL;                                                                               \
    init(out)

static const char *const reasons[] = {"request", "retention", "wrong_person", "other", NULL};
#define REASONS "request, retention, wrong_person or other"
static const char *const placed_kinds[] = {"case", "commitment", "dispute", "other", NULL};
#define PLACED_KINDS "case, commitment, dispute or other (statutory ones are calculated)"
static const char *const langs[] = {"zh", "en", NULL};
static const char *const states[] = {"restricted", "erasing", "erased", NULL};

/* --- questions --- */

static void read_person(struct codec_people_reader *reader,
                        const Kehu__Customers__V1__PersonRef *person, struct codec_privacy_ask *out)
{
    bool has_contact = person && person->contact_id[0],
         has_customer = person && person->customer_ref[0];

    if (has_contact == has_customer) {
        codec_people_fault(reader, "person",
                           has_contact ? "names two: give contact_id or customer_ref"
                                       : "is missing: give contact_id or customer_ref");
        return;
    }
    out->is_customer = has_customer;
    if (has_customer)
        codec_people_ref(reader, "person.customer_ref", person->customer_ref, &out->ref);
    else
        codec_people_id(reader, "person.contact_id", person->contact_id, true, &out->contact);
}

static enum privacy_kind read_kind(struct codec_people_reader *reader, const char *field,
                                   const char *name)
{
    const char *word = codec_people_word(reader, field, name, placed_kinds, PLACED_KINDS, NULL);
    enum privacy_kind kind;

    return privacy_kind_read(codec_check_text_of(word), &kind) ? kind : PRIVACY_HOLD_OTHER;
}

typedef void (*read_ask)(struct codec_people_reader *reader, const ProtobufCMessage *message,
                         struct codec_privacy_ask *out);

static void read_access(struct codec_people_reader *reader, const ProtobufCMessage *message,
                        struct codec_privacy_ask *out)
{
    const Kehu__Customers__V1__GetSubjectAccess *ask = (const void *)message;

    read_person(reader, ask->person, out);
    out->lang = codec_people_word(reader, "lang", ask->lang, langs, "zh or en", "zh");
}

static void read_standing(struct codec_people_reader *reader, const ProtobufCMessage *message,
                          struct codec_privacy_ask *out)
{
    read_person(reader, ((const Kehu__Customers__V1__GetPersonStanding *)message)->person, out);
}

static void read_restrict(struct codec_people_reader *reader, const ProtobufCMessage *message,
                          struct codec_privacy_ask *out)
{
    const Kehu__Customers__V1__RestrictPerson *ask = (const void *)message;

    read_person(reader, ask->person, out);
    out->reason = codec_people_text(reader, "reason", ask->reason, MAX_REASON, true);
}

static void read_lift(struct codec_people_reader *reader, const ProtobufCMessage *message,
                      struct codec_privacy_ask *out)
{
    const Kehu__Customers__V1__LiftRestriction *ask = (const void *)message;

    read_person(reader, ask->person, out);
    out->reason = codec_people_text(reader, "reason", ask->reason, MAX_REASON, true);
}

static void read_erase(struct codec_people_reader *reader, const ProtobufCMessage *message,
                       struct codec_privacy_ask *out)
{
    const Kehu__Customers__V1__ErasePerson *ask = (const void *)message;

    read_person(reader, ask->person, out);
    out->reason = codec_check_text_of(
        codec_people_word(reader, "reason", ask->reason, reasons, REASONS, NULL));
    out->is_dry_run = ask->dry_run;
}

static void read_place(struct codec_people_reader *reader, const ProtobufCMessage *message,
                       struct codec_privacy_ask *out)
{
    const Kehu__Customers__V1__PlaceHold *ask = (const void *)message;
    struct privacy_hold *hold = &out->hold;

    read_person(reader, ask->person, out);
    if (!ask->hold) {
        codec_people_fault(reader, "hold", "is missing: its kind and subject at least");
        return;
    }
    hold->kind = read_kind(reader, "hold.kind", ask->hold->kind);
    hold->subject =
        codec_people_text(reader, "hold.subject", ask->hold->subject, MAX_HOLD_SUBJECT, true);
    hold->until =
        codec_people_day(reader, "hold.until", ask->hold->until, PRIVACY_NO_DAY, INT32_MAX);
    if (hold->until < reader->today)
        codec_people_fault(reader, "hold.until", "is over: give a day from today on, or none");
}

static void read_release(struct codec_people_reader *reader, const ProtobufCMessage *message,
                         struct codec_privacy_ask *out)
{
    const Kehu__Customers__V1__ReleaseHold *ask = (const void *)message;

    read_person(reader, ask->person, out);
    out->hold.kind = read_kind(reader, "kind", ask->kind);
    out->hold.subject = codec_people_text(reader, "subject", ask->subject, MAX_HOLD_SUBJECT, true);
    out->hold.until = PRIVACY_NO_DAY;
    out->hold.holder = codec_people_text(reader, "holder", ask->holder, MAX_HOLD_SUBJECT, false);
}

static const struct {
    const ProtobufCMessageDescriptor *descriptor;
    read_ask read;
} asks[] = {
    {&kehu__customers__v1__get_subject_access__descriptor, read_access},
    {&kehu__customers__v1__get_person_standing__descriptor, read_standing},
    {&kehu__customers__v1__restrict_person__descriptor, read_restrict},
    {&kehu__customers__v1__lift_restriction__descriptor, read_lift},
    {&kehu__customers__v1__erase_person__descriptor, read_erase},
    {&kehu__customers__v1__place_hold__descriptor, read_place},
    {&kehu__customers__v1__release_hold__descriptor, read_release},
};

enum status codec_get_person(const char *type, const uint8_t *payload, size_t bytes, int32_t today,
                             struct arena *arena, struct codec_privacy_ask *out,
                             struct codec_file_faults *faults)
{
    struct codec_people_reader reader = {.arena = arena, .faults = faults, .today = today};

    for (size_t i = 0; i < COUNT_OF(asks); i++) {
        ProtobufCMessage *message;
        enum status status;

        if (strcmp(asks[i].descriptor->name, type) != 0)
            continue;
        status = codec_people_open(&reader, asks[i].descriptor, payload, bytes, &message);
        if (status)
            return status;
        *out = (struct codec_privacy_ask){.lang = "zh"};
        asks[i].read(&reader, message, out);
        return codec_people_end(&reader);
    }
    return INTERNAL;
}

/* "1732145678000000.<id>": the last row before the page. */
static void read_token(struct codec_people_reader *reader, const char *token,
                       struct privacy_place *out)
{
    char *end;

    if (token[0] == '\0')
        return;
    out->at = strtoll(token, &end, 10);
    out->has_last = *end == '.' && uuid_parse(end + 1, strlen(end + 1), &out->id);
    if (!out->has_last)
        codec_people_fault(reader, "page_token", "is none of ours: give next_page_token of a page");
}

static char *token_of(int64_t at, const struct id *id, struct arena *arena)
{
    return arena_print(arena, "%lld.%s", (long long)at, codec_value_id(id, arena));
}

enum status codec_get_privacy_list(const char *type, const uint8_t *payload, size_t bytes,
                                   struct arena *arena, struct codec_privacy_list_ask *out,
                                   struct codec_file_faults *faults)
{
    struct codec_people_reader reader = {.arena = arena, .faults = faults};
    const ProtobufCMessageDescriptor *erasures = &kehu__customers__v1__list_erasures__descriptor;
    bool is_erasures = strcmp(type, erasures->name) == 0;
    ProtobufCMessage *message;
    enum status status = codec_people_open(
        &reader, is_erasures ? erasures : &kehu__customers__v1__list_retention_due__descriptor,
        payload, bytes, &message);

    if (status)
        return status;
    *out = (struct codec_privacy_list_ask){.state = ""};
    if (is_erasures) {
        const Kehu__Customers__V1__ListErasures *ask = (const void *)message;

        out->state = codec_people_word(&reader, "state", ask->state, states,
                                       "restricted, erasing or erased", "");
        out->page_size = codec_people_page(&reader, ask->page_size);
        read_token(&reader, ask->page_token, &out->after);
    } else {
        const Kehu__Customers__V1__ListRetentionDue *ask = (const void *)message;

        out->page_size = codec_people_page(&reader, ask->page_size);
        read_token(&reader, ask->page_token, &out->after);
    }
    return codec_people_end(&reader);
}

/* --- answers --- */

static Kehu__Customers__V1__Hold *hold_of(const struct privacy_hold *hold, struct arena *arena)
{
    static const struct id calculated;

    NEW(Kehu__Customers__V1__Hold, kehu__customers__v1__hold__init, arena);
    if (memcmp(&hold->id, &calculated, sizeof(calculated)) != 0)
        out->hold_id = codec_value_id(&hold->id, arena);
    out->kind = (char *)privacy_kind_name(hold->kind);
    out->holder = codec_value_text(hold->holder, arena);
    out->subject = codec_value_text(hold->subject, arena);
    out->until = hold->until == PRIVACY_NO_DAY ? "" : codec_value_day(hold->until, arena);
    out->placed_at = codec_value_time_or_absent(hold->placed_at_us, arena);
    out->released_at = codec_value_time_or_absent(hold->released_at_us, arena);
    return out;
}

static Kehu__Customers__V1__ErasurePart *part_of(const struct privacy_part *part,
                                                 struct arena *arena)
{
    NEW(Kehu__Customers__V1__ErasurePart, kehu__customers__v1__erasure_part__init, arena);
    out->service = codec_value_text(part->service, arena);
    out->done_at = codec_value_time(part->done_at_us, arena);
    out->values = (uint32_t)part->values;
    return out;
}

static Kehu__Customers__V1__PersonStanding *standing_of(const struct codec_privacy_view *view,
                                                        struct arena *arena)
{
    const struct privacy_standing_row *row = view->standing;
    size_t parts = view->parts ? view->parts->count : 0;

    NEW(Kehu__Customers__V1__PersonStanding, kehu__customers__v1__person_standing__init, arena);
    out->person_id = codec_value_id(view->person, arena);
    out->state = (char *)privacy_state_name(row->found ? row->state : PRIVACY_OPEN);
    out->values = (uint32_t)view->values;
    if (row->found) {
        out->asked_at = codec_value_time(row->asked_at_us, arena);
        out->erased_at = codec_value_time_or_absent(row->erased_at_us, arena);
    }
    if (row->found && row->state == PRIVACY_ERASING && view->free_on != PRIVACY_NO_DAY)
        out->erases_on = codec_value_day(view->free_on, arena);
    out->holds = arena_take_array(arena, view->hold_count, sizeof(*out->holds));
    out->parts = arena_take_array(arena, parts, sizeof(*out->parts));
    if (!out->holds || !out->parts)
        return NULL;
    for (size_t i = 0; i < view->hold_count; i++)
        out->holds[out->n_holds++] = hold_of(&view->holds[i], arena);
    for (size_t i = 0; i < parts; i++)
        out->parts[out->n_parts++] = part_of(&view->parts->list[i], arena);
    return arena_is_full(arena) ? NULL : out;
}

const ProtobufCMessage *codec_person_standing(const struct codec_privacy_view *view,
                                              struct arena *arena)
{
    Kehu__Customers__V1__PersonStanding *out = standing_of(view, arena);

    return out ? &out->base : NULL;
}

const ProtobufCMessage *codec_hold_reply(const struct id *hold, bool is_erased, struct arena *arena)
{
    NEW(Kehu__Customers__V1__HoldReply, kehu__customers__v1__hold_reply__init, arena);
    out->hold_id = codec_value_id(hold, arena);
    out->erased = is_erased;
    return out->hold_id ? &out->base : NULL;
}

const ProtobufCMessage *codec_erasure_list(const struct privacy_standings *list, uint32_t page_size,
                                           struct arena *arena)
{
    size_t count = list->count < page_size ? list->count : page_size;

    NEW(Kehu__Customers__V1__ErasureList, kehu__customers__v1__erasure_list__init, arena);
    out->persons = arena_take_array(arena, count, sizeof(*out->persons));
    for (size_t i = 0; out->persons && i < count; i++) {
        const struct codec_privacy_view view = {.standing = &list->list[i],
                                                .person = &list->list[i].person,
                                                .values = list->list[i].values,
                                                .free_on = PRIVACY_NO_DAY};

        out->persons[out->n_persons++] = standing_of(&view, arena);
    }
    if (list->count > page_size)
        out->next_page_token =
            token_of(list->list[count - 1].asked_at_us, &list->list[count - 1].person, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

static Kehu__Customers__V1__RetentionDue *due_of(const struct privacy_due *due, uint32_t months,
                                                 struct arena *arena)
{
    NEW(Kehu__Customers__V1__RetentionDue, kehu__customers__v1__retention_due__init, arena);
    out->person_id = codec_value_id(&due->person, arena);
    out->kind = due->is_customer ? "customer" : "contact";
    out->last_event_on = codec_value_day(due->last_event, arena);
    out->due_on = codec_value_day(day_add_months(due->last_event, (int)months), arena);
    return out;
}

const ProtobufCMessage *codec_retention_due_list(const struct privacy_dues *list, uint32_t months,
                                                 uint32_t page_size, struct arena *arena)
{
    size_t count = list->count < page_size ? list->count : page_size;

    NEW(Kehu__Customers__V1__RetentionDueList, kehu__customers__v1__retention_due_list__init,
        arena);
    out->persons = arena_take_array(arena, count, sizeof(*out->persons));
    for (size_t i = 0; out->persons && i < count; i++)
        out->persons[out->n_persons++] = due_of(&list->list[i], months, arena);
    if (list->count > page_size)
        out->next_page_token =
            token_of(list->list[count - 1].last_event, &list->list[count - 1].person, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

static Kehu__Customers__V1__PersonalColumn *column_of(const struct personal_column *column,
                                                      struct arena *arena)
{
    NEW(Kehu__Customers__V1__PersonalColumn, kehu__customers__v1__personal_column__init, arena);
    out->table = (char *)column->table;
    out->column = (char *)column->column;
    out->of = (char *)column->of;
    out->erasure = strcmp(column->erasure, "row") == 0 ? "row deleted" : (char *)column->erasure;
    out->note = (char *)column->note;
    return out;
}

const ProtobufCMessage *codec_personal_columns(struct arena *arena)
{
    NEW(Kehu__Customers__V1__PersonalColumns, kehu__customers__v1__personal_columns__init, arena);
    out->columns = arena_take_array(arena, personal_column_count, sizeof(*out->columns));
    for (size_t i = 0; out->columns && i < personal_column_count; i++)
        out->columns[out->n_columns++] = column_of(&personal_columns[i], arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- events --- */

static char **ids_of(const struct id *list, size_t count, size_t *n, struct arena *arena)
{
    char **ids = arena_take_array(arena, count, sizeof(*ids));

    for (size_t i = 0; ids && i < count; i++)
        ids[(*n)++] = codec_value_id(&list[i], arena);
    return ids;
}

static char **members_of(const struct privacy_member *list, size_t count, size_t *out_count,
                         struct arena *arena)
{
    char **out = arena_take_array(arena, count, sizeof(*out));

    for (size_t i = 0; out && i < count; i++)
        out[(*out_count)++] = codec_value_id(&list[i].id, arena);
    return out;
}

const ProtobufCMessage *codec_person_restricted(const struct privacy_person *person, bool is_lifted,
                                                struct arena *arena)
{
    NEW(Kehu__Customers__V1__PersonRestricted, kehu__customers__v1__person_restricted__init, arena);
    out->person_id = codec_value_id(&person->id, arena);
    out->customer_ids = ids_of(person->related, person->related_count, &out->n_customer_ids, arena);
    out->lifted = is_lifted;
    out->contact_ids =
        members_of(person->contacts, person->contact_count, &out->n_contact_ids, arena);
    out->own_ids = members_of(person->customers, person->customer_count, &out->n_own_ids, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_person_erased(const struct privacy_person *person,
                                            struct arena *arena)
{
    NEW(Kehu__Customers__V1__PersonErased, kehu__customers__v1__person_erased__init, arena);
    out->person_id = codec_value_id(&person->id, arena);
    out->is_customer = person->is_customer;
    out->customer_ids = ids_of(person->related, person->related_count, &out->n_customer_ids, arena);
    out->contact_ids =
        members_of(person->contacts, person->contact_count, &out->n_contact_ids, arena);
    out->own_ids = members_of(person->customers, person->customer_count, &out->n_own_ids, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_erasure_done(const struct id *person, int64_t values,
                                           struct arena *arena)
{
    NEW(Kehu__Customers__V1__ErasureDone, kehu__customers__v1__erasure_done__init, arena);
    out->person_id = codec_value_id(person, arena);
    out->service = "customers";
    out->values = (uint32_t)values;
    return arena_is_full(arena) ? NULL : &out->base;
}

/* --- the words by which he is known (codec_privacy_rows.c) --- */

size_t codec_privacy_word_room(const struct privacy_rows *rows)
{
    static const char *const tables[] = {"contact", "customer", "contact_channel", "customer_fact"};
    size_t room = 0;

    for (size_t i = 0; i < rows->count; i++)
        for (size_t k = 0; k < COUNT_OF(tables); k++)
            if (rows->list[i].table.bytes == strlen(tables[k]) &&
                memcmp(rows->list[i].table.at, tables[k], strlen(tables[k])) == 0)
                room += 4; /* a mobile is written in three more ways */
    return room;
}
