/*
 * What the cells of a row say of a person, by the rules that hold for contacts everywhere.
 */
#include <string.h>

#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_import.h"

/* The field of a contact that a column is; CONTACT_FIELDS: none. */
static enum contact_field field_of(enum import_target target)
{
    switch (target) {
    case IMPORT_TARGET_NAME:
        return CONTACT_NAME;
    case IMPORT_TARGET_GENDER:
        return CONTACT_GENDER;
    case IMPORT_TARGET_SALUTATION:
        return CONTACT_SALUTATION;
    case IMPORT_TARGET_TITLE:
        return CONTACT_TITLE;
    case IMPORT_TARGET_DEPARTMENT:
        return CONTACT_DEPARTMENT;
    case IMPORT_TARGET_BIRTHDAY:
        return CONTACT_BIRTHDAY;
    default:
        return CONTACT_FIELDS;
    }
}

/* The kind of channel that a column is; NULL: none. */
static const char *kind_of(enum import_target target)
{
    switch (target) {
    case IMPORT_TARGET_MOBILE:
        return "mobile";
    case IMPORT_TARGET_PHONE:
        return "phone";
    case IMPORT_TARGET_EMAIL:
        return "email";
    case IMPORT_TARGET_WECHAT:
        return "wechat";
    default:
        return NULL;
    }
}

static void read_field(struct import_row *row, const struct import_column *column,
                       enum contact_field field, struct text cell, int32_t today,
                       struct arena *arena)
{
    char *room = arena_take(arena, CONTACT_VALUE_BYTES);
    const char *why = room ? contact_read(field, cell, today, room) : NULL;

    if (why)
        codec_import_reject(row, column->field, why);
    else if (room)
        row->person.fields[field] =
            codec_check_text_of(arena_copy_text(arena, room, strlen(room)) ?: "");
}

static void read_channel(struct import_row *row, const struct import_column *column,
                         const char *kind, struct text cell, struct arena *arena)
{
    struct import_person *person = &row->person;
    struct contact_value *value = arena_take(arena, sizeof(*value));
    const char *why = value ? contact_read_channel(kind, cell, value) : NULL;

    if (why) {
        codec_import_reject(row, column->field, why);
    } else if (value && person->channel_count < IMPORT_MAX_CHANNELS) {
        person->channels[person->channel_count].kind = kind;
        person->channels[person->channel_count++].value = value;
    }
}

static void read_key(struct import_row *row, const struct import_column *column, struct text cell)
{
    row->person.has_key = true;
    row->person.is_key = cell.bytes == 3 && memcmp(cell.at, "yes", 3) == 0;
    if (!row->person.is_key && !(cell.bytes == 2 && memcmp(cell.at, "no", 2) == 0))
        codec_import_reject(row, column->field, codec_import_person_rule(IMPORT_TARGET_KEY));
}

void codec_read_import_person(struct import_row *row, const struct import_column *column,
                              struct text cell, int32_t today, struct arena *arena)
{
    enum contact_field field = field_of(column->target);
    const char *kind = kind_of(column->target);

    if (field != CONTACT_FIELDS) {
        read_field(row, column, field, cell, today, arena);
    } else if (kind) {
        read_channel(row, column, kind, cell, arena);
    } else if (column->target == IMPORT_TARGET_KEY) {
        read_key(row, column, cell);
    } else if (column->target == IMPORT_TARGET_ROLE) {
        row->person.role = contact_word(contact_roles, cell);
        if (!row->person.role)
            codec_import_reject(row, column->field, "must be one of " CONTACT_ROLE_WORDS);
    } else if (column->target == IMPORT_TARGET_CUSTOMER) {
        row->external_customer = cell;
    }
}

const char *codec_import_person_rule(enum import_target target)
{
    switch (target) {
    case IMPORT_TARGET_CUSTOMER:
        return "must be " CUSTOMER_REF_FORMS ", or the id of the import's own source";
    case IMPORT_TARGET_NAME:
        return "must have 1 to 100 characters";
    case IMPORT_TARGET_GENDER:
        return "must be female or male (女, 男)";
    case IMPORT_TARGET_ROLE:
        return "must be one of " CONTACT_ROLE_WORDS;
    case IMPORT_TARGET_BIRTHDAY:
        return "must be a birthday such as 1980-08-20, 8-20, L6-3, 八月二十 or 闰六月初三";
    case IMPORT_TARGET_KEY:
        return "must be yes or no (是, 否)";
    case IMPORT_TARGET_MOBILE:
    case IMPORT_TARGET_PHONE:
        return "must be a telephone number";
    case IMPORT_TARGET_EMAIL:
        return "must be an e-mail address such as zhang.wei@example.com";
    default:
        return "must be text";
    }
}
