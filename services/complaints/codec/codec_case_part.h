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

/* --- questions --- */

enum status codec_get_list_improvements(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct improvement_question *out,
                                        struct codec_faults *faults) MUST_USE;
enum status codec_get_list_tasks(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct case_task_question *out,
                                 struct codec_faults *faults) MUST_USE;
enum status codec_get_search_lessons(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct case_lesson_question *out,
                                     struct codec_faults *faults) MUST_USE;

/* --- answers; NULL: the arena is full. The token is "" on the last page --- */

const ProtobufCMessage *codec_improvement(const struct improvement *from, struct arena *arena);
const ProtobufCMessage *codec_improvement_list(const struct improvement *list, size_t count,
                                               const char *next_page_token, struct arena *arena);

const ProtobufCMessage *codec_task_list(const struct case_task *list, size_t count,
                                        const char *next_page_token, struct arena *arena);

const ProtobufCMessage *codec_lesson_list(const struct found_lesson *list, size_t count,
                                          const char *next_page_token, struct arena *arena);

#endif
