/*
 * One row about a person, taken back.
 */
#include <string.h>

#include "common/pure/text.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/undo_import.h"

void undo_import_ask_contacts(struct request *req, struct undoing *r)
{
    struct id *ids = arena_take_array(req->arena, r->lines.count, sizeof(*ids));

    for (size_t i = 0; ids && i < r->lines.count; i++)
        ids[i] = r->lines.list[i].contact;
    if (!ids)
        return;
    contact_load(req, ids, r->lines.count, &r->contacts);
    import_people_find_hung(req, ids, r->lines.count, &r->hung);
}

static const struct contact *find_contact(const struct undoing *r, const struct id *id)
{
    for (size_t i = 0; i < r->contacts.count; i++)
        if (memcmp(&r->contacts.list[i].id, id, sizeof(*id)) == 0)
            return &r->contacts.list[i];
    return NULL;
}

static bool is_hung(const struct undoing *r, const struct id *id)
{
    for (size_t i = 0; i < r->hung.count; i++)
        if (memcmp(&r->hung.list[i], id, sizeof(*id)) == 0)
            return true;
    return false;
}

static void tell(struct request *req, const struct import_line *line, const char *what,
                 int64_t version)
{
    const char **changed = arena_take_array(req->arena, 1, sizeof(*changed));

    if (!changed)
        return;
    changed[0] = what;
    file_change_tell(
        req, &line->contact,
        codec_contact_imported(&line->contact, &line->customer, changed, 1, version, req->arena));
}

static void remove_contact(struct request *req, struct undoing *r, const struct import_line *line,
                           const struct contact *contact)
{
    if (is_hung(r, &contact->id)) {
        undo_import_mark(req, r, line, "kept", "stands in a decision chain or has other entries");
        return;
    }
    import_people_remove(req, &contact->id, contact->version);
    tell(req, line, "removed", contact->version + 1);
    undo_import_mark(req, r, line, "removed", "");
}

/* --- changed by the row --- */

static enum contact_field field_of(const char *name)
{
    for (int field = 0; field < CONTACT_FIELDS; field++)
        if (strcmp(contact_field_names[field], name) == 0)
            return (enum contact_field)field;
    return CONTACT_FIELDS;
}

static void put_part(struct request *req, const struct import_line *line,
                     const struct import_before *before, struct contact *after, bool *has_name)
{
    struct id channel;
    enum contact_field field = field_of(before->name);

    if (strcmp(before->name, "link") == 0) {
        contact_remove_link(req, &line->contact, &line->customer);
    } else if (strncmp(before->name, "channel:", 8) == 0) {
        if (uuid_parse(before->name + 8, strlen(before->name + 8), &channel))
            contact_remove_channel(req, &line->contact, &channel);
    } else if (field == CONTACT_FIELDS) {
        after->is_key = text_compare(before->fact.value, TEXT_OF("yes")) == 0;
    } else {
        after->fields[field] = before->fact.value;
        *has_name |= field == CONTACT_NAME;
    }
}

static bool is_readable(const struct undoing *r, int64_t line)
{
    for (size_t i = 0; i < r->befores.count; i++)
        if (r->befores.list[i].line == line && !r->befores.list[i].is_readable)
            return false;
    return true;
}

static void restore_contact(struct request *req, struct undoing *r, const struct import_line *line,
                            const struct contact *contact)
{
    struct contact after = *contact;
    bool has_name = false;

    if (!is_readable(r, line->line)) {
        undo_import_mark(req, r, line, "kept", "what was there before can no longer be read");
        return;
    }
    for (size_t i = 0; i < r->befores.count; i++)
        if (r->befores.list[i].line == line->line)
            put_part(req, line, &r->befores.list[i], &after, &has_name);
    contact_save(req, &after, contact->version);
    if (has_name)
        contact_put_keys(req, &contact->id, after.fields[CONTACT_NAME], false);
    tell(req, line, "restored", contact->version + 1);
    undo_import_mark(req, r, line, "restored", "");
}

void undo_import_contact(struct request *req, struct undoing *r, const struct import_line *line)
{
    const struct contact *contact = find_contact(r, &line->contact);

    if (!contact || text_compare(contact->fields[CONTACT_STATE], TEXT_OF("erased")) == 0)
        undo_import_mark(req, r, line, "kept", "is gone already");
    else if (text_compare(contact->fields[CONTACT_STATE], TEXT_OF("restricted")) == 0)
        undo_import_mark(req, r, line, "kept", "is restricted");
    else if (contact->version != line->version)
        undo_import_mark(req, r, line, "kept", "was changed since");
    else if (line->outcome == IMPORT_OUTCOME_ACCEPTED)
        remove_contact(req, r, line, contact);
    else
        restore_contact(req, r, line, contact);
}
