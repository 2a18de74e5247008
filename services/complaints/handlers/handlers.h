/*
 * The first step of each message; the rest of its story stands in the file named after it.
 */
#ifndef KEHU_COMPLAINTS_HANDLERS_H
#define KEHU_COMPLAINTS_HANDLERS_H

#include "common/flow.h"

/* intake */
/* handling */
enum flow handle_take_case(struct request *req);
enum flow handle_assign_case(struct request *req);
enum flow handle_start_investigation(struct request *req);
enum flow handle_add_note(struct request *req);
enum flow handle_send_case_message(struct request *req);
enum flow handle_log_call(struct request *req);
enum flow handle_reject_case(struct request *req);
enum flow handle_withdraw_case(struct request *req);
enum flow handle_reopen_case(struct request *req);
/* clocks */
/* towards the end, and what is learned */
/* lists and figures */
/* policies */
enum flow handle_list_policies(struct request *req);
enum flow handle_get_policy(struct request *req);
enum flow handle_apply_policy(struct request *req);

#endif
