/*
 * Rows about people: somebody new at a customer, or one who is known there by his source's id, or
 * by his name and a way to reach him. What they agreed to is not known: nothing is recorded of it.
 */
#include <stdio.h>
#include <string.h>

#include "common/pure/text.h"
#include "common/pure/uuid.h"
#include "services/customers/handlers/file_change.h"
#include "services/customers/handlers/import_rows.h"
#include "services/customers/handlers/people.h"
#include "services/customers/store/import_people.h"

/* Whom a row is about, besides its customer. */
struct import_person_match {
    bool has_customer, is_erased, has_file;
    struct id customer;
    const struct scope_sight *sight;
    const struct contact *contact; /* NULL: somebody new */
};

struct import_contact_world {
    struct import_nameds named;
    struct import_candidates by_id, by_name;
    struct contacts contacts;
    struct id *ids; /* of the contacts, once each */
    size_t id_count;
    struct import_person_match *matches; /* one per row */
};

void import_contacts_ask(struct request *req, struct importing *r)
{
    struct pg_args *question = import_people_ask_customers(req);

    r->contacts = arena_take(req->arena, sizeof(*r->contacts));
    if (!r->contacts)
        return;
    r->contacts->matches =
        arena_take_array(req->arena, r->ask.count, sizeof(*r->contacts->matches));
    for (size_t i = 0; i < r->ask.count; i++) {
        const struct import_row *row = &r->rows[i];
        struct customer_question named;

        if (row->external_customer.bytes == 0)
            continue;
        if (!customer_question_parse(row->external_customer, &named))
            named = (struct customer_question){
                .kind = CUSTOMER_REF_EXTERNAL,
                .reference = {r->record.settings.source, row->external_customer}};
        import_people_add_customer(question, (int64_t)i, &named);
    }
    import_people_find_customers(req, question, &r->contacts->named);
}

/* --- relate --- */

static void take_customers(struct importing *r)
{
    for (size_t i = 0; i < r->contacts->named.count; i++) {
        const struct import_named *named = &r->contacts->named.list[i];
        struct import_person_match *match = &r->contacts->matches[named->place];

        match->has_customer = true;
        match->customer = named->customer;
        match->has_file = named->has_file;
        match->is_erased = named->is_erased;
        r->rows[named->place].number = named->number;
    }
}

static void check_customer(struct importing *r, size_t i)
{
    const struct import_person_match *match = &r->contacts->matches[i];

    if (!match->has_customer)
        codec_import_reject(&r->rows[i], "customer",
                            "leads to nobody: give " CUSTOMER_REF_FORMS
                            ", or the id of the import's own source");
    else if (!match->has_file)
        codec_import_reject(&r->rows[i], "customer", "stands for what has no file");
    else if (match->is_erased)
        codec_import_reject(&r->rows[i], "customer",
                            "is restricted or erased: nobody is added to him any more");
}

void import_contacts_relate(struct request *req, struct importing *r)
{
    struct import_person_question question = import_people_ask(req);
    struct id *customers = arena_take_array(req->arena, r->ask.count, sizeof(*customers));
    size_t count = 0;

    r->sights = arena_take_array(req->arena, r->ask.count, sizeof(*r->sights));
    if (!r->contacts || !r->contacts->matches || !customers || !r->sights)
        return;
    take_customers(r);
    for (size_t i = 0; i < r->ask.count; i++) {
        struct import_row *row = &r->rows[i];

        if (!import_rows_is_open(r, i))
            continue;
        check_customer(r, i);
        if (!import_rows_is_open(r, i))
            continue;
        r->contacts->matches[i].sight = &r->sights[count];
        customers[count++] = r->contacts->matches[i].customer;
        if (row->external_id.bytes > 0)
            import_people_add_id(&question, (int64_t)i, r->record.settings.source,
                                 row->external_id);
        import_people_add_name(&question, (int64_t)i, &r->contacts->matches[i].customer,
                               row->person.fields[CONTACT_NAME]);
    }
    if (count > 0)
        scope_look_list(req, customers, count, r->sights);
    import_people_find(req, &question, &r->contacts->by_id, &r->contacts->by_name);
}

/* --- load --- */

