/*
 * The customers service: everything it does, in tables.
 */
#include "common/quarantine.h"
#include "common/receipt.h"
#include "common/service.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/store/customer.h"
#include "services/customers/store/order.h"
#include "services/customers/store/reference.h"
#include "services/customers/store/sales.h"

extern const struct migration migrations_customers[];
extern const size_t migrations_customers_count;

static const struct handler handlers[] = {
    {.type = "kehu.bus.v1.Publish", .step = handle_publish, .rights = RIGHTS_PUBLISH},
    {.type = "kehu.customers.v1.GetCustomer", .step = handle_get_customer, .is_query = true},
    {.type = "kehu.customers.v1.ReportSales", .step = handle_report_sales, .is_query = true},
};

static const struct job jobs[] = {
    {"receipt_expire", 60 * 1000, receipt_expire},
    {"quarantine_expire", 60 * 1000, quarantine_expire},
};

int main(int argc, char **argv)
{
    const struct statements statements[] = {
        {customer_statements, customer_statement_count},
        {order_statements, order_statement_count},
        {reference_statements, reference_statement_count},
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
        .metrics = customers_metrics,
        .metric_count = customers_metric_count,
        .counters_bytes = sizeof(struct customers_counters),
        .migrations = migrations_customers,
        .migration_count = migrations_customers_count,
    };

    return service_main(&definition, argc, argv);
}
