/*
 * What the handlers of owners, handovers and the pool share.
 */
#ifndef KEHU_CUSTOMERS_OWNERS_H
#define KEHU_CUSTOMERS_OWNERS_H

#include "common/policy.h"
#include "services/customers/codec/codec_owner.h"
#include "services/customers/codec/codec_policy.h"
#include "services/customers/store/owner.h"

#define OWNERS_SELF "kehu" /* who does it when nobody asked */

/* Ends a question that cannot be answered as asked. */
enum flow owners_refuse_question(struct request *req, enum status status,
                                 const struct codec_ask_fault *fault);
int32_t owners_today(const struct request *req);

/* False: he cannot be the owner, and *end refuses with the field. */
bool owners_check_taker(struct request *req, const char *field, const struct owner_person *person,
                        enum flow *end);

/* One customer has another owner, or none, from now on. */
struct owners_change {
    const struct owner_standing *standing;
    const struct owner_person *to; /* NULL: nobody */
    enum owner_state state;        /* afterwards */
    int64_t from_us;               /* of the new owner */
    const char *by;
    const char *reason;     /* "manual", "rule", … */
    const char *end_reason; /* of the present one; NULL: the same */
    struct text note, rule;
    const struct id *handover; /* NULL: by none */
    bool keeps_items;          /* handover items that wait are not overtaken */
};
/* Adds the intervals, the state, what it overtakes and the event to the unit. False: no memory. */
bool owners_change(struct request *req, const struct owners_change *change);

/* Adds a team member to the unit; nothing is told. */
void owners_add_team(struct request *req, const struct id *customer,
                     const struct owner_person *person, const char *by, const char *reason,
                     struct text note, struct text rule);

/* Adds an event to the unit. False: no memory. */
bool owners_tell(struct request *req, const struct id *subject, const ProtobufCMessage *event);

/* The policies in force, from the rows of their kind. False: *end refuses. */
bool owners_read_policy(struct request *req, const struct policy_rows *rows,
                        enum codec_policy_kind kind, struct codec_policy *out, enum flow *end);
/* Asks for everybody whom rules name. */
bool owners_ask_people(struct request *req, const struct owner_rules *rules,
                       struct owner_people *out);
/* Resolves the rules by the people that came. False: no memory. */
bool owners_resolve(struct request *req, struct owner_rules *rules,
                    const struct owner_people *people);

#endif
