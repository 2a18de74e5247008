/*
 * Searching for a customer: what is kept of a name so that it is found, and what people mean by
 * what they type into one box: a number, an id, a reference, the last four digits of a telephone
 * or a whole one, Chinese, pinyin, initials, Latin names, or several of these with spaces between.
 *
 * A name's key is its letters and digits, small and half width, without spaces and signs. Grams are
 * what the index knows of a customer, and what a query demands of those it finds:
 *   翠湖     two neighbouring characters of the key that are not ASCII
 *   cui      three neighbouring letters or digits of the key, of the pinyin or of the initials
 *   ^ch      the first two of each of these, and ^c the first
 *   #4:0001  the last digits of a telephone, and any four digits of the key
 */
#ifndef KEHU_CUSTOMERS_SEARCH_H
#define KEHU_CUSTOMERS_SEARCH_H

#include "common/base.h"
#include "services/customers/domain/file.h"
#include "services/customers/domain/customer.h"

#define SEARCH_MAX_QUERY 100                          /* characters */
#define SEARCH_QUERY_BYTES (SEARCH_MAX_QUERY * 4 + 1) /* of a query's key, terminated */
#define SEARCH_MAX_WORDS ((SEARCH_MAX_QUERY + 1) / 2)
#define SEARCH_MAX_PAGE 100
#define SEARCH_DEFAULT_PAGE 20

/* Writes the key, terminated. What does not fit, and all behind bytes that are no UTF-8, is left
 * out. Returns its length. */
size_t search_make_key(struct text text, char *key, size_t room);

#define SEARCH_GRAM_BYTES 12
struct search_gram {
    char text[SEARCH_GRAM_BYTES]; /* terminated, zeroes behind */
};
#define SEARCH_MAX_GRAMS 1500
#define SEARCH_GRAM_SLOTS 4096
/* Each once, in the order added; what does not fit is left out. */
struct search_grams {
    size_t count;
    struct search_gram list[SEARCH_MAX_GRAMS];
    uint16_t slots[SEARCH_GRAM_SLOTS]; /* where a gram stands, from 1 */
};
/* None yet. */
void search_open_grams(struct search_grams *grams);

/* The grams of a name's key, or of its pinyin or initials in one way of reading. */
void search_add_grams(struct search_grams *grams, struct text key);
/* The gram of a telephone's last digits, "0001". */
void search_add_phone(struct search_grams *grams, const char *last_four);

/* A word that a customer must match. */
enum search_word_kind {
    SEARCH_WORD_PLAIN,  /* anywhere in the name, the pinyin or the initials */
    SEARCH_WORD_BEGINS, /* one or two letters: with which one of them begins */
    SEARCH_WORD_DIGITS, /* four digits: of a telephone, or in the name */
    SEARCH_WORD_PHONE,  /* a whole telephone number: its last four */
};

struct search_word {
    enum search_word_kind kind;
    char text[SEARCH_QUERY_BYTES]; /* a part of a key, terminated; of a PHONE four digits */
};

/* A whole telephone number or e-mail address, looked up by its keyed hash. */
enum search_exact {
    SEARCH_EXACT_NONE,
    SEARCH_EXACT_PHONE,
    SEARCH_EXACT_EMAIL,
};

struct search_query {
    enum search_exact exact;
    char exact_value[CHINA_EMAIL_BYTES]; /* E.164, or the address */
    bool is_ref;                         /* and perhaps words too, since a name may have a colon */
    struct customer_question ref;
    char whole[SEARCH_QUERY_BYTES]; /* the key of all that was typed; empty: nothing to look for */
    struct search_word words[SEARCH_MAX_WORDS];
    size_t word_count;
};

/* Reads what was typed: UTF-8 of at most SEARCH_MAX_QUERY characters. The text of `ref` is borrowed
 * from it. */
void search_read(struct text typed, struct search_query *query);
/* Letters only: may be pinyin or initials. */
bool search_is_spelling(const struct search_word *word);
/* What everyone who matches has in the index; none: only beginnings of names are looked through. */
void search_query_grams(const struct search_query *query, struct search_grams *grams);

/* How a query is answered. */
enum search_path {
    SEARCH_BY_GRAMS, /* all who have the grams are gathered and ranked */
    SEARCH_IN_ORDER, /* very many have them: beginnings of names first, then others as registered */
    SEARCH_BEGINNING, /* there are no grams: beginnings of names only */
    SEARCH_SAMPLE,    /* statistics do not tell: some customers are looked at first */
};

/* What the statistics tell of a query's grams: which share of all customers has those that are
 * common. The others are rare. */
struct search_common {
    struct search_gram gram;
    int32_t micros; /* millionths */
};
struct search_statistics {
    int64_t customers;
    const struct search_common *common;
    size_t common_count;
};

/* The path, by what is known of single grams. Of them those are kept that leave the fewest: every
 * word is looked for in what they give. */
enum search_path search_choose(const struct search_statistics *statistics,
                               struct search_grams *grams);

/* Of the first SEARCH_SAMPLE_ROWS customers by id: how many there are, and how many of them match
 * every word. */
#define SEARCH_SAMPLE_ROWS 5000
struct search_sample {
    int64_t count, matching;
};
/* BY_GRAMS or IN_ORDER, of the grams that search_choose kept; the same for every page. */
enum search_path search_choose_sampled(const struct search_statistics *statistics,
                                       const struct search_grams *grams,
                                       const struct search_sample *sample);

/* What matched, by the rank of the find (from 1, the best) and what of the words was found. */
enum search_rank {
    SEARCH_RANK_REF = 0,      /* looked up by query.ref */
    SEARCH_RANK_NAME = 1,     /* this is the name */
    SEARCH_RANK_BEGINS = 2,   /* the name begins so */
    SEARCH_RANK_IN_NAME = 3,  /* all words are in the name */
    SEARCH_RANK_PHONE = 4,    /* in the name or a telephone */
    SEARCH_RANK_INITIALS = 5, /* the initials begin so */
    SEARCH_RANK_PINYIN = 6,   /* the pinyin begins so */
    SEARCH_RANK_INSIDE = 7,   /* inside of initials or pinyin */
    SEARCH_RANK_EMAIL = 8,    /* this is the e-mail address */
    SEARCH_RANK_FORMER = 9,   /* somebody merged into him matches, he does not */
};
struct search_match {
    enum search_rank rank;
    bool in_name, in_phone, in_initials; /* at least one word */
};
#define SEARCH_MATCHED_BYTES 48
/* "name", "pinyin", "name, phone"; "name, formerly"; of a REF "number", "id" or "reference".
 * Terminated. */
void search_print_match(const struct search_query *query, const struct search_match *match,
                        char out[SEARCH_MATCHED_BYTES]);

/* A customer who was found. */
struct search_hit {
    struct file_summary summary;
    struct search_match match;
    int32_t place; /* with the id, where a page ends */
};
struct search_hits {
    struct search_hit *list;
    size_t count;
};

struct search_page {
    size_t size;         /* one more than the page is asked for, to see whether there is a next */
    int32_t after_place; /* 0: from the beginning */
    struct id after;
};

#endif
