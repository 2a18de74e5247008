/*
 * A customer's file as people keep it: what kind of party, the facts with their provenance (R12,
 * R13), major changes (R14), what it says about purchases (R6). Pure: today and the dictionary are
 * arguments.
 */
#ifndef KEHU_CUSTOMERS_FILE_H
#define KEHU_CUSTOMERS_FILE_H

#include "common/pure/day.h"
#include "services/customers/domain/customer.h"
#include "services/customers/domain/fields.h"

#define FILE_MAX_FACTS 100        /* in one request, before repeated ones are refused */
#define FILE_MAX_REFS 100         /* added by one request */
#define FILE_MAX_MAJOR_CHANGES 20 /* told by one request, and shown */
#define FILE_MAX_DESCRIPTION 500  /* characters */
#define FILE_MAX_COLLECTOR 100
#define FILE_MAX_DEPTH 10 /* of organisations below organisations, the top one counted */
#define FILE_MAX_FAULTS 20
#define FILE_NO_DAY DAY_NONE

enum file_party {
    FILE_PARTY_NONE = 0, /* in a change: as it is; of a region's anonymous customer */
    FILE_PARTY_CUSTOMER = 1,
    FILE_PARTY_CHANNEL = 2,
    FILE_PARTY_SUPPLIER = 3,
    FILE_PARTY_PARTNER = 4,
    FILE_PARTY_COMPETITOR = 5,
};

enum file_nature {
    FILE_NATURE_NONE = 0,
    FILE_NATURE_ORGANISATION = 1,
    FILE_NATURE_PERSON = 2,
};

enum file_source {
    FILE_SOURCE_NONE = 0, /* nobody said it */
    FILE_SOURCE_VISIT = 1,
    FILE_SOURCE_SURVEY = 2,
    FILE_SOURCE_PHONE = 3,
    FILE_SOURCE_WEB = 4,
    FILE_SOURCE_INDUSTRY_REPORT = 5,
    FILE_SOURCE_FEEDBACK = 6,
    FILE_SOURCE_SOCIAL = 7,
    FILE_SOURCE_SALES_DATA = 8,
};

enum file_status {
    FILE_STATUS_NONE = 0,
    FILE_STATUS_UNVERIFIED = 1,
    FILE_STATUS_VERIFIED = 2,
    FILE_STATUS_DISPUTED = 3,
};

/* As rows and JSON have them: "customer", "industry_report"; "" for NONE. The other way round an
 * unknown word is NONE. */
const char *file_party_name(enum file_party party);
enum file_party file_party_read(struct text name);
const char *file_nature_name(enum file_nature nature);
enum file_nature file_nature_read(struct text name);
const char *file_source_name(enum file_source source);
enum file_source file_source_read(struct text name);
const char *file_status_name(enum file_status status);
enum file_status file_status_read(struct text name);

struct fact {
    const struct field *field;
    struct text value; /* normalised; empty in a change: removes the fact */
    enum file_source source;
    struct text collector;
    enum file_status status;
    int32_t verified_on; /* FILE_NO_DAY: never */
    int64_t changed_at_us;
};

struct facts {
    struct fact *list; /* each field once */
    size_t count;
};

/* NULL: not known. */
const struct fact *file_find_fact(const struct facts *facts, const struct field *field);

/* R14. */
#define FILE_MAJOR_KINDS                                                                           \
    "expansion, executive_change, relocation, ownership_change, liquidation or other"
bool file_is_major_kind(struct text kind);

struct major_change {
    struct text kind;
    struct text description;
    int32_t happened_on;
};

struct major_changes {
    struct major_change *list;
    size_t count;
};
/* The state of a file before and after a change. */
struct file_state {
    enum file_party party;
    enum file_nature nature;
    bool has_parent;
    struct id parent;
    struct text region; /* set on the file; empty: by its purchases */
    bool has_name;      /* by a fact, or told by an order */
    struct facts facts; /* room for FIELDS_MAX */
};

/* What is asked of a file; what is not said stays. */
struct file_change {
    enum file_party party;
    enum file_nature nature;
    bool sets_parent, has_parent; /* the first without the second: none any more */
    struct id parent;
    bool sets_region;
    struct text region;
    struct facts facts;
    size_t added_refs;
};

/*
 * Makes the change. `changed` gets the names of what is different now, in the order parent, party,
 * …, facts: at most FIELDS_MAX + 5. A fact told again with the same value and provenance changes
 * nothing. `before.facts.list` is not touched; `after.facts.list` has room for FIELDS_MAX.
 */
