/*
 * What registering and updating a file share: who asks, refusals, what is written beside the
 * customer's row.
 */
#ifndef KEHU_CUSTOMERS_FILE_CHANGE_H
#define KEHU_CUSTOMERS_FILE_CHANGE_H

#include "services/customers/codec/codec_customer_file.h"
#include "services/customers/store/file.h"

struct codec_file_asker file_change_asker(struct request *req);
/* The staff member, or the key that acts as itself. */
const char *file_change_by(const struct request *req);

/* Ends a question whose faults are named. */
enum flow file_change_refuse(struct request *req, enum status status,
                             const struct codec_file_faults *faults);

/* What a change refers to, asked for in one trip and looked at in the next step. */
struct file_change_found {
    struct file_row parent;
    struct file_chain above; /* of the parent, with it; file_change_ask_above */
    bool region_exists;
    struct file_ref_owners owners;
};
void file_change_ask(struct request *req, const struct codec_file_ask *ask,
                     struct file_change_found *out);
/* False: something referred to is not there or taken, and *end is the refusal. References that
 * `self` has already are dropped; NULL: a new file. */
bool file_change_check(struct request *req, struct codec_file_ask *ask,
                       const struct file_change_found *found, const struct id *self,
                       enum flow *end);
/* False: where it would hang is refused by *end. */
bool file_change_check_hanging(struct request *req, const struct id *self,
                               const struct file_change_found *found, size_t height,
                               enum flow *end);

/* Facts that are new, references and the search row; `before` is the file as it was, all zeroes of
 * a new one. */
void file_change_put_parts(struct request *req, const struct id *customer,
                           const struct codec_file_ask *ask, const struct file_row *before,
                           const struct file_state *after);
/* False: no memory. */
bool file_change_tell(struct request *req, const struct id *customer,
                      const ProtobufCMessage *event);

#endif
