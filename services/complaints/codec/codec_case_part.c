#include "services/complaints/codec/codec_case_part.h"

#include <string.h>

#include "kehu/complaints/v1/cases.pb-c.h"
#include "kehu/complaints/v1/queries.pb-c.h"

static struct text read_code(struct codec_read *r, const char *field, const char *value)
{
    return codec_read_text(r, field, value, CASE_PART_CODE_MAX, false);
}

/* --- commands --- */

enum status codec_get_subtask(const uint8_t *payload, size_t bytes, int64_t now_us,
                              struct arena *arena, struct codec_part *out,
                              struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SaveSubtask,
                    kehu__complaints__v1__save_subtask__descriptor);
    const Kehu__Complaints__V1__Subtask *from = ask->subtask;
    struct case_subtask *subtask = &out->subtask;

    out->ref = ask->ref;
    r.under = "subtask.";
    if (!from) {
        codec_read_fault(&r, "unit", "is missing: name the department that is to do it");
        return codec_read_end(&r);
    }
    out->is_new = !codec_read_id(&r, "subtask_id", from->subtask_id, false, &subtask->id);
    subtask->unit = codec_read_text(&r, "unit", from->unit, CASE_PART_WORDS_MAX, false);
    subtask->owner = read_code(&r, "owner", from->owner);
    subtask->text = codec_read_text(&r, "text", from->text, CASE_PART_TEXT_MAX, false);
    subtask->due_us = codec_read_time(&r, "due_at", from->due_at, 0, INT64_MAX);
    subtask->result = codec_read_text(&r, "result", from->result, CASE_PART_TEXT_MAX, false);
    subtask->done_us = codec_read_time(&r, "done_at", from->done_at, 0, now_us);
    subtask->done_by = read_code(&r, "done_by", from->done_by);
    if (subtask->result.bytes == 0 && (subtask->done_us || subtask->done_by.bytes > 0))
        codec_read_fault(&r, "result", "is missing: what is done has a result");
    return codec_read_end(&r);
}

enum status codec_get_action(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_part *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SaveAction,
                    kehu__complaints__v1__save_action__descriptor);
    const Kehu__Complaints__V1__Action *from = ask->action;
    struct case_action *action = &out->action;

    out->ref = ask->ref;
    r.under = "action.";
    if (!from) {
        codec_read_fault(&r, "text", "is missing: say what is to be done");
        return codec_read_end(&r);
    }
    out->is_new = !codec_read_id(&r, "action_id", from->action_id, false, &action->id);
    action->kind = (enum case_action_kind)codec_read_word(
        &r, "kind", from->kind, case_action_kinds,
        "corrective or preventive; of suggestions taken_up or not_because", CASE_ACTION_IS_NONE);
    action->text = codec_read_text(&r, "text", from->text, CASE_PART_TEXT_MAX, false);
    action->owner = read_code(&r, "owner", from->owner);
    action->due_day = codec_read_day(&r, "due_on", from->due_on, CASE_PART_NO_DAY, INT32_MAX);
    action->verified_by = read_code(&r, "verified_by", from->verified_by);
    action->verified_day =
        codec_read_day(&r, "verified_on", from->verified_on, CASE_PART_NO_DAY, INT32_MAX);
    codec_read_id(&r, "improvement_id", from->improvement_id, false, &action->improvement);
    return codec_read_end(&r);
}

enum status codec_get_lesson(const uint8_t *payload, size_t bytes, struct arena *arena,
                             struct codec_part *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SaveLesson,
                    kehu__complaints__v1__save_lesson__descriptor);
    const Kehu__Complaints__V1__Lesson *from = ask->lesson;
    struct case_lesson *lesson = &out->lesson;

    out->ref = ask->ref;
    r.under = "lesson.";
    if (!from) {
        codec_read_fault(&r, "text", "one of text, same_as and none_because is needed");
        return codec_read_end(&r);
    }
    out->is_new = !codec_read_id(&r, "lesson_id", from->lesson_id, false, &lesson->id);
    lesson->text = codec_read_text(&r, "text", from->text, CASE_PART_TEXT_MAX, false);
    lesson->cause = read_code(&r, "cause", from->cause);
    codec_read_id(&r, "same_as", from->same_as, false, &lesson->same_as);
    lesson->none_because =
        codec_read_text(&r, "none_because", from->none_because, CASE_PART_TEXT_MAX, false);
    return codec_read_end(&r);
}

