/*
 * The questions about grades, checked field by field.
 */
#include "services/customers/codec/codec_grade.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/pure/day.h"
#include "common/pure/utf8.h"
#include "common/pure/uuid.h"
#include "common/validate.h"
#include "kehu/customers/v1/grades.pb-c.h"
#include "services/customers/codec/codec_check.h"

#define MAX_REASON 500
#define MAX_PAGE_TOKEN_BYTES 2048
#define MAX_LONG_TERM_DAYS 3660
#define MAX_RUNS 100
#define DEFAULT_RUNS 20

static enum status refuse(struct codec_grade_fault *fault, const char *field, const char *format,
                          ...) PRINTF_LIKE(3, 4);

static enum status refuse(struct codec_grade_fault *fault, const char *field, const char *format,
                          ...)
{
    va_list list;

    snprintf(fault->field, sizeof(fault->field), "%s", field);
    va_start(list, format);
    vsnprintf(fault->why, sizeof(fault->why), format, list);
    va_end(list);
    return INVALID_ARGUMENT;
}

static enum status unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *payload,
                          size_t bytes, struct arena *arena, struct codec_grade_fault *fault,
                          ProtobufCMessage **out)
{
    return validate_unpack(descriptor, arena_allocator(arena), payload, bytes, out, fault->field,
                           sizeof(fault->field), fault->why, sizeof(fault->why));
}

static enum status read_day(const char *field, const char *text, struct codec_grade_fault *fault,
                            int32_t *day)
{
    if (day_parse(text, strlen(text), day))
        return OK;
    return refuse(fault, field, "%s: give one as YYYY-MM-DD, such as 2026-09-30",
                  text[0] ? "is no day" : "is missing");
}

static enum status read_ref(const char *ref, struct codec_grade_fault *fault,
                            struct codec_grade_question *out)
{
    if (customer_question_parse(codec_check_text_of(ref), &out->customer))
        return OK;
    return refuse(fault, "ref", "%s: give " CUSTOMER_REF_FORMS,
                  ref[0] ? "refers to nobody" : "is missing");
}

static enum status read_grade(const char *text, struct codec_grade_fault *fault, enum grade *grade)
{
    *grade = text[0] && !text[1] ? grade_from_letter(text[0]) : GRADE_NONE;
    return *grade ? OK : refuse(fault, "grade", "is none: give A, B or C");
}

static enum status read_reason(const char *reason, bool is_needed, struct codec_grade_fault *fault,
                               struct codec_grade_question *out)
{
    size_t count = utf8_count(codec_check_text_of(reason));

    if (is_needed && count == 0)
        return refuse(fault, "reason", "is missing: say why in a sentence");
    if (count > MAX_REASON)
        return refuse(fault, "reason", "has %zu characters: it may have at most %d", count,
                      MAX_REASON);
    out->reason = codec_check_text_of(reason);
    return OK;
}

static enum status read_page(uint32_t asked, uint32_t most, uint32_t standard,
                             struct codec_grade_fault *fault, struct codec_grade_question *out)
{
    if (asked > most)
        return refuse(fault, "page_size", "is %" PRIu32 ": at most %" PRIu32 ", or 0 for %" PRIu32,
                      asked, most, standard);
    out->page_size = asked ? asked : standard;
    return OK;
}

/* Hands the question out if nothing was wrong with it. */
static enum status finish(enum status status, const struct codec_grade_question *question,
                          struct codec_grade_question *out)
{
    if (!status)
        *out = *question;
    return status;
}

/* A policy to try. One that is not in force grades nobody. */
static enum status read_policy(const Kehu__Customers__V1__RunGrades *ask, struct arena *arena,
                               struct codec_grade_fault *fault, struct codec_grade_question *out)
{
    struct grade_policy_fault found[GRADE_POLICY_MAX_FAULTS];
    char field[80];

    if (!ask->dry_run)
        return refuse(fault, "policy", "is only for dry runs: apply it, then run");
    if (!codec_policy_take(CODEC_POLICY_GRADE, &ask->policy->base, arena, &out->policy))
        return RESOURCE_EXHAUSTED;
    if (grade_policy_check(&out->policy.grade, found) == 0)
        return OK;
    if (found[0].region == SIZE_MAX)
        snprintf(field, sizeof(field), "policy.%s", found[0].field);
    else
        snprintf(field, sizeof(field), "policy.regions[%zu].%s", found[0].region, found[0].field);
    return refuse(fault, field, "%s", found[0].why);
}

enum status codec_get_run_grades(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_grade_question *out, struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__run_grades__descriptor, payload, bytes, arena,
                                fault, &message);
    const Kehu__Customers__V1__RunGrades *ask = (const void *)message;

    if (!status)
        status = read_day("as_of", ask->as_of, fault, &question.as_of);
    if (status)
        return status;
    if (ask->long_term_days > MAX_LONG_TERM_DAYS)
        return refuse(fault, "long_term_days",
                      "is %" PRIu32 ": at most %d, or 0 for what the policy says",
                      ask->long_term_days, MAX_LONG_TERM_DAYS);
    question.long_term_days = ask->long_term_days;
    question.method = (enum grade_method)ask->method;
    question.is_dry = ask->dry_run;
    question.holds_demotions = ask->hold_demotions;
    question.has_policy = ask->policy != NULL;
    if (ask->policy)
        status = read_policy(ask, arena, fault, &question);
    return finish(status, &question, out);
}

