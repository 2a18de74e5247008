/*
 * What the handlers of people share: who may be looked at and changed, sealed values, and what the
 * log is told.
 */
#ifndef KEHU_CUSTOMERS_PEOPLE_H
#define KEHU_CUSTOMERS_PEOPLE_H

#include "services/customers/codec/codec_contact.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/contact.h"
#include "services/customers/store/file.h"

#define PEOPLE_CHANNEL_COLUMN "contact_channel.value"
#define PEOPLE_SENSITIVE_COLUMN "contact_sensitive.value"

int32_t people_today(const struct request *req);
/* Ends a question whose faults are named. */
enum flow people_refuse(struct request *req, enum status status,
                        const struct codec_file_faults *faults);

/* One contact, asked for in one step and admitted in the next. */
struct people_found {
    struct contacts contacts;
    struct contact_ids customers; /* all of his, for the log */
};
void people_ask(struct request *req, const struct id *contact, struct people_found *out);
/* The contact; NULL: *end refuses: he is not there, outside the scope, or restricted. */
struct contact *people_admit(struct request *req, struct people_found *found, enum flow *end);
/* To be changed: erased, restricted and other versions than the expected one (0: any) are refused
 * too. */
struct contact *people_admit_change(struct request *req, struct people_found *found,
                                    uint64_t expected_version, enum flow *end);

/* A customer as he was referred to. False: *end refuses, with that field: he is not there or has no
 * file. The scope is looked at next. */
bool people_has_customer(struct request *req, const char *field, const struct file_row *row,
                         enum flow *end);
/* The same customer, to be changed, in the step after scope_look. False: *end refuses: he is
 * outside of the scope, or was merged or erased, which nobody outside is told. */
bool people_admit_customer(struct request *req, struct scope_sight *sight, const char *field,
                           const struct customer_question *ref, const struct file_row *row,
                           enum flow *end);

/* Values of channels, opened; masked unless `unmask`. */
void people_open_channels(struct request *req, struct contacts *contacts, bool unmask);
/* What answers need of each contact. NULL: the arena is full. */
struct codec_contact_view *people_view(struct request *req, const struct contacts *contacts);

/* ContactChanged about him and all his customers, with one that is new, and the audit. False: no
 * memory. */
bool people_tell(struct request *req, const struct contact *contact,
                 const struct contact_ids *customers, const struct id *more,
                 const char *const *changed, size_t count, int64_t version);

/* A channel closed for its place, with what it is found by. False: no memory. */
bool people_seal_channel(struct request *req, const struct contact_value *value,
                         struct contact_channel *channel, struct contact_hashed *hashed);

#endif
