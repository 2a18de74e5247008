#include "services/complaints/domain/case_file.h"

#include "services/complaints/domain/joining.h"

void case_file_stamp(struct case_file *file, enum case_act act, int64_t now_us)
{
    if (act == CASE_TAKES && file->acknowledged_us == 0)
        file->acknowledged_us = now_us;
    if (act == CASE_SETTLES && file->acknowledged_us == 0)
        file->acknowledged_us = now_us;
    if (act == CASE_ANSWERS || act == CASE_SETTLES)
        file->answered_us = now_us;
    if (act == CASE_REOPENS)
        file->reopened++;
    file->closed_us = case_is_ended(file->state) ? now_us : 0;
}

static bool asks_confirmation(const struct case_view *view)
{
    const struct case_file *file = view->file;

    return confirmation_is_wanted(file->kind, file->is_anonymous, &file->id,
                                  view->targets->confirmation_sample_percent);
}

struct case_facts case_file_facts(const struct case_view *view, bool has_reason, bool by_handler)
{
    const struct case_file *file = view->file;

    return (struct case_facts){
        .state = file->state,
        .kind = file->kind,
        .is_anonymous = file->is_anonymous,
        .needs_solution = remedy_is_needed(file->fault),
        .asks_confirmation = asks_confirmation(view),
        .may_close_unconfirmed = confirmation_was_tried(&view->standing->tries),
        .may_reopen = joining_may_reopen(file->state, view->closed_day, view->today,
                                         view->targets->reopen_days),
        .has_reason = has_reason,
        .by_handler = by_handler,
    };
}

static bool is_delivered(const struct case_view *view)
{
    int64_t at_us;

    return view->standing->has_answer &&
           delivery_has_arrived(delivery_of(&view->standing->answer, view->now_us, &at_us));
}

struct condition_facts case_file_conditions(const struct case_view *view, bool closes_unconfirmed)
{
    const struct case_file *file = view->file;
    const struct case_standing *standing = view->standing;

    return (struct condition_facts){
        .kind = file->kind,
        .severity = file->severity,
        .is_historic = file->is_historic,
        .is_anonymous = file->is_anonymous,
        .asks_confirmation = asks_confirmation(view),
        .closes_unconfirmed = closes_unconfirmed,
        .was_tried = confirmation_was_tried(&standing->tries),
        .is_delivered = is_delivered(view),
        .confirmation = file->confirmation,
        .has_cause = file->cause.bytes > 0,
        .has_unit = file->unit.bytes > 0,
        .has_fault = file->fault != FAULT_IS_UNKNOWN,
        .has_topic = file->topic.bytes > 0,
        .is_our_fault = file->fault == FAULT_OF_COMPANY,
        .has_solution = remedy_is_solution(file->remedy) && file->remedy_state != REMEDY_REFUSED,
        .remedy_waits = file->remedy_state == REMEDY_NEEDS_APPROVAL,
        .open_subtasks = standing->open_subtasks,
        .actions = standing->actions,
        .open_actions = standing->open_actions,
        .is_work_done = file->is_work_done,
        .is_charge_noted = file->is_charge_noted,
        .is_taken_up_or_not_because = file->taken_up.bytes > 0,
        .lesson = standing->lesson,
    };
}
