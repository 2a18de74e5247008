#include "services/customers/domain/search.h"

#include <string.h>

#include "common/pure/china.h"
#include "common/pure/utf8.h"

static bool is_latin_or_digit(int32_t character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/* Signs of the blocks from which names come; what is not known stays a letter. */
static bool is_sign(int32_t character)
{
    if (character < 0x80)
        return !is_latin_or_digit(character);
    return character < 0xc0 || character == 0xd7 || character == 0xf7 ||
           (character >= 0x2000 && character <= 0x206f) ||
           (character >= 0x2190 && character <= 0x2bff) ||
           (character >= 0x3000 && character <= 0x303f && character != 0x3005 &&
            character != 0x3007) ||
           character == 0x30fb || (character >= 0xe000 && character <= 0xf8ff) ||
           (character >= 0xfe00 && character <= 0xfe4f) ||
           (character >= 0xff00 && character <= 0xff65 && !utf8_is_han(character)) ||
           (character >= 0xfff0 && character <= 0xffff) || character >= 0xe0000;
}

/* Small letters of Latin-1, Greek and Cyrillic too. */
static int32_t lower(int32_t character)
{
    if ((character >= 0xc0 && character <= 0xde) || (character >= 0x391 && character <= 0x3a9) ||
        (character >= 0x410 && character <= 0x42f))
        return character + 32;
    return character >= 0x400 && character <= 0x40f ? character + 80 : utf8_lower(character);
}

size_t search_make_key(struct text text, char *key, size_t room)
{
    struct utf8_writer to;

    utf8_open(&to, key, room);
    for (size_t at = 0; at < text.bytes;) {
        int32_t character = utf8_next(text, &at);

        if (character < 0)
            break;
        character = utf8_half_width(character);
        if (!is_sign(character))
            utf8_put(&to, lower(character));
    }
    return to.bytes;
}

/* --- grams --- */

void search_open_grams(struct search_grams *grams)
{
    grams->count = 0;
    memset(grams->slots, 0, sizeof(grams->slots));
}

/* Where the gram stands or would stand; the table is never full. */
static uint16_t *find_slot(struct search_grams *grams, const struct search_gram *gram)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < SEARCH_GRAM_BYTES; i++)
        hash = (hash ^ (uint8_t)gram->text[i]) * 16777619u;
    for (;; hash++) {
        uint16_t *slot = &grams->slots[hash % SEARCH_GRAM_SLOTS];

        if (*slot == 0 || memcmp(&grams->list[*slot - 1], gram, sizeof(*gram)) == 0)
            return slot;
    }
}

static void add_gram(struct search_grams *grams, const char *prefix, const char *at, size_t bytes)
{
    struct search_gram gram = {{0}};
    size_t before = strlen(prefix);
    uint16_t *slot;

    if (grams->count == SEARCH_MAX_GRAMS || before + bytes >= SEARCH_GRAM_BYTES)
        return;
    memcpy(gram.text, prefix, before);
    memcpy(gram.text + before, at, bytes);
    slot = find_slot(grams, &gram);
    if (*slot == 0) {
        grams->list[grams->count++] = gram;
        *slot = (uint16_t)grams->count;
    }
}

