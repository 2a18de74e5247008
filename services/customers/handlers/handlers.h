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
enum flow handle_describe_fields(struct request *req);
enum flow handle_list_policies(struct request *req);
enum flow handle_get_policy(struct request *req);
enum flow handle_compare_policies(struct request *req);
enum flow handle_apply_policy(struct request *req);

#endif
