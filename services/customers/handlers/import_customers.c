/*
 * Rows about customers: a new file, or what is known of one from its source and says more or other.
 */
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/pure/text.h"
#include "services/customers/domain/review.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/import_rows.h"
#include "services/customers/handlers/reviews.h"

void import_customers_ask(struct request *req, struct importing *r)
{
    struct pg_args *question = import_ask_customers(req);
    struct text *regions = arena_take_array(req->arena, r->ask.count, sizeof(*regions));
    size_t count = 0;

    for (size_t i = 0; regions && i < r->ask.count; i++) {
        const struct import_row *row = &r->rows[i];

        if (row->external_id.bytes > 0)
            import_ask_add_customer(question, r->record.settings.source, row->external_id);
        if (row->change.region.bytes > 0)
            regions[count++] = row->change.region;
    }
    import_find_customers(req, question, &r->customers);
    reviews_ask(req, &r->reviews);
    if (count > 0)
        import_find_regions(req, regions, count, &r->regions);
}

/* --- relate --- */

static int by_external_id(const void *a, const void *b)
{
    const struct import_customer *one = a, *other = b;

    return text_compare(one->external_id, other->external_id);
}

/* People write a region's name where its code is meant. */
static void settle_region(const struct importing *r, struct import_row *row)
{
    for (size_t i = 0; i < r->regions.count; i++) {
        const struct import_region *region = &r->regions.list[i];

        if (text_compare(region->told, row->change.region) != 0)
            continue;
        if (region->is_ambiguous)
            codec_import_reject(row, "region", "is the name of several regions: say the code");
        row->change.region = region->code;
        return;
    }
    codec_import_reject(row, "region",
                        "is no region of the tree: ListRegions lists their codes and names");
}

/* Ids of one customer from before a merge may stand in one batch; one row may change him. */
static void reject_same(struct request *req, struct importing *r, size_t i)
{
    const struct import_customer *customer = r->matches[i].customer;

    for (size_t k = 0; k < i; k++) {
        const struct import_customer *other = r->matches[k].customer;

        if (!other || memcmp(&other->row.id, &customer->row.id, sizeof(struct id)) != 0)
            continue;
        codec_import_reject(&r->rows[i], "external_id",
                            arena_print(req->arena,
                                        "is the same customer as in line %lld: one row of a file "
                                        "may change him",
                                        (long long)r->rows[k].line));
        return;
    }
}

static void match(struct request *req, struct importing *r)
{
    struct import_customers *found = &r->customers;

    if (found->count > 0)
        qsort(found->list, found->count, sizeof(*found->list), by_external_id);
    for (size_t i = 0; i < r->ask.count; i++) {
        struct import_customer key = {.external_id = r->rows[i].external_id};

        if (!import_rows_is_open(r, i))
            continue;
        if (r->rows[i].change.region.bytes > 0)
            settle_region(r, &r->rows[i]);
        if (found->count > 0)
            r->matches[i].customer =
                bsearch(&key, found->list, found->count, sizeof(key), by_external_id);
        r->matches[i].is_known = r->matches[i].customer != NULL;
        if (r->matches[i].is_known)
            reject_same(req, r, i);
    }
}

void import_customers_relate(struct request *req, struct importing *r)
{
    struct id *known = arena_take_array(req->arena, r->ask.count, sizeof(*known));
    size_t known_count = 0, new_count = 0;

    match(req, r);
    r->sights = arena_take_array(req->arena, r->ask.count, sizeof(*r->sights));
    if (!known || !r->sights)
        return;
    for (size_t i = 0; i < r->ask.count; i++) {
        if (!import_rows_is_open(r, i))
            continue;
        if (!r->matches[i].is_known) {
            new_count++;
            continue;
        }
        r->matches[i].sight = &r->sights[known_count];
        known[known_count++] = r->matches[i].customer->row.id;
    }
    if (known_count > 0) {
        import_list_facts(req, known, known_count, &r->facts);
        scope_look_list(req, known, known_count, r->sights);
    }
    if (new_count > 0 && !r->ask.is_dry)
        reference_take_numbers(req, new_count, &r->numbers);
}

/* --- decide --- */

static const struct file_row nobody;

