/*
 * The customers service: everything it does, in tables.
 */
#include "common/quarantine.h"
#include "common/receipt.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/card.h"
#include "services/customers/store/customer.h"
#include "services/customers/store/file.h"
#include "services/customers/store/grade.h"
#include "services/customers/store/grade_report.h"
#include "services/customers/store/grade_result.h"
#include "services/customers/store/grade_run.h"
#include "services/customers/store/grade_small.h"
#include "services/customers/store/order.h"
#include "services/customers/store/reference.h"
#include "services/customers/store/region.h"
#include "services/customers/store/review.h"
#include "services/customers/store/sales.h"
#include "services/customers/store/search.h"

extern const struct migration migrations_customers[];
extern const size_t migrations_customers_count;

static const struct handler handlers[] = {
    {.type = "kehu.bus.v1.Publish", .step = handle_publish, .rights = RIGHTS_PUBLISH},
    {.type = "kehu.customers.v1.GetCustomer", .step = handle_get_customer, .is_query = true},
    {.type = "kehu.customers.v1.ReportSales", .step = handle_report_sales, .is_query = true},
    {.type = "kehu.customers.v1.RegisterCustomer", .step = handle_register_customer},
    {.type = "kehu.customers.v1.UpdateCustomer", .step = handle_update_customer},
    {.type = "kehu.customers.v1.GetCustomerFile",
     .step = handle_get_customer_file,
     .is_query = true},
    {.type = "kehu.customers.v1.ListCustomers", .step = handle_list_customers, .is_query = true},
    {.type = "kehu.customers.v1.SearchCustomers",
     .step = handle_search_customers,
     .is_query = true},
    {.type = "kehu.customers.v1.DescribeFields", .step = handle_describe_fields, .is_query = true},
    {.type = "kehu.customers.v1.SaveRegion", .step = handle_save_region},
    {.type = "kehu.customers.v1.RemoveRegion", .step = handle_remove_region},
    {.type = "kehu.customers.v1.ListRegions", .step = handle_list_regions, .is_query = true},
    {.type = "kehu.customers.v1.MapRegion", .step = handle_map_region},
    {.type = "kehu.customers.v1.GetCards", .step = handle_get_cards, .is_query = true},
    {.type = "kehu.customers.v1.ListPolicies", .step = handle_list_policies, .is_query = true},
    {.type = "kehu.customers.v1.GetPolicy", .step = handle_get_policy, .is_query = true},
    {.type = "kehu.customers.v1.ComparePolicies",
     .step = handle_compare_policies,
     .is_query = true},
    {.type = "kehu.customers.v1.ApplyPolicy", .step = handle_apply_policy},
    {.type = "kehu.customers.v1.RunGrades", .step = handle_run_grades},
    {.type = "kehu.customers.v1.GetGradeRun", .step = handle_get_grade_run, .is_query = true},
    {.type = "kehu.customers.v1.ListGradeRuns", .step = handle_list_grade_runs, .is_query = true},
    {.type = "kehu.customers.v1.ListGradeMoves", .step = handle_list_grade_moves, .is_query = true},
    {.type = "kehu.customers.v1.ListGrades", .step = handle_list_grades, .is_query = true},
    {.type = "kehu.customers.v1.ExplainGrade", .step = handle_explain_grade, .is_query = true},
    {.type = "kehu.customers.v1.OverrideGrade", .step = handle_override_grade},
    {.type = "kehu.customers.v1.RemoveGradeOverride", .step = handle_remove_grade_override},
    {.type = "kehu.customers.v1.ListHeldDemotions",
     .step = handle_list_held_demotions,
     .is_query = true},
    {.type = "kehu.customers.v1.ConfirmDemotion", .step = handle_confirm_demotion},
};

static const struct job jobs[] = {
    {"receipt_expire", 60 * 1000, receipt_expire},
    {"quarantine_expire", 60 * 1000, quarantine_expire},
    {"search_index_waiting", 5000, search_index_waiting},
    {"grade_run_look", 2000, grade_run_look},
    {"grade_run_sweep", 60 * 1000, grade_run_sweep},
    {"review_look", 2000, review_look},
};

static const struct timer_kind timer_kinds[] = {
    {"grade_hold", grade_hold_ring},
    {"grade_override", grade_override_ring},
    {"grade_run", grade_run_ring},
};

int main(int argc, char **argv)
{
    const struct statements statements[] = {
        {card_statements, card_statement_count},
        {customer_statements, customer_statement_count},
        {file_statements, file_statement_count},
        {file_save_statements, file_save_statement_count},
        {file_list_statements, file_list_statement_count},
        {grade_statements, grade_statement_count},
        {grade_report_statements, grade_report_statement_count},
        {grade_result_statements, grade_result_statement_count},
        {grade_run_statements, grade_run_statement_count},
        {grade_small_statements, grade_small_statement_count},
        {order_statements, order_statement_count},
        {reference_statements, reference_statement_count},
        {review_statements, review_statement_count},
        {search_statements, search_statement_count},
        {search_find_statements, search_find_statement_count},
        {region_statements, region_statement_count},
        {sales_statements, sales_statement_count},
    };
    const struct service_definition definition = {
        .name = "customers",
        .handlers = handlers,
        .handler_count = COUNT_OF(handlers),
        .statements = statements,
        .statement_table_count = COUNT_OF(statements),
        .jobs = jobs,
        .job_count = COUNT_OF(jobs),
        .timer_kinds = timer_kinds,
        .timer_kind_count = COUNT_OF(timer_kinds),
        .metrics = customers_metrics,
        .metric_count = customers_metric_count,
        .counters_bytes = sizeof(struct customers_counters),
        .migrations = migrations_customers,
        .migration_count = migrations_customers_count,
    };

    return service_main(&definition, argc, argv);
}
