/*
 * What the handlers of grades share.
 */
#ifndef KEHU_CUSTOMERS_GRADES_H
#define KEHU_CUSTOMERS_GRADES_H

#include "services/customers/codec/codec_grade.h"
#include "services/customers/store/grade.h"

/* Ends a question that cannot be answered as asked. */
enum flow grades_refuse_question(struct request *req, enum status status,
                                 const struct codec_grade_fault *fault);

/* Page tokens: the place of the last customer of a page. False: it is none. */
bool grades_read_token(struct text token, struct grade_list_place *place);
/* In the arena; "" when it is full. */
const char *grades_print_token(const struct grade_list_place *place, struct arena *arena);

/* The staff member or key that asks. */
const char *grades_asker(const struct request *req);

/*
 * Adds what is told of a decision to the unit: its history, and the event when the grade is another
 * than before; the row is saved by grade_save. `current` is how the customer stands from now on,
 * `from` his grade until now, `review` the policy in force. False: no memory.
 */
bool grades_change(struct request *req, const struct grade_current *current, enum grade from,
                   const struct grade_entry *entry, const struct grade_review_policy *review);

/* The customer as lists show him; `references` hold his references. */
struct grade_customer grades_customer(const struct grade_current *current, int64_t number,
                                      const struct customer_file *references, struct arena *arena);

/* Arms the timers of a customer: the end of his override, the end of the manager's term. Both ring
 * when the last day is over in business time. */
void grades_arm(struct request *req, const char *kind, const struct id *customer, int32_t last_day);
void grades_disarm(struct request *req, const char *kind, const struct id *customer);
#define GRADES_OVERRIDE_TIMER "grade_override"
#define GRADES_HOLD_TIMER "grade_hold"

/* The last of so many working days after `day`. */
int32_t grades_working_days_after(const struct request *req, int32_t day, uint32_t days);

#endif
