/*
 * Reports of complaints on the wire.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_REPORT_H
#define KEHU_COMPLAINTS_CODEC_CASE_REPORT_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_report.h"

enum status codec_get_report_complaints(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct report_question *out,
                                        struct codec_faults *faults) MUST_USE;

/* ComplaintReport; NULL: the arena is full. `has_next`: the page after these rows, to which a token
 * leads that holds in this question alone. */
const ProtobufCMessage *codec_complaint_report(const struct report_question *question,
                                               const struct report_rows *rows,
                                               const struct report_clocks *clocks,
                                               const struct report_rate *rate, bool has_next,
                                               struct arena *arena);

#endif
