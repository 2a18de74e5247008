/*
 * What the files of UndoImport share.
 *
 *   undo_import.c           the steps
 *   undo_import_customer.c  rows about customers
 *   undo_import_contact.c   rows about people
 */
#ifndef KEHU_CUSTOMERS_UNDO_IMPORT_H
#define KEHU_CUSTOMERS_UNDO_IMPORT_H

#include "common/command.h"
#include "services/customers/codec/codec_import.h"
#include "services/customers/store/contact.h"
#include "services/customers/store/import_people.h"
#include "services/customers/store/import_undo.h"

struct undoing {
    int64_t number;
    struct text reason;
    struct command_receipt seen;
    struct import_record record;
    struct import_lines lines; /* of this part */
    int64_t *restored;         /* later rows taken back, for each line */
    struct import_stoods stoods;
    struct import_befores befores;
    struct import_facts facts;
    struct contacts contacts;
    struct import_hung hung;     /* contacts on whom something hangs */
    struct import_undone undone; /* of this part */
};

/* Counts and marks one row: "removed", "restored", or "kept" with a reason. */
void undo_import_mark(struct request *req, struct undoing *r, const struct import_line *line,
                      const char *undo, const char *kept_because);

void undo_import_ask_customers(struct request *req, struct undoing *r);
void undo_import_customer(struct request *req, struct undoing *r, const struct import_line *line);
void undo_import_ask_contacts(struct request *req, struct undoing *r);
void undo_import_contact(struct request *req, struct undoing *r, const struct import_line *line);

#endif
