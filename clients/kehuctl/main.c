/*
 * kehuctl: one table saying everything it does; each command lives in its own file.
 */
#include "ctl.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "ctl_help.h"
#include "ctl_line.h"
#include "ctl_settings.h"

#ifndef KEHU_VERSION
#define KEHU_VERSION "0.1.0"
#endif
#define ARENA_BYTES ((size_t)1024 * 1024 * 1024)

extern const struct ctl_command ctl_import_orders, ctl_import_complaints, ctl_simulate;
extern const struct ctl_command ctl_import_customers, ctl_import_contacts, ctl_import_list,
    ctl_import_show, ctl_import_undo;
extern const struct ctl_command ctl_export_customers, ctl_export_contacts;
extern const struct ctl_command ctl_report_sales, ctl_customer_show, ctl_call, ctl_events_tail;
extern const struct ctl_command ctl_customer_register, ctl_customer_update, ctl_customer_list,
    ctl_customer_fields, ctl_customer_search, ctl_customer_card;
extern const struct ctl_command ctl_region_list, ctl_region_save, ctl_region_remove, ctl_region_map,
    ctl_region_unmap;
extern const struct ctl_command ctl_keys_new, ctl_keys_list, ctl_keys_allow, ctl_keys_revoke,
    ctl_keys_server, ctl_keys_seal;
extern const struct ctl_command ctl_policy_list, ctl_policy_show, ctl_policy_diff, ctl_policy_try,
    ctl_policy_apply;
extern const struct ctl_command ctl_clock_show, ctl_clock_advance;
extern const struct ctl_command ctl_grade_run, ctl_grade_runs, ctl_grade_list, ctl_grade_explain,
    ctl_grade_override, ctl_grade_held, ctl_grade_confirm;
extern const struct ctl_command ctl_staff_list, ctl_staff_show, ctl_staff_save, ctl_staff_absence,
    ctl_unit_list, ctl_unit_save, ctl_audit;
extern const struct ctl_command ctl_privacy_show, ctl_privacy_access, ctl_privacy_restrict,
    ctl_privacy_lift, ctl_privacy_erase, ctl_privacy_hold, ctl_privacy_release, ctl_privacy_list,
    ctl_privacy_due, ctl_privacy_columns;
extern const struct ctl_command ctl_contact_save, ctl_contact_show, ctl_contact_list,
    ctl_contact_people, ctl_contact_link, ctl_contact_unlink, ctl_contact_channel,
    ctl_contact_consent, ctl_contact_consents, ctl_contact_may, ctl_contact_sensitive,
    ctl_decision_show, ctl_decision_save, ctl_decision_remove, ctl_decision_missing, ctl_need_save,
    ctl_need_list, ctl_entitlement_save, ctl_entitlement_use, ctl_entitlement_list, ctl_dealer_show,
    ctl_dealer_list, ctl_dealer_save, ctl_dealer_manager, ctl_dealer_memo, ctl_dealer_score,
    ctl_dealer_give_up, ctl_dealer_decide, ctl_dealer_give_ups, ctl_dealer_stability;
extern const struct ctl_command ctl_owner_show, ctl_owner_history, ctl_owner_set, ctl_owner_end,
    ctl_owner_team, ctl_owner_plan, ctl_owner_unassigned, ctl_owner_rules;
extern const struct ctl_command ctl_handover_now, ctl_handover_list, ctl_handover_show,
    ctl_handover_briefing, ctl_handover_ack, ctl_handover_object, ctl_handover_decide;
extern const struct ctl_command ctl_pool_list, ctl_pool_pick, ctl_pool_release;
extern const struct ctl_command ctl_merge_make, ctl_merge_undo, ctl_merge_list, ctl_merge_show,
    ctl_duplicate_list, ctl_duplicate_dismiss, ctl_timeline;
