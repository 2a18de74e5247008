/*
 * A contact: a person at one or more customers (R7 to R9). What may be said of him, checked and
 * brought into the form that is stored; imports use the same rules. Pure: today is an argument.
 *
 * Kinds, roles and states are words of fixed lists, each ended by NULL.
 */
#ifndef KEHU_CUSTOMERS_CONTACT_H
#define KEHU_CUSTOMERS_CONTACT_H

#include "common/base.h"
#include "common/pure/day.h"
#include "services/customers/domain/customer.h"

#define CONTACT_MAX_LINKS 100
#define CONTACT_MAX_CHANNELS 20
#define CONTACT_MAX_NEW_LINKS 20 /* told with a new contact */
#define CONTACT_MAX_CONSENTS 20  /* likewise */
#define CONTACT_VALUE_BYTES 1024 /* room for any value below, terminated */
#define CONTACT_NO_DAY DAY_NONE

/* What is said of the person himself, in the order of the columns. */
enum contact_field {
    CONTACT_NAME,
    CONTACT_GENDER,
    CONTACT_SALUTATION,
    CONTACT_TITLE,
    CONTACT_DEPARTMENT,
    CONTACT_BIRTHDAY,
    CONTACT_LANGUAGE,
    CONTACT_STATE,
    CONTACT_SOURCE,
    CONTACT_FIELDS,
};
extern const char *const contact_field_names[CONTACT_FIELDS]; /* "name", "gender" … */

extern const char *const contact_roles[];     /* at a customer */
extern const char *const contact_kinds[];     /* of channels */
extern const char *const contact_statuses[];  /* of channels */
extern const char *const contact_sensitive[]; /* fields of sensitive values */
extern const char *const contact_sources[];   /* R12 */
#define CONTACT_ROLE_WORDS                                                                         \
    "legal_representative, owner, manager, purchasing, finance, technical, operations, sales, "    \
    "logistics, service, assistant, self or other"
#define CONTACT_KIND_WORDS "mobile, phone, email, wechat, wecom, qq, fax or address"

/* The list's own word; NULL: none of it. */
const char *contact_word(const char *const *words, struct text text);

/*
 * Reads what people write of him into the form that is stored; empty stays empty, but for a name.
 * NULL: fine; else the end of a sentence: what is wrong and what would be right. `out` has
 * CONTACT_VALUE_BYTES.
 */
const char *contact_read(enum contact_field field, struct text value, int32_t today, char *out);

/* A way to reach him, as it is stored and looked for. */
struct contact_value {
    char value[CONTACT_VALUE_BYTES];  /* "+8613800000001", "+862164321234 ext 801" */
    char hashed[CONTACT_VALUE_BYTES]; /* what its keyed hash is made of: without extension, small
                                         letters */
    const char *hash_kind;            /* of seal_hash: "phone", "email", else the kind itself */
    char last_four[5];                /* of telephones; else empty */
    bool is_shared;                   /* 400, 95…, switchboards: says nothing about who calls */
};
const char *contact_read_channel(const char *kind, struct text value, struct contact_value *out);
/* For eyes that need not see it: "138****0001", "z***@example.com", "李***". Terminated. */
void contact_mask(const char *kind, const char *value, char out[CONTACT_VALUE_BYTES]);

struct contact_channel {
    struct id id;
    const char *kind;
    struct text sealed;
    struct text value; /* once opened */
    bool is_masked;
    int32_t preference;
    const char *status;
    int32_t verified_on;
    bool is_opted_out;
    int64_t added_at_us;
    struct text added_by;
};

struct contact_link {
    struct id customer;
    int64_t customer_number;
    struct text customer_name;
    const char *role; /* "" none */
    struct text title, department;
    bool is_primary;
    int64_t linked_at_us;
    struct text linked_by;
    struct text decision_role; /* empty: not in the chain */
};

struct contact {
    struct id id;
    struct text fields[CONTACT_FIELDS];
    bool is_key;
    int64_t added_at_us;
    struct text added_by;
    int64_t version;
    struct contact_link *links; /* within the scope */
    size_t link_count, other_links;
    struct contact_channel *channels; /* in the order of preference */
    size_t channel_count;
};

/* What is asked of a contact; empty values stay. */
struct contact_change {
    struct text fields[CONTACT_FIELDS];
    bool clears[CONTACT_FIELDS];
    bool sets_key, is_key;
};
/* Makes the change; `changed` gets the names of what is different now, at most CONTACT_FIELDS + 1.
 */
size_t contact_apply(const struct contact *before, const struct contact_change *change,
                     struct contact *after, const char *changed[CONTACT_FIELDS + 1]);
/* May be emptied. */
bool contact_may_clear(enum contact_field field);

/* R8: by his title he can decide: the top, a professional manager, the deputy of sales, HR or
 * administration. */
bool contact_may_decide(struct text title);

/* What is asked of a list. */
enum contact_filter {
    CONTACT_ALL,
    CONTACT_BY_CUSTOMER,
    CONTACT_BY_NAME,
    CONTACT_BY_VALUE, /* phone or e-mail, by its keyed hash */
    CONTACT_BY_LAST_FOUR,
};
enum contact_sort {
    CONTACT_BY_NAMES,
    CONTACT_BY_ADDED,
    CONTACT_BY_LATEST,
};
struct contact_question {
    enum contact_filter filter;
    enum contact_sort sort;
    struct customer_question ref;
    struct text key; /* small letters; of BY_NAME */
    struct contact_value *value;
    struct text last_four;
    bool only_key, unmask;
    struct text state, role; /* empty: active and left; any */
    uint32_t page_size;
    bool has_after;
    struct id after;
};
#endif
