/*
 * Contacts: read with what hangs on them, listed, saved. Every change of a contact raises its
 * version (contact_touch or contact_save), which guards all of it.
 */
#ifndef KEHU_CUSTOMERS_STORE_CONTACT_H
#define KEHU_CUSTOMERS_STORE_CONTACT_H

#include "common/flow.h"
#include "services/customers/domain/consent.h"
#include "services/customers/domain/contact.h"

extern const struct pg_statement contact_statements[];
extern const size_t contact_statement_count;
extern const struct pg_statement contact_list_statements[];
extern const size_t contact_list_statement_count;
extern const struct pg_statement contact_save_statements[];
extern const size_t contact_save_statement_count;
extern const struct pg_statement contact_consent_statements[];
extern const size_t contact_consent_statement_count;

/* A list's own word, "" for one that this program does not know. */
const char *contact_get_word(const struct pg_rows *rows, int row, int i, const char *const *words);

/* Contacts as they arrive in three answers; contact_settle puts them together. */
struct contacts {
    struct contact *list; /* in the order asked for; those that are there */
    size_t count;
    struct contact_link *links; /* within the scope, of all */
    int64_t *link_places;       /* whose: the place in what was asked for */
    size_t link_count;
    struct contact_channel *channels;
    int64_t *channel_places;
    size_t channel_count;
    int64_t *places; /* of the contacts */
};
/* By ids; links as far as the asker's scope goes, channels sealed. */
void contact_load(struct request *req, const struct id *ids, size_t count, struct contacts *out);
/* In the step after: links and channels to their contacts. */
void contact_settle(struct contacts *contacts);

struct contact_ids {
    struct id *list;
    size_t count;
};
/* Whose contact he is, within the scope or not. */
void contact_list_customers(struct request *req, const struct id *contact, struct contact_ids *out);
/* A page of ids and one more when there is a next. `customer` and `hash` as the filter needs them.
 */
void contact_list(struct request *req, const struct contact_question *ask,
                  const struct id *customer, const uint8_t *hash, struct contact_ids *out);
/* The people of one customer, primary first, then key ones, by name; at most `limit`. */
void contact_list_people(struct request *req, const struct id *customer, uint32_t limit,
                         struct contact_ids *out);

/* Everything below writes in the request's unit. */
void contact_add(struct request *req, const struct contact *contact, const char *by);
/* What is said of him and the next version; stale when it is at another. */
void contact_save(struct request *req, const struct contact *contact, int64_t known_version);
void contact_touch(struct request *req, const struct id *contact, int64_t known_version);
/* By what he is found; replaces what was there. */
void contact_put_keys(struct request *req, const struct id *contact, struct text name, bool is_new);
void contact_add_link(struct request *req, const struct id *contact,
                      const struct contact_link *link, const char *by);
void contact_change_link(struct request *req, const struct id *contact,
                         const struct contact_link *link);
/* With his entry in the customer's decision chain. */
void contact_remove_link(struct request *req, const struct id *contact, const struct id *customer);
/* Nobody else is the customer's primary. */
void contact_keep_primary(struct request *req, const struct id *contact, const struct id *customer);

struct contact_hashed {
    const uint8_t *hash; /* SEAL_HASH_BYTES */
    const char *last_four;
};
void contact_put_channel(struct request *req, const struct id *contact,
                         const struct contact_channel *channel, const struct contact_hashed *hashed,
                         const char *by);
/* Status, opt-out and day of a channel whose value stays. */
void contact_mark_channel(struct request *req, const struct id *contact,
                          const struct contact_channel *channel);
void contact_remove_channel(struct request *req, const struct id *contact,
                            const struct id *channel);
/* Places 1, 2, 3 … in this order. */
void contact_order_channels(struct request *req, const struct id *contact,
                            const struct id *channels, size_t count);

/* The latest word per purpose and channel, the oldest first. */
void contact_list_consents(struct request *req, const struct id *contact, struct consents *out);
/* Everything of the purpose ("": of all), latest first, a page and one more; `after` may be NULL.
 */
void contact_list_consent_history(struct request *req, const struct id *contact,
                                  const char *purpose, const struct id *after, uint32_t page_size,
                                  struct consents *out);
void contact_add_consent(struct request *req, const struct id *contact,
                         const struct consent *consent, const char *by);

struct contact_sealed {
    struct text field, sealed;
};
struct contact_sealeds {
    struct contact_sealed *list;
    size_t count;
};
void contact_list_sensitive(struct request *req, const struct id *contact,
                            struct contact_sealeds *out);
void contact_put_sensitive(struct request *req, const struct id *contact, const char *field,
                           struct text sealed, const char *by);
/* One, or all where `field` is "". */
void contact_remove_sensitive(struct request *req, const struct id *contact, const char *field);

/* Of a Chinese name the surname as it is written in Latin letters, "Ouyang", in the arena; else
 * empty. */
struct text contact_latin_surname(struct text name, struct arena *arena);

#endif
