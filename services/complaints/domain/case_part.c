#include "services/complaints/domain/case_part.h"

#include "common/pure/text.h"
#include "common/pure/uuid.h"
#include "services/complaints/domain/ahead.h"

const char *const case_action_kinds[] = {"",         "corrective",  "preventive",
                                         "taken_up", "not_because", NULL};

static bool is_same(struct text a, struct text b)
{
    return text_compare(a, b) == 0;
}

static struct text newer(struct text known, struct text told)
{
    return told.bytes > 0 ? told : known;
}

static void require(struct case_part_fault *faults, size_t *count, bool is_right, const char *field,
                    const char *why)
{
    if (!is_right && *count < CASE_PART_FAULTS)
        faults[(*count)++] = (struct case_part_fault){field, why};
}

/* --- sub-tasks --- */

struct case_subtask case_subtask_apply(const struct case_subtask *known,
                                       const struct case_subtask *told, struct text by,
                                       int64_t now_us)
{
    struct case_subtask after = *known;

    after.unit = newer(known->unit, told->unit);
    after.owner = newer(known->owner, told->owner);
    after.text = newer(known->text, told->text);
    after.due_us = told->due_us ? told->due_us : known->due_us;
    if (told->result.bytes == 0)
        return after;
    after.result = told->result;
    after.done_us = told->done_us ? told->done_us : known->done_us ? known->done_us : now_us;
    after.done_by = told->done_by.bytes > 0    ? told->done_by
                    : known->done_by.bytes > 0 ? known->done_by
                                               : by;
    return after;
}

size_t case_subtask_check(const struct case_subtask *subtask, int64_t now_us,
                          struct case_part_fault faults[CASE_PART_FAULTS])
{
    size_t count = 0;

    require(faults, &count, subtask->unit.bytes > 0, "unit",
            "is missing: name the department that is to do it");
    require(faults, &count, subtask->text.bytes > 0, "text", "is missing: say what is to be done");
    require(faults, &count, subtask->due_us > 0, "due_at", "is missing: say until when");
    require(faults, &count, !ahead_is_beyond(now_us, subtask->due_us, AHEAD_DAYS), "due_at",
            AHEAD_TOO_FAR);
    return count;
}

/* --- actions --- */

struct case_action case_action_apply(const struct case_action *known,
                                     const struct case_action *told, struct text by, int32_t today)
{
    struct case_action after = *known;

    after.kind = told->kind ? told->kind : known->kind;
    after.text = newer(known->text, told->text);
    after.owner = newer(known->owner, told->owner);
    if (told->due_day != CASE_PART_NO_DAY)
        after.due_day = told->due_day;
    if (!uuid_is_none(&told->improvement))
        after.improvement = told->improvement;
    if (told->verified_day == CASE_PART_NO_DAY && told->verified_by.bytes == 0)
        return after;
    after.verified_day = told->verified_day != CASE_PART_NO_DAY ? told->verified_day : today;
    after.verified_by = told->verified_by.bytes > 0 ? told->verified_by : by;
    return after;
}

static bool fits(enum case_action_kind action, enum case_kind kind)
{
    bool is_of_suggestion = action == CASE_ACTION_TAKEN_UP || action == CASE_ACTION_NOT_BECAUSE;

    return !is_of_suggestion || kind == CASE_IS_SUGGESTION || kind == CASE_IS_FEEDBACK;
}

size_t case_action_check(const struct case_action *action, enum case_kind kind, bool is_new,
                         int32_t today, struct case_part_fault faults[CASE_PART_FAULTS])
{
    bool is_verified = action->verified_day != CASE_PART_NO_DAY;
    size_t count = 0;

    require(faults, &count, action->kind != CASE_ACTION_IS_NONE, "kind",
            "is missing: corrective or preventive; of suggestions taken_up or not_because");
    require(faults, &count, fits(action->kind, kind), "kind",
            "taken_up and not_because are of suggestions and feedback: give corrective or "
            "preventive");
    require(faults, &count, action->text.bytes > 0, "text", "is missing: say what is to be done");
    require(faults, &count, action->owner.bytes > 0, "owner",
            "is missing: the code of the staff member who does it");
    require(faults, &count, action->due_day != CASE_PART_NO_DAY, "due_on",
            "is missing: the day until which it is done, YYYY-MM-DD");
    require(faults, &count,
            !is_new || action->due_day == CASE_PART_NO_DAY || action->due_day >= today, "due_on",
            "is before today: give a day that is still to come");
    require(faults, &count, !ahead_is_day_beyond(today, action->due_day, AHEAD_DAYS), "due_on",
            AHEAD_TOO_FAR);
    require(faults, &count, !is_verified || !is_same(action->verified_by, action->owner),
            "verified_by", "is its owner: another than who did it verifies it");
    require(faults, &count, !is_verified || action->verified_day <= today, "verified_on",
            "lies in the future: give the day on which it was verified");
    return count;
}

