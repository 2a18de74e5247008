/*
 * Files, lists and the dictionary as answers, and the events of a file.
 */
#include <string.h>

#include "common/pure/china.h"
#include "common/pure/decimal.h"
#include "kehu/customers/v1/events.pb-c.h"
#include "kehu/customers/v1/files.pb-c.h"
#include "services/customers/codec/codec_complaints.h"
#include "services/customers/codec/codec_customer_file.h"
#include "services/customers/codec/codec_value.h"

#define MILLION 1e6

static char *day_or_empty(int32_t day, struct arena *arena)
{
    return day == FILE_NO_DAY ? "" : codec_value_day(day, arena);
}

static char *grade_text(char grade, struct arena *arena)
{
    return grade == ' ' ? "" : arena_print(arena, "%c", grade);
}

static char **words(const char *const *from, size_t count, struct arena *arena)
{
    char **list = arena_take_array(arena, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++)
        list[i] = (char *)from[i];
    return list;
}

static char **reference_texts(const struct customer_file *file, struct arena *arena)
{
    char **list = arena_take_array(arena, file->reference_count, sizeof(*list));

    for (size_t i = 0; list && i < file->reference_count; i++) {
        const struct customer_reference *ref = &file->references[i];

        list[i] = arena_print(arena, "%.*s:%.*s", (int)ref->source.bytes, ref->source.at,
                              (int)ref->external_id.bytes, ref->external_id.at);
    }
    return list;
}

/* As it is shown to who did not ask to see it; the extension behind a number stays away. */
static char *masked_value(const struct fact *fact, struct arena *arena)
{
    char value[CHINA_EMAIL_BYTES] = "", phone[CHINA_MASK_BYTES], email[CHINA_EMAIL_BYTES];
    size_t bytes = fact->value.bytes < sizeof(value) ? fact->value.bytes : 0;

    memcpy(value, fact->value.at, bytes);
    if (fact->field->type == FIELDS_TYPE_EMAIL) {
        china_mask_email(value, email);
        return arena_copy_text(arena, email, strlen(email));
    }
    value[strcspn(value, " ")] = '\0';
    china_mask_phone(value, phone);
    return arena_copy_text(arena, phone, strlen(phone));
}

static bool is_masked(const struct fact *fact)
{
    return fact->value.bytes > 0 &&
           (fact->field->type == FIELDS_TYPE_PHONE || fact->field->type == FIELDS_TYPE_EMAIL);
}

static Kehu__Customers__V1__Fact **facts_of(const struct facts *facts, bool is_unmasked,
                                            struct arena *arena)
{
    Kehu__Customers__V1__Fact **list = arena_take_array(arena, facts->count, sizeof(*list));
    Kehu__Customers__V1__Fact *room = arena_take_array(arena, facts->count, sizeof(*room));

    for (size_t i = 0; list && room && i < facts->count; i++) {
        const struct fact *from = &facts->list[i];

        kehu__customers__v1__fact__init(&room[i]);
        room[i].field = (char *)from->field->name;
        room[i].value = is_unmasked || !is_masked(from) ? codec_value_text(from->value, arena)
                                                        : masked_value(from, arena);
        room[i].source = (Kehu__Customers__V1__FactSource)from->source;
        room[i].collector = codec_value_text(from->collector, arena);
        room[i].status = (Kehu__Customers__V1__FactStatus)from->status;
        room[i].verified_on = day_or_empty(from->verified_on, arena);
        room[i].changed_at = codec_value_time(from->changed_at_us, arena);
        list[i] = &room[i];
    }
    return list;
}

static Kehu__Customers__V1__MajorChange **changes_of(const struct major_changes *changes,
                                                     struct arena *arena)
{
    Kehu__Customers__V1__MajorChange **list =
        arena_take_array(arena, changes->count, sizeof(*list));
    Kehu__Customers__V1__MajorChange *room = arena_take_array(arena, changes->count, sizeof(*room));

