/*
 * The first step of each message; the rest of its story stands in the file named after it.
 */
#ifndef KEHU_CUSTOMERS_HANDLERS_H
#define KEHU_CUSTOMERS_HANDLERS_H

#include "common/flow.h"

enum flow handle_publish(struct request *req);
enum flow handle_get_customer(struct request *req);
enum flow handle_report_sales(struct request *req);
enum flow handle_register_customer(struct request *req);
enum flow handle_update_customer(struct request *req);
enum flow handle_get_customer_file(struct request *req);
enum flow handle_list_customers(struct request *req);
enum flow handle_search_customers(struct request *req);
enum flow handle_describe_fields(struct request *req);
enum flow handle_list_policies(struct request *req);
enum flow handle_get_policy(struct request *req);
enum flow handle_compare_policies(struct request *req);
enum flow handle_apply_policy(struct request *req);
enum flow handle_run_grades(struct request *req);
enum flow handle_get_grade_run(struct request *req);
enum flow handle_list_grade_runs(struct request *req);
enum flow handle_list_grade_moves(struct request *req);
enum flow handle_list_grades(struct request *req);
enum flow handle_explain_grade(struct request *req);

/* Jobs and timers. */
enum flow grade_run_look(struct request *req);
enum flow grade_run_sweep(struct request *req);

#endif
