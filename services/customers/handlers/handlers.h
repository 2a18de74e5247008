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
enum flow handle_save_region(struct request *req);
enum flow handle_remove_region(struct request *req);
enum flow handle_list_regions(struct request *req);
enum flow handle_map_region(struct request *req);
enum flow handle_get_cards(struct request *req);
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
enum flow handle_override_grade(struct request *req);
enum flow handle_remove_grade_override(struct request *req);
enum flow handle_list_held_demotions(struct request *req);
enum flow handle_confirm_demotion(struct request *req);

/* Jobs and timers. */
enum flow grade_run_look(struct request *req);
enum flow grade_run_sweep(struct request *req);
enum flow review_look(struct request *req);
enum flow grade_run_ring(struct request *req);
enum flow grade_override_ring(struct request *req);
enum flow grade_hold_ring(struct request *req);

#endif