#define FILE_MAX_CHANGED (FIELDS_MAX + 5)
size_t file_apply(const struct file_state *before, const struct file_change *change,
                  struct file_state *after, const char *changed[FILE_MAX_CHANGED]);

/* Whether it is different, so that only such facts are written. */
bool file_is_new_fact(const struct facts *before, const struct fact *fact);

struct fields_score file_score(const struct file_state *state);

/* The first fact of the state whose field is not for its nature; NULL: all fit. */
const struct field *file_find_misfit(const struct file_state *state);

/* Where a file may hang. The chain are the parent and all above it, from below. */
struct file_link {
    struct id id;
    int64_t file_version;
};
struct file_chain {
    struct file_link *list;
    size_t count;
};
enum file_hanging {
    FILE_HANGS_WELL,
    FILE_HANGS_IN_CIRCLE,
    FILE_HANGS_TOO_DEEP,
};
/* `height` counts the levels from the file down to its lowest organisation, itself too. */
enum file_hanging file_hang(const struct id *file, const struct file_chain *above, size_t height);

/* R6, of documents with a positive net amount that are not cancelled. */
struct purchases {
    int32_t first_day, last_day; /* FILE_NO_DAY: none */
    int64_t order_days;          /* distinct ones */
    int64_t orders_12_months;
    int64_t net_12_months_micros; /* of all documents, in the business currency */
};
/* Days between order days in the mean; 0: fewer than two. */
double file_mean_interval(const struct purchases *purchases);
/* Last order day plus mean interval, rounded to days; FILE_NO_DAY: fewer than three order days. */
int32_t file_expected_next(const struct purchases *purchases);
/* First day of the 12 months that end with this day, which counts too. */
int32_t file_window_from(int32_t today);

/* A file as it is stored. */
struct file_row {
    bool found;
    struct id id;
    int64_t number;
    struct text name;
    struct file_state state; /* its facts come with file_list_facts */
    int64_t parent_number;   /* 0: none */
    int64_t file_version;
    int64_t registered_at_us;
    uint64_t version;
    int32_t reviewed_on, review_due;
    char grade;          /* ' ': none */
    int64_t merged_from; /* number asked for, when that is merged into this one; else 0 */
    bool is_erased;      /* or restricted: nothing is added to it */
    struct text privacy; /* which of them: "restricted", "erased"; else "open" */
    struct text owner;   /* who looks after him, "李娜 (li.na)"; empty: nobody */
};

/* R6, with the region in which the net of the 12 months up to `today` is largest (ties: the latest
 * order): its code, or its name as the source writes it; empty without purchases. */
struct file_purchases {
    struct purchases figures;
    struct text region;
};

/* What is asked of a list, and its rows. */
enum file_sort {
    FILE_SORT_NUMBER,
    FILE_SORT_NAME,
    FILE_SORT_REGISTERED,
    FILE_SORT_LATEST,
};
#define FILE_SORTS 4

struct file_list_question {
    enum file_party parties[5];
    size_t party_count; /* 0: all */
    struct text region; /* code or a source's name; empty: all */
    struct text grade;  /* "A", "B", "C", "none"; empty: all */
    bool has_parent;
    struct customer_question parent;
    struct id parent_id; /* of `parent`, once found */
    bool only_incomplete;
    int32_t review_due_by; /* FILE_NO_DAY: all */
    struct text missing_field;
    enum file_sort sort;
    uint32_t page_size;
    int64_t after_number; /* 0: from the beginning */
    bool only_repeat_complainants;
    struct text owner;  /* code or id of staff, "me", "none"; empty: all */
    bool has_owner_id;  /* else whoever owns them */
    struct id owner_id; /* of `owner`, once found; zeroes: those whom nobody owns */
};

struct file_summary {
    struct id id;
    int64_t number;
    struct text name;
    enum file_party party;
    struct text region;
    char grade; /* ' ': none */
    int32_t completeness_micros;
    int32_t review_due;
    struct text ref;     /* source:external_id of the oldest; empty: none */
    int64_t merged_from; /* number asked for or found, when that is merged into this one; else 0 */
    struct text former_name; /* of merged_from; empty: none */
    bool is_repeat_complainant;
    bool is_outside;        /* of what the asker may see: only the owner is told */
    const char *owner_name; /* of one outside; "": nobody */
    int32_t owned_since;    /* of one outside; FILE_NO_DAY: nobody */
    struct text owner;      /* who looks after him, "李娜 (li.na)"; empty: nobody */
};
struct file_summaries {
    struct file_summary *list;
    size_t count;
};

#endif