    for (size_t i = 0; list && room && i < changes->count; i++) {
        kehu__customers__v1__major_change__init(&room[i]);
        room[i].kind = codec_value_text(changes->list[i].kind, arena);
        room[i].description = codec_value_text(changes->list[i].description, arena);
        room[i].happened_on = codec_value_day(changes->list[i].happened_on, arena);
        list[i] = &room[i];
    }
    return list;
}

static Kehu__Customers__V1__PurchaseInformation *purchases_of(const struct purchases *purchases,
                                                              struct arena *arena)
{
    Kehu__Customers__V1__PurchaseInformation *out = arena_take(arena, sizeof(*out));
    char net[DECIMAL_TEXT_BYTES];

    if (!out)
        return NULL;
    decimal_print(purchases->net_12_months_micros, net);
    kehu__customers__v1__purchase_information__init(out);
    out->first_order_on = day_or_empty(purchases->first_day, arena);
    out->last_order_on = day_or_empty(purchases->last_day, arena);
    out->orders_12_months = (uint32_t)purchases->orders_12_months;
    out->net_12_months = arena_copy_text(arena, net, strlen(net));
    out->mean_interval_days = file_mean_interval(purchases);
    out->expected_next_on = day_or_empty(file_expected_next(purchases), arena);
    return out;
}

static void put_row(const struct file_row *row, struct arena *arena,
                    Kehu__Customers__V1__CustomerFile *out)
{
    out->id = codec_value_id(&row->id, arena);
    out->number = codec_value_number(row->number, arena);
    out->name = codec_value_text(row->name, arena);
    out->party_type = (Kehu__Customers__V1__PartyType)row->state.party;
    out->nature = (Kehu__Customers__V1__PartyNature)row->state.nature;
    if (row->parent_number)
        out->parent_number = codec_value_number(row->parent_number, arena);
    out->region_is_set = row->state.region.bytes > 0;
    out->review_due = day_or_empty(row->review_due, arena);
    out->owner = codec_value_text(row->owner, arena);
    out->grade = grade_text(row->grade, arena);
    out->file_version = (uint64_t)row->file_version;
    out->version = row->version;
    if (row->merged_from)
        out->merged_from = codec_value_number(row->merged_from, arena);
    out->registered_at = codec_value_time(row->registered_at_us, arena);
}

