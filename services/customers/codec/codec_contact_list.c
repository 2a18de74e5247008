/* ListContacts and GetPeople as they are asked. */
#include <string.h>

#include "common/pure/utf8.h"
#include "kehu/customers/v1/people.pb-c.h"
#include "services/customers/codec/codec_check.h"
#include "services/customers/codec/codec_contact.h"

#define MAX_NAME 50
#define KEY_BYTES 256

static const char *const states[] = {"active", "left", "restricted", NULL};

/* As keys are stored: small half width letters, no spaces. */
static struct text make_key(struct codec_people_reader *r, struct text name)
{
    struct utf8_writer writer;
    char *room = arena_take(r->arena, KEY_BYTES);
    size_t at = 0;

    if (!room)
        return TEXT_OF("");
    utf8_open(&writer, room, KEY_BYTES);
    while (at < name.bytes) {
        int32_t character = utf8_next(name, &at);

        if (character < 0)
            break;
        character = utf8_lower(utf8_half_width(character));
        if (character != ' ')
            utf8_put(&writer, character);
    }
    return (struct text){room, writer.bytes};
}

static void read_name(struct codec_people_reader *r, const char *name, struct contact_question *out)
{
    out->key = make_key(r, codec_people_text(r, "name", name, MAX_NAME, false));
    if (out->key.bytes < 2)
        codec_people_fault(r, "name", "is too short: one Chinese character or two letters");
}

static void read_value(struct codec_people_reader *r, const char *field, const char *kind,
                       const char *value, struct contact_question *out)
{
    const char *why;

    out->value = arena_take(r->arena, sizeof(*out->value));
    if (!out->value)
        return;
    why = contact_read_channel(kind, codec_check_text_of(value), out->value);
    if (why)
        codec_people_fault(r, field, why);
}

static void read_last_four(struct codec_people_reader *r, const char *digits,
                           struct contact_question *out)
{
    out->last_four = codec_check_text_of(digits);
    if (out->last_four.bytes != 4 || strspn(digits, "0123456789") != 4)
        codec_people_fault(r, "last_four", "must be four digits");
}

static void read_filter(struct codec_people_reader *r, const Kehu__Customers__V1__ListContacts *ask,
                        struct contact_question *out)
{
    int given = !!ask->customer_ref[0] + !!ask->name[0] + !!ask->phone[0] + !!ask->email[0] +
                !!ask->last_four[0];

    if (given > 1)
        codec_people_fault(r, "customer_ref",
                           "must stand alone: one of customer_ref, name, phone, email and "
                           "last_four");
    if (ask->customer_ref[0]) {
        out->filter = CONTACT_BY_CUSTOMER;
        codec_people_ref(r, "customer_ref", ask->customer_ref, &out->ref);
    } else if (ask->name[0]) {
        out->filter = CONTACT_BY_NAME;
        read_name(r, ask->name, out);
    } else if (ask->phone[0] || ask->email[0]) {
        out->filter = CONTACT_BY_VALUE;
        read_value(r, ask->phone[0] ? "phone" : "email", ask->phone[0] ? "phone" : "email",
                   ask->phone[0] ? ask->phone : ask->email, out);
    } else if (ask->last_four[0]) {
        out->filter = CONTACT_BY_LAST_FOUR;
        read_last_four(r, ask->last_four, out);
    }
}

static void read_sort(struct codec_people_reader *r, const char *sort, struct contact_question *out)
{
    static const char *const sorts[] = {"name", "added", "-added", NULL};
    const char *word = codec_people_word(r, "sort", sort, sorts, "name, added or -added", "name");

    for (int i = 0; sorts[i]; i++)
        if (strcmp(sorts[i], word) == 0)
            out->sort = (enum contact_sort)i;
}

enum status codec_get_list_contacts(const uint8_t *payload, size_t bytes, int32_t today,
                                    struct arena *arena, struct contact_question *out,
                                    struct codec_file_faults *faults)
{
    struct codec_people_reader r = {arena, faults, today, ""};
    ProtobufCMessage *message;
    enum status status = codec_people_open(&r, &kehu__customers__v1__list_contacts__descriptor,
                                           payload, bytes, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__ListContacts *ask = (const void *)message;

    read_filter(&r, ask, out);
    read_sort(&r, ask->sort, out);
    out->only_key = ask->only_key;
    out->unmask = ask->unmask;
    out->state = codec_check_text_of(
        codec_people_word(&r, "state", ask->state, states, "active, left or restricted", ""));
    out->role = codec_check_text_of(
        codec_people_word(&r, "role", ask->role, contact_roles, CONTACT_ROLE_WORDS, ""));
    out->page_size = codec_people_page(&r, ask->page_size);
    out->has_after = codec_people_token(&r, ask->page_token, &out->after);
    return codec_people_end(&r);
}

enum status codec_get_get_people(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct customer_question *ref, bool *unmask,
                                 struct codec_file_faults *faults)
{
    struct codec_people_reader r = {arena, faults, 0, ""};
    ProtobufCMessage *message;
    enum status status = codec_people_open(&r, &kehu__customers__v1__get_people__descriptor,
                                           payload, bytes, &message);

    if (status)
        return status;
    const Kehu__Customers__V1__GetPeople *ask = (const void *)message;

    codec_people_ref(&r, "customer_ref", ask->customer_ref, ref);
    *unmask = ask->unmask;
    return codec_people_end(&r);
}