static void add_ids(struct import_contact_world *world, const struct import_candidates *found)
{
    for (size_t i = 0; i < found->count; i++) {
        bool is_there = false;

        for (size_t k = 0; k < world->id_count && !is_there; k++)
            is_there = uuid_is_same(&world->ids[k], &found->list[i].contact);
        if (!is_there)
            world->ids[world->id_count++] = found->list[i].contact;
    }
}

void import_contacts_load(struct request *req, struct importing *r)
{
    struct import_contact_world *world = r->contacts;

    if (!world)
        return;
    world->ids = arena_take_array(req->arena, world->by_id.count + world->by_name.count,
                                  sizeof(*world->ids));
    if (!world->ids)
        return;
    add_ids(world, &world->by_id);
    add_ids(world, &world->by_name);
    if (world->id_count > 0)
        contact_load(req, world->ids, world->id_count, &world->contacts);
}

/* --- who is it --- */

static const struct contact *find_contact(const struct import_contact_world *world,
                                          const struct id *id)
{
    for (size_t i = 0; i < world->contacts.count; i++)
        if (uuid_is_same(&world->contacts.list[i].id, id))
            return &world->contacts.list[i];
    return NULL;
}

static bool has_channel(const struct contact *contact, const char *kind, const char *value)
{
    for (size_t i = 0; i < contact->channel_count; i++)
        if (strcmp(contact->channels[i].kind, kind) == 0 &&
            text_compare(contact->channels[i].value, (struct text){value, strlen(value)}) == 0)
            return true;
    return false;
}

/* The same name at the same customer: the same person, unless both can be reached and by nothing
 * that is the same. */
static bool is_him(const struct import_person *person, const struct contact *contact)
{
    if (person->channel_count == 0 || contact->channel_count == 0)
        return true;
    for (size_t i = 0; i < person->channel_count; i++)
        if (has_channel(contact, person->channels[i].kind, person->channels[i].value->value))
            return true;
    return false;
}

static void match_contacts(struct importing *r)
{
    struct import_contact_world *world = r->contacts;

    for (size_t i = 0; i < world->by_id.count; i++) {
        const struct import_candidate *found = &world->by_id.list[i];

        world->matches[found->place].contact = find_contact(world, &found->contact);
    }
    for (size_t i = 0; i < world->by_name.count; i++) {
        const struct import_candidate *found = &world->by_name.list[i];
        const struct contact *contact = find_contact(world, &found->contact);

        if (!world->matches[found->place].contact && contact &&
            is_him(&r->rows[found->place].person, contact))
            world->matches[found->place].contact = contact;
    }
}

static bool share_channel(const struct import_person *a, const struct import_person *b)
{
    if (a->channel_count == 0 || b->channel_count == 0)
        return true;
    for (size_t i = 0; i < a->channel_count; i++)
        for (size_t k = 0; k < b->channel_count; k++)
            if (a->channels[i].kind == b->channels[k].kind &&
                strcmp(a->channels[i].value->value, b->channels[k].value->value) == 0)
                return true;
    return false;
}

/* One row of a batch for one person. */
static bool is_same_person(const struct importing *r, size_t a, size_t b)
{
    const struct import_person_match *one = &r->contacts->matches[a],
                                     *other = &r->contacts->matches[b];
    const struct import_row *row = &r->rows[a], *before = &r->rows[b];

    if (one->contact || other->contact)
        return one->contact == other->contact;
    if (row->external_id.bytes > 0 && before->external_id.bytes > 0)
        return false; /* two ids, both new: the source says they are two */
    return uuid_is_same(&one->customer, &other->customer) &&
           text_compare(row->person.fields[CONTACT_NAME], before->person.fields[CONTACT_NAME]) ==
               0 &&
           share_channel(&row->person, &before->person);
}

static void reject_repeated(struct request *req, struct importing *r, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (r->rows[k].outcome == IMPORT_OUTCOME_REJECTED || r->matches[k].is_written ||
            !is_same_person(r, i, k))
            continue;
        codec_import_reject(&r->rows[i], "name",
                            arena_print(req->arena, "is the same person as in line %lld",
                                        (long long)r->rows[k].line));
        return;
    }
}

/* --- decide --- */

static void put_line(struct request *req, const struct importing *r, size_t i,
                     const struct id *contact, int64_t version)
{
    const struct import_line line = {.line = r->rows[i].line,
                                     .outcome = r->rows[i].outcome,
                                     .customer = r->contacts->matches[i].customer,
                                     .contact = *contact,
                                     .version = version};

    import_add_line(req, r->ask.number, &line);
}

