/*
 * The customers service: everything it does, in tables.
 */
#include "common/consume.h"
#include "common/quarantine.h"
#include "common/receipt.h"
#include "common/service.h"
#include "common/timer.h"
#include "services/customers/handlers/consume_complaints.h"
#include "services/customers/handlers/counters.h"
#include "services/customers/handler_table.h"
#include "services/customers/handlers/handlers.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/audit_page.h"
#include "services/customers/store/briefing.h"
#include "services/customers/store/card.h"
#include "services/customers/store/case_seen.h"
#include "services/customers/store/contact.h"
#include "services/customers/store/customer.h"
#include "services/customers/store/dealer.h"
#include "services/customers/store/decision.h"
#include "services/customers/store/duplicate.h"
#include "services/customers/store/file.h"
#include "services/customers/store/grade.h"
#include "services/customers/store/grade_report.h"
#include "services/customers/store/grade_result.h"
#include "services/customers/store/grade_run.h"
#include "services/customers/store/handover.h"
#include "services/customers/store/export.h"
#include "services/customers/store/import.h"
#include "services/customers/store/import_people.h"
#include "services/customers/store/import_undo.h"
#include "services/customers/store/merge.h"
#include "services/customers/store/need.h"
#include "services/customers/store/grade_small.h"
#include "services/customers/store/number.h"
#include "services/customers/store/order.h"
#include "services/customers/store/owner.h"
#include "services/customers/store/pool.h"
#include "services/customers/store/personal.h"
#include "services/customers/store/privacy.h"
#include "services/customers/store/reference.h"
#include "services/customers/store/region.h"
#include "services/customers/store/reseal.h"
#include "services/customers/store/review.h"
#include "services/customers/store/sales.h"
#include "services/customers/store/search.h"
#include "services/customers/store/staff.h"
#include "services/customers/store/staff_unit.h"
#include "services/customers/store/timeline.h"

extern const struct migration migrations_customers[];
extern const size_t migrations_customers_count;

static const struct job jobs[] = {
    {"receipt_expire", 60 * 1000, receipt_expire},
    {"quarantine_expire", 60 * 1000, quarantine_expire},
    {"search_index_waiting", 5000, search_index_waiting},
    {"grade_run_look", 2000, grade_run_look},
    {"grade_run_sweep", 60 * 1000, grade_run_sweep},
    {"owner_rules_look", 1000, owner_rules_look},
    {"number_look", 1000, number_look},
    {"owner_alert_look", 15 * 1000, owner_alert_look},
    {"pool_look", 60 * 1000, pool_look},
    {"reseal_look", 5000, reseal_look},
    {"privacy_sweep", 5000, privacy_sweep},
    {"privacy_freed_look", 2000, privacy_freed_look},
    {"import_forget", 60 * 1000, import_forget},
    {"review_look", 2000, review_look},
};

static const struct timer_kind timer_kinds[] = {
    {"grade_hold", grade_hold_ring},         {"grade_override", grade_override_ring},
    {"grade_run", grade_run_ring},           {"handover_term", handover_term_ring},
    {"person_erasure", person_erasure_ring},
};

static const struct setting settings[] = {
    {"KEHU_COMPLAINTS_URL", SETTING_TEXT, "tcp://127.0.0.1:7420", 0, 0, "", false,
     "Where the complaints service listens, whose log is read; several addresses separated by "
     "commas."},
};

int main(int argc, char **argv)
{
    const struct statements statements[] = {
        {audit_page_statements, audit_page_statement_count},
        {briefing_statements, briefing_statement_count},
        {card_statements, card_statement_count},
        {case_seen_statements, case_seen_statement_count},
        {contact_statements, contact_statement_count},
        {contact_list_statements, contact_list_statement_count},
        {contact_save_statements, contact_save_statement_count},
        {contact_consent_statements, contact_consent_statement_count},
        {customer_statements, customer_statement_count},
        {dealer_statements, dealer_statement_count},
        {dealer_list_statements, dealer_list_statement_count},
        {decision_statements, decision_statement_count},
        {entitlement_statements, entitlement_statement_count},
        {file_statements, file_statement_count},
        {file_save_statements, file_save_statement_count},
        {file_list_statements, file_list_statement_count},
        {duplicate_statements, duplicate_statement_count},
        {merge_statements, merge_statement_count},
        {merge_make_statements, merge_make_statement_count},
        {merge_undo_statements, merge_undo_statement_count},
        {timeline_statements, timeline_statement_count},
        {grade_statements, grade_statement_count},
        {grade_report_statements, grade_report_statement_count},
        {grade_result_statements, grade_result_statement_count},
        {grade_run_statements, grade_run_statement_count},
        {export_statements, export_statement_count},
        {import_statements, import_statement_count},
        {import_row_statements, import_row_statement_count},
        {import_people_statements, import_people_statement_count},
        {import_undo_statements, import_undo_statement_count},
        {handover_statements, handover_statement_count},
        {handover_save_statements, handover_save_statement_count},
        {need_statements, need_statement_count},
        {grade_small_statements, grade_small_statement_count},
        {number_statements, number_statement_count},
        {order_statements, order_statement_count},
        {owner_statements, owner_statement_count},
        {owner_save_statements, owner_save_statement_count},
        {pool_statements, pool_statement_count},
        {personal_questions, personal_questions_count},
        {personal_guard, personal_guard_count},
        {personal_put, personal_put_count},
        {personal_strike, personal_strike_count},
        {personal_erase_contact, personal_erase_contact_count},
        {personal_erase_customer, personal_erase_customer_count},
        {privacy_statements, privacy_statement_count},
        {privacy_save_statements, privacy_save_statement_count},
        {privacy_list_statements, privacy_list_statement_count},
        {reference_statements, reference_statement_count},
        {review_statements, review_statement_count},
        {search_statements, search_statement_count},
        {search_find_statements, search_find_statement_count},
        {region_statements, region_statement_count},
        {reseal_statements, reseal_statement_count},
        {scope_statements, scope_statement_count},
        {sales_statements, sales_statement_count},
        {staff_statements, staff_statement_count},
        {staff_unit_statements, staff_unit_statement_count},
    };
    const struct consumed_log consumers[] = {
        {.log = "complaints",
         .types = consume_complaints_types,
         .type_count = consume_complaints_type_count},
    };
    const struct service_definition definition = {
        .name = "customers",
        .handlers = customers_handlers,
        .handler_count = customers_handler_count,
        .door = scope_door,
        .statements = statements,
        .statement_table_count = COUNT_OF(statements),
        .settings = settings,
        .setting_count = COUNT_OF(settings),
        .consumers = consumers,
        .consumer_count = COUNT_OF(consumers),
        .jobs = jobs,
        .job_count = COUNT_OF(jobs),
        .timer_kinds = timer_kinds,
        .timer_kind_count = COUNT_OF(timer_kinds),
        .metrics = customers_metrics,
        .metric_count = customers_metric_count,
        .counters_bytes = sizeof(struct customers_counters),
        .migrations = migrations_customers,
        .migration_count = migrations_customers_count,
        .needs_seal = true,
    };

    return service_main(&definition, argc, argv);
}
