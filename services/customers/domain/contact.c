#include "services/customers/domain/contact.h"

#include <string.h>

#include "common/pure/birthday.h"
#include "common/pure/china.h"
#include "common/pure/text.h"
#include "common/pure/utf8.h"

#define MAX_NAME 100
#define MAX_SALUTATION 40
#define MAX_TITLE 100
#define MAX_CHANNEL 200

const char *const contact_field_names[CONTACT_FIELDS] = {"name",     "gender",     "salutation",
                                                         "title",    "department", "birthday",
                                                         "language", "state",      "source"};
static const char *const genders[] = {"female", "male", NULL};
static const char *const languages[] = {"zh-CN", "en", NULL};
/* "restricted" and "erased" are made by privacy commands alone. */
static const char *const states[] = {"active", "left", NULL};
const char *const contact_roles[] = {"legal_representative",
                                     "owner",
                                     "manager",
                                     "purchasing",
                                     "finance",
                                     "technical",
                                     "operations",
                                     "sales",
                                     "logistics",
                                     "service",
                                     "assistant",
                                     "self",
                                     "other",
                                     NULL};
const char *const contact_kinds[] = {"mobile", "phone", "email",   "wechat", "wecom",
                                     "qq",     "fax",   "address", NULL};
const char *const contact_statuses[] = {"unverified", "verified", "wrong", NULL};
const char *const contact_sensitive[] = {
    "family",         "native_place", "school",       "major",     "interests", "hobbies",
    "marital_status", "children",     "income_level", "character", NULL};
const char *const contact_sources[] = {"visit",           "survey",   "phone",  "web",
                                       "industry_report", "feedback", "social", "sales_data",
                                       "import",          NULL};

const char *contact_word(const char *const *words, struct text text)
{
    for (; *words; words++)
        if (strlen(*words) == text.bytes && memcmp(*words, text.at, text.bytes) == 0)
            return *words;
    return NULL;
}

static void keep(struct text value, char *out)
{
    memcpy(out, value.at, value.bytes);
    out[value.bytes] = '\0';
}

static const char *read_text(struct text value, size_t max, const char *why, char *out)
{
    if (utf8_count(value) > max || value.bytes >= CONTACT_VALUE_BYTES)
        return why;
    keep(value, out);
    return NULL;
}

static const char *read_word(const char *const *words, struct text value, const char *why,
                             char *out)
{
    if (!contact_word(words, value))
        return why;
    keep(value, out);
    return NULL;
}

static const char *read_name(struct text value, char *out)
{
    enum china_refusal refusal = china_read_name(value, MAX_NAME, out, CONTACT_VALUE_BYTES);

    if (refusal == CHINA_EMPTY)
        return "is missing: a contact has a name of 1 to 100 characters";
    return refusal ? china_refusal_text(refusal) : NULL;
}

static const char *read_birthday(struct text value, int32_t today, char *out)
{
    struct birthday birthday;
    enum birthday_refusal refusal = birthday_read(value, &birthday);

    if (refusal)
        return birthday_refusal_text(refusal);
    if (birthday_is_after(&birthday, today))
        return "must be a day up to today";
    birthday_print(&birthday, out);
    return NULL;
}

const char *contact_read(enum contact_field field, struct text value, int32_t today, char *out)
{
    value = utf8_trim(value);
    out[0] = '\0';
    if (value.bytes == 0 && field != CONTACT_NAME)
        return NULL;
    switch (field) {
    case CONTACT_NAME:
        return read_name(value, out);
    case CONTACT_GENDER:
        return read_word(genders, value, "must be female or male", out);
    case CONTACT_SALUTATION:
        return read_text(value, MAX_SALUTATION, "is too long: at most 40 characters", out);
    case CONTACT_TITLE:
    case CONTACT_DEPARTMENT:
        return read_text(value, MAX_TITLE, "is too long: at most 100 characters", out);
    case CONTACT_BIRTHDAY:
        return read_birthday(value, today, out);
    case CONTACT_LANGUAGE:
        return read_word(languages, value, "must be zh-CN or en", out);
    case CONTACT_STATE:
        return read_word(states, value, "must be active or left", out);
    case CONTACT_SOURCE:
        return read_word(contact_sources, value,
                         "must be one of visit, survey, phone, web, industry_report, feedback, "
                         "social, sales_data or import",
                         out);
    case CONTACT_FIELDS:
        break;
    }
    return "is no field of a contact";
}

/* --- channels --- */

static bool is_one_of(const char *kind, const char *a, const char *b, const char *c)
{
    return strcmp(kind, a) == 0 || strcmp(kind, b) == 0 || strcmp(kind, c) == 0;
}

static bool is_phone(const char *kind)
{
    return is_one_of(kind, "mobile", "phone", "fax");
}

