/*
 * The policies of complaints as documents: checked, completed with the standard, as canonical JSON.
 * Handlers hold documents without looking into them.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_POLICY_H
#define KEHU_COMPLAINTS_CODEC_CASE_POLICY_H

#include "common/policy_document.h"
#include "services/complaints/domain/cause.h"
#include "services/complaints/domain/clock_policy.h"
#include "services/complaints/domain/remedy.h"
#include "services/complaints/domain/repeat.h"
#include "services/complaints/domain/severity.h"

enum case_policy_kind {
    CASE_POLICY_NONE = 0, /* in a question: all kinds */
    CASE_POLICY_TARGETS = 1,
    CASE_POLICY_CAUSES = 2,
    CASE_POLICY_SEVERITY = 3,
    CASE_POLICY_REMEDIES = 4,
    CASE_POLICY_REPEAT = 5,
};
#define CASE_POLICY_KINDS 5

/* "targets", "causes": of rows and messages. */
extern const struct policy_kinds case_policy_kinds;

/* One version. The document has no unset fields; what it says stands beside it. */
struct case_policy {
    enum case_policy_kind kind;
    uint32_t version;      /* 0: not a version yet */
    int64_t valid_from_us; /* 0: built in; of a question: from now on */
    const char *by, *reason;
    ProtobufCMessage *document; /* TargetPolicy, CausePolicy … */
    /* The one of its kind; causes borrow from the document. */
    struct clock_policy targets;
    struct cause_tree causes;
    struct severity_policy severity;
    struct remedy_policy remedies;
    struct repeat_policy repeat;
};

/* A stored document; version, by and reason are the caller's. INVALID_ARGUMENT: it is none. */
enum status codec_case_policy_read(enum case_policy_kind kind, const char *json,
                                   struct arena *arena, struct case_policy *out) MUST_USE;
/* One version of the rows that policy_list gave. NOT_FOUND: no such version. INTERNAL: the stored
 * document is not one that this program understands. */
enum status codec_case_policy_find(const struct policy_rows *rows, enum case_policy_kind kind,
                                   uint32_t version, struct arena *arena,
                                   struct case_policy *out) MUST_USE;
/* The version in force at that moment: the latest whose time has come. */
uint32_t codec_case_policy_in_force(const struct policy_rows *rows, int64_t at_us);

/* Questions. INVALID_ARGUMENT: `faults` say what is wrong, at least one. */
struct case_policy_question {
    enum case_policy_kind kind; /* ListPolicies: may be NONE */
    uint32_t version;           /* GetPolicy; 0: in force */
    uint32_t expected_version;  /* ApplyPolicy */
    bool is_dry_run;
    struct case_policy policy; /* of ApplyPolicy */
};
enum status codec_get_case_list_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                         struct case_policy_question *out,
                                         struct policy_faults *faults) MUST_USE;
enum status codec_get_case_get_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct case_policy_question *out,
                                      struct policy_faults *faults) MUST_USE;
/* All but what takes a calendar (codec_case_policy_check_targets) and the present causes. */
enum status codec_get_case_apply_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct case_policy_question *out,
                                        struct policy_faults *faults) MUST_USE;
/* Whether the targets hold on this calendar, tried from that moment on; an example of a start with
 * each target that is due later than one of lower priority. */
void codec_case_policy_check_targets(const struct case_policy *policy,
                                     const struct calendar *calendar, int64_t from_us,
                                     struct arena *arena, struct policy_faults *faults);
/* Codes of the present tree that the next has not. */
void codec_case_policy_check_causes(const struct case_policy *present,
                                    const struct case_policy *next, struct arena *arena,
                                    struct policy_faults *faults);

/* Answers, in the arena; NULL when it is full. */
const ProtobufCMessage *codec_case_policy(const struct case_policy *policy, struct arena *arena);
const ProtobufCMessage *codec_case_policy_list(const struct case_policy *policies, size_t count,
                                               struct arena *arena);

/* A clock as it would move. */
struct case_policy_example {
    const char *number; /* of the case */
    enum clock_kind kind;
    enum priority priority;
    int64_t due_us, next_due_us;
};
struct case_policy_effect {
    bool is_dry_run;
    uint64_t clocks; /* that move */
    const struct case_policy_example *examples;
    size_t example_count;
};
/* The answer to ApplyPolicy; without examples also the event. `effect` NULL: of no clocks. */
const ProtobufCMessage *codec_case_policy_applied(const struct case_policy *policy,
                                                  const struct case_policy_effect *effect,
                                                  struct arena *arena);
/* The event that all clocks of a version of targets were computed again. */
const ProtobufCMessage *codec_case_policy_moved(uint32_t version, uint32_t moved,
                                                struct arena *arena);

#endif
