/*
 * What the commands share by which a person changes the grade of one customer.
 */
#ifndef KEHU_CUSTOMERS_GRADE_CHANGE_H
#define KEHU_CUSTOMERS_GRADE_CHANGE_H

#include "common/command.h"
#include "common/policy.h"
#include "services/customers/handlers/grades.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/customer.h"

struct grade_changing {
    struct codec_grade_question question;
    struct command_receipt seen;
    struct found_customer customer;
    struct customer_file references; /* of the customer; the rest is empty */
    struct grade_current current;
    struct scope_sight sight;
    struct policy_rows reviews;
    int32_t today;
    flow_step decide;
};

/* After the question was decoded into question: asks for the customer and how he stands, refuses
 * whom the asker may not see and who has no grade and answers repeats; then enters decide. */
enum flow grade_change_ask(struct request *req, flow_step decide);

/* Ends the command: saves how he stands from now on, tells it, and answers with it. */
enum flow grade_change_commit(struct request *req, struct grade_current *next, const char *reason);

/* How the customer stands by the manager's decision, or without one in time. */
struct grade_current grade_change_decided(const struct grade_current *current,
                                          enum grade_decision decision, int32_t today);
/* How he stands when his override is over: as the last run calculated. */
struct grade_current grade_change_released(const struct grade_current *current, int32_t today);

#endif