enum status codec_get_save_improvement(const uint8_t *payload, size_t bytes, struct arena *arena,
                                       struct improvement *out, bool *is_new,
                                       struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SaveImprovement,
                    kehu__complaints__v1__save_improvement__descriptor);
    const Kehu__Complaints__V1__Improvement *from = ask->improvement;

    r.under = "improvement.";
    if (!from) {
        codec_read_fault(&r, "text", "is missing: say what is to become better");
        return codec_read_end(&r);
    }
    *is_new = !codec_read_id(&r, "improvement_id", from->improvement_id, false, &out->id);
    out->text = codec_read_text(&r, "text", from->text, CASE_PART_TEXT_MAX, false);
    out->owner = read_code(&r, "owner", from->owner);
    out->due_day = codec_read_day(&r, "due_on", from->due_on, CASE_PART_NO_DAY, INT32_MAX);
    out->done_day = codec_read_day(&r, "done_on", from->done_on, CASE_PART_NO_DAY, INT32_MAX);
    out->cause = read_code(&r, "cause", from->cause);
    out->effect = codec_read_text(&r, "effect", from->effect, CASE_PART_TEXT_MAX, false);
    return codec_read_end(&r);
}

enum status codec_get_get_improvement(const uint8_t *payload, size_t bytes, struct arena *arena,
                                      struct id *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__GetImprovement,
                    kehu__complaints__v1__get_improvement__descriptor);

    codec_read_id(&r, "improvement_id", ask->improvement_id, true, out);
    return codec_read_end(&r);
}

/* --- lists --- */

static void read_page(struct codec_read *r, uint32_t size, const char *token, int list,
                      struct case_part_page *out)
{
    out->size = codec_read_page(r, size);
    out->has_after = codec_read_token(r, token, list, &out->place, &out->after);
}

enum status codec_get_list_improvements(const uint8_t *payload, size_t bytes, struct arena *arena,
                                        struct improvement_question *out,
                                        struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ListImprovements,
                    kehu__complaints__v1__list_improvements__descriptor);

    out->only_open = ask->only_open;
    out->only_overdue = ask->only_overdue;
    out->owner = read_code(&r, "owner", ask->owner);
    read_page(&r, ask->page_size, ask->page_token, CODEC_READ_IMPROVEMENTS, &out->page);
    return codec_read_end(&r);
}

enum status codec_get_list_tasks(const uint8_t *payload, size_t bytes, struct arena *arena,
                                 struct case_task_question *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__ListTasks, kehu__complaints__v1__list_tasks__descriptor);

    out->owner = read_code(&r, "owner", ask->owner);
    out->unit = codec_read_text(&r, "unit", ask->unit, CASE_PART_WORDS_MAX, false);
    out->only_overdue = ask->only_overdue;
    read_page(&r, ask->page_size, ask->page_token, CODEC_READ_TASKS, &out->page);
    return codec_read_end(&r);
}

enum status codec_get_search_lessons(const uint8_t *payload, size_t bytes, struct arena *arena,
                                     struct case_lesson_question *out, struct codec_faults *faults)
{
    CODEC_READ_OPEN(Kehu__Complaints__V1__SearchLessons,
                    kehu__complaints__v1__search_lessons__descriptor);

    out->query = codec_read_text(&r, "query", ask->query, CASE_LESSON_QUERY_MAX, false);
    out->cause = read_code(&r, "cause", ask->cause);
    read_page(&r, ask->page_size, ask->page_token, CODEC_READ_LESSONS, &out->page);
    return codec_read_end(&r);
}

/* --- answers --- */

static void put_improvement(const struct improvement *from, struct arena *arena,
                            Kehu__Complaints__V1__Improvement *out)
{
    kehu__complaints__v1__improvement__init(out);
    out->improvement_id = codec_read_print_id(&from->id, arena);
    out->text = codec_read_print_text(from->text, arena);
    out->owner = codec_read_print_text(from->owner, arena);
    out->due_on = codec_read_print_day(from->due_day, arena);
    out->done_on = codec_read_print_day(from->done_day, arena);
    out->cause = codec_read_print_text(from->cause, arena);
    out->effect = codec_read_print_text(from->effect, arena);
}

