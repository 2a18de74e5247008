/* Who is calling, on the wire. */
#ifndef KEHU_COMPLAINTS_CODEC_CALLER_H
#define KEHU_COMPLAINTS_CODEC_CALLER_H

#include "common/pure/customer_ref.h"
#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/caller_card.h"
#include "services/complaints/domain/case_list.h"

/* By one of the two. */
struct codec_find_caller {
    struct text phone; /* E.164; empty: by reference */
    struct customer_ref customer;
};
enum status codec_get_find_caller(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_find_caller *out,
                                  struct codec_faults *faults) MUST_USE;

struct codec_caller {
    bool found;
    struct id customer, contact;
    const struct caller_card *card; /* NULL: of a contact of several customers nothing more */
    const struct case_summaries *open;
    int64_t now_us;
};
/* In the arena; NULL when it is full. */
const ProtobufCMessage *codec_caller(const struct codec_caller *from, struct arena *arena);

#endif
