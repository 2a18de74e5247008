/*
 * One row about a customer, taken back.
 */
#include <string.h>

#include "common/pure/text.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/undo_import.h"

void undo_import_ask_customers(struct request *req, struct undoing *r)
{
    struct id *ids = arena_take_array(req->arena, r->lines.count, sizeof(*ids));

    for (size_t i = 0; ids && i < r->lines.count; i++)
        ids[i] = r->lines.list[i].customer;
    if (!ids)
        return;
    import_undo_find_customers(req, ids, r->lines.count, &r->stoods);
    import_list_facts(req, ids, r->lines.count, &r->facts);
}

static struct import_stood *find_stood(struct undoing *r, const struct id *id)
{
    for (size_t i = 0; i < r->stoods.count; i++)
        if (memcmp(&r->stoods.list[i].id, id, sizeof(*id)) == 0)
            return &r->stoods.list[i];
    return NULL;
}

static bool take_facts(struct request *req, const struct undoing *r, struct file_row *row)
{
    struct facts *facts = &row->state.facts;

    facts->list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*facts->list));
    for (size_t i = 0; facts->list && i < r->facts.count && facts->count < FIELDS_MAX; i++)
        if (memcmp(&r->facts.customers[i], &row->id, sizeof(row->id)) == 0)
            facts->list[facts->count++] = r->facts.list[i];
    return facts->list != NULL;
}

/* --- made by the row --- */

static void remove_customer(struct request *req, struct undoing *r, const struct import_line *line,
                            struct import_stood *stood)
{
    char number[IMPORT_NUMBER_BYTES];

    stood->standing.is_changed = stood->row.file_version != line->version;
    const char *because = import_keep_because(&stood->standing);

    if (because) {
        undo_import_mark(req, r, line, "kept", because);
        return;
    }
    import_number_print(CODEC_IMPORT_PREFIX, r->number, number);
    import_undo_remove_customer(req, &stood->row, file_change_by(req));
    file_change_tell(req, &stood->id, codec_customer_removed(&stood->id, number, req->arena));
    undo_import_mark(req, r, line, "removed", "");
}

/* --- changed by the row --- */

/* A fact is as the row left it. */
static bool is_as_written(const struct facts *facts, const struct import_before *before)
{
    const struct fact *now = file_find_fact(facts, before->field);

    return now && now->changed_at_us == before->written_at_us;
}

static struct text word_now(const struct file_state *state, const char *word)
{
    const char *name = file_nature_name(state->nature);

    if (strcmp(word, "region") == 0)
        return state->region;
    if (strcmp(word, "party_type") == 0)
        name = file_party_name(state->party);
    return (struct text){name, strlen(name)};
}

static void put_word(struct file_change *change, const struct import_before *before)
{
    if (strcmp(before->word, "party_type") == 0)
        change->party = file_party_read(before->fact.value);
    else if (strcmp(before->word, "nature") == 0)
        change->nature = file_nature_read(before->fact.value);
    else
        change->sets_region = true;
    if (change->sets_region && strcmp(before->word, "region") == 0)
        change->region = before->fact.value;
}

/* Adds to the change what can go back; false: it stays, since somebody changed it, its key is gone,
 * or a file needs a name. */
static bool put_back(const struct file_row *row, const struct import_before *before,
                     struct file_change *change)
{
    if (!before->is_readable)
        return false;
    if (before->word) {
        if (text_compare(word_now(&row->state, before->word), before->written) != 0)
            return false;
        put_word(change, before);
        return true;
    }
    if (!before->field || !is_as_written(&row->state.facts, before) ||
        (!before->was_there && strcmp(before->field->name, "name") == 0))
        return false;
    change->facts.list[change->facts.count++] = before->fact;
    return true;
}

static bool save(struct request *req, const struct file_row *row, const struct file_change *change)
{
    struct file_state after = {
        .facts.list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*after.facts.list))};
    const struct codec_file_ask parts = {.change = *change};
    const char *changed[FILE_MAX_CHANGED];

    if (!after.facts.list)
        return false;
    size_t count = file_apply(&row->state, change, &after, changed);

    /* The nature may have changed since, or its facts. */
    if (count == 0 || file_find_misfit(&after))
        return false;
    struct fields_score score = file_score(&after);

    import_save_customer(req, row, &after,
                         file_find_fact(&change->facts, fields_find(TEXT_OF("name"))), &score);
    file_change_put_parts(req, &row->id, &parts, row, &after);
    return file_change_tell(
        req, &row->id,
        codec_customer_imported(&row->id, changed, count, row->file_version + 1, req->arena));
}

static void restore_customer(struct request *req, struct undoing *r, const struct import_line *line,
                             struct import_stood *stood)
{
    struct file_change change = {
        .facts.list = arena_take_array(req->arena, FIELDS_MAX, sizeof(*change.facts.list))};
    const char *left = "";
    size_t back = 0;

    if (stood->standing.is_gone) {
        undo_import_mark(req, r, line, "kept", import_keep_because(&stood->standing));
        return;
    }
    if (!change.facts.list || !take_facts(req, r, &stood->row))
        return;
    for (size_t i = 0; i < r->befores.count; i++) {
        const struct import_before *before = &r->befores.list[i];

        if (before->line != line->line)
            continue;
        if (put_back(&stood->row, before, &change))
            back++;
        else
            left = arena_print(req->arena, "%s%s%s", left, left[0] ? ", " : "",
                               before->word ? before->word : before->field->name);
    }
    if (back > 0 && save(req, &stood->row, &change))
        undo_import_mark(req, r, line, "restored",
                         left[0] ? arena_print(req->arena, "%s: stayed, changed since", left) : "");
    else
        undo_import_mark(req, r, line, "kept", "was changed since");
}

void undo_import_customer(struct request *req, struct undoing *r, const struct import_line *line)
{
    struct import_stood *stood = find_stood(r, &line->customer);

    if (!stood)
        undo_import_mark(req, r, line, "kept", "is gone already");
    else if (line->outcome == IMPORT_OUTCOME_ACCEPTED)
        remove_customer(req, r, line, stood);
    else
        restore_customer(req, r, line, stood);
}