static bool prepare_state(struct request *req, struct file_state *state)
{
    state->facts.list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*state->facts.list));
    return state->facts.list != NULL;
}

/* What the file would be; false: rejected, a fact is not for its nature. */
static bool apply(struct request *req, struct import_row *row, const struct file_state *before,
                  struct file_state *after, const char *changed[], size_t *changed_count)
{
    if (!prepare_state(req, after))
        return false;
    *changed_count = file_apply(before, &row->change, after, changed);
    const struct field *misfit = file_find_misfit(after);

    if (misfit)
        codec_import_reject(row, misfit->name,
                            after->nature == FILE_NATURE_PERSON
                                ? "is for organisations, and this is a person"
                                : "is for persons, and this is an organisation");
    return !misfit;
}

static void put_line(struct request *req, const struct importing *r, const struct import_row *row,
                     const struct id *customer, int64_t version)
{
    const struct import_line line = {
        .line = row->line, .outcome = row->outcome, .customer = *customer, .version = version};

    import_add_line(req, r->ask.number, &line);
}

static void put_parts(struct request *req, const struct id *id, const struct import_row *row,
                      const struct file_row *before, const struct file_state *after)
{
    const struct codec_file_ask parts = {.change = row->change};

    file_change_put_parts(req, id, &parts, before, after);
}

static const struct fact *find_name(const struct import_row *row)
{
    return file_find_fact(&row->change.facts, fields_find(TEXT_OF("name")));
}

static void add_customer(struct request *req, struct importing *r, struct import_row *row,
                         const struct file_state *after)
{
    const struct grade_review_policy policy = reviews_policy(req, &r->reviews);
    struct fields_score score = file_score(after);
    int32_t today = file_change_asker(req).today;
    struct file_saving saving = {
        .id = request_new_id(req),
        .number = r->numbers.list[r->numbers_used++],
        .state = after,
        .name = find_name(row),
        .score = &score,
        .reviewed_on = today,
        .review_due = review_due(today, ' ', &policy),
        .is_historic = true,
    };

    row->number = saving.number;
    file_add(req, &saving);
    reference_add(req, r->record.settings.source, row->external_id, &saving.id);
    put_parts(req, &saving.id, row, &nobody, after);
    put_line(req, r, row, &saving.id, 1);
    const struct codec_reference reference = {r->record.settings.source, row->external_id};
    struct packed event =
        codec_customer_registered(&saving.id, saving.number, &reference, true, req->arena);

    log_add(req, CODEC_CUSTOMER_REGISTERED, &saving.id, event.at, event.bytes);
}

static void decide_new(struct request *req, struct importing *r, struct import_row *row)
{
    static const struct file_state empty = {.nature = FILE_NATURE_NONE};
    const char *changed[FILE_MAX_CHANGED];
    struct file_state after;
    size_t count;

    if (!row->change.party)
        row->change.party = FILE_PARTY_CUSTOMER;
    if (!row->change.nature)
        row->change.nature = FILE_NATURE_ORGANISATION;
    if (!apply(req, row, &empty, &after, changed, &count))
        return;
    row->outcome = IMPORT_OUTCOME_ACCEPTED;
    if (!r->ask.is_dry && r->numbers_used < r->numbers.count)
        add_customer(req, r, row, &after);
}

/* A row that repeats what is known takes nothing of how well it is known. */
static void drop_known(struct import_row *row, const struct file_row *known)
{
    struct facts *facts = &row->change.facts;
    size_t kept = 0;

    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *before = file_find_fact(&known->state.facts, facts->list[i].field);

        if (!before || text_compare(before->value, facts->list[i].value) != 0)
            facts->list[kept++] = facts->list[i];
    }
    facts->count = kept;
}

