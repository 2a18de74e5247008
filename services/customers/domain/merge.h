/*
 * Two files of one customer made one (BEHAVIOUR "Identity"): what may be merged, and who looks
 * after the survivor afterwards.
 */
#ifndef KEHU_CUSTOMERS_MERGE_H
#define KEHU_CUSTOMERS_MERGE_H

#include "services/customers/domain/file.h"

#define MERGE_MAX_REASON 500 /* characters */

enum merge_refusal {
    MERGE_FINE,
    MERGE_ITSELF,
    MERGE_SURVIVOR_IS_MERGED, /* named by a number that leads to another now */
    MERGE_MERGED_IS_MERGED,
    MERGE_ANONYMOUS, /* either stands for the sales without a customer of a region */
    MERGE_ERASED,    /* either */
    MERGE_NATURES,
};

/* Both as file_find found them: of a tombstone the survivor's row with `merged_from`. */
enum merge_refusal merge_check(const struct file_row *survivor, const struct file_row *merged);

/* Facts of both: of a field the survivor's. `all->list` has room for FIELDS_MAX. */
void merge_join_facts(const struct facts *survivor, const struct facts *merged, struct facts *all);

/* One who looks after a customer now. */
struct merge_interval {
    struct id id;
    struct id staff;
    bool is_owner; /* else of the team */
};

struct merge_intervals {
    struct merge_interval *list;
    size_t count;
};

/*
 * Who of the merged one's people goes on with the survivor: the owner where the survivor has none,
 * the team always; nobody twice. `goes_on` has a place per interval of `merged`. True: the survivor
 * has an owner afterwards.
 */
bool merge_owners(const struct merge_intervals *survivor, const struct merge_intervals *merged,
                  bool *goes_on);

/* Merges, as they are shown. */
struct merge_record {
    bool found;
    struct id id, survivor, merged;
    int64_t survivor_number, merged_number;
    struct text survivor_name, merged_name;
    struct text reason, made_by, undone_by, undo_reason;
    int64_t made_at_us, undone_at_us; /* undone 0: it stands */
    int64_t survivor_merged_into; /* number of whom the survivor himself was merged into; else 0 */
    bool is_erased;               /* either */
};

struct merge_records {
    struct merge_record *list;
    size_t count;
};

/* Rows that changed hands, by table. */
struct merge_moves {
    struct text what;
    int64_t rows, returned;
};

struct merge_moves_list {
    struct merge_moves *list;
    size_t count;
};

#endif
