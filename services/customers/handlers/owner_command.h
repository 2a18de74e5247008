/*
 * What the commands share by which a person changes who looks after one customer.
 */
#ifndef KEHU_CUSTOMERS_OWNER_COMMAND_H
#define KEHU_CUSTOMERS_OWNER_COMMAND_H

#include "common/command.h"
#include "services/customers/handlers/owners.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/customer.h"

struct owner_command {
    struct codec_owner_question question;
    struct command_receipt seen;
    struct found_customer customer;
    struct scope_sight sight;
    struct owner_people people;
    struct owner_standings standings; /* of the customer: one */
    struct owner_intervals present;   /* the owner first, then the team */
    flow_step decide;
};

/* After the question was decoded: asks for the customer, how he stands and the people named, then
 * enters decide; refuses who is not there, and out of scope, and answers repeats. */
enum flow owner_command_ask(struct request *req, flow_step decide);
const struct owner_standing *owner_command_standing(const struct owner_command *r);

/* Ends the command with the customer's owners from now on, as `intervals` say. */
enum flow owner_command_commit(struct request *req, enum owner_state state,
                               const struct owner_intervals *intervals);
/* As intervals show a person from now on; the id is not known here. */
struct owner_interval owner_command_interval(struct request *req, const struct owner_person *person,
                                             enum owner_role role, int64_t from_us);

#endif
