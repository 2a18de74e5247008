/*
 * The first step of each message; the rest of its story stands in the file named after it.
 */
#ifndef KEHU_COMPLAINTS_HANDLERS_H
#define KEHU_COMPLAINTS_HANDLERS_H

#include "common/flow.h"

/* intake */
enum flow handle_open_complaint(struct request *req);
enum flow handle_publish(struct request *req);
enum flow handle_settle_complaint(struct request *req);
enum flow handle_record_enquiry(struct request *req);
enum flow handle_find_caller(struct request *req);
/* handling */
enum flow handle_get_case(struct request *req);
enum flow handle_take_case(struct request *req);
enum flow handle_assign_case(struct request *req);
enum flow handle_start_investigation(struct request *req);
enum flow handle_add_note(struct request *req);
enum flow handle_send_case_message(struct request *req);
enum flow handle_log_call(struct request *req);
enum flow handle_record_delivery(struct request *req);
enum flow handle_record_reply(struct request *req);
enum flow handle_reject_case(struct request *req);
enum flow handle_withdraw_case(struct request *req);
enum flow handle_reopen_case(struct request *req);
enum flow handle_link_case(struct request *req);
enum flow handle_set_severity(struct request *req);
enum flow handle_merge_cases(struct request *req);
/* a job */
enum flow leaver_cases_look(struct request *req);
/* clocks */
enum flow handle_save_calendar(struct request *req);
enum flow handle_load_holidays(struct request *req);
enum flow handle_get_calendar(struct request *req);
enum flow handle_list_calendars(struct request *req);
enum flow handle_pause_clocks(struct request *req);
enum flow handle_resume_clocks(struct request *req);
enum flow handle_ask_extension(struct request *req);
enum flow handle_decide_extension(struct request *req);
enum flow handle_chase_case(struct request *req);
enum flow handle_supervise_case(struct request *req);
enum flow handle_recuse_person(struct request *req);
enum flow handle_file_result(struct request *req);
/* towards the end, and what is learned */
enum flow handle_propose_solution(struct request *req);
enum flow handle_approve_remedy(struct request *req);
enum flow handle_agree_solution(struct request *req);
enum flow handle_answer_case(struct request *req);
enum flow handle_confirm_case(struct request *req);
enum flow handle_record_confirmation_attempt(struct request *req);
enum flow handle_dispute_case(struct request *req);
enum flow handle_rate_case(struct request *req);
enum flow handle_set_cause(struct request *req);
enum flow handle_record_work(struct request *req);
enum flow handle_save_subtask(struct request *req);
enum flow handle_save_action(struct request *req);
enum flow handle_save_lesson(struct request *req);
enum flow handle_close_case(struct request *req);
enum flow handle_save_improvement(struct request *req);
enum flow handle_get_improvement(struct request *req);
enum flow handle_list_improvements(struct request *req);
enum flow handle_list_tasks(struct request *req);
enum flow handle_search_lessons(struct request *req);
/* lists and figures */
enum flow handle_list_cases(struct request *req);
enum flow handle_get_queue(struct request *req);
enum flow handle_report_complaints(struct request *req);
enum flow handle_get_complainant_view(struct request *req);
enum flow handle_get_subject_cases(struct request *req);
enum flow handle_explain_case(struct request *req);
/* jobs: what the customers service and it tell each other */
enum flow case_links_look(struct request *req);
enum flow erase_cases_look(struct request *req);
/* policies */
enum flow handle_list_policies(struct request *req);
enum flow handle_get_policy(struct request *req);
enum flow handle_apply_policy(struct request *req);

#endif