bool case_action_is_open(const struct case_action *action)
{
    return action->verified_day == CASE_PART_NO_DAY && uuid_is_none(&action->improvement);
}

/* --- lessons --- */

static void check_same_as(const struct id *case_id, struct text case_cause,
                          const struct case_lesson_known *known, struct case_part_fault *faults,
                          size_t *count)
{
    if (!known) {
        require(faults, count, false, "same_as",
                "is no lesson: SearchLessons lists those of the same cause");
        return;
    }
    require(faults, count, !uuid_is_same(&known->case_id, case_id), "same_as",
            "is of this case itself: name one of another case, or write the text of its own");
    require(faults, count, known->is_own, "same_as",
            "is itself only a link or \"none, because\": name the lesson that has the text");
    require(faults, count, case_cause.bytes > 0, "same_as",
            "cannot be compared while the case has no cause: set it with SetCause first");
    require(faults, count, case_cause.bytes == 0 || is_same(known->cause, case_cause), "same_as",
            "is of another cause: name a lesson of the cause of this case, or write one");
}

size_t case_lesson_check(const struct case_lesson *lesson, const struct id *case_id,
                         struct text case_cause, const struct case_lesson_known *known,
                         struct case_part_fault faults[CASE_PART_FAULTS])
{
    bool is_linked = !uuid_is_none(&lesson->same_as);
    unsigned ways = (lesson->text.bytes > 0) + is_linked + (lesson->none_because.bytes > 0);
    size_t count = 0;

    require(faults, &count, ways == 1, "text",
            "one of text, same_as and none_because is needed, and only one");
    if (ways == 1 && is_linked)
        check_same_as(case_id, case_cause, known, faults, &count);
    return count;
}

/* --- improvement items --- */

struct improvement improvement_apply(const struct improvement *known,
                                     const struct improvement *told)
{
    struct improvement after = *known;

    after.text = newer(known->text, told->text);
    after.owner = newer(known->owner, told->owner);
    after.cause = newer(known->cause, told->cause);
    after.effect = newer(known->effect, told->effect);
    if (told->due_day != CASE_PART_NO_DAY)
        after.due_day = told->due_day;
    if (told->done_day != CASE_PART_NO_DAY)
        after.done_day = told->done_day;
    return after;
}

size_t improvement_check(const struct improvement *improvement, int32_t today,
                         struct case_part_fault faults[CASE_PART_FAULTS])
{
    bool is_done = improvement->done_day != CASE_PART_NO_DAY;
    size_t count = 0;

    require(faults, &count, improvement->text.bytes > 0, "text",
            "is missing: say what is to become better");
    require(faults, &count, improvement->owner.bytes > 0, "owner",
            "is missing: the code of the staff member who sees to it");
    require(faults, &count, improvement->due_day != CASE_PART_NO_DAY, "due_on",
            "is missing: the day until which it is done, YYYY-MM-DD");
    require(faults, &count, !ahead_is_day_beyond(today, improvement->due_day, AHEAD_DAYS), "due_on",
            AHEAD_TOO_FAR);
    require(faults, &count, !is_done || improvement->done_day <= today, "done_on",
            "lies in the future: give the day on which it was done");
    require(faults, &count, !is_done || improvement->effect.bytes > 0, "effect",
            "is missing: say what was measured once it is done");
    return count;
}

bool improvement_may_take(const struct improvement *improvement)
{
    return improvement->owner.bytes > 0 && improvement->due_day != CASE_PART_NO_DAY;
}
