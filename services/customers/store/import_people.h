/*
 * Whom rows of an import of contacts are about, and what an undo does to them.
 */
#ifndef KEHU_CUSTOMERS_STORE_IMPORT_PEOPLE_H
#define KEHU_CUSTOMERS_STORE_IMPORT_PEOPLE_H

#include "services/customers/store/import.h"

extern const struct pg_statement import_people_statements[];
extern const size_t import_people_statement_count;

/* Customers as rows name them, merged ones as their survivor; each with its place in what was
 * asked. */
struct import_named {
    int64_t place;
    struct id customer;
    int64_t number;
    bool has_file, is_erased;
};
struct import_nameds {
    struct import_named *list;
    size_t count;
};
struct pg_args *import_people_ask_customers(struct request *req);
void import_people_add_customer(struct pg_args *question, int64_t place,
                                const struct customer_question *named);
void import_people_find_customers(struct request *req, struct pg_args *question,
                                  struct import_nameds *out);

/* Contacts by a source's ids, or by their name at a customer; several of one place may be found. */
struct import_candidate {
    int64_t place;
    struct id contact;
    bool is_by_id;
};
struct import_candidates {
    struct import_candidate *list;
    size_t count;
};
struct import_person_question {
    struct pg_args *by_id, *by_name;
};
struct import_person_question import_people_ask(struct request *req);
void import_people_add_id(struct import_person_question *question, int64_t place,
                          struct text source, struct text external_id);
void import_people_add_name(struct import_person_question *question, int64_t place,
                            const struct id *customer, struct text name);
void import_people_find(struct request *req, const struct import_person_question *question,
                        struct import_candidates *by_id, struct import_candidates *by_name);

void import_people_add_ref(struct request *req, struct text source, struct text external_id,
                           const struct id *contact);

/* Those among them to whom something hangs that no import made. */
struct import_hung {
    struct id *list;
    size_t count;
};
void import_people_find_hung(struct request *req, const struct id *contacts, size_t count,
                             struct import_hung *out);
/* A nameless tombstone without links, channels and references. Stale at another version. */
void import_people_remove(struct request *req, const struct id *contact, int64_t version);

#endif
