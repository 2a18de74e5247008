/*
 * Any bytes as a command or question to the complaints service: the first line names the message,
 * the rest is its payload. A refusal names at least one field and why; what is accepted has none.
 */
#include <assert.h>
#include <string.h>

#include "common/zones.h"
#include "services/complaints/codec/codec_case.h"
#include "services/complaints/codec/codec_case_asked.h"
#include "services/complaints/codec/codec_case_handling.h"
#include "services/complaints/codec/codec_case_learning.h"
#include "services/complaints/codec/codec_case_list.h"
#include "services/complaints/codec/codec_case_part.h"
#include "services/complaints/codec/codec_case_policy.h"
#include "services/complaints/codec/codec_case_report.h"
#include "services/complaints/codec/codec_case_view.h"
#include "services/complaints/codec/codec_clock_ask.h"
#include "services/complaints/codec/codec_opening.h"

#define NOW_US (INT64_C(1790000000) * SECOND_US)
#define TODAY 20717 /* its day */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* One payload on its way. */
struct given {
    const uint8_t *payload;
    size_t bytes;
    struct arena *arena;
    struct codec_faults faults;
    struct policy_faults policy_faults;
};

/* What handlers decode into is zeroed. Decoders of the usual shape, of one that is told the time,
 * and of policies. */
#define PLAIN(name, out_type)                                                                      \
    static enum status decode_##name(struct given *given)                                          \
    {                                                                                              \
        out_type out = {0};                                                                        \
        return codec_get_##name(given->payload, given->bytes, given->arena, &out, &given->faults); \
    }
#define TIMED(name, out_type, now)                                                                 \
    static enum status decode_##name(struct given *given)                                          \
    {                                                                                              \
        out_type out = {0};                                                                        \
        return codec_get_##name(given->payload, given->bytes, now, given->arena, &out,             \
                                &given->faults);                                                   \
    }
#define POLICY(name)                                                                               \
    static enum status decode_##name(struct given *given)                                          \
    {                                                                                              \
        struct case_policy_question out = {0};                                                     \
        return codec_get_##name(given->payload, given->bytes, given->arena, &out,                  \
                                &given->policy_faults);                                            \
    }

TIMED(open_complaint, struct opening, NOW_US)
TIMED(settle_complaint, struct codec_settling, NOW_US)
TIMED(record_enquiry, struct codec_settling, NOW_US)
PLAIN(take, struct codec_handling)
PLAIN(assign, struct codec_handling)
PLAIN(investigate, struct codec_handling)
PLAIN(reject, struct codec_handling)
PLAIN(withdraw, struct codec_handling)
PLAIN(reopen, struct codec_handling)
PLAIN(merge, struct codec_handling)
PLAIN(note, struct codec_words)
PLAIN(send_message, struct codec_words)
TIMED(log_call, struct codec_words, NOW_US)
TIMED(record_reply, struct codec_words, NOW_US)
TIMED(record_delivery, struct codec_delivery, NOW_US)
PLAIN(set_severity, struct codec_set_severity)
PLAIN(link, struct codec_link)
PLAIN(propose, struct codec_propose)
PLAIN(approve, struct codec_case_step)
PLAIN(agree, struct codec_case_step)
PLAIN(confirm, struct codec_case_step)
PLAIN(dispute, struct codec_case_step)
PLAIN(close, struct codec_case_step)
PLAIN(answer, struct codec_answer)
TIMED(attempt, struct codec_attempt, NOW_US)
PLAIN(rate, struct codec_rate)
PLAIN(set_cause, struct codec_set_cause)
PLAIN(work, struct codec_work)
TIMED(subtask, struct codec_part, NOW_US)
PLAIN(action, struct codec_part)
PLAIN(lesson, struct codec_part)
PLAIN(get_improvement, struct id)
PLAIN(list_improvements, struct improvement_question)
PLAIN(list_tasks, struct case_task_question)
PLAIN(search_lessons, struct case_lesson_question)
PLAIN(get_queue, struct codec_get_queue)
PLAIN(report_complaints, struct report_question)
PLAIN(explain_case, struct codec_explain)
PLAIN(complainant_view, const char *)
TIMED(pause, struct codec_clock_ask, TODAY)
PLAIN(resume, struct codec_clock_ask)
TIMED(ask_extension, struct codec_clock_ask, NOW_US)
PLAIN(decide_extension, struct codec_clock_ask)
PLAIN(chase, struct codec_clock_ask)
PLAIN(supervise, struct codec_clock_ask)
PLAIN(recuse, struct codec_clock_ask)
PLAIN(file_result, struct codec_clock_ask)
POLICY(case_list_policies)
POLICY(case_get_policy)
POLICY(case_apply_policy)

