/*
 * What the handlers of handovers share.
 */
#ifndef KEHU_CUSTOMERS_HANDOVERS_H
#define KEHU_CUSTOMERS_HANDOVERS_H

#include "common/command.h"
#include "services/customers/codec/codec_handover.h"
#include "services/customers/handlers/owners.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/handover.h"

#define HANDOVERS_TERM_TIMER "handover_term"

/* May who asks act for him: himself, whom he stands in for, his team and units? */
bool handovers_acts_for(const struct request *req, const struct id *staff);

/* A command about an existing handover: what was asked and what was found. */
struct handover_command {
    struct codec_handover_question question;
    struct command_receipt seen;
    struct handover handover;
    struct handover_receivers receivers;
    struct id *customers; /* of question.refs */
    struct owner_people people;
    struct handover_items items; /* that the command is about */
    flow_step gathered;
};
/* After the question was decoded: asks for the handover, its receivers, the customers and the
 * person named `staff` (a code; may be empty), then enters `gathered`; answers repeats and refuses
 * what is not there. */
enum flow handovers_ask(struct request *req, struct text staff, flow_step gathered);

/* Whose items who asks may answer: of the receiver named, or of himself; none: of everybody. False:
 * *end refuses. `one` has room for an id. */
bool handovers_find_receiver(struct request *req, struct id *one, size_t *count, enum flow *end);

/* Whether every customer named is among the items found. False: *end refuses. */
bool handovers_check_all_found(struct request *req, enum flow *end);

/* Moves one item and the figures of the handover; false: it is not in a state for this act. */
bool handovers_move(struct request *req, const struct handover_item *item, enum handover_act act,
                    struct text note, const char *decided_by);

/* Audits, and ends the command with the handover as it is now. */
enum flow handovers_commit(struct request *req, const char *act);
/* Commits the unit of a command and answers with the handover; its receipt keeps no note. */
enum flow handovers_answer(struct request *req, const struct handover *handover,
                           const struct handover_receivers *receivers);

#endif
