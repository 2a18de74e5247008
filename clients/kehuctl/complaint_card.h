/* The parts of a case as tables: deadlines, work, messages, history. Nothing without rows. */
#ifndef KEHU_CTL_COMPLAINT_CARD_H
#define KEHU_CTL_COMPLAINT_CARD_H

#include "command_complaint.h"

/* `whole`: also those that are over. */
void complaint_card_clocks(struct ctl *ctl, Kehu__Complaints__V1__Clock *const *clocks,
                           size_t count, bool whole);
/* Sub-tasks, actions, lessons. */
void complaint_card_work(struct ctl *ctl, const Kehu__Complaints__V1__Case *one);
void complaint_card_messages(struct ctl *ctl, Kehu__Complaints__V1__CaseMessage *const *messages,
                             size_t count);
void complaint_card_history(struct ctl *ctl, Kehu__Complaints__V1__CaseEntry *const *entries,
                            size_t count);

#endif
