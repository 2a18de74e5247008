/*
 * Persons who are restricted or erased: who belongs to a person, what holds him, his sealed values,
 * and the taking out of everything personal (store/personal.h).
 */
#ifndef KEHU_CUSTOMERS_STORE_PRIVACY_H
#define KEHU_CUSTOMERS_STORE_PRIVACY_H

#include "common/flow.h"
#include "services/customers/domain/privacy_record.h"

extern const struct pg_statement privacy_statements[];
extern const size_t privacy_statement_count;
extern const struct pg_statement privacy_save_statements[];
extern const size_t privacy_save_statement_count;
extern const struct pg_statement privacy_list_statements[];
extern const size_t privacy_list_statement_count;

void privacy_find_contact(struct request *req, const struct id *contact,
                          struct privacy_person *out);
void privacy_find_customer(struct request *req, const struct id *customer,
                           struct privacy_person *out);

void privacy_find_standing(struct request *req, const struct id *person,
                           struct privacy_standing_row *out);

void privacy_list_holds(struct request *req, const struct id *person, struct privacy_holds *out);

void privacy_list_parts(struct request *req, const struct id *person, struct privacy_parts *out);

void privacy_read(struct request *req, const struct privacy_person *person,
                  struct privacy_rows *of_contacts, struct privacy_rows *of_customers);
void privacy_count(struct request *req, const struct privacy_person *person,
                   struct privacy_tally *of_contacts, struct privacy_tally *of_customers);
/* False: of a table only the first PERSONAL_MAX_ROWS rows were read. */
bool privacy_has_all(const struct privacy_rows *rows);
/* His orders as JSON rows: (source, number, day, currency, net). */
void privacy_list_orders(struct request *req, const struct privacy_person *person,
                         struct privacy_rows *out);

#define PRIVACY_VAULT_COLUMN "person_vault.rows"
void privacy_list_vault(struct request *req, const struct id *person, struct privacy_vault *out);

/* --- writes, in the request's unit (privacy_save.c) --- */

/* Empties every personal column of his; guarded by the versions and marks that were read. */
void privacy_take_out(struct request *req, const struct privacy_person *person,
                      enum privacy_state state, struct text mark_of_contacts,
                      struct text mark_of_customers);
/* Stale unless as many placed holds stand on that day. */
void privacy_guard_holds(struct request *req, const struct id *person, int32_t today, size_t count);
/* Strikes these words out of free texts about the customers he belonged to, and out of what was
 * said of his own restriction. */
void privacy_strike(struct request *req, const struct privacy_person *person,
                    const struct text *words, size_t count);
void privacy_put_vault(struct request *req, const struct id *person, const struct id *id,
                       const char *table, struct text sealed);
void privacy_remove_vault(struct request *req, const struct id *person);
/* A JSON array of rows back into its table. */
void privacy_put_back(struct request *req, struct text table, struct text json);
/* Shown again, guarded by the versions that were read. */
void privacy_show(struct request *req, const struct privacy_person *person);
/* `known_version` 0: there was no row. */
void privacy_save_standing(struct request *req, const struct privacy_standing_row *row,
                           int64_t known_version);
void privacy_add_part(struct request *req, const struct id *person, const char *service,
                      int64_t values);
/* The same kind, holder and subject again changes its day. */
void privacy_put_hold(struct request *req, const struct id *person,
                      const struct privacy_hold *hold);
void privacy_release_hold(struct request *req, const struct id *person,
                          const struct privacy_hold *hold);

/* --- lists (privacy_list.c) --- */

/* When the job of retention looks next. */
void privacy_find_look(struct request *req, int64_t *out);
void privacy_save_look(struct request *req, int64_t next_us);

/* `state` "": all. */
void privacy_list_standings(struct request *req, const char *state,
                            const struct privacy_place *after, uint32_t limit,
                            struct privacy_standings *out);

/* Contacts (all of whose customers are quiet) and customers that are persons with nothing said or
 * bought on or after `before`, who are open; in the order of ids, longest known first. A contact
 * who is a customer himself goes with that one. */
void privacy_list_due(struct request *req, int32_t before, const struct privacy_place *after,
                      uint32_t limit, struct privacy_dues *out);
/* The same of one person: one row, or none. */
void privacy_find_due(struct request *req, const struct id *person, int32_t before,
                      struct privacy_dues *out);

#endif
