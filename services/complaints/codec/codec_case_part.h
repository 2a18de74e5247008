/*
 * Sub-tasks, actions, lessons and improvement items on the wire: commands, questions, lists.
 */
#ifndef KEHU_COMPLAINTS_CODEC_CASE_PART_H
#define KEHU_COMPLAINTS_CODEC_CASE_PART_H

#include "services/complaints/codec/codec_read.h"
#include "services/complaints/domain/case_part.h"

/* What is told; an id of zeroes: a new one. */
struct codec_part {
    const char *ref;
    struct case_subtask subtask;
    struct case_action action;
    struct case_lesson lesson;
    bool is_new;
};
/* `now_us`: the latest at which something was done. */
enum status codec_get_subtask(const uint8_t *payload, size_t bytes, int64_t now_us,
                              struct arena *arena, struct codec_part *out,
                              struct codec_faults *faults) MUST_USE;
enum status codec_get_action(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_part *out, struct codec_faults *faults) MUST_USE;
enum status codec_get_lesson(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_part *out, struct codec_faults *faults) MUST_USE;

enum status codec_get_save_improvement(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct improvement *out, bool *is_new,
                                       struct codec_faults *faults) MUST_USE;
enum status codec_get_get_improvement(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct id *out, struct codec_faults *faults) MUST_USE;

/* --- lists: a page after (place, id) --- */

struct codec_part_page {
    uint32_t size;
    bool has_after;
    int64_t place;
    struct id after;
};
struct codec_list_improvements {
    bool only_open, only_overdue;
    struct text owner; /* empty: of all */
    struct codec_part_page page;
};
enum status codec_get_list_improvements(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct codec_list_improvements *out,
                                        struct codec_faults *faults) MUST_USE;
struct codec_list_tasks {
    struct text owner, unit; /* empty: of all */
    bool only_overdue;
    struct codec_part_page page;
};
enum status codec_get_list_tasks(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct codec_list_tasks *out,
                                 struct codec_faults *faults) MUST_USE;
#define CODEC_LESSON_QUERY_MAX 100 /* characters */
struct codec_search_lessons {
    struct text query, cause; /* empty: any */
    struct codec_part_page page;
};
enum status codec_get_search_lessons(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct codec_search_lessons *out,
                                     struct codec_faults *faults) MUST_USE;

/* --- answers; NULL: the arena is full. The token is "" on the last page --- */

const ProtobufCMessage *codec_improvement(const struct improvement *from, struct arena *arena);
const ProtobufCMessage *codec_improvement_list(const struct improvement *list, size_t count,
                                               const char *next_page_token, struct arena *arena);

struct case_task {
    struct id id;
    bool is_action;
    struct text case_number, text, owner, unit;
    int64_t due_us; /* 0: none */
};
const ProtobufCMessage *codec_task_list(const struct case_task *list, size_t count,
                                        const char *next_page_token, struct arena *arena);

struct found_lesson {
    struct case_lesson lesson;
    struct text case_number, product, issue;
};
const ProtobufCMessage *codec_lesson_list(const struct found_lesson *list, size_t count,
                                          const char *next_page_token, struct arena *arena);

#endif