static void put_channel(struct request *req, const struct id *contact, const char *kind,
                        const struct contact_value *value, int32_t preference, struct id *id)
{
    struct contact_channel channel = {.id = request_new_id(req),
                                      .kind = kind,
                                      .preference = preference,
                                      .status = "unverified",
                                      .verified_on = CONTACT_NO_DAY};
    struct contact_hashed hashed;

    *id = channel.id;
    if (people_seal_channel(req, value, &channel, &hashed))
        contact_put_channel(req, contact, &channel, &hashed, file_change_by(req));
}

static void put_link(struct request *req, const struct importing *r, size_t i,
                     const struct id *contact)
{
    const struct contact_link link = {.customer = r->contacts->matches[i].customer,
                                      .role = r->rows[i].person.role ? r->rows[i].person.role : "",
                                      .title = TEXT_OF(""),
                                      .department = TEXT_OF("")};

    contact_add_link(req, contact, &link, file_change_by(req));
}

static void add_person(struct request *req, struct importing *r, size_t i)
{
    static const char *const changed[] = {"new"};
    const struct import_row *row = &r->rows[i];
    struct contact contact = {.id = request_new_id(req), .is_key = row->person.is_key};
    struct id channel;

    memcpy(contact.fields, row->person.fields, sizeof(contact.fields));
    contact.fields[CONTACT_STATE] = TEXT_OF("active");
    contact.fields[CONTACT_SOURCE] = r->record.settings.source;
    contact_add(req, &contact, file_change_by(req));
    contact_put_keys(req, &contact.id, contact.fields[CONTACT_NAME], true);
    put_link(req, r, i, &contact.id);
    for (size_t k = 0; k < row->person.channel_count; k++)
        put_channel(req, &contact.id, row->person.channels[k].kind, row->person.channels[k].value,
                    (int32_t)k + 1, &channel);
    if (row->external_id.bytes > 0)
        import_people_add_ref(req, r->record.settings.source, row->external_id, &contact.id);
    put_line(req, r, i, &contact.id, 1);
    file_change_tell(req, &contact.id,
                     codec_contact_imported(&contact.id, &r->contacts->matches[i].customer, changed,
                                            1, 1, req->arena));
}

static void add_former(struct request *req, const struct importing *r, size_t i,
                       const struct contact *contact, const char *field, const struct text *before)
{
    struct fact fact = {.verified_on = FILE_NO_DAY};
    struct import_former former = {.line = r->rows[i].line, .contact = contact->id, .field = field};

    if (before) {
        fact.value = *before;
        former.before = &fact;
    }
    import_add_former(req, r->ask.number, &former);
}

static bool is_linked(const struct contact *contact, const struct id *customer)
{
    for (size_t i = 0; i < contact->link_count; i++)
        if (uuid_is_same(&contact->links[i].customer, customer))
            return true;
    return false;
}

/* What a row says more or other of a known contact. */
struct difference {
    struct contact after;
    const char *changed[CONTACT_FIELDS + 3];
    size_t count, field_count;
    bool has_link;
    bool is_new[IMPORT_MAX_CHANNELS];
    size_t channel_count;
};

static void compare(const struct importing *r, size_t i, const struct contact *contact,
                    struct difference *out)
{
    const struct import_row *row = &r->rows[i];
    struct contact_change change = {.sets_key = row->person.has_key, .is_key = row->person.is_key};

    memcpy(change.fields, row->person.fields, sizeof(change.fields));
    out->count = out->field_count = contact_apply(contact, &change, &out->after, out->changed);
    for (size_t k = 0; k < row->person.channel_count; k++) {
        out->is_new[k] = !has_channel(contact, row->person.channels[k].kind,
                                      row->person.channels[k].value->value);
        out->channel_count += out->is_new[k];
    }
    out->has_link = !is_linked(contact, &r->contacts->matches[i].customer);
    if (out->channel_count > 0)
        out->changed[out->count++] = "channels";
    if (out->has_link)
        out->changed[out->count++] = "links";
}

static enum contact_field field_named(const char *name)
{
    for (int field = 0; field < CONTACT_FIELDS; field++)
        if (strcmp(contact_field_names[field], name) == 0)
            return (enum contact_field)field;
    return CONTACT_FIELDS;
}

