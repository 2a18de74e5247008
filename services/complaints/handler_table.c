/*
 * Every message with its first step. `act` is what a person's roles must allow
 * (domain/case_rights.h); a message without one needs no role.
 */
#include "services/complaints/handler_table.h"

#include "services/complaints/domain/case_rights.h"
#include "services/complaints/handlers/handlers.h"

const struct handler complaints_handlers[] = {
    /* intake */
    {.type = "kehu.bus.v1.Publish",
     .step = handle_publish,
     .rights = RIGHTS_PUBLISH,
     .is_for_systems = true},
    {.type = "kehu.complaints.v1.OpenComplaint",
     .step = handle_open_complaint,
     .act = CASE_RIGHT_OPEN},
    /* handling */
    {.type = "kehu.complaints.v1.TakeCase", .step = handle_take_case, .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.AssignCase", .step = handle_assign_case, .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.StartInvestigation",
     .step = handle_start_investigation,
     .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.AddNote", .step = handle_add_note, .act = CASE_RIGHT_OPEN},
    {.type = "kehu.complaints.v1.SendCaseMessage",
     .step = handle_send_case_message,
     .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.LogCall", .step = handle_log_call, .act = CASE_RIGHT_OPEN},
    {.type = "kehu.complaints.v1.RecordDelivery",
     .step = handle_record_delivery,
     .act = CASE_RIGHT_OPEN},
    {.type = "kehu.complaints.v1.RejectCase", .step = handle_reject_case, .act = CASE_RIGHT_DECIDE},
    {.type = "kehu.complaints.v1.WithdrawCase",
     .step = handle_withdraw_case,
     .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.ReopenCase", .step = handle_reopen_case, .act = CASE_RIGHT_HANDLE},
    /* clocks */
    /* towards the end, and what is learned */
    {.type = "kehu.complaints.v1.ProposeSolution",
     .step = handle_propose_solution,
     .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.ApproveRemedy",
     .step = handle_approve_remedy,
     .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.AgreeSolution",
     .step = handle_agree_solution,
     .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.AnswerCase", .step = handle_answer_case, .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.ConfirmCase", .step = handle_confirm_case, .act = CASE_RIGHT_OPEN},
    {.type = "kehu.complaints.v1.RecordConfirmationAttempt",
     .step = handle_record_confirmation_attempt,
     .act = CASE_RIGHT_OPEN},
    {.type = "kehu.complaints.v1.DisputeCase", .step = handle_dispute_case, .act = CASE_RIGHT_OPEN},
    {.type = "kehu.complaints.v1.RateCase", .step = handle_rate_case, .act = CASE_RIGHT_OPEN},
    {.type = "kehu.complaints.v1.SetCause", .step = handle_set_cause, .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.RecordWork", .step = handle_record_work, .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.SaveSubtask", .step = handle_save_subtask, .act = CASE_RIGHT_WORK},
    {.type = "kehu.complaints.v1.SaveAction", .step = handle_save_action, .act = CASE_RIGHT_WORK},
    {.type = "kehu.complaints.v1.SaveLesson", .step = handle_save_lesson, .act = CASE_RIGHT_WORK},
    {.type = "kehu.complaints.v1.CloseCase", .step = handle_close_case, .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.SaveImprovement",
     .step = handle_save_improvement,
     .act = CASE_RIGHT_WORK},
    {.type = "kehu.complaints.v1.GetImprovement",
     .step = handle_get_improvement,
     .is_query = true,
     .act = CASE_RIGHT_READ},
    {.type = "kehu.complaints.v1.ListImprovements",
     .step = handle_list_improvements,
     .is_query = true,
     .act = CASE_RIGHT_READ},
    {.type = "kehu.complaints.v1.ListTasks",
     .step = handle_list_tasks,
     .is_query = true,
     .act = CASE_RIGHT_READ},
    {.type = "kehu.complaints.v1.SearchLessons",
     .step = handle_search_lessons,
     .is_query = true,
     .act = CASE_RIGHT_READ},
    /* lists and figures */
    /* policies */
    {.type = "kehu.complaints.v1.ListPolicies", .step = handle_list_policies, .is_query = true},
    {.type = "kehu.complaints.v1.GetPolicy", .step = handle_get_policy, .is_query = true},
    {.type = "kehu.complaints.v1.ApplyPolicy",
     .step = handle_apply_policy,
     .act = CASE_RIGHT_POLICY},
};
const size_t complaints_handler_count = COUNT_OF(complaints_handlers);
