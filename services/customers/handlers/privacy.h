/*
 * What the handlers of privacy share: finding a person with everything that decides about him, and
 * the one way in which he is restricted, shown again or erased.
 */
#ifndef KEHU_CUSTOMERS_PRIVACY_HANDLERS_H
#define KEHU_CUSTOMERS_PRIVACY_HANDLERS_H

#include "common/command.h"
#include "common/quarantine.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/codec/codec_privacy.h"
#include "services/customers/store/case_seen.h"
#include "services/customers/store/file.h"
#include "services/customers/store/privacy.h"

#define PRIVACY_TIMER "person_erasure"

enum privacy_need {
    PRIVACY_NEEDS_RECEIPT = 1, /* a command */
    PRIVACY_NEEDS_ROWS = 2,    /* and the vault */
    PRIVACY_NEEDS_COUNT = 4,
    PRIVACY_NEEDS_ORDERS = 8,
    PRIVACY_NEEDS_HUNT = 16, /* may erase: what is quarantined of him is looked for; with ROWS */
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
    struct case_seen_open cases; /* open ones, which hold him */
    size_t held;                 /* of the holds, from the front: those that stand today */
    struct privacy_parts parts;
    struct policy_rows policies;
    struct retention_policy retention;
    struct privacy_rows of_contacts, of_customers, orders;
    struct privacy_vault vault;
    struct privacy_tally contact_tally, customer_tally;
    struct text *words; /* by which he is known; of a hunt */
    size_t word_count;
    struct customer_file *files; /* of a customer: the references of each of his */
    struct quarantine_hunt hunt;
    int pages;
    struct privacy_dues due; /* of retention */
    int64_t next_look_us;
};

/* Decodes the question, finds the person and what is needed of him, then enters `next`; ends in a
 * refusal where there is none. */
enum flow privacy_begin(struct request *req, flow_step next, unsigned needs);
/* The same behind the question: asks what decides about work->person, which is found. */
enum flow privacy_gather(struct request *req);

/* How he stands now. */
enum privacy_state privacy_state_of(const struct privacy_work *work);
struct codec_privacy_view privacy_view_of(const struct privacy_work *work);

/* Whether nothing holds him and more is quarantined than one go looks through. */
bool privacy_hunts_on(const struct privacy_work *work);
/* How he comes to stand where he would: who is to be erased is restricted until all that is
 * quarantined was looked through, in parts, by a timer. Who is too large to be restricted is erased
 * at once: the rest of the quarantine forgets by itself. */
enum privacy_state privacy_after_hunt(const struct privacy_work *work, enum privacy_state to);

/* Adds to the unit what makes him stand so, with events, timer and audit; `standing` says it then.
 * False: privacy_fail says why not. */
bool privacy_apply(struct request *req, struct privacy_work *work, enum privacy_state to,
                   struct text reason);

/* Ends a request whose unit could not be made: no memory, or a part of the vault that does not
 * open.
 */
enum flow privacy_fail(struct request *req);
/* False: *end refuses, since there is too much of him to be taken out and sealed, or to be told. */
bool privacy_is_whole(struct request *req, const struct privacy_work *work, enum flow *end);

enum flow privacy_refuse(struct request *req, enum status status,
                         const struct codec_file_faults *faults);

#endif
