/*
 * Every message with its first step. `act` is what a person's roles must allow
 * (domain/case_rights.h); a message without one needs no role.
 */
#include "services/complaints/handler_table.h"

#include "services/complaints/domain/case_rights.h"
#include "services/complaints/handlers/handlers.h"

const struct handler complaints_handlers[] = {
    /* intake */
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
    {.type = "kehu.complaints.v1.RejectCase", .step = handle_reject_case, .act = CASE_RIGHT_DECIDE},
    {.type = "kehu.complaints.v1.WithdrawCase",
     .step = handle_withdraw_case,
     .act = CASE_RIGHT_HANDLE},
    {.type = "kehu.complaints.v1.ReopenCase", .step = handle_reopen_case, .act = CASE_RIGHT_HANDLE},
    /* clocks */
    /* towards the end, and what is learned */
    /* lists and figures */
    /* policies */
    {.type = "kehu.complaints.v1.ListPolicies", .step = handle_list_policies, .is_query = true},
    {.type = "kehu.complaints.v1.GetPolicy", .step = handle_get_policy, .is_query = true},
    {.type = "kehu.complaints.v1.ApplyPolicy",
     .step = handle_apply_policy,
     .act = CASE_RIGHT_POLICY},
};
const size_t complaints_handler_count = COUNT_OF(complaints_handlers);