static bool is_ascii(char byte)
{
    return ((unsigned char)byte & 0x80) == 0;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t count_digits(struct text text)
{
    size_t count = 0;

    while (count < text.bytes && is_digit(text.at[count]))
        count++;
    return count;
}

/* Pairs of neighbouring characters that are not ASCII. */
static void add_pairs(struct search_grams *grams, struct text key)
{
    size_t last = SIZE_MAX;

    for (size_t at = 0; at < key.bytes;) {
        size_t begin = at;

        if (utf8_next(key, &at) < 0)
            return;
        if (is_ascii(key.at[begin])) {
            last = SIZE_MAX;
            continue;
        }
        if (last != SIZE_MAX)
            add_gram(grams, "", key.at + last, at - last);
        last = begin;
    }
}

static void add_triples(struct search_grams *grams, struct text key)
{
    size_t run = 0; /* ASCII bytes up to here */

    for (size_t i = 0; i < key.bytes; i++) {
        run = is_ascii(key.at[i]) ? run + 1 : 0;
        if (run >= 3)
            add_gram(grams, "", key.at + i - 2, 3);
    }
}

static void add_fours(struct search_grams *grams, struct text key)
{
    for (size_t i = 0; i + 4 <= key.bytes; i++)
        if (count_digits((struct text){key.at + i, 4}) == 4)
            add_gram(grams, "#4:", key.at + i, 4);
}

void search_add_grams(struct search_grams *grams, struct text key)
{
    add_pairs(grams, key);
    add_triples(grams, key);
    add_fours(grams, key);
    if (key.bytes > 0 && is_ascii(key.at[0]))
        add_gram(grams, "^", key.at, 1);
    if (key.bytes > 1 && is_ascii(key.at[0]) && is_ascii(key.at[1]))
        add_gram(grams, "^", key.at, 2);
}

void search_add_phone(struct search_grams *grams, const char *last_four)
{
    add_gram(grams, "#4:", last_four, strlen(last_four));
}

/* --- what was typed --- */

/* A whole telephone number of seven digits or a service number of five; a landline may lack its
 * area code. */
static bool read_phone(struct text text, char last_four[5])
{
    struct china_phone phone;
    char digits[SEARCH_QUERY_BYTES];
    enum china_refusal refusal = china_read_phone(text, &phone);

    if (refusal == CHINA_FINE) {
        china_last_four(phone.number, last_four);
        return strlen(last_four) == 4;
    }
    size_t count = search_make_key(text, digits, sizeof(digits));

    if (refusal != CHINA_AREA || count < 7 || count_digits((struct text){digits, count}) < count)
        return false;
    memcpy(last_four, digits + count - 4, 5);
    return true;
}

static void read_word(struct text text, struct search_query *query)
{
    struct search_word *word = &query->words[query->word_count];
    char key[SEARCH_QUERY_BYTES];
    size_t bytes = search_make_key(text, key, sizeof(key));
    char phone[5];

    if (bytes == 0)
        return;
    bool is_four = bytes == 4 && count_digits((struct text){key, bytes}) == 4;

    query->word_count++;
    word->kind = SEARCH_WORD_PLAIN;
    memcpy(word->text, key, bytes + 1);
    if (is_four) {
        word->kind = SEARCH_WORD_DIGITS;
    } else if (read_phone(text, phone)) {
        word->kind = SEARCH_WORD_PHONE;
        memcpy(word->text, phone, sizeof(phone));
    } else if (bytes <= 2 && is_ascii(key[0])) {
        word->kind = SEARCH_WORD_BEGINS;
    }
}

static bool is_space(int32_t character)
{
    return character == ' ' || character == '\t' || character == 0xa0 || character == 0x3000 ||
           (character >= 0x2000 && character <= 0x200a) || character == 0x202f;
}

static void read_words(struct text typed, struct search_query *query)
{
    size_t begin = 0;

    for (size_t at = 0; at < typed.bytes;) {
        size_t before = at;
        int32_t character = utf8_next(typed, &at);

        if (character < 0)
            break;
        if (is_space(character)) {
            read_word((struct text){typed.at + begin, before - begin}, query);
            begin = at;
        }
    }
    read_word((struct text){typed.at + begin, typed.bytes - begin}, query);
}

bool search_is_spelling(const struct search_word *word)
{
    for (const char *at = word->text; *at; at++)
        if (!is_ascii(*at) || is_digit(*at))
            return false;
    return true;
}

/* Pinyin typed syllable by syllable, "cui hu": too short to be looked up one by one. */
static bool is_spelt_out(const struct search_query *query)
{
    bool has_short = false;

    for (size_t i = 0; i < query->word_count; i++) {
        if (!search_is_spelling(&query->words[i]))
            return false;
        has_short = has_short || query->words[i].kind == SEARCH_WORD_BEGINS;
    }
    return has_short && query->word_count > 1;
}

/* What stands in a file as a whole is looked up as a whole. Numbers such as 95588 are typed for
 * many reasons, and landlines without their area code are not whole. */
static void read_exact(struct text typed, struct search_query *query)
{
    struct china_phone phone;

    query->exact = SEARCH_EXACT_NONE;
    query->exact_value[0] = '\0';
    if (china_read_phone(typed, &phone) == CHINA_FINE && phone.kind != CHINA_PHONE_SERVICE) {
        query->exact = SEARCH_EXACT_PHONE;
        memcpy(query->exact_value, phone.number, sizeof(phone.number));
    } else if (china_read_email(typed, query->exact_value) == CHINA_FINE) {
        query->exact = SEARCH_EXACT_EMAIL;
    }
}

void search_read(struct text typed, struct search_query *query)
{
    size_t bytes = search_make_key(typed, query->whole, sizeof(query->whole));
    char phone[5];

    read_exact(typed, query);
    query->word_count = 0;
    query->is_ref = customer_question_parse(typed, &query->ref);
    if (read_phone(typed, phone)) {
        query->word_count = 1;
        query->words[0].kind = SEARCH_WORD_PHONE;
        memcpy(query->words[0].text, phone, sizeof(phone));
        return;
    }
    read_words(typed, query);
    if (is_spelt_out(query)) {
        query->word_count = 1;
        query->words[0].kind = bytes > 2 ? SEARCH_WORD_PLAIN : SEARCH_WORD_BEGINS;
        memcpy(query->words[0].text, query->whole, bytes + 1);
    }
}

void search_query_grams(const struct search_query *query, struct search_grams *grams)
{
    for (size_t i = 0; i < query->word_count; i++) {
        const struct search_word *word = &query->words[i];
        struct text text = {word->text, strlen(word->text)};

        switch (word->kind) {
        case SEARCH_WORD_PLAIN:
            add_pairs(grams, text);
            add_triples(grams, text);
            break;
        case SEARCH_WORD_BEGINS:
            if (text.bytes == 1 || is_ascii(text.at[1]))
                add_gram(grams, "^", text.at, text.bytes);
            break;
        case SEARCH_WORD_DIGITS:
        case SEARCH_WORD_PHONE:
            search_add_phone(grams, word->text);
            break;
        }
    }
}

/* --- the path --- */

/* What it costs to look at a customer, of whom only the place is known, and who comes in order; in
 * nanoseconds, measured at 1,000,000 customers. */
#define COST_GATHERED 3000.0
#define COST_IN_ORDER 1000.0
/* So few are gathered, so many come soon by a walk, whatever the other way costs. */
#define SURELY_FEW 5000.0
#define SURELY_MANY 20000.0
/* A page as people ask for it. Not the one asked for: the path must be the same for all of them. */
#define USUAL_PAGE 21.0

/* More grams leave fewer customers, but each has to be read: so many of the rarest are enough. */
#define ENOUGH_GRAMS 4

static int32_t share_of(const struct search_statistics *statistics, const struct search_gram *gram)
{
    for (size_t i = 0; i < statistics->common_count; i++)
        if (memcmp(&statistics->common[i].gram, gram, sizeof(*gram)) == 0)
            return statistics->common[i].micros;
    return 0;
}

/* Moves the rarest to the front, in their order, and forgets the others. */
static void keep_rarest(const struct search_statistics *statistics, struct search_grams *grams,
                        int32_t shares[ENOUGH_GRAMS])
{
    size_t kept = 0;

    for (; kept < ENOUGH_GRAMS && kept < grams->count; kept++) {
        size_t rarest = kept;

        for (size_t i = kept + 1; i < grams->count; i++)
            if (share_of(statistics, &grams->list[i]) < share_of(statistics, &grams->list[rarest]))
                rarest = i;
        struct search_gram gram = grams->list[rarest];

        grams->list[rarest] = grams->list[kept];
        grams->list[kept] = gram;
        shares[kept] = share_of(statistics, &gram);
    }
    grams->count = kept;
}

/* Which share of all customers has these grams. Those of one name are not independent: the rarest
 * counts in full, each other half. */
static double share_of_all(const struct search_statistics *statistics,
                           const struct search_grams *grams)
{
    double share = 1, rarest = 1;

    for (size_t i = 0; i < grams->count; i++) {
        double of_gram = share_of(statistics, &grams->list[i]) / 1e6;

        share *= 0.5 + 0.5 * of_gram;
        rarest = of_gram < rarest ? of_gram : rarest;
    }
    return share * rarest / (0.5 + 0.5 * rarest);
}

enum search_path search_choose(const struct search_statistics *statistics,
                               struct search_grams *grams)
{
    double customers = (double)statistics->customers;
    int32_t shares[ENOUGH_GRAMS];

    if (grams->count == 0)
        return SEARCH_BEGINNING;
    /* All grams: a long query finds few, for whom a walk in order would go to the end. */
    double found = customers * share_of_all(statistics, grams);

    keep_rarest(statistics, grams, shares);
    /* No more than have the rarest; the grams of one word come together, so hardly fewer. */
    if (customers * shares[0] / 1e6 <= SURELY_FEW)
        return SEARCH_BY_GRAMS;
    return found >= SURELY_MANY ? SEARCH_IN_ORDER : SEARCH_SAMPLE;
}

enum search_path search_choose_sampled(const struct search_statistics *statistics,
                                       const struct search_grams *grams,
                                       const struct search_sample *sample)
{
    double customers = (double)statistics->customers;

    /* The rarest stands first. */
    double have = customers * share_of(statistics, &grams->list[0]) / 1e6;
    double matching = sample->matching > 0 ? (double)sample->matching : 0.5;
    double in_order = USUAL_PAGE / matching * (double)sample->count * COST_IN_ORDER;

    return have * COST_GATHERED <= in_order ? SEARCH_BY_GRAMS : SEARCH_IN_ORDER;
}

static void say(struct utf8_writer *to, const char *word)
{
    if (to->bytes > 0) {
        utf8_put(to, ',');
        utf8_put(to, ' ');
    }
    while (*word)
        utf8_put(to, *word++);
}

static const char *ref_name(enum customer_ref_kind kind)
{
    switch (kind) {
    case CUSTOMER_REF_NUMBER:
        return "number";
    case CUSTOMER_REF_ID:
        return "id";
    case CUSTOMER_REF_EXTERNAL:
        return "reference";
    }
    return "";
}

void search_print_match(const struct search_query *query, const struct search_match *match,
                        char out[SEARCH_MATCHED_BYTES])
{
    bool is_ref = match->rank == SEARCH_RANK_REF, is_email = match->rank == SEARCH_RANK_EMAIL;
    bool is_name = match->rank <= SEARCH_RANK_IN_NAME && !is_ref;
    bool is_former = match->rank == SEARCH_RANK_FORMER;
    bool is_spelt = is_former ? !match->in_name && !match->in_phone
                              : match->rank >= SEARCH_RANK_INITIALS && !is_email;
    bool is_pinyin = match->rank == SEARCH_RANK_PINYIN ||
                     (match->rank >= SEARCH_RANK_INSIDE && !match->in_initials);
    struct utf8_writer to;

    utf8_open(&to, out, SEARCH_MATCHED_BYTES);
    if (is_ref)
        say(&to, ref_name(query->ref.kind));
    if (is_name || (match->in_name && !is_ref))
        say(&to, "name");
    if (match->in_phone && !is_ref && !is_name)
        say(&to, "phone");
    if (is_email)
        say(&to, "email");
    if (is_spelt)
        say(&to, is_pinyin ? "pinyin" : "initials");
    if (is_former)
        say(&to, "formerly");
}