const ProtobufCMessage *codec_improvement(const struct improvement *from, struct arena *arena)
{
    Kehu__Complaints__V1__Improvement *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    put_improvement(from, arena, out);
    return arena_is_full(arena) ? NULL : &out->base;
}

const ProtobufCMessage *codec_improvement_list(const struct improvement *list, size_t count,
                                               const char *next_page_token, struct arena *arena)
{
    Kehu__Complaints__V1__ImprovementList *out = arena_take(arena, sizeof(*out));
    Kehu__Complaints__V1__Improvement **rows = arena_take_array(arena, count, sizeof(*rows));
    Kehu__Complaints__V1__Improvement *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !rows || !room)
        return NULL;
    kehu__complaints__v1__improvement_list__init(out);
    for (size_t i = 0; i < count; i++) {
        put_improvement(&list[i], arena, &room[i]);
        rows[i] = &room[i];
    }
    out->improvements = rows;
    out->n_improvements = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_task(const struct case_task *from, struct arena *arena,
                     Kehu__Complaints__V1__CaseTask *out)
{
    kehu__complaints__v1__case_task__init(out);
    out->case_number = codec_read_print_text(from->case_number, arena);
    out->kind = from->is_action ? "action" : "subtask";
    out->id = codec_read_print_id(&from->id, arena);
    out->text = codec_read_print_text(from->text, arena);
    out->owner = codec_read_print_text(from->owner, arena);
    out->unit = codec_read_print_text(from->unit, arena);
    out->due_at = codec_read_print_time(from->due_us, arena);
}

const ProtobufCMessage *codec_task_list(const struct case_task *list, size_t count,
                                        const char *next_page_token, struct arena *arena)
{
    Kehu__Complaints__V1__TaskList *out = arena_take(arena, sizeof(*out));
    Kehu__Complaints__V1__CaseTask **rows = arena_take_array(arena, count, sizeof(*rows));
    Kehu__Complaints__V1__CaseTask *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !rows || !room)
        return NULL;
    kehu__complaints__v1__task_list__init(out);
    for (size_t i = 0; i < count; i++) {
        put_task(&list[i], arena, &room[i]);
        rows[i] = &room[i];
    }
    out->tasks = rows;
    out->n_tasks = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}

static void put_lesson(const struct found_lesson *from, struct arena *arena,
                       Kehu__Complaints__V1__FoundLesson *out)
{
    Kehu__Complaints__V1__Lesson *lesson = arena_take(arena, sizeof(*lesson));

    kehu__complaints__v1__found_lesson__init(out);
    out->case_number = codec_read_print_text(from->case_number, arena);
    out->product = codec_read_print_text(from->product, arena);
    out->issue = codec_read_print_text(from->issue, arena);
    if (!lesson)
        return;
    kehu__complaints__v1__lesson__init(lesson);
    lesson->lesson_id = codec_read_print_id(&from->lesson.id, arena);
    lesson->text = codec_read_print_text(from->lesson.text, arena);
    lesson->cause = codec_read_print_text(from->lesson.cause, arena);
    out->lesson = lesson;
}

const ProtobufCMessage *codec_lesson_list(const struct found_lesson *list, size_t count,
                                          const char *next_page_token, struct arena *arena)
{
    Kehu__Complaints__V1__LessonList *out = arena_take(arena, sizeof(*out));
    Kehu__Complaints__V1__FoundLesson **rows = arena_take_array(arena, count, sizeof(*rows));
    Kehu__Complaints__V1__FoundLesson *room = arena_take_array(arena, count, sizeof(*room));

    if (!out || !rows || !room)
        return NULL;
    kehu__complaints__v1__lesson_list__init(out);
    for (size_t i = 0; i < count; i++) {
        put_lesson(&list[i], arena, &room[i]);
        rows[i] = &room[i];
    }
    out->lessons = rows;
    out->n_lessons = count;
    out->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &out->base;
}