static const char *read_phone(const char *kind, struct text value, struct contact_value *out)
{
    struct china_phone phone;
    enum china_refusal refusal = china_read_phone(value, &phone);
    size_t bytes;

    if (refusal)
        return "must be a mobile (13800000001), a landline with its area code (0871-64321234, "
               "转801 behind it), a 400, 800 or 95… number, or + and a country code";
    if (strcmp(kind, "mobile") == 0 && phone.kind != CHINA_PHONE_MOBILE &&
        phone.kind != CHINA_PHONE_FOREIGN)
        return "is no mobile: 1 and 3 to 9, then nine digits; kind phone takes every telephone";
    bytes = strlen(phone.number);
    memcpy(out->value, phone.number, bytes + 1);
    memcpy(out->hashed, phone.number, bytes + 1);
    if (phone.extension[0]) {
        memcpy(out->value + bytes, " ext ", 5);
        memcpy(out->value + bytes + 5, phone.extension, strlen(phone.extension) + 1);
    }
    china_last_four(phone.number, out->last_four);
    out->is_shared = china_is_shared_phone(&phone);
    out->hash_kind = "phone";
    return NULL;
}

static void make_small(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

static const char *read_email(struct text value, struct contact_value *out)
{
    char email[CHINA_EMAIL_BYTES];

    if (china_read_email(value, email))
        return "must be an e-mail address such as zhang.wei@example.com";
    memcpy(out->value, email, strlen(email) + 1);
    memcpy(out->hashed, email, strlen(email) + 1);
    make_small(out->hashed);
    out->hash_kind = "email";
    return NULL;
}

const char *contact_read_channel(const char *kind, struct text value, struct contact_value *out)
{
    const char *why;

    *out = (struct contact_value){.hash_kind = kind};
    value = utf8_trim(value);
    if (value.bytes == 0)
        return "is missing: a channel has a value";
    if (is_phone(kind))
        return read_phone(kind, value, out);
    if (strcmp(kind, "email") == 0)
        return read_email(value, out);
    why = read_text(value, MAX_CHANNEL, "is too long: at most 200 characters", out->value);
    if (why)
        return why;
    memcpy(out->hashed, out->value, strlen(out->value) + 1);
    make_small(out->hashed);
    return NULL;
}

void contact_mask(const char *kind, const char *value, char out[CONTACT_VALUE_BYTES])
{
    struct text text = {value, strlen(value)};
    size_t at = 0;

    if (is_phone(kind)) {
        char number[CHINA_MASK_BYTES];
        size_t bytes = 0;

        while (bytes < text.bytes && value[bytes] != ' ') /* an extension is left out */
            bytes++;
        bytes = bytes < sizeof(number) ? bytes : sizeof(number) - 1;
        memcpy(number, value, bytes);
        number[bytes] = '\0';
        china_mask_phone(number, out);
        return;
    }
    if (strcmp(kind, "email") == 0) {
        china_mask_email(value, out);
        return;
    }
    if (text.bytes == 0 || utf8_next(text, &at) < 0)
        at = 0;
    memcpy(out, value, at);
    memcpy(out + at, "***", 4);
}

/* --- changes --- */

bool contact_may_clear(enum contact_field field)
{
    return field != CONTACT_NAME && field != CONTACT_STATE && field != CONTACT_SOURCE;
}

size_t contact_apply(const struct contact *before, const struct contact_change *change,
                     struct contact *after, const char *changed[CONTACT_FIELDS + 1])
{
    size_t count = 0;

    *after = *before;
    for (int i = 0; i < CONTACT_FIELDS; i++) {
        if (change->clears[i])
            after->fields[i] = TEXT_OF("");
        else if (change->fields[i].bytes > 0)
            after->fields[i] = change->fields[i];
        if (text_compare(before->fields[i], after->fields[i]) != 0)
            changed[count++] = contact_field_names[i];
    }
    if (change->sets_key)
        after->is_key = change->is_key;
    if (after->is_key != before->is_key)
        changed[count++] = "is_key";
    return count;
}

static bool holds(struct text text, const char *part)
{
    size_t bytes = strlen(part);

    for (size_t i = 0; i + bytes <= text.bytes; i++)
        if (memcmp(text.at + i, part, bytes) == 0)
            return true;
    return false;
}

bool contact_may_decide(struct text title)
{
    static const char *const top[] = {"董事长",    "总经理", "总裁",           "厂长", "校长",
                                      "院长",      "店长",   "老板",           "法人", "CEO",
                                      "President", "Owner",  "General Manager"};
    static const char *const staff[] = {"人事", "人力资源", "行政", "HR"};
    static const char *const helper[] = {"助理", "秘书", "Assistant", "Secretary"};

    for (size_t i = 0; i < COUNT_OF(helper); i++)
        if (holds(title, helper[i]))
            return false;
    for (size_t i = 0; i < COUNT_OF(top); i++)
        if (holds(title, top[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(staff); i++)
        if (holds(title, staff[i]))
            return true;
    return (holds(title, "销售") || holds(title, "Sales")) &&
           (holds(title, "副总") || holds(title, "总监") || holds(title, "Deputy"));
}