enum status codec_get_get_grade_run(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_grade_question *out,
                                    struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__get_grade_run__descriptor, payload, bytes,
                                arena, fault, &message);
    const Kehu__Customers__V1__GetGradeRun *ask = (const void *)message;

    if (!status && !uuid_parse(ask->run_id, strlen(ask->run_id), &question.run))
        status = refuse(fault, "run_id", "is no UUID");
    return finish(status, &question, out);
}

enum status codec_get_list_grade_runs(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct codec_grade_question *out,
                                      struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__list_grade_runs__descriptor, payload, bytes,
                                arena, fault, &message);
    const Kehu__Customers__V1__ListGradeRuns *ask = (const void *)message;

    if (!status)
        status = read_page(ask->page_size, MAX_RUNS, DEFAULT_RUNS, fault, &question);
    return finish(status, &question, out);
}

enum status codec_get_list_grades(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_grade_question *out, struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__list_grades__descriptor, payload, bytes,
                                arena, fault, &message);
    const Kehu__Customers__V1__ListGrades *ask = (const void *)message;

    if (!status && ask->grade[0])
        status = read_grade(ask->grade, fault, &question.grade);
    if (!status)
        status = read_page(ask->page_size, GRADE_MAX_PAGE, GRADE_DEFAULT_PAGE, fault, &question);
    if (!status && strlen(ask->page_token) > MAX_PAGE_TOKEN_BYTES)
        status =
            refuse(fault, "page_token", "is too long: give next_page_token of the answer before");
    if (status)
        return status;
    question.region = codec_check_text_of(ask->region);
    question.page_token = codec_check_text_of(ask->page_token);
    return finish(OK, &question, out);
}

enum status codec_get_list_grade_moves(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_grade_question *out,
                                       struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__list_grade_moves__descriptor, payload, bytes,
                                arena, fault, &message);
    const Kehu__Customers__V1__ListGradeMoves *ask = (const void *)message;

    if (!status && !uuid_parse(ask->run_id, strlen(ask->run_id), &question.run))
        status = refuse(fault, "run_id", "is no UUID");
    if (!status)
        status = read_page(ask->page_size, GRADE_MAX_PAGE, GRADE_DEFAULT_PAGE, fault, &question);
    if (!status)
        question.page_token = codec_check_text_of(ask->page_token);
    return finish(status, &question, out);
}

enum status codec_get_explain_grade(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_grade_question *out,
                                    struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {.language = GRADE_LANGUAGE_IS_ZH};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__explain_grade__descriptor, payload, bytes,
                                arena, fault, &message);
    const Kehu__Customers__V1__ExplainGrade *ask = (const void *)message;

    if (!status)
        status = read_ref(ask->ref, fault, &question);
    if (status)
        return status;
    if (strcmp(ask->language, "en") == 0)
        question.language = GRADE_LANGUAGE_IS_EN;
    else if (ask->language[0] && strcmp(ask->language, "zh") != 0)
        return refuse(fault, "language", "is not spoken here: give zh or en");
    return finish(OK, &question, out);
}

enum status codec_get_override_grade(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct codec_grade_question *out,
                                     struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__override_grade__descriptor, payload, bytes,
                                arena, fault, &message);
    const Kehu__Customers__V1__OverrideGrade *ask = (const void *)message;

    if (!status)
        status = read_ref(ask->ref, fault, &question);
    if (!status)
        status = read_grade(ask->grade, fault, &question.grade);
    if (!status)
        status = read_reason(ask->reason, true, fault, &question);
    if (!status)
        status = read_day("until", ask->until, fault, &question.until);
    return finish(status, &question, out);
}

enum status codec_get_remove_grade_override(const uint8_t *payload, size_t bytes,
                                            struct arena *arena, struct codec_grade_question *out,
                                            struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__remove_grade_override__descriptor, payload,
                                bytes, arena, fault, &message);
    const Kehu__Customers__V1__RemoveGradeOverride *ask = (const void *)message;

    if (!status)
        status = read_ref(ask->ref, fault, &question);
    if (!status)
        status = read_reason(ask->reason, true, fault, &question);
    return finish(status, &question, out);
}

enum status codec_get_confirm_demotion(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_grade_question *out,
                                       struct codec_grade_fault *fault)
{
    struct codec_grade_question question = {0};
    ProtobufCMessage *message = NULL;
    enum status status = unpack(&kehu__customers__v1__confirm_demotion__descriptor, payload, bytes,
                                arena, fault, &message);
    const Kehu__Customers__V1__ConfirmDemotion *ask = (const void *)message;

    if (!status)
        status = read_ref(ask->ref, fault, &question);
    if (!status)
        status = read_reason(ask->reason, ask->keep, fault, &question);
    if (!status)
        question.is_kept = ask->keep;
    return finish(status, &question, out);
}
