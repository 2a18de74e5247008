#include "services/complaints/codec/codec_clock_ask.h"

#include <string.h>

#include "kehu/complaints/v1/cases.pb-c.h"
#include "services/complaints/domain/ahead.h"

#define CODE_MAX 64
#define REASON_MAX 500
#define TEXT_MAX 10000

/* CODEC_READ_OPEN, and what is not asked for. */
#define OPEN(Type, descriptor)                                                                     \
    CODEC_READ_OPEN(Type, descriptor);                                                             \
    *out = (struct codec_clock_ask)                                                                \
    {                                                                                              \
        .ref = ask->ref, .until_day = CODEC_CLOCK_NO_DAY                                           \
    }

static struct text read_reason(struct codec_read *r, const char *field, const char *value,
                               bool is_needed)
{
    return codec_read_text(r, field, value, REASON_MAX, is_needed);
}

/* --- pauses --- */

enum status codec_get_pause(const uint8_t *payload, size_t bytes, int32_t today,
                            struct arena *arena, struct codec_clock_ask *out,
                            struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__PauseClocks, kehu__complaints__v1__pause_clocks__descriptor);

    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    out->until_day = codec_read_day(&r, "until", ask->until, CODEC_CLOCK_NO_DAY, INT32_MAX);
    if (out->until_day != CODEC_CLOCK_NO_DAY && out->until_day <= today)
        codec_read_fault(&r, "until", "must be after today; empty: until they are resumed");
    if (ahead_is_day_beyond(today, out->until_day, AHEAD_SOON_DAYS))
        codec_read_fault(&r, "until", AHEAD_NOT_SOON);
    return codec_read_end(&r);
}

enum status codec_get_resume(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_clock_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__ResumeClocks, kehu__complaints__v1__resume_clocks__descriptor);

    out->expected_version = ask->expected_version;
    return codec_read_end(&r);
}

/* --- extensions --- */

static enum clock_kind read_clock(struct codec_read *r, const char *value, enum clock_kind standard)
{
    enum clock_kind kind = clock_kind_read((struct text){value, strlen(value)});

    if (!value[0])
        return standard;
    if (kind == CLOCK_KIND_IS_NONE)
        codec_read_fault(r, "clock",
                         "must be acknowledge, first_response, progress, resolution, confirmation "
                         "or action");
    return kind;
}

enum status codec_get_ask_extension(const uint8_t *payload, size_t bytes, int64_t now_us,
                                    struct arena *arena, struct codec_clock_ask *out,
                                    struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__AskExtension, kehu__complaints__v1__ask_extension__descriptor);

    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    out->clock = read_clock(&r, ask->clock, CLOCK_RESOLUTION);
    if (!ask->until)
        codec_read_fault(&r, "until", "is missing: until when the time is to be extended");
    else
        out->until_us = codec_read_time(&r, "until", ask->until, 0, INT64_MAX);
    if (ahead_is_beyond(now_us, out->until_us, AHEAD_SOON_DAYS))
        codec_read_fault(&r, "until", AHEAD_NOT_SOON);
    return codec_read_end(&r);
}

enum status codec_get_decide_extension(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_clock_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__DecideExtension, kehu__complaints__v1__decide_extension__descriptor);

    out->expected_version = ask->expected_version;
    out->is_on = ask->granted;
    out->reason = read_reason(&r, "reason", ask->reason, !ask->granted);
    out->clock = read_clock(&r, ask->clock, CLOCK_KIND_IS_NONE);
    return codec_read_end(&r);
}

/* --- conduct --- */

enum status codec_get_chase(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_clock_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__ChaseCase, kehu__complaints__v1__chase_case__descriptor);

    out->reason = codec_read_text(&r, "text", ask->text, TEXT_MAX, false);
    out->channel = (enum case_channel)ask->channel;
    if (out->channel >= CASE_CHANNELS)
        codec_read_fault(&r, "channel", "must be a channel of cases");
    if (out->channel == CASE_CHANNEL_IS_NONE)
        out->channel = CASE_BY_OTHER;
    return codec_read_end(&r);
}

enum status codec_get_supervise(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_clock_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__SuperviseCase, kehu__complaints__v1__supervise_case__descriptor);

    out->expected_version = ask->expected_version;
    out->is_on = ask->on;
    out->reason = read_reason(&r, "reason", ask->reason, ask->on);
    return codec_read_end(&r);
}

enum status codec_get_recuse(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_clock_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__RecusePerson, kehu__complaints__v1__recuse_person__descriptor);

    out->expected_version = ask->expected_version;
    out->staff = codec_read_line(&r, "staff", ask->staff, CODE_MAX, true);
    out->is_on = ask->hide_complainant;
    out->reason = read_reason(&r, "reason", ask->reason, true);
    return codec_read_end(&r);
}

enum status codec_get_file_result(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_clock_ask *out, struct codec_faults *faults)
{
    OPEN(Kehu__Complaints__V1__FileResult, kehu__complaints__v1__file_result__descriptor);

    out->expected_version = ask->expected_version;
    out->reason = read_reason(&r, "note", ask->note, false);
    return codec_read_end(&r);
}
