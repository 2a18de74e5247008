/* A case as it is read whole: kehu.complaints.v1.Case. */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_VIEW_H
#define KEHU_COMPLAINTS_CODEC_CASE_VIEW_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_file.h"
#include "services/complaints/domain/case_part.h"
#include "services/complaints/domain/clock.h"

/* Where a page of what hangs on a case begins: before that one. */
struct codec_view_place {
    struct id before; /* zeroes: at the latest */
    int64_t of;       /* codec_view_list_of the case it is of */
};
struct codec_view_ask {
    const char *ref;
    bool with_history;
    struct codec_view_place messages, history;
};
enum status codec_get_get_case(const uint8_t *payload, size_t bytes, struct arena *arena,
                               struct codec_view_ask *out, struct codec_faults *faults) MUST_USE;
/* What tells the lists of one case from those of another. */
int64_t codec_view_list_of(const struct id *case_id);

/* Of the stores' rows what is shown. */
struct codec_view_clock {
    struct id id, action;
    const struct case_clock *clock;
    struct text calendar;
};
struct codec_view_message {
    struct id id;
    bool is_internal, is_from_complainant, is_substantive;
    struct text text, attachments;
    const char *channel, *by, *delivery;
    int64_t at_us;
};
struct codec_view_entry {
    struct id id;
    int64_t at_us;
    const char *act, *by, *detail;
    enum case_state from, to;
    struct text reason;
};

struct codec_case_view {
    const struct case_file *file;
    const char *handler; /* code */
    bool is_person_seen; /* else without the complainant, and what was written */
    struct text duplicate_of, recurs_of;
    const struct text *similar, *recused;
    size_t similar_count, recused_count;
    const struct codec_view_clock *clocks;
    size_t clock_count;
    const struct case_subtask *subtasks;
    size_t subtask_count;
    const struct case_action *actions;
    size_t action_count;
    const struct case_lesson *lessons;
    size_t lesson_count;
    const struct codec_view_message *messages;
    size_t message_count;
    const struct codec_view_entry *entries;
    size_t entry_count;
    bool has_more_messages, has_more_entries; /* older than the last of them */
    bool has_more_parts;
    uint32_t allowed;                  /* bit per enum case_act */
    const struct condition_list *open; /* NULL: it has ended */
};
/* In the arena; NULL when it is full. */
const ProtobufCMessage *codec_case_view(const struct codec_case_view *view, struct arena *arena);

#endif
