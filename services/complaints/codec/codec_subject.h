/*
 * Subject access on the wire: the rows of a person's cases as a document that he can read.
 */
#ifndef KEHU_COMPLAINTS_CODEC_SUBJECT_H
#define KEHU_COMPLAINTS_CODEC_SUBJECT_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/subject.h"
#include "services/complaints/domain/telling.h"

struct codec_subject {
    struct subject_ids ids;
    enum telling_language language;
    uint32_t page_size;
    struct id after; /* zeroes: from the first */
};
enum status codec_get_subject_cases(const uint8_t *payload, size_t bytes, struct arena *arena,
                                    struct codec_subject *out,
                                    struct codec_faults *faults) MUST_USE;

/* What one answer is made of. */
struct codec_subject_page {
    const struct subject_cases *cases;
    size_t count;  /* of these, from the first */
    bool has_more; /* cases behind them */
    const struct subject_rows *personal, *others;
    enum telling_language language;
};
/* An answer is cut behind the case with which it has so many bytes of text. */
#define CODEC_SUBJECT_BYTES (4 * 1024 * 1024)
/* SubjectCases; NULL: the arena is full. */
const ProtobufCMessage *codec_subject_cases(const struct codec_subject_page *page,
                                            struct arena *arena);

#endif