static enum status decode_save_improvement(struct given *given)
{
    struct improvement out = {0};
    bool is_new;

    return codec_get_save_improvement(given->payload, given->bytes, given->arena, &out, &is_new,
                                      &given->faults);
}

static enum status decode_get_case(struct given *given)
{
    struct codec_view_ask out = {0};

    return codec_get_get_case(given->payload, given->bytes, given->arena, &out, &given->faults);
}

static enum status decode_list_cases(struct given *given)
{
    static struct zone zone;
    struct codec_list_cases out = {0};
    char why[200];

    if (zone.name[0] == '\0')
        assert(zones_load("Asia/Shanghai", &zone, why, sizeof(why)) == OK);
    return codec_get_list_cases(given->payload, given->bytes, &zone, given->arena, &out,
                                &given->faults);
}

#define DECODER(name)                                                                              \
    {                                                                                              \
#name, decode_##name                                                                       \
    }
static const struct {
    const char *name;
    enum status (*decode)(struct given *given);
} decoders[] = {
    DECODER(open_complaint),
    DECODER(settle_complaint),
    DECODER(record_enquiry),
    DECODER(take),
    DECODER(assign),
    DECODER(investigate),
    DECODER(reject),
    DECODER(withdraw),
    DECODER(reopen),
    DECODER(merge),
    DECODER(note),
    DECODER(send_message),
    DECODER(log_call),
    DECODER(record_reply),
    DECODER(record_delivery),
    DECODER(set_severity),
    DECODER(link),
    DECODER(propose),
    DECODER(approve),
    DECODER(agree),
    DECODER(confirm),
    DECODER(dispute),
    DECODER(close),
    DECODER(answer),
    DECODER(attempt),
    DECODER(rate),
    DECODER(set_cause),
    DECODER(work),
    DECODER(subtask),
    DECODER(action),
    DECODER(lesson),
    DECODER(save_improvement),
    DECODER(get_improvement),
    DECODER(list_improvements),
    DECODER(list_tasks),
    DECODER(search_lessons),
    DECODER(get_case),
    DECODER(list_cases),
    DECODER(get_queue),
    DECODER(report_complaints),
    DECODER(explain_case),
    DECODER(complainant_view),
    DECODER(pause),
    DECODER(resume),
    DECODER(ask_extension),
    DECODER(decide_extension),
    DECODER(chase),
    DECODER(supervise),
    DECODER(recuse),
    DECODER(file_result),
    DECODER(case_list_policies),
    DECODER(case_get_policy),
    DECODER(case_apply_policy),
};

static void check_faults(enum status status, const struct given *given)
{
    size_t count = given->faults.count + given->policy_faults.count;

    assert(status == OK || status == INVALID_ARGUMENT || status == RESOURCE_EXHAUSTED);
    assert(status == RESOURCE_EXHAUSTED || (status == OK) == (count == 0));
    for (size_t i = 0; status == INVALID_ARGUMENT && i < given->faults.count; i++)
        assert(given->faults.list[i].field && given->faults.list[i].why[0] != '\0');
    for (size_t i = 0; status == INVALID_ARGUMENT && i < given->policy_faults.count; i++)
        assert(given->policy_faults.list[i].field && given->policy_faults.list[i].why[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const uint8_t *end = count > 0 ? memchr(bytes, '\n', count) : NULL;
    size_t length = end ? (size_t)(end - bytes) : 0;

    for (size_t i = 0; end && i < COUNT_OF(decoders); i++) {
        struct given given = {.payload = end + 1, .bytes = count - length - 1};

        if (strlen(decoders[i].name) != length || memcmp(decoders[i].name, bytes, length) != 0)
            continue;
        given.arena = arena_new(1 << 20);
        check_faults(decoders[i].decode(&given), &given);
        arena_free(given.arena);
    }
    return 0;
}