const ProtobufCMessage *codec_customer_file(const struct codec_file_view *view, struct arena *arena)
{
    Kehu__Customers__V1__CustomerFile *out = arena_take(arena, sizeof(*out));
    const struct file_row *row = view->row;

    if (!out)
        return NULL;
    kehu__customers__v1__customer_file__init(out);
    put_row(row, arena, out);
    out->region = codec_value_text(
        row->state.region.bytes ? row->state.region : view->purchases->region, arena);
    out->n_refs = view->references->reference_count;
    out->refs = reference_texts(view->references, arena);
    out->n_facts = row->state.facts.count;
    out->facts = facts_of(&row->state.facts, view->is_unmasked, arena);
    out->completeness = (double)view->score->completeness_micros / MILLION;
    if (row->is_erased) { /* nobody is asked to find out again what was taken out */
        out->privacy = codec_value_text(row->privacy, arena);
    } else {
        out->n_missing = view->score->missing_count;
        out->missing = words(view->score->missing, view->score->missing_count, arena);
        out->incomplete = view->score->missing_count > 0;
    }
    out->cases = view->cases ? codec_customer_cases(view->cases, arena) : NULL;
    out->purchases = purchases_of(&view->purchases->figures, arena);
    out->n_major_changes = view->major_changes->count;
    out->major_changes = changes_of(view->major_changes, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_customer_file_reply(const struct id *id, int64_t number,
                                                  int64_t file_version,
                                                  const struct fields_score *score,
                                                  struct arena *arena)
{
    Kehu__Customers__V1__CustomerFileReply *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer_file_reply__init(out);
    out->id = codec_value_id(id, arena);
    out->number = codec_value_number(number, arena);
    out->file_version = (uint64_t)file_version;
    out->n_missing = score->missing_count;
    out->missing = words(score->missing, score->missing_count, arena);
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_summary(const struct file_summary *from, struct arena *arena,
                        Kehu__Customers__V1__CustomerSummary *out)
{
    kehu__customers__v1__customer_summary__init(out);
    if (from->is_outside) {
        out->outside = true;
        out->owner = (char *)from->owner_name;
        out->owned_since = day_or_empty(from->owned_since, arena);
        return;
    }
    out->id = codec_value_id(&from->id, arena);
    out->number = codec_value_number(from->number, arena);
    out->name = codec_value_text(from->name, arena);
    out->party_type = (Kehu__Customers__V1__PartyType)from->party;
    out->region = codec_value_text(from->region, arena);
    out->grade = grade_text(from->grade, arena);
    out->completeness = from->completeness_micros / MILLION;
    out->review_due = day_or_empty(from->review_due, arena);
    out->ref = codec_value_text(from->ref, arena);
    out->owner = codec_value_text(from->owner, arena);
    out->repeat_complainant = from->is_repeat_complainant;
}

const ProtobufCMessage *codec_customer_list(const struct file_summary *list, size_t count,
                                            const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__CustomerList *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__CustomerSummary *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__customer_list__init(out);
    out->customers = arena_take_array(arena, count, sizeof(*out->customers));
    if (!out->customers)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        put_summary(&list[i], arena, &room[i]);
        out->customers[i] = &room[i];
    }
    out->n_customers = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_field(const struct field *from, struct arena *arena,
                      Kehu__Customers__V1__FieldDescription *out)
{
    kehu__customers__v1__field_description__init(out);
    out->field = (char *)from->name;
    out->group = (char *)fields_group_name(from->group);
    out->type = (char *)fields_type_name(from->type);
    out->personal = from->is_personal;
    out->for_persons = from->of_persons != FIELDS_NEED_NONE;
    out->for_organisations = from->of_organisations != FIELDS_NEED_NONE;
    out->required_for_persons = from->of_persons == FIELDS_NEED_REQUIRED;
    out->required_for_organisations = from->of_organisations == FIELDS_NEED_REQUIRED;
    out->required = out->required_for_persons || out->required_for_organisations;
    out->english = (char *)from->english;
    out->chinese = (char *)from->chinese;
    while (from->choices && from->choices[out->n_choices])
        out->n_choices++;
    out->choices = words(from->choices, out->n_choices, arena);
}

const ProtobufCMessage *codec_field_descriptions(int32_t today, struct arena *arena)
{
    Kehu__Customers__V1__FieldDescriptions *out = arena_take(arena, sizeof(*out));
    Kehu__Customers__V1__FieldDescription *room =
        arena_take_array(arena, fields_count, sizeof(*room));

    if (!out || !room)
        return NULL;
    kehu__customers__v1__field_descriptions__init(out);
    out->fields = arena_take_array(arena, fields_count, sizeof(*out->fields));
    if (!out->fields)
        return NULL;
    for (size_t i = 0; i < fields_count; i++) {
        put_field(&fields[i], arena, &room[i]);
        room[i].rule = (char *)codec_file_rule(&fields[i], today, arena);
        out->fields[i] = &room[i];
    }
    out->n_fields = fields_count;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_customer_changed(const struct id *customer,
                                               const char *const *changed, size_t count,
                                               int64_t file_version, struct arena *arena)
{
    Kehu__Customers__V1__CustomerChanged *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer_changed__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->fields = words(changed, count, arena);
    out->n_fields = count;
    out->file_version = (uint64_t)file_version;
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_customer_major_change(const struct id *customer,
                                                    const struct major_change *change,
                                                    bool is_historic, struct arena *arena)
{
    Kehu__Customers__V1__CustomerMajorChange *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer_major_change__init(out);
    out->customer_id = codec_value_id(customer, arena);
    out->kind = codec_value_text(change->kind, arena);
    out->happened_on = codec_value_day(change->happened_on, arena);
    out->historic = is_historic;
    return arena_is_full(arena) ? NULL : &out->base;
}