extern const struct ctl_command ctl_complaint_open, ctl_complaint_settle, ctl_complaint_enquiry,
    ctl_complaint_list, ctl_complaint_show, ctl_complaint_view, ctl_complaint_caller,
    ctl_complaint_take, ctl_complaint_assign, ctl_complaint_investigate, ctl_complaint_subtask,
    ctl_complaint_note, ctl_complaint_message, ctl_complaint_call, ctl_complaint_reply,
    ctl_complaint_delivery, ctl_complaint_propose, ctl_complaint_remedy, ctl_complaint_approve,
    ctl_complaint_agree, ctl_complaint_answer, ctl_complaint_confirm, ctl_complaint_attempt,
    ctl_complaint_dispute, ctl_complaint_rate, ctl_complaint_cause, ctl_complaint_work,
    ctl_complaint_action, ctl_complaint_lesson, ctl_complaint_lessons, ctl_complaint_tasks,
    ctl_complaint_severity, ctl_complaint_link, ctl_complaint_close, ctl_complaint_reopen,
    ctl_complaint_reject, ctl_complaint_withdraw, ctl_complaint_merge, ctl_complaint_pause,
    ctl_complaint_resume, ctl_complaint_extend, ctl_complaint_result, ctl_complaint_chase,
    ctl_complaint_supervise, ctl_complaint_recuse, ctl_complaint_explain;
extern const struct ctl_command ctl_queue, ctl_report_complaints, ctl_improvement_save,
    ctl_improvement_list, ctl_improvement_show, ctl_calendar_list, ctl_calendar_show,
    ctl_calendar_save, ctl_calendar_holidays;
extern const struct ctl_command ctl_quarantine_list, ctl_quarantine_show;
extern const struct ctl_command ctl_ping, ctl_health, ctl_stats;

static const struct ctl_command *const commands[] = {
    &ctl_import_orders,
    &ctl_import_complaints,
    &ctl_import_customers,
    &ctl_import_contacts,
    &ctl_import_list,
    &ctl_import_show,
    &ctl_import_undo,
    &ctl_export_customers,
    &ctl_export_contacts,
    &ctl_simulate,
    &ctl_report_sales,
    &ctl_report_complaints,
    &ctl_customer_show,
    &ctl_customer_register,
    &ctl_customer_update,
    &ctl_customer_list,
    &ctl_customer_search,
    &ctl_customer_card,
    &ctl_customer_fields,
    &ctl_call,
    &ctl_events_tail,
    &ctl_keys_new,
    &ctl_keys_list,
    &ctl_keys_allow,
    &ctl_keys_revoke,
    &ctl_keys_server,
    &ctl_keys_seal,
    &ctl_region_list,
    &ctl_region_save,
    &ctl_region_remove,
    &ctl_region_map,
    &ctl_region_unmap,
    &ctl_policy_list,
    &ctl_policy_show,
    &ctl_policy_diff,
    &ctl_policy_try,
    &ctl_policy_apply,
    &ctl_clock_show,
    &ctl_clock_advance,
    &ctl_grade_run,
    &ctl_grade_runs,
    &ctl_grade_list,
    &ctl_grade_explain,
    &ctl_grade_override,
    &ctl_grade_held,
    &ctl_grade_confirm,
    &ctl_staff_list,
    &ctl_staff_show,
    &ctl_staff_save,
    &ctl_staff_absence,
    &ctl_unit_list,
    &ctl_unit_save,
    &ctl_audit,
    &ctl_privacy_show,
    &ctl_privacy_access,
    &ctl_privacy_restrict,
    &ctl_privacy_lift,
    &ctl_privacy_erase,
    &ctl_privacy_hold,
    &ctl_privacy_release,
    &ctl_privacy_list,
    &ctl_privacy_due,
    &ctl_privacy_columns,
    &ctl_owner_show,
    &ctl_owner_history,
    &ctl_owner_set,
    &ctl_owner_end,
    &ctl_owner_team,
    &ctl_owner_plan,
    &ctl_owner_unassigned,
    &ctl_owner_rules,
    &ctl_handover_now,
    &ctl_handover_list,
    &ctl_handover_show,
    &ctl_handover_briefing,
    &ctl_handover_ack,
    &ctl_handover_object,
    &ctl_handover_decide,
    &ctl_pool_list,
    &ctl_pool_pick,
    &ctl_pool_release,
    &ctl_contact_save,
    &ctl_contact_show,
    &ctl_contact_list,
    &ctl_contact_people,
    &ctl_contact_link,
    &ctl_contact_unlink,
    &ctl_contact_channel,
    &ctl_contact_consent,
    &ctl_contact_consents,
    &ctl_contact_may,
    &ctl_contact_sensitive,
    &ctl_decision_show,
    &ctl_decision_save,
    &ctl_decision_remove,
    &ctl_decision_missing,
    &ctl_need_save,
    &ctl_need_list,
    &ctl_entitlement_save,
    &ctl_entitlement_use,
    &ctl_entitlement_list,
    &ctl_dealer_show,
    &ctl_dealer_list,
    &ctl_dealer_save,
    &ctl_dealer_manager,
    &ctl_dealer_memo,
    &ctl_dealer_score,
    &ctl_dealer_give_up,
    &ctl_dealer_decide,
    &ctl_dealer_give_ups,
    &ctl_dealer_stability,
    &ctl_merge_make,
    &ctl_merge_undo,
    &ctl_merge_list,
    &ctl_merge_show,
    &ctl_duplicate_list,
    &ctl_duplicate_dismiss,
    &ctl_timeline,
    &ctl_complaint_open,
    &ctl_complaint_settle,
    &ctl_complaint_enquiry,
    &ctl_complaint_list,
    &ctl_complaint_show,
    &ctl_complaint_view,
    &ctl_complaint_caller,
    &ctl_complaint_take,
    &ctl_complaint_assign,
    &ctl_complaint_investigate,
    &ctl_complaint_subtask,
    &ctl_complaint_note,
    &ctl_complaint_message,
    &ctl_complaint_call,
    &ctl_complaint_reply,
    &ctl_complaint_delivery,
    &ctl_complaint_propose,
    &ctl_complaint_remedy,
    &ctl_complaint_approve,
    &ctl_complaint_agree,
    &ctl_complaint_answer,
    &ctl_complaint_confirm,
    &ctl_complaint_attempt,
    &ctl_complaint_dispute,
    &ctl_complaint_rate,
    &ctl_complaint_cause,
    &ctl_complaint_work,
    &ctl_complaint_action,
    &ctl_complaint_lesson,
    &ctl_complaint_lessons,
    &ctl_complaint_tasks,
    &ctl_complaint_severity,
    &ctl_complaint_link,
    &ctl_complaint_close,
    &ctl_complaint_reopen,
    &ctl_complaint_reject,
    &ctl_complaint_withdraw,
    &ctl_complaint_merge,
    &ctl_complaint_pause,
    &ctl_complaint_resume,
    &ctl_complaint_extend,
    &ctl_complaint_result,
    &ctl_complaint_chase,
    &ctl_complaint_supervise,
    &ctl_complaint_recuse,
    &ctl_complaint_explain,
    &ctl_queue,
    &ctl_improvement_save,
    &ctl_improvement_list,
    &ctl_improvement_show,
    &ctl_calendar_list,
    &ctl_calendar_show,
    &ctl_calendar_save,
    &ctl_calendar_holidays,
    &ctl_quarantine_list,
    &ctl_quarantine_show,
    &ctl_ping,
    &ctl_health,
    &ctl_stats,
};

