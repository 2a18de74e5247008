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

enum flow handle_save_staff(struct request *req);
enum flow handle_get_staff(struct request *req);
enum flow handle_list_staff(struct request *req);
enum flow handle_set_absence(struct request *req);
enum flow handle_save_unit(struct request *req);
enum flow handle_list_units(struct request *req);
enum flow handle_read_audit(struct request *req);

enum flow handle_describe_import(struct request *req);
enum flow handle_start_import(struct request *req);
enum flow handle_import_rows(struct request *req);
enum flow handle_finish_import(struct request *req);
enum flow handle_undo_import(struct request *req);
enum flow handle_get_import(struct request *req);
enum flow handle_list_imports(struct request *req);
enum flow handle_list_import_rows(struct request *req);
enum flow handle_start_export(struct request *req);
enum flow handle_export_rows(struct request *req);
enum flow handle_assign_owner(struct request *req);
enum flow handle_end_ownership(struct request *req);
enum flow handle_set_team(struct request *req);
enum flow handle_get_owners(struct request *req);
enum flow handle_list_unassigned(struct request *req);
enum flow handle_run_owner_rules(struct request *req);
enum flow handle_get_service_plan(struct request *req);
enum flow handle_make_handover(struct request *req);
enum flow handle_list_handovers(struct request *req);
enum flow handle_get_handover(struct request *req);
enum flow handle_acknowledge_handover(struct request *req);
enum flow handle_object_handover(struct request *req);
enum flow handle_decide_handover(struct request *req);
enum flow handle_get_briefing(struct request *req);
enum flow handle_list_pool(struct request *req);
enum flow handle_pick_from_pool(struct request *req);
enum flow handle_release_to_pool(struct request *req);

/* People. */
enum flow handle_save_contact(struct request *req);
enum flow handle_link_contact(struct request *req);
enum flow handle_unlink_contact(struct request *req);
enum flow handle_get_contact(struct request *req);
enum flow handle_list_contacts(struct request *req);
enum flow handle_save_channel(struct request *req);
enum flow handle_remove_channel(struct request *req);
enum flow handle_record_consent(struct request *req);
enum flow handle_list_consents(struct request *req);
enum flow handle_check_consent(struct request *req);
enum flow handle_save_sensitive(struct request *req);
enum flow handle_save_decision_entry(struct request *req);
enum flow handle_remove_decision_entry(struct request *req);
enum flow handle_get_decision_chain(struct request *req);
enum flow handle_get_people(struct request *req);
enum flow handle_list_without_decider(struct request *req);
enum flow handle_save_need(struct request *req);
enum flow handle_list_needs(struct request *req);
enum flow handle_save_entitlement(struct request *req);
enum flow handle_use_entitlement(struct request *req);
enum flow handle_list_entitlements(struct request *req);
enum flow handle_save_dealer(struct request *req);
enum flow handle_save_channel_manager(struct request *req);
enum flow handle_add_dealer_memo(struct request *req);
enum flow handle_score_dealer(struct request *req);
enum flow handle_get_dealer(struct request *req);
enum flow handle_list_dealers(struct request *req);
enum flow handle_propose_give_up(struct request *req);
enum flow handle_decide_give_up(struct request *req);
enum flow handle_list_give_ups(struct request *req);
enum flow handle_report_dealer_stability(struct request *req);
enum flow handle_merge_customers(struct request *req);
enum flow handle_undo_merge(struct request *req);
enum flow handle_get_merge(struct request *req);
enum flow handle_list_merges(struct request *req);
enum flow handle_list_duplicates(struct request *req);
enum flow handle_dismiss_duplicate(struct request *req);
enum flow handle_get_timeline(struct request *req);

enum flow handle_restrict_person(struct request *req);
enum flow handle_lift_restriction(struct request *req);
enum flow handle_erase_person(struct request *req);
enum flow handle_get_person_standing(struct request *req);
enum flow handle_get_subject_access(struct request *req);
enum flow handle_place_hold(struct request *req);
enum flow handle_release_hold(struct request *req);
enum flow handle_list_erasures(struct request *req);
enum flow handle_list_retention_due(struct request *req);
enum flow handle_describe_personal_columns(struct request *req);

/* Jobs and timers. */
enum flow person_erasure_ring(struct request *req);
enum flow number_look(struct request *req);
enum flow privacy_freed_look(struct request *req);
enum flow privacy_sweep(struct request *req);
enum flow owner_rules_look(struct request *req);
enum flow owner_alert_look(struct request *req);
enum flow handover_term_ring(struct request *req);
enum flow pool_look(struct request *req);
enum flow grade_run_look(struct request *req);
enum flow grade_run_sweep(struct request *req);
/* Seals with the current key what is not: see reseal.c. */
enum flow reseal_look(struct request *req);
enum flow review_look(struct request *req);
enum flow grade_run_ring(struct request *req);
enum flow grade_override_ring(struct request *req);
enum flow grade_hold_ring(struct request *req);

#endif
