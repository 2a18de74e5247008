/*
 * Needs and entitlements on the wire (people.proto).
 */
#ifndef KEHU_CUSTOMERS_CODEC_NEED_H
#define KEHU_CUSTOMERS_CODEC_NEED_H

#include "services/customers/codec/codec_people.h"
#include "services/customers/domain/need.h"

struct codec_need_ask {
    struct customer_question ref;
    uint64_t expected_version;
    bool is_new;
    struct need need;
};
enum status codec_get_save_need(const uint8_t *payload, size_t bytes, int32_t today,
                                const char *currency, struct arena *arena,
                                struct codec_need_ask *out,
                                struct codec_file_faults *faults) MUST_USE;
enum status codec_get_list_needs(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct need_question *out,
                                 struct codec_file_faults *faults) MUST_USE;

struct codec_entitlement_ask {
    struct customer_question ref;
    uint64_t expected_version;
    bool is_new;
    struct entitlement entitlement; /* UseEntitlement: the id alone */
    struct entitlement_use use;
    const char *state; /* of ListEntitlements; "": all */
    uint32_t page_size;
    bool has_after;
    struct id after;
};
#define CODEC_ENTITLEMENT_ASK(name)                                                                \
    enum status name(const uint8_t *payload, size_t bytes, int32_t today, struct arena *arena,     \
                     struct codec_entitlement_ask *out, struct codec_file_faults *faults) MUST_USE
CODEC_ENTITLEMENT_ASK(codec_get_save_entitlement);
CODEC_ENTITLEMENT_ASK(codec_get_use_entitlement);
CODEC_ENTITLEMENT_ASK(codec_get_list_entitlements);
#undef CODEC_ENTITLEMENT_ASK

/* Answers and events, in the arena; NULL when it is full. */
const ProtobufCMessage *codec_need_list(const struct need *needs, size_t count,
                                        const char *next_page_token, struct arena *arena);
struct codec_entitlement_view {
    const struct entitlement *entitlement;
    const struct entitlement_use *uses; /* latest first */
    size_t use_count;
};
const ProtobufCMessage *codec_entitlement_list(const struct codec_entitlement_view *views,
                                               size_t count, const char *next_page_token,
                                               struct arena *arena);
const ProtobufCMessage *codec_need_changed(const struct id *customer, const struct need *need,
                                           struct arena *arena);
const ProtobufCMessage *codec_entitlement_used(const struct id *customer,
                                               const struct entitlement *entitlement,
                                               const struct entitlement_use *use,
                                               struct arena *arena);

#endif
