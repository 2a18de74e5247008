/*
 * Agents and dealers on the wire (dealers.proto).
 */
#ifndef KEHU_CUSTOMERS_CODEC_DEALER_H
#define KEHU_CUSTOMERS_CODEC_DEALER_H

#include "services/customers/codec/codec_people.h"
#include "services/customers/domain/dealer_file.h"

/* One command about one dealer; which parts are set depends on the message. */
struct codec_dealer_ask {
    struct customer_question ref;
    uint64_t expected_version;
    struct dealer_change change;
    bool is_new; /* the manager */
    struct dealer_manager manager;
    struct dealer_memo memo;
    struct dealer_score score;
    const char *reason, *decision;
    struct text explanation, note;
    bool has_successor;
    struct customer_question successor;
};
#define CODEC_DEALER_ASK(name)                                                                     \
    enum status name(const uint8_t *payload, size_t bytes, int32_t today, struct arena *arena,     \
                     struct codec_dealer_ask *out, struct codec_file_faults *faults) MUST_USE
CODEC_DEALER_ASK(codec_get_save_dealer);
CODEC_DEALER_ASK(codec_get_save_channel_manager);
CODEC_DEALER_ASK(codec_get_add_dealer_memo);
CODEC_DEALER_ASK(codec_get_score_dealer);
CODEC_DEALER_ASK(codec_get_propose_give_up);
CODEC_DEALER_ASK(codec_get_decide_give_up);
CODEC_DEALER_ASK(codec_get_get_dealer);
#undef CODEC_DEALER_ASK

enum status codec_get_list_dealers(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct dealer_question *out,
                                   struct codec_file_faults *faults) MUST_USE;
enum status codec_get_list_give_ups(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct dealer_question *out,
                                    struct codec_file_faults *faults) MUST_USE;
enum status codec_get_report_dealer_stability(const uint8_t *payload, size_t bytes, int32_t today,
                                              struct arena *arena, int32_t *from, int32_t *to,
                                              struct codec_file_faults *faults) MUST_USE;

/* Answers and events, in the arena; NULL when it is full. */
const ProtobufCMessage *codec_dealer_reply(const struct id *customer, int64_t version,
                                           const struct id *part, struct arena *arena);
struct codec_dealer_view {
    const struct id *customer;
    int64_t number;
    struct text name;
    const struct dealer *dealer;
    const struct dealer_manager *managers;
    size_t manager_count;
    const struct dealer_memo *memos;
    size_t memo_count;
    const struct dealer_score *scores;
    size_t score_count;
    const struct dealer_give_up *give_up; /* NULL: none */
};
const ProtobufCMessage *codec_dealer(const struct codec_dealer_view *view, struct arena *arena);
const ProtobufCMessage *codec_dealer_list(const struct dealer_summary *list, size_t count,
                                          const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_give_up_list(const struct dealer_give_up *list, size_t count,
                                           const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_dealer_stability(int64_t at_begin, int64_t given_up,
                                               struct arena *arena);
const ProtobufCMessage *codec_dealer_scored(const struct id *customer,
                                            const struct dealer_score *score, struct arena *arena);
const ProtobufCMessage *codec_give_up_decided(const struct id *customer, const struct id *give_up,
                                              const char *state, struct text reason,
                                              struct arena *arena);

#endif
