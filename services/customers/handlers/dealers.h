/*
 * What the handlers of one dealer share: finding him, and that he is one.
 */
#ifndef KEHU_CUSTOMERS_DEALERS_H
#define KEHU_CUSTOMERS_DEALERS_H

#include "common/command.h"
#include "common/policy.h"
#include "services/customers/codec/codec_dealer.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/dealer.h"

/* The state of a message about one dealer. */
struct dealing {
    struct codec_dealer_ask ask;
    bool is_query;
    struct command_receipt seen;
    struct file_row customer;
    struct file_row successor; /* when one was named */
    struct scope_sight sight, successor_sight;
    struct dealer dealer;
    struct dealer_parts parts;
    struct dealer_give_up give_up;
    struct policy_rows rows;
    flow_step decide; /* entered with the dealer admitted */
};

/* The state with `decide` in it. */
struct dealing *dealers_state(struct request *req, flow_step decide, bool is_query);
/* The first step's end, after decoding: refuses, or looks for the dealer and goes on with `decide`.
 */
enum flow dealers_begin(struct request *req, enum status status,
                        const struct codec_file_faults *faults);

#endif
