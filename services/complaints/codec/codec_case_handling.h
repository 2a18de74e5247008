/*
 * The messages by which a case is handled: commands to plain structs. INVALID_ARGUMENT: `faults`
 * say everything that is wrong.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_HANDLING_H
#define KEHU_COMPLAINTS_CODEC_CASE_HANDLING_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_file.h"

#define CODEC_HANDLING_TEXT_MAX 10000 /* characters of a note, a message, what he said */
#define CODEC_HANDLING_REASON_MAX 500
#define CODEC_HANDLING_ATTACHMENTS 20

/* TakeCase, StartInvestigation, RejectCase, WithdrawCase, ReopenCase, MergeCases, AssignCase: what
 * a message does not have is empty. `ref` and `into` are terminated. */
struct codec_handling {
    const char *ref;
    uint64_t expected_version;
    struct text handler, team;
    struct text reason;   /* or note */
    struct text refer_to; /* where he is sent instead */
    const char *into;     /* REF of the case that it is a duplicate of */
};
enum status codec_get_take(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_handling *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_assign(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_handling *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_investigate(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_handling *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_reject(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_handling *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_withdraw(const uint8_t *payload, size_t bytes, struct arena *arena,
                               struct codec_handling *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_reopen(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_handling *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_merge(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_handling *out, struct codec_faults *faults) MUST_USE;

/* AddNote, SendCaseMessage, LogCall, RecordReply. */
struct codec_words {
    const char *ref;
    uint64_t expected_version;
    struct text text;
    const char *channel;        /* of the list of channels; "": by his channels */
    struct text attachments;    /* JSON, as the row keeps them */
    enum delivery_call outcome; /* of a call */
    bool is_substantive;
    int64_t at_us;
};
enum status codec_get_note(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_words *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_send_message(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_words *out, struct codec_faults *faults) MUST_USE;
/* `now_us`: when no moment is told, and the latest. */
enum status codec_get_log_call(const uint8_t *payload, size_t bytes, int64_t now_us,
                               struct arena *arena, struct codec_words *out,
                               struct codec_faults *faults) MUST_USE;
enum status codec_get_record_reply(const uint8_t *payload, size_t bytes, int64_t now_us,
                                   struct arena *arena, struct codec_words *out,
                                   struct codec_faults *faults) MUST_USE;

struct codec_delivery {
    const char *ref;
    struct id message;
    enum delivery outcome; /* ACCEPTED, DELIVERED or BOUNCED */
    int64_t at_us;
};
enum status codec_get_record_delivery(const uint8_t *payload, size_t bytes, int64_t now_us,
                                      struct arena *arena, struct codec_delivery *out,
                                      struct codec_faults *faults) MUST_USE;

struct codec_set_severity {
    const char *ref;
    uint64_t expected_version;
    enum severity safety, legal_or_media;
    int64_t amount_micros;
    struct text currency;
    struct text reason;
};
enum status codec_get_set_severity(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_set_severity *out,
                                   struct codec_faults *faults) MUST_USE;

/* What is empty stays as it is. */
struct codec_link {
    const char *ref;
    uint64_t expected_version;
    struct text order_number, product, batch, customer;
    bool has_contact;
    struct id contact;
};
enum status codec_get_link(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_link *out, struct codec_faults *faults) MUST_USE;

#endif