/* Help, version and lines without a command; -1: there is a command to run. */
static int answer_without_command(const struct ctl_line *line)
{
    if (line->wants_version) {
        puts("kehuctl " KEHU_VERSION);
        return CTL_DONE;
    }
    if (line->command && line->wants_help) {
        ctl_help_command(stdout, line->command);
        return CTL_DONE;
    }
    if (line->command)
        return -1;
    if (ctl_help_all(line->wants_help ? stdout : stderr, commands, COUNT_OF(commands), line->path))
        return line->wants_help ? CTL_DONE : CTL_USAGE;
    ctl_help_unknown(line->path, commands, COUNT_OF(commands));
    return CTL_USAGE;
}

int main(int argc, char **argv)
{
    struct ctl_line line;
    struct ctl ctl = {.line = &line};
    char why[400];

    setlocale(LC_CTYPE, "C.UTF-8");
    if (argc > 1 && strcmp(argv[1], "help") == 0)
        argv[1] = "--help"; /* `kehuctl help report sales` */
    if (!ctl_line_parse(argc, argv, commands, COUNT_OF(commands), &line, why, sizeof(why))) {
        ctl_say("%s", why);
        return CTL_USAGE;
    }
    int code = answer_without_command(&line);

    if (code >= 0)
        return code;
    ctl.arena = arena_new(ARENA_BYTES);
    if (!ctl.arena) {
        ctl_say("out of memory");
        return CTL_UNFINISHED;
    }
    ctl_settings_load(&ctl, argv[0]);
    code = line.command->run(&ctl);
    if (fflush(stdout) != 0 && code == CTL_DONE)
        code = CTL_UNFINISHED; /* a full disk or a closed pipe must not look like success */
    for (enum ctl_service i = 0; i < CTL_SERVICES; i++)
        kehu_free(ctl.places[i].kehu);
    arena_free(ctl.arena);
    return code;
}
