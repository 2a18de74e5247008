/*
 * Questions and answers about grades. What each field means stands in grades.proto.
 */
#ifndef KEHU_CUSTOMERS_CODEC_GRADE_H
#define KEHU_CUSTOMERS_CODEC_GRADE_H

#include <protobuf-c/protobuf-c.h>

#include "services/customers/codec/codec_policy.h"
#include "services/customers/domain/customer.h"
#include "services/customers/domain/grade_record.h"
#include "services/customers/domain/grade_text.h"

/* One question; only the fields of its message are set. */
struct codec_grade_question {
    struct customer_question customer; /* ref */
    int32_t as_of;                     /* RunGrades: needed */
    uint32_t long_term_days;
    enum grade_method method; /* 0: as the policy says */
    bool is_dry, holds_demotions;
    bool has_policy;            /* RunGrades: to try this one */
    struct codec_policy policy; /* not a version */
    struct id run;              /* GetGradeRun, ListGradeMoves */
    enum grade grade;           /* ListGrades: GRADE_NONE is all; OverrideGrade */
    struct text region, page_token;
    uint32_t page_size; /* within its limits, the default filled in */
    enum grade_language language;
    struct text reason; /* 1..500 characters */
    int32_t until;      /* OverrideGrade; grade_override_may_last is the handler's to ask */
    bool is_kept;       /* ConfirmDemotion */
};

/* INVALID_ARGUMENT: `field` and `why` say what is wrong; RESOURCE_EXHAUSTED: the arena is full. */
struct codec_grade_fault {
    char field[100];
    char why[300];
};

enum status codec_get_run_grades(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_grade_question *out,
                                 struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_get_grade_run(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_grade_question *out,
                                    struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_list_grade_runs(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_grade_question *out,
                                      struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_list_grades(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_grade_question *out,
                                  struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_list_grade_moves(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_grade_question *out,
                                       struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_explain_grade(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_grade_question *out,
                                    struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_override_grade(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct codec_grade_question *out,
                                     struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_remove_grade_override(const uint8_t *payload, size_t bytes,
                                            struct arena *arena, struct codec_grade_question *out,
                                            struct codec_grade_fault *fault) MUST_USE;
enum status codec_get_confirm_demotion(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_grade_question *out,
                                       struct codec_grade_fault *fault) MUST_USE;

/* Answers for flow_reply, in the arena; NULL when it is full. */
const ProtobufCMessage *codec_grade_run(const struct grade_run *run, struct arena *arena);
const ProtobufCMessage *codec_grade_run_list(const struct grade_run *runs, size_t count,
                                             struct arena *arena);
const ProtobufCMessage *codec_grade_list(const struct grade_customers *customers,
                                         const char *next_page_token, struct arena *arena);
const ProtobufCMessage *codec_grade_customer(const struct grade_customer *customer,
                                             struct arena *arena);
const ProtobufCMessage *codec_grade_held(const struct grade_held *held, size_t count,
                                         struct arena *arena);
const ProtobufCMessage *codec_grade_moves(const struct grade_mover *moves, size_t count,
                                          const char *next_page_token, struct arena *arena);

/* The event that tells of a grade; `current` is how the customer stands from now on. */
struct codec_grade_change {
    const struct grade_current *current;
    enum grade from; /* GRADE_NONE: the first */
    const char *reason;
    int32_t as_of;
    bool by_run; /* the run of `current` did it */
    bool is_historic;
};
const ProtobufCMessage *codec_grade_changed(const struct codec_grade_change *change,
                                            struct arena *arena);

/* What ExplainGrade tells beside the sentence. */
struct codec_grade_explained {
    const char *sentence; /* of grade_text_explain */
    struct grade_customer now;
    int32_t window_from, as_of;
    const struct codec_policy *policy;   /* of the run */
    int32_t first_purchase;              /* INT32_MIN: none */
    const struct grade_history *history; /* latest first */
    size_t history_count;
    struct id run;
};
const ProtobufCMessage *codec_grade_explanation(const struct codec_grade_explained *what,
                                                struct arena *arena);

/* A report as canonical JSON, as its run keeps it; NULL: no memory. */
const char *codec_grade_report_json(const struct grade_report *report, struct arena *arena);

#endif
