/*
 * Customer files: reading one, its writes, and the lists.
 */
#ifndef KEHU_CUSTOMERS_STORE_FILE_H
#define KEHU_CUSTOMERS_STORE_FILE_H

#include "common/flow.h"
#include "common/seal.h"
#include "services/customers/domain/file.h"

extern const struct pg_statement file_statements[];
extern const size_t file_statement_count;
extern const struct pg_statement file_save_statements[];
extern const size_t file_save_statement_count;
extern const struct pg_statement file_list_statements[];
extern const size_t file_list_statement_count;

/* --- one file (file.c) --- */

/* Telephones and e-mails are sealed here: row the customer, part the field. */
#define FILE_SEALED_COLUMN "customer_fact.value"

/* The value of a fact of this row's own customer: column `plain`, or opened from column `sealed`.
 * For everybody who reads customer_fact. */
struct text file_get_value(const struct seal *seal, const struct id *customer,
                           const struct field *field, const struct pg_rows *rows, int row,
                           int plain, int sealed, struct arena *arena);

/* Of a merged one the survivor, with `merged_from` set; facts, changes and purchases are of all who
 * are one now, of a fact the survivor's own first. */
void file_find(struct request *req, const struct customer_question *question, struct file_row *out);
/* Into facts->list, which has room for FIELDS_MAX; fields that the dictionary has no longer are
 * left out. */
void file_list_facts(struct request *req, const struct id *customer, struct facts *out);
/* The same as it would be without that merge: what is said of `merged`, and of those whom he
 * brought along, left out. */
void file_list_facts_without(struct request *req, const struct id *customer,
                             const struct id *merged, const struct id *merge, struct facts *out);

/* Latest first, at most FILE_MAX_MAJOR_CHANGES. */
void file_list_major_changes(struct request *req, const struct id *customer,
                             struct major_changes *out);

/* Of the 12 months up to `today`, in the business currency. */
void file_find_purchases(struct request *req, const struct id *customer, int32_t today,
                         const char currency[4], struct file_purchases *out);

/* This organisation and all above it; it stops behind FILE_MAX_DEPTH + 1. */
void file_list_above(struct request *req, const struct id *customer, struct file_chain *out);
/* Levels from this organisation down to its lowest, itself too; stops like file_list_above. */
void file_find_height(struct request *req, const struct id *customer, size_t *out);
void file_find_region(struct request *req, struct text code, bool *exists);

/* References that belong to somebody, and to whom. */
struct file_ref_owner {
    struct customer_reference reference;
    struct id customer;
    int64_t number;
};
struct file_ref_owners {
    struct file_ref_owner *list;
    size_t count;
};
void file_list_ref_owners(struct request *req, const struct customer_reference *refs, size_t count,
                          struct file_ref_owners *out);

/* --- writes (file_save.c) --- */

struct file_saving {
    struct id id;
    int64_t number;       /* file_add */
    int64_t file_version; /* file_save: as read; another one now makes the unit stale */
    const struct file_state *state;
    const struct fact *name; /* set on the file by a person; NULL: as it is */
    const struct fields_score *score;
    int32_t reviewed_on, review_due;
    bool is_historic; /* file_add: by an import */
};
/* The missing fields with commas between them, for string_to_array. */
void file_put_missing(struct pg_args *args, int i, const struct fields_score *score);
void file_add(struct request *req, const struct file_saving *saving);
void file_save(struct request *req, const struct file_saving *saving);
/* An empty value removes the fact. */
void file_put_fact(struct request *req, const struct id *customer, const struct fact *fact);
void file_add_major_change(struct request *req, const struct id *customer,
                           const struct major_change *change, const char *by);
/* Stale when one of them has changed since it was read; so no circle can close behind our back. */
void file_guard_chain(struct request *req, const struct file_chain *chain);
/* When its file is due for review, as its grade has changed: reviewed_on plus so many months. For
 * those who change grades; many rows merge into one statement. */
void file_set_review_months(struct request *req, const struct id *customer, uint32_t months);

/* --- lists (file_list.c) --- */

/*
 * One more than the page, so that the caller sees whether there is a next. Walks some thousands of
 * files; where file_list_is_done says they were not enough, file_list_rest gathers the page from
 * all.
 */
void file_list(struct request *req, const struct file_list_question *question, int32_t today,
               struct file_summaries *out);
bool file_list_is_done(const struct request *req, const struct file_list_question *question,
                       const struct file_summaries *found);
void file_list_rest(struct request *req, const struct file_list_question *question, int32_t today,
                    struct file_summaries *out);

#endif
