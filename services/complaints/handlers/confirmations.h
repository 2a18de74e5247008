/*
 * He is satisfied, or he is not: by a call, a reply, a rating. The same steps for every way in
 * which it is said.
 */
#ifndef KEHU_COMPLAINTS_CONFIRMATIONS_H
#define KEHU_COMPLAINTS_CONFIRMATIONS_H

#include "services/complaints/handlers/case_change.h"

/* How it was said: in a call by who asks, or, `by_himself`, unasked. What its handler writes down
 * for him counts as said to its handler (case_change_ask_worked); a key that is no person's tells
 * what he did himself. */
enum confirmation confirmations_how(const struct request *req, const struct case_change *change,
                                    bool by_himself);
/* Whether that would confirm the case: it is being asked, and a serious one takes a call by another
 * than its handler. */
bool confirmations_count(const struct case_change *change, enum confirmation how);
/* He is: the case is confirmed. False: *end refuses. */
bool confirmations_say_yes(struct request *req, struct case_change *change, enum confirmation how,
                           struct text note, enum flow *end);
/*
 * He is not: the case is disputed, its resolution is timed anew, and he is told what else there is
 * (`alternatives`; none: the usual ones). False: *end refuses.
 */
bool confirmations_say_no(struct request *req, struct case_change *change, struct text reason,
                          const struct text *alternatives, size_t count, enum flow *end);

#endif
