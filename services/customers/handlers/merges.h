/*
 * What the handlers of merges and duplicates share.
 */
#ifndef KEHU_CUSTOMERS_MERGES_H
#define KEHU_CUSTOMERS_MERGES_H

#include "common/flow.h"
#include "services/customers/codec/codec_merge.h"

/* Ends a question that cannot be answered as asked. */
enum flow merges_refuse_question(struct request *req, enum status status,
                                 const struct codec_ask_fault *fault);
/* Ends a merge or an undo while a grade run adds up figures: it would count somebody twice. */
enum flow merges_refuse_run(struct request *req);

/* Adds the event to the unit, with either customer as its subject: both hear of it, and the
 * versions of both rise. False: no memory. */
bool merges_tell(struct request *req, const struct merge_record *record,
                 const ProtobufCMessage *event);
/* Commits the unit of a command and answers with the merge; its receipt keeps no names. */
enum flow merges_commit(struct request *req, const struct merge_record *record);

#endif