static void put_difference(struct request *req, const struct importing *r, size_t i,
                           const struct contact *contact, const struct difference *difference)
{
    const struct import_person *person = &r->rows[i].person;
    const struct text was_key = contact->is_key ? TEXT_OF("yes") : TEXT_OF("no");
    int32_t place = (int32_t)contact->channel_count;
    char part[60], id[UUID_TEXT_BYTES];
    struct id channel;

    for (size_t k = 0; k < difference->field_count; k++) {
        enum contact_field field = field_named(difference->changed[k]);

        add_former(req, r, i, contact, difference->changed[k],
                   field == CONTACT_FIELDS ? &was_key : &contact->fields[field]);
    }
    for (size_t k = 0; k < person->channel_count; k++) {
        if (!difference->is_new[k])
            continue;
        put_channel(req, &contact->id, person->channels[k].kind, person->channels[k].value, ++place,
                    &channel);
        uuid_print(&channel, id);
        snprintf(part, sizeof(part), "channel:%s", id);
        add_former(req, r, i, contact, arena_copy_text(req->arena, part, strlen(part)), NULL);
    }
    if (difference->has_link) {
        put_link(req, r, i, &contact->id);
        add_former(req, r, i, contact, "link", NULL);
    }
}

static void change_person(struct request *req, const struct importing *r, size_t i,
                          const struct contact *contact, const struct difference *difference)
{
    if (difference->field_count > 0)
        contact_save(req, &difference->after, contact->version);
    else
        contact_touch(req, &contact->id, contact->version);
    if (difference->field_count > 0 &&
        strcmp(difference->changed[0], contact_field_names[CONTACT_NAME]) == 0)
        contact_put_keys(req, &contact->id, difference->after.fields[CONTACT_NAME], false);
    put_difference(req, r, i, contact, difference);
    put_line(req, r, i, &contact->id, contact->version + 1);
    file_change_tell(req, &contact->id,
                     codec_contact_imported(&contact->id, &r->contacts->matches[i].customer,
                                            difference->changed, difference->count,
                                            contact->version + 1, req->arena));
}

static void decide_known(struct request *req, struct importing *r, size_t i)
{
    const struct contact *contact = r->contacts->matches[i].contact;
    struct difference *difference = arena_take(req->arena, sizeof(*difference));
    struct text state = contact->fields[CONTACT_STATE];

    if (!difference)
        return;
    if (contact_word((const char *const[]){"active", "left", NULL}, state) == NULL) {
        codec_import_reject(&r->rows[i], "external_id",
                            "is somebody restricted or erased: nothing is said of him any more");
        return;
    }
    compare(r, i, contact, difference);
    bool is_kept = r->record.settings.known == IMPORT_KNOWN_KEEP || difference->count == 0;

    r->rows[i].outcome = is_kept ? IMPORT_OUTCOME_UNCHANGED : IMPORT_OUTCOME_UPDATED;
    if (r->ask.is_dry)
        return;
    if (is_kept)
        put_line(req, r, i, &contact->id, contact->version);
    else
        change_person(req, r, i, contact, difference);
}

static void decide_one(struct request *req, struct importing *r, size_t i)
{
    struct import_person_match *match = &r->contacts->matches[i];
    struct scope_sight sight = *match->sight;

    scope_settle(req, &sight);
    if (!sight.is_within) {
        codec_import_reject(&r->rows[i], "customer",
                            "is outside your scope: his owner or a manager may add people to him");
        return;
    }
    reject_repeated(req, r, i);
    if (!import_rows_is_open(r, i))
        return;
    if (match->contact) {
        decide_known(req, r, i);
        return;
    }
    r->rows[i].outcome = IMPORT_OUTCOME_ACCEPTED;
    if (!r->ask.is_dry)
        add_person(req, r, i);
}

void import_contacts_decide(struct request *req, struct importing *r)
{
    if (!r->contacts || !r->contacts->matches)
        return; /* the arena is full: the answer will be, too */
    if (r->contacts->id_count > 0)
        contact_settle(&r->contacts->contacts);
    people_open_channels(req, &r->contacts->contacts, true);
    match_contacts(r);
    for (size_t i = 0; i < r->ask.count; i++)
        if (import_rows_is_open(r, i))
            decide_one(req, r, i);
}
