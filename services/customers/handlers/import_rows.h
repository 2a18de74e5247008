/*
 * What the files of ImportRows share: the state of the request while its rows are looked at.
 *
 *   import_rows.c       the steps, the same for customers and contacts
 *   import_customers.c  rows about customers
 *   import_contacts.c   rows about people
 */
#ifndef KEHU_CUSTOMERS_IMPORT_ROWS_H
#define KEHU_CUSTOMERS_IMPORT_ROWS_H

#include "common/command.h"
#include "common/policy.h"
#include "services/customers/codec/codec_import.h"
#include "services/customers/handlers/scope.h"
#include "services/customers/store/import.h"
#include "services/customers/store/reference.h"

struct import_contact_world; /* import_contacts.c */

/* What is known of those a row is about. */
struct import_match {
    bool is_written;   /* by an earlier request; its outcome stands */
    bool was_rejected; /* by an earlier request; it is tried again */
    bool is_known;     /* there is such a customer or contact */
    const struct import_customer *customer;
    struct scope_sight *sight; /* of the known customer */
    struct facts facts;        /* of the known customer */
};

struct importing {
    struct codec_import_ask ask;
    struct command_receipt seen;
    struct import_record record; /* of a dry run only the settings */
    struct import_row *rows;
    struct import_match *matches; /* one per row */
    struct import_lines written;
    struct import_customers customers;
    struct import_regions regions;
    struct import_facts facts;
    struct scope_sight *sights;
    struct numbers numbers;
    size_t numbers_used;
    struct import_contact_world *contacts;
    struct policy_rows reviews; /* of customers */
};

/* True while nothing is decided about the row. */
bool import_rows_is_open(const struct importing *r, size_t i);

/* One kind of rows. Each is called once: what is to be known of those in the rows, what of those
 * that were found; then what becomes of each open row, and the writes when it is no dry run. */
void import_customers_ask(struct request *req, struct importing *r);
void import_customers_relate(struct request *req, struct importing *r);
void import_customers_decide(struct request *req, struct importing *r);
void import_contacts_ask(struct request *req, struct importing *r);
void import_contacts_relate(struct request *req, struct importing *r);
void import_contacts_load(struct request *req, struct importing *r);
void import_contacts_decide(struct request *req, struct importing *r);

#endif
