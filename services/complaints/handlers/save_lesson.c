/*
 * kehu.complaints.v1.SaveLesson: what was learned (R71): in words of its own, by the lesson of
 * another case of the same cause, or none, because.
 *
 *   decode  → the receipt, the case, the rules, the lesson that is named, the causes
 *   look    → the lesson as it stands
 *   decide  → the row; one commit
 */
#include "common/pure/uuid.h"
#include "services/complaints/codec/codec_case_part.h"
#include "services/complaints/handlers/case_change.h"
#include "services/complaints/handlers/case_parts.h"
#include "services/complaints/handlers/causes.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/refusal.h"

struct saving {
    struct case_change change; /* first */
    struct codec_part ask;
    struct case_part_referred referred;
    struct cause_tree causes;
    struct case_part_found known;
};

static enum flow look(struct request *req);
static enum flow decide(struct request *req);

static bool is_linked(const struct saving *r)
{
    return !uuid_is_none(&r->ask.lesson.same_as);
}

enum flow handle_save_lesson(struct request *req)
{
    struct saving *r = request_state(req, sizeof(*r));
    struct codec_faults faults = {.count = 0};
    enum status status =
        codec_get_lesson(req->payload, req->payload_bytes, req->arena, &r->ask, &faults);
    enum flow next;

    if (status)
        return refusal_of_faults(req, status, &faults);
    next = case_change_find(req, &r->change, r->ask.ref, 0, CONDUCT_HANDLES, look);
    if (next != FLOW_WAIT)
        return next;
    policies_in_force_ask_causes(req, &r->causes);
    if (is_linked(r))
        case_part_find_referred(req, &r->ask.lesson.same_as, &r->referred);
    return next;
}

static enum flow look(struct request *req)
{
    struct saving *r = req->state;

    case_part_find_lesson(req, &r->change.found.file.id, &r->ask.lesson.id, &r->known);
    return flow_wait(req, decide);
}

static void count_lesson(struct case_standing *standing, const struct saving *r)
{
    if (r->ask.lesson.text.bytes > 0)
        standing->lesson = CONDITION_LESSON_IS_OWN;
    else if (standing->lesson != CONDITION_LESSON_IS_OWN)
        standing->lesson =
            is_linked(r) ? CONDITION_LESSON_OF_SAME_CAUSE : CONDITION_LESSON_NONE_BECAUSE;
}

static enum flow decide(struct request *req)
{
    struct saving *r = req->state;
    struct case_change *change = &r->change;
    struct case_lesson *lesson = &r->ask.lesson;
    struct case_part_fault faults[CASE_PART_FAULTS];
    size_t count = case_lesson_check(lesson, &change->after.id, change->after.cause,
                                     r->referred.found ? &r->referred.known : NULL, faults);
    enum flow end;

    if (!case_parts_check_known(req, "lesson.lesson_id", r->ask.is_new, &r->known, &end) ||
        !case_parts_check_state(req, change, r->ask.is_new, &end) ||
        !case_parts_check_faults(req, "lesson", faults, count, &end) ||
        !causes_check(req, "lesson.cause", &r->causes, lesson->cause, change->after.cause, &end))
        return end;
    if (lesson->cause.bytes == 0)
        lesson->cause = change->after.cause;
    if (r->ask.is_new)
        lesson->id = request_new_id(req);
    change->made = lesson->id;
    count_lesson(&change->found.standing, r);
    case_part_put_lesson(req, &change->after.id, lesson);
    change->act_name = "lesson";
    return case_change_commit(req, change, TEXT_OF(""),
                              lesson->text.bytes > 0 ? "own"
                              : is_linked(r)         ? "of the same cause"
                                                     : "none");
}
