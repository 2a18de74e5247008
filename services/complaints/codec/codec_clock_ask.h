/*
 * The messages about clocks and conduct: commands to plain structs. INVALID_ARGUMENT: `faults` say
 * everything that is wrong.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CLOCK_ASK_H
#define KEHU_COMPLAINTS_CODEC_CLOCK_ASK_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case.h"
#include "services/complaints/domain/clock.h"

#define CODEC_CLOCK_NO_DAY CODEC_READ_NO_DAY

/* What a message does not have is empty. `ref` is terminated. */
struct codec_clock_ask {
    const char *ref;
    uint64_t expected_version;
    struct text reason;        /* or note, or what he said */
    int32_t until_day;         /* PauseClocks; NO_DAY: until somebody says so */
    int64_t until_us;          /* AskExtension */
    enum clock_kind clock;     /* of an extension; NONE: the one of which it is asked */
    enum case_channel channel; /* by which he chased */
    bool is_on;                /* granted; supervised; the complainant is hidden */
    struct text staff;         /* who is recused */
};
/* `today`: pauses end after it, at the latest AHEAD_SOON_DAYS after it; extensions so many times
 * 24 hours after `now_us`. */
enum status codec_get_pause(const uint8_t *payload, size_t bytes, int32_t today,
                            struct arena *arena, struct codec_clock_ask *out,
                            struct codec_faults *faults) MUST_USE;
enum status codec_get_resume(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_clock_ask *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_ask_extension(const uint8_t *payload, size_t bytes, int64_t now_us,
                                    struct arena *arena, struct codec_clock_ask *out,
                                    struct codec_faults *faults) MUST_USE;
enum status codec_get_decide_extension(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct codec_clock_ask *out,
                                       struct codec_faults *faults) MUST_USE;
enum status codec_get_chase(const uint8_t *payload, size_t bytes, struct arena *arena,
                            struct codec_clock_ask *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_supervise(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_clock_ask *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_recuse(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_clock_ask *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_file_result(const uint8_t *payload, size_t bytes, struct arena *arena,
                                  struct codec_clock_ask *out,
                                  struct codec_faults *faults) MUST_USE;

#endif
