/*
 * The messages by which a case comes to an answer, to a confirmed end and to its cause: commands to
 * plain structs, and their events. INVALID_ARGUMENT: `faults` say everything that is wrong.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_LEARNING_H
#define KEHU_COMPLAINTS_CODEC_CASE_LEARNING_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/confirmation.h"
#include "services/complaints/domain/remedy.h"

#define CODEC_CASE_TEXT_MAX 10000 /* characters of an answer or a proposal */
#define CODEC_CASE_REASON_MAX 500
#define CODEC_CASE_ALTERNATIVES_MAX 10
#define CODEC_CASE_MONEY_MAX (INT64_C(1000000000000) * 1000000)

/* Texts are borrowed from the arena. `ref` is terminated, as the frame of commands wants it. */
struct codec_propose {
    const char *ref;
    uint64_t expected_version;
    struct text text;
    enum remedy_kind kind;
    int64_t amount_micros;
    struct text currency; /* empty: of the business */
    struct text description;
    struct text *alternatives;
    size_t alternative_count;
};
enum status codec_get_propose(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_propose *out, struct codec_faults *faults) MUST_USE;

/* ApproveRemedy, AgreeSolution, ConfirmCase, DisputeCase and CloseCase. */
struct codec_case_step {
    const char *ref;
    uint64_t expected_version;
    bool is_yes;         /* approved, satisfied */
    bool is_by_customer; /* said so himself */
    struct text reason;  /* or note */
    struct text *alternatives;
    size_t alternative_count;
};
enum status codec_get_approve(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_case_step *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_agree(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_case_step *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_confirm(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_case_step *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_dispute(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_case_step *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_close(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_case_step *out, struct codec_faults *faults) MUST_USE;

struct codec_answer {
    const char *ref;
    uint64_t expected_version;
    struct text text;
    const char *channel; /* of the list; "": by his channels */
    bool is_spoken;
    struct text reason;
};
enum status codec_get_answer(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_answer *out, struct codec_faults *faults) MUST_USE;

struct codec_attempt {
    const char *ref;
    const char *channel;
    enum delivery_call outcome;
    int64_t at_us;
};
/* `now_us`: when none is told, and the latest. */
enum status codec_get_attempt(const uint8_t *payload, size_t bytes, int64_t now_us,
                              struct arena *arena, struct codec_attempt *out,
                              struct codec_faults *faults) MUST_USE;

struct codec_rate {
    const char *ref;
    uint32_t rating;
    struct text text;
    bool has_invitation;
    struct id invitation;
};
enum status codec_get_rate(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_rate *out, struct codec_faults *faults) MUST_USE;

struct codec_set_cause {
    const char *ref;
    uint64_t expected_version;
    struct text cause, unit, topic; /* empty: as it is */
    enum remedy_fault fault;        /* UNKNOWN: as it is */
};
enum status codec_get_set_cause(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_set_cause *out, struct codec_faults *faults) MUST_USE;

struct codec_work {
    const char *ref;
    uint64_t expected_version;
    bool is_done, is_charge_noted;
    int64_t charge_micros;
    struct text currency;
    struct text taken_up, not_because;
};
enum status codec_get_work(const uint8_t *payload, size_t bytes, struct arena *arena,
                           struct codec_work *out, struct codec_faults *faults) MUST_USE;

/* --- events; NULL: the arena is full. Ids of zeroes: none --- */

struct codec_confirmation_wanted {
    struct id case_id, customer, contact;
    int64_t due_us;
    struct id not_by; /* a serious one is confirmed by another than its handler */
};
const ProtobufCMessage *codec_confirmation_wanted(const struct codec_confirmation_wanted *wanted,
                                                  struct arena *arena);
const ProtobufCMessage *codec_case_rated(const struct id *case_id, const struct id *customer,
                                         uint32_t rating, struct arena *arena);

#endif
