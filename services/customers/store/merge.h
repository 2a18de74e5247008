/*
 * Merges: who was merged into whom, and row by row what changed hands, so that an undo puts it back
 * (schema/013_merge.sql).
 *
 *   merge.c       what is asked before, and shown after
 *   merge_make.c  the writes of a merge
 *   merge_undo.c  the writes of an undo
 */
#ifndef KEHU_CUSTOMERS_STORE_MERGE_H
#define KEHU_CUSTOMERS_STORE_MERGE_H

#include "common/flow.h"
#include "services/customers/domain/merge.h"
#include "services/customers/store/file.h"

extern const struct pg_statement merge_statements[];
extern const size_t merge_statement_count;
extern const struct pg_statement merge_make_statements[];
extern const size_t merge_make_statement_count;
extern const struct pg_statement merge_undo_statements[];
extern const size_t merge_undo_statement_count;

/* --- what is asked (merge.c) --- */

/* By its id; or, with no id (zeroes), the latest of this merged customer, standing or not. */
void merge_find(struct request *req, const struct id *id, const struct customer_question *merged,
                struct merge_record *out);
void merge_list_moves(struct request *req, const struct id *merge, struct merge_moves_list *out);

/* Latest first, one more than the page; only those that the asker may see. `of` NULL: of everybody.
 */
struct merge_list_question {
    const struct id *of; /* with all who are one with him */
    bool only_standing;
    struct id before; /* zeroes: from the latest */
    uint32_t page_size;
};
void merge_list(struct request *req, const struct merge_list_question *question,
                struct merge_records *out);

/* A customer's people now, and how he stands in the queue of owners. */
struct merge_owned {
    int32_t owner_version;
    const char *owner_state;
    struct merge_intervals intervals;
};
void merge_find_owned(struct request *req, const struct id *customer, struct merge_owned *out);

/* A merged customer's own file, not his survivor's; facts come with file_list_facts. */
struct merge_tombstone {
    struct file_state state;
    int32_t override_until, held_until; /* of his grade; FILE_NO_DAY: none */
};
void merge_find_tombstone(struct request *req, const struct id *customer,
                          struct merge_tombstone *out);

/* What only keeps a merge from being made now. */
struct merge_obstacle {
    bool run_adds_up; /* a grade run is at its figures */
};
void merge_find_obstacle(struct request *req, struct merge_obstacle *out);

/* --- a merge (merge_make.c) --- */

struct merge_making {
    struct id id;
    const struct file_row *survivor, *merged;
    const struct merge_owned *survivor_owned, *merged_owned;
    const bool *goes_on; /* of merged_owned's intervals, merge_owners */
    bool is_owned;       /* the survivor, afterwards */
    struct text reason;
    const char *by;
    const struct fields_score *score; /* of the survivor with the facts of both */
};
/* Everything but events, audit and search. Stale when either file or its owners changed since they
 * were read, or a grade run adds up figures. */
void merge_make(struct request *req, const struct merge_making *making);

/* --- an undo (merge_undo.c) --- */

struct merge_undoing {
    const struct merge_record *merge;
    const char *by;
    struct text reason;
    int64_t survivor_file_version;    /* as read */
    const struct fields_score *score; /* of the survivor alone; taken where he was changed since */
};
/* Everything but events, audit and the merged one's row of the search index. Stale when the merge
 * stands no more or the survivor is merged himself. */
void merge_undo(struct request *req, const struct merge_undoing *undoing);

#endif
