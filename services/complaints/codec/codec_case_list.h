/*
 * Lists of cases and work lists on the wire.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_LIST_H
#define KEHU_COMPLAINTS_CODEC_CASE_LIST_H

#include "common/pure/customer_ref.h"
#include "common/pure/zone.h"
#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_list.h"

/* What a list asks for, before its references are looked up. */
struct codec_list_cases {
    struct case_list_question question; /* without handler and customers */
    struct text handler;                /* code or id; "": not asked */
    struct text customer_ref;           /* as it was given; "": not asked */
    struct customer_ref customer;
};
enum status codec_get_list_cases(const uint8_t *payload, size_t bytes, const struct zone *zone,
                                 struct arena *arena, struct codec_list_cases *out,
                                 struct codec_faults *faults) MUST_USE;

struct codec_get_queue {
    struct case_queue_question question; /* without handler; `of` as asked for */
    struct text handler;                 /* code or id; "": not asked */
};
enum status codec_get_get_queue(const uint8_t *payload, size_t bytes, struct arena *arena,
                                struct codec_get_queue *out, struct codec_faults *faults) MUST_USE;

/* Days of a period, both counted in; a fault where it ends before it begins. */
void codec_case_list_read_period(struct codec_read *read, const char *from, const char *to,
                                 int32_t *first, int32_t *last);
/* Kinds; none: complaint. Values outside the enumeration are faults. */
const enum case_kind *codec_case_list_read_kinds(struct codec_read *read, const char *field,
                                                 const void *kinds, size_t count, bool has_standard,
                                                 size_t *out_count);

/* CaseList; NULL: the arena is full. */
const ProtobufCMessage *codec_case_list(const struct case_summaries *found, const char *next,
                                        int64_t now_us, struct arena *arena);
/* The token behind a line: of the list in that order, of the queue. */
const char *codec_case_list_token(const struct case_summary *last, enum case_list_sort sort,
                                  struct arena *arena);
const char *codec_case_queue_token(const struct case_summary *last, struct arena *arena);
/* An array of so many CaseSummary, for answers that have lines of cases among others. */
void *codec_case_summaries(const struct case_summary *list, size_t count, int64_t now_us,
                           struct arena *arena);

#endif
