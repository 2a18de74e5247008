/*
 * What the handlers of privacy share: finding a person with everything that decides about him, and
 * the one way in which he is restricted, shown again or erased.
 */
#ifndef KEHU_CUSTOMERS_PRIVACY_HANDLERS_H
#define KEHU_CUSTOMERS_PRIVACY_HANDLERS_H

#include "common/command.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/codec/codec_privacy.h"
#include "services/customers/store/file.h"
#include "services/customers/store/privacy.h"

enum privacy_need {
    PRIVACY_NEEDS_RECEIPT = 1, /* a command */
    PRIVACY_NEEDS_ROWS = 2,    /* and the vault */
    PRIVACY_NEEDS_COUNT = 4,
    PRIVACY_NEEDS_ORDERS = 8,
};

/* The state of every request about a person. */
struct privacy_work {
    flow_step next;
    unsigned needs;
    struct codec_privacy_ask ask;
    struct command_receipt seen;
    struct file_row customer; /* whom the reference leads to */
    struct privacy_person person;
    struct privacy_standing_row standing;
    struct privacy_holds holds;
    size_t held; /* of the holds, from the front: those that stand today */
    struct privacy_parts parts;
    struct policy_rows policies;
    struct retention_policy retention;
    struct privacy_rows of_contacts, of_customers, orders;
    struct privacy_vault vault;
    int64_t contact_values, customer_values;
    struct privacy_dues due; /* of the sweep */
};

/* Decodes the question, finds the person and what is needed of him, then enters `next`; ends in a
 * refusal where there is none. */
enum flow privacy_begin(struct request *req, flow_step next, unsigned needs);
/* The same behind the question: asks what decides about work->person, which is found. */
enum flow privacy_gather(struct request *req);

/* How he stands now. */
enum privacy_state privacy_state_of(const struct privacy_work *work);
struct codec_privacy_view privacy_view_of(const struct privacy_work *work);

/* Adds to the unit what makes him stand so, with events, timer and audit; `standing` says it then.
 * False: no memory. */
bool privacy_apply(struct request *req, struct privacy_work *work, enum privacy_state to,
                   struct text reason);

enum flow privacy_refuse(struct request *req, enum status status,
                         const struct codec_file_faults *faults);

#endif
