/*
 * The complaints service: everything it does, in tables.
 */
#include "common/consume.h"
#include "common/quarantine.h"
#include "common/receipt.h"
#include "common/service.h"
#include "common/sweep.h"
#include "services/complaints/handlers/calendar_moves.h"
#include "services/complaints/handlers/case_clocks.h"
#include "common/timer.h"
#include "services/complaints/handler_table.h"
#include "services/complaints/handlers/case_heard.h"
#include "services/complaints/handlers/consume_customers.h"
#include "services/complaints/handlers/counters.h"
#include "services/complaints/handlers/handlers.h"
#include "services/complaints/handlers/policy_repeat.h"
#include "services/complaints/handlers/policy_targets.h"
#include "services/complaints/handlers/openings.h"
#include "services/complaints/handlers/queues.h"
#include "services/complaints/handlers/standings.h"
#include "services/complaints/handlers/who.h"
#include "services/complaints/store/case_leaver.h"
#include "services/complaints/store/case_message.h"
#include "services/complaints/store/case_view.h"
#include "services/complaints/store/case_part.h"
#include "services/complaints/store/case_part_list.h"
#include "services/complaints/store/caller.h"
#include "services/complaints/store/caller_card.h"
#include "services/complaints/store/case_erase.h"
#include "services/complaints/store/case_link.h"
#include "services/complaints/store/case_personal.h"
#include "services/complaints/store/colleague.h"
#include "services/complaints/store/case_clock.h"
#include "services/complaints/store/case_intake.h"
#include "services/complaints/store/case_conduct.h"
#include "services/complaints/store/case_weigh.h"
#include "services/complaints/store/case_list.h"
#include "services/complaints/store/case_report.h"
#include "services/complaints/store/cases.h"
#include "services/complaints/store/due_clock.h"
#include "services/complaints/store/clock_move.h"
#include "services/complaints/store/projection.h"
#include "services/complaints/store/sight.h"
#include "services/complaints/store/standing.h"
#include "services/complaints/store/subject.h"

extern const struct migration migrations_complaints[];
extern const size_t migrations_complaints_count;

static const struct setting settings[] = {
    {"KEHU_CUSTOMERS_URL", SETTING_TEXT, "tcp://127.0.0.1:7410", 0, 0, "", false,
     "Where the customers service listens, whose log is read; several addresses separated by "
     "commas."},
};

static const struct job jobs[] = {
    {"receipt_expire", 60 * 1000, receipt_expire},
    {"quarantine_expire", 60 * 1000, quarantine_expire},
    {"openings_link_late", 60 * 1000, openings_link_late},
    {"case_links_look", 1000, case_links_look},
    {"erase_cases_look", 2000, erase_cases_look},
    {"standing_look", 1000, standing_look},
    {"leaver_cases_look", 5000, leaver_cases_look},
    {"queue_look", 2000, queue_look},
};

static const struct sweep sweeps[] = {
    {"clocks", 1000, &due_clock_statements[DUE_CLOCK_OUTLOOK], case_clocks_sweep},
    {"priorities", 200, &case_weigh_statements[CASE_WEIGH_OUTLOOK], reweigh_cases_sweep},
};

static const struct timer_kind timer_kinds[] = {
    {CASE_HEARD_UNPROVEN, case_heard_unproven_ring}, {"case_chased", chase_case_end_day},
    {CALENDAR_MOVES_KIND, calendar_moves_ring},      {POLICY_REPEAT_KIND, policy_repeat_ring},
    {POLICY_TARGETS_KIND, policy_targets_ring},
};

int main(int argc, char **argv)
{
    const struct statements statements[] = {
        {case_leaver_statements, case_leaver_statement_count},
        {case_message_statements, case_message_statement_count},
        {case_view_statements, case_view_statement_count},
        {case_part_statements, case_part_statement_count},
        {case_part_list_statements, case_part_list_statement_count},
        {case_erase_statements, case_erase_statement_count},
        {case_link_statements, case_link_statement_count},
        {case_personal_erase_case, case_personal_erase_case_count},
        {case_personal_questions, case_personal_questions_count},
        {caller_statements, caller_statement_count},
        {caller_card_statements, caller_card_statement_count},
        {colleague_statements, colleague_statement_count},
        {projection_statements, projection_statement_count},
        {sight_statements, sight_statement_count},
        {cases_statements, cases_statement_count},
        {cases_save_statements, cases_save_statement_count},
        {calendar_row_statements, calendar_row_statement_count},
        {case_clock_statements, case_clock_statement_count},
        {case_intake_statements, case_intake_statement_count},
        {case_conduct_statements, case_conduct_statement_count},
        {case_weigh_statements, case_weigh_statement_count},
        {case_list_statements, case_list_statement_count},
        {case_queue_statements, case_queue_statement_count},
        {case_report_statements, case_report_statement_count},
        {due_clock_statements, due_clock_statement_count},
        {clock_move_statements, clock_move_statement_count},
        {standing_statements, standing_statement_count},
        {subject_statements, subject_statement_count},
    };
    const struct consumed_log consumers[] = {
        {.log = "customers",
         .types = consume_customers_types,
         .type_count = consume_customers_type_count},
    };
    const struct service_definition definition = {
        .name = "complaints",
        .handlers = complaints_handlers,
        .handler_count = complaints_handler_count,
        .door = who_door,
        .statements = statements,
        .statement_table_count = COUNT_OF(statements),
        .settings = settings,
        .setting_count = COUNT_OF(settings),
        .jobs = jobs,
        .job_count = COUNT_OF(jobs),
        .sweeps = sweeps,
        .sweep_count = COUNT_OF(sweeps),
        .timer_kinds = timer_kinds,
        .timer_kind_count = COUNT_OF(timer_kinds),
        .metrics = complaints_metrics,
        .metric_count = complaints_metric_count,
        .counters_bytes = sizeof(struct complaints_counters),
        .counters_free = calendars_in_force_free,
        .consumers = consumers,
        .consumer_count = COUNT_OF(consumers),
        .migrations = migrations_complaints,
        .migration_count = migrations_complaints_count,
    };

    return service_main(&definition, argc, argv);
}
