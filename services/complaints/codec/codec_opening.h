/*
 * Cases as they are submitted, on the wire: OpenComplaint alone, within SettleComplaint and
 * RecordEnquiry, and within published events.
 */
#ifndef KEHU_COMPLAINTS_CODEC_OPENING_H
#define KEHU_COMPLAINTS_CODEC_OPENING_H

#include "common/intake.h"
#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/opening.h"

/* Clocks of others are not ours: what lies so little ahead is taken as now. */
#define CODEC_OPENING_AHEAD_US (120 * SECOND_US)

enum status codec_get_open_complaint(const uint8_t *payload, size_t bytes, int64_t now_us,
                                     struct arena *arena, struct opening *out,
                                     struct codec_faults *faults) MUST_USE;

/* Solved on the spot. */
struct codec_settling {
    struct opening open;
    struct text answer; /* what was said */
    struct text cause, unit;
    enum remedy_fault fault;
    enum remedy_kind remedy;
    int64_t remedy_micros;
    struct text remedy_currency, remedy_text;
    bool is_satisfied; /* he said so himself */
    struct text topic; /* of an enquiry */
};
enum status codec_get_settle_complaint(const uint8_t *payload, size_t bytes, int64_t now_us,
                                       struct arena *arena, struct codec_settling *out,
                                       struct codec_faults *faults) MUST_USE;
enum status codec_get_record_enquiry(const uint8_t *payload, size_t bytes, int64_t now_us,
                                     struct arena *arena, struct codec_settling *out,
                                     struct codec_faults *faults) MUST_USE;

/* --- published events --- */

enum codec_published_kind {
    CODEC_PUBLISHED_COMPLAINT = 1,
    CODEC_PUBLISHED_REPLY,
    CODEC_PUBLISHED_DELIVERY,
};
/* item->event of a batch. */
struct codec_published {
    enum codec_published_kind kind;
    struct opening opening;
    struct text case_ref; /* of a reply or delivery; from here on too */
    struct text text;
    enum case_channel channel;
    struct id message;
    enum delivery outcome; /* ACCEPTED, DELIVERED or BOUNCED */
};
/* Decodes a Publish (common/intake.h). The business time of an event is its attribute `time`, else
 * when the complaint was submitted, else now. */
enum status codec_get_published(const uint8_t *payload, size_t bytes,
                                const struct intake_limits *limits, struct arena *arena,
                                struct intake *out, char *field, size_t field_bytes, char *why,
                                size_t why_bytes) MUST_USE;
static inline struct codec_published *codec_published_of(const struct intake_item *item)
{
    return item->event;
}

#endif