static void add_formers(struct request *req, const struct importing *r,
                        const struct import_row *row, const struct file_row *known,
                        const struct file_state *after)
{
    const struct file_state *before = &known->state;
    struct import_former former = {.line = row->line, .customer = known->id};
    struct fact word = {.verified_on = FILE_NO_DAY};

    for (size_t i = 0; i < row->change.facts.count; i++) {
        const struct fact *fact = &row->change.facts.list[i];

        former.field = fact->field->name;
        former.before = file_find_fact(&before->facts, fact->field);
        import_add_former(req, r->ask.number, &former);
    }
    const struct {
        const char *field;
        struct text before, after;
    } words[] = {
        {"party_type",
         {file_party_name(before->party), strlen(file_party_name(before->party))},
         {file_party_name(after->party), strlen(file_party_name(after->party))}},
        {"nature",
         {file_nature_name(before->nature), strlen(file_nature_name(before->nature))},
         {file_nature_name(after->nature), strlen(file_nature_name(after->nature))}},
        {"region", before->region, after->region},
    };

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text_compare(words[i].before, words[i].after) == 0)
            continue;
        word.value = words[i].before;
        former.field = words[i].field;
        former.before = &word;
        former.written = words[i].after;
        import_add_former(req, r->ask.number, &former);
    }
}

static void change_customer(struct request *req, const struct importing *r,
                            const struct import_row *row, const struct file_row *known,
                            const struct file_state *after, const char *const *changed,
                            size_t changed_count)
{
    struct fields_score score = file_score(after);

    import_save_customer(req, known, after, find_name(row), &score);
    put_parts(req, &known->id, row, known, after);
    add_formers(req, r, row, known, after);
    put_line(req, r, row, &known->id, known->file_version + 1);
    file_change_tell(req, &known->id,
                     codec_customer_imported(&known->id, changed, changed_count,
                                             known->file_version + 1, req->arena));
}

static void decide_known(struct request *req, struct importing *r, size_t i)
{
    struct import_row *row = &r->rows[i];
    struct file_row known = r->matches[i].customer->row;
    const char *changed[FILE_MAX_CHANGED];
    struct file_state after;
    size_t count = 0;

    row->number = known.number;
    known.state.facts = r->matches[i].facts;
    drop_known(row, &known);
    if (!apply(req, row, &known.state, &after, changed, &count))
        return;
    bool is_kept = r->record.settings.known == IMPORT_KNOWN_KEEP || count == 0;

    row->outcome = is_kept ? IMPORT_OUTCOME_UNCHANGED : IMPORT_OUTCOME_UPDATED;
    if (r->ask.is_dry)
        return;
    if (is_kept)
        put_line(req, r, row, &known.id, known.file_version);
    else
        change_customer(req, r, row, &known, &after, changed, count);
}

static bool is_taken(struct request *req, const struct importing *r, size_t i)
{
    struct import_row *row = &r->rows[i];
    struct import_match *match = &r->matches[i];

    if (match->customer->row.state.party == FILE_PARTY_NONE) {
        codec_import_reject(row, "external_id", "stands for what has no file");
        return false;
    }
    if (match->customer->row.is_erased) {
        codec_import_reject(row, "external_id",
                            "is somebody restricted or erased: nothing is said of him any more");
        return false;
    }
    scope_settle(req, match->sight);
    if (match->sight->is_within)
        return true;
    codec_import_reject(row, "external_id",
                        "is a customer outside your scope: his owner or a manager may change him");
    return false;
}

/* The facts of one, which stand together, in the order of ids; false: no memory. */
static bool take_facts(struct request *req, struct importing *r, size_t i)
{
    const struct id *id = &r->matches[i].customer->row.id;
    struct facts *facts = &r->matches[i].facts;
    size_t first = 0, end = r->facts.count;

    while (first < end) {
        size_t middle = first + (end - first) / 2;

        if (memcmp(&r->facts.customers[middle], id, sizeof(*id)) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    facts->list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*facts->list));
    for (size_t k = first; facts->list && k < r->facts.count && facts->count < FIELDS_MAX; k++) {
        if (memcmp(&r->facts.customers[k], id, sizeof(*id)) != 0)
            break;
        facts->list[facts->count++] = r->facts.list[k];
    }
    return facts->list != NULL;
}

void import_customers_decide(struct request *req, struct importing *r)
{
    for (size_t i = 0; i < r->ask.count; i++) {
        if (!import_rows_is_open(r, i))
            continue;
        if (!r->matches[i].is_known)
            decide_new(req, r, &r->rows[i]);
        else if (is_taken(req, r, i) && take_facts(req, r, i))
            decide_known(req, r, i);
    }
}
