/*
 * What is asked about a case beside the case itself: why it is so, and what its complainant may
 * see.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_ASKED_H
#define KEHU_COMPLAINTS_CODEC_CASE_ASKED_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_file.h"

enum codec_explain_about {
    CODEC_EXPLAIN_CLOCK,
    CODEC_EXPLAIN_PRIORITY,
    CODEC_EXPLAIN_SEVERITY,
    CODEC_EXPLAIN_CLOSING,
    CODEC_EXPLAIN_REPEAT,
};
struct codec_explain {
    const char *ref;
    enum codec_explain_about about;
    enum clock_kind clock;
    enum telling_language language;
};
enum status codec_get_explain_case(const uint8_t *payload, size_t bytes, struct arena *arena,
                                   struct codec_explain *out, struct codec_faults *faults) MUST_USE;
/* CaseExplanation of a sentence and lines; NULL: the arena is full. */
const ProtobufCMessage *codec_case_explanation(const char *sentence, const char *lines,
                                               struct arena *arena);

enum status codec_get_complainant_view(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       const char **ref, struct codec_faults *faults) MUST_USE;

/* A message as he may see it: without who wrote it, and how it was delivered. */
struct codec_complainant_message {
    struct id id;
    bool is_from_complainant;
    struct text text, attachments;
    const char *channel;
    int64_t at_us;
};
struct codec_complainant_view {
    const struct case_file *file;
    const char *handler;
    int64_t answer_by_us; /* 0: it is answered, or nothing is promised */
    const struct codec_complainant_message *messages;
    size_t message_count;
};
const ProtobufCMessage *codec_complainant_view(const struct codec_complainant_view *view,
                                               struct arena *arena);

#endif
