/*
 * Policies as documents: checked, completed with the standard, as canonical JSON, and compared
 * field by field. Handlers hold documents without looking into them.
 */
#ifndef KEHU_CUSTOMERS_CODEC_POLICY_H
#define KEHU_CUSTOMERS_CODEC_POLICY_H

#include <protobuf-c/protobuf-c.h>

#include "common/arena.h"
#include "common/policy_document.h"
#include "common/status.h"
#include "services/customers/domain/export.h"
#include "services/customers/domain/grade_policy.h"
#include "services/customers/domain/owner_rules.h"
#include "services/customers/domain/people_policy.h"
#include "services/customers/domain/pool.h"
#include "services/customers/domain/retention.h"
#include "services/customers/domain/service_plan.h"

enum codec_policy_kind {
    CODEC_POLICY_NONE = 0, /* in a question: all kinds */
    CODEC_POLICY_GRADE = 1,
    CODEC_POLICY_REVIEW = 2,
    CODEC_POLICY_OWNERS = 3,
    CODEC_POLICY_SERVICE_PLAN = 4,
    CODEC_POLICY_POOL = 5,
    CODEC_POLICY_PEOPLE = 6,
    CODEC_POLICY_RETENTION = 7,
    CODEC_POLICY_EXPORTS = 8,
};
#define CODEC_POLICY_KINDS 8

/* "grade", "review": the kind of rows and of messages, and the field of Policy that holds the
 * document. */
const char *codec_policy_kind_name(enum codec_policy_kind kind);
extern const struct policy_kinds codec_policy_kinds;

/* One version. The document has no unset fields; what it says stands beside it. */
struct codec_policy {
    enum codec_policy_kind kind;
    uint32_t version;      /* 0: not a version yet */
    int64_t valid_from_us; /* 0: built in */
    const char *by, *reason;
    ProtobufCMessage *document; /* GradePolicy, ReviewPolicy … */
    /* The one of its kind; they borrow from the document. */
    struct grade_policy_set grade;
    struct grade_review_policy review;
    struct owner_rules owners;
    struct service_plans plans;
    struct pool_policy pool;
    struct people_policy people;
    struct export_policy exports;
    struct retention_policy retention;
};

/*
 * One version of the rows that policy_list gave; version 0: the one in force. NOT_FOUND: no such
 * version. INTERNAL: the stored document is not one that this program understands.
 */
enum status codec_policy_find(const struct policy_rows *rows, enum codec_policy_kind kind,
                              uint32_t version, struct arena *arena,
                              struct codec_policy *out) MUST_USE;

/* The document as canonical JSON, with its unset fields left out; NULL: no memory. */
const char *codec_policy_json(const struct codec_policy *policy, struct arena *arena);
/* The other way round; version, by and reason are the caller's. INVALID_ARGUMENT: it is none. */
enum status codec_policy_read(enum codec_policy_kind kind, const char *json, struct arena *arena,
                              struct codec_policy *out) MUST_USE;
/* The grade policy as a run was asked for it: another method (0: as it is) for all regions, another
 * long term in days (0: as it is). The original is left alone. RESOURCE_EXHAUSTED: no memory. */
enum status codec_policy_adjust(const struct codec_policy *policy, enum grade_method method,
                                uint32_t long_term_days, struct arena *arena,
                                struct codec_policy *out) MUST_USE;

/* Questions. INVALID_ARGUMENT: `faults` say what is wrong, at least one. */
struct codec_policy_question {
    enum codec_policy_kind kind;  /* ListPolicies: may be CODEC_POLICY_NONE */
    uint32_t version, to_version; /* Get and Compare; 0: in force */
    uint32_t expected_version;    /* ApplyPolicy */
    bool has_document;
    struct codec_policy policy; /* `to` of ComparePolicies; of ApplyPolicy */
};

enum status codec_get_list_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_policy_question *out,
                                    struct policy_faults *faults) MUST_USE;
enum status codec_get_get_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_policy_question *out,
                                 struct policy_faults *faults) MUST_USE;
enum status codec_get_compare_policies(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_policy_question *out,
                                       struct policy_faults *faults) MUST_USE;
enum status codec_get_apply_policy(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_policy_question *out,
                                   struct policy_faults *faults) MUST_USE;
/* Answers and the event, in the arena; NULL when it is full. */
const ProtobufCMessage *codec_policy(const struct codec_policy *policy, struct arena *arena);
const ProtobufCMessage *codec_policy_list(const struct codec_policy *policies, size_t count,
                                          struct arena *arena);
const ProtobufCMessage *codec_policy_difference(const struct codec_policy *from,
                                                const struct codec_policy *to, struct arena *arena);
const ProtobufCMessage *codec_policy_applied(const struct codec_policy *policy,
                                             struct arena *arena);

/* --- for the files of this codec --- */

/* Completes a decoded document with the standard and reads it into grade or review. False: the
 * arena is full. */
bool codec_policy_take(enum codec_policy_kind kind, ProtobufCMessage *document, struct arena *arena,
                       struct codec_policy *out);

/* The kinds of codec_policy_owners.c. */
bool codec_policy_take_owners(ProtobufCMessage *document, struct arena *arena,
                              struct codec_policy *out);
bool codec_policy_take_plans(ProtobufCMessage *document, struct arena *arena,
                             struct codec_policy *out);
void codec_policy_take_pool(ProtobufCMessage *document, struct codec_policy *out);
void codec_policy_take_people(ProtobufCMessage *document, struct codec_policy *out);
void codec_policy_take_retention(ProtobufCMessage *document, struct codec_policy *out);
void codec_policy_take_exports(ProtobufCMessage *document, struct codec_policy *out);
void codec_policy_check_owners(const struct codec_policy *policy, const char *path,
                               struct arena *arena, struct policy_faults *faults);
void codec_policy_check_plans(const struct codec_policy *policy, const char *path,
                              struct arena *arena, struct policy_faults *faults);
void codec_policy_check_exports(const struct codec_policy *policy, const char *path,
                                struct arena *arena, struct policy_faults *faults);
void codec_policy_check_retention(const struct codec_policy *policy, const char *path,
                                  struct arena *arena, struct policy_faults *faults);
void codec_policy_check_people(const struct codec_policy *policy, const char *path,
                               struct arena *arena, struct policy_faults *faults);
void codec_policy_check_pool(const struct codec_policy *policy, const char *path,
                             struct arena *arena, struct policy_faults *faults);

struct codec_policy_change {
    const char *field, *from, *to;
};
struct codec_policy_changes {
    struct codec_policy_change *list;
    size_t count;
};

/* Where two messages of one type differ, in the order of the fields; elements of lists belong
 * together by their first field. False: the arena is full. */
bool codec_policy_compare(const ProtobufCMessage *from, const ProtobufCMessage *to,
                          struct arena *arena, struct codec_policy_changes *out);

#endif
