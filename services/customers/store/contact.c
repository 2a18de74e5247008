/* Contacts by their ids, with links and channels. */
#include "services/customers/store/contact.h"

#include "services/customers/store/scope.h"

enum {
    LIST_ROWS,
    LIST_LINKS,
    LIST_CHANNELS,
    LIST_CUSTOMERS,
};

const struct pg_statement contact_statements[] = {
    [LIST_ROWS] = {.name = "contact_list_rows",
                   .sql = "select u.place, c.id, c.name, c.gender, c.salutation, c.title,"
                          " c.department, c.birthday, c.language, c.state, c.source, c.is_key,"
                          " c.added_at, c.added_by, c.version,"
                          " (select count(*) from contact_link l where l.contact_id = c.id)"
                          " from unnest($1) with ordinality as u(id, place) cross join lateral"
                          " (select * from contact where id = u.id offset 0) c order by u.place",
                   .params = {PG_IDS}},
    [LIST_LINKS] =
        {.name = "contact_list_links",
         .sql = "select u.place, l.customer_id, k.number, coalesce(k.name, ''), l.role, l.title,"
                " l.department, l.is_primary, l.linked_at, l.linked_by, coalesce((select d.role"
                " from decision_entry d where d.customer_id = l.customer_id"
                " and d.contact_id = l.contact_id), '')"
                " from unnest($1) with ordinality as u(id, place) cross join lateral"
                " (select * from contact_link where contact_id = u.id offset 0) l cross join"
                " lateral (select * from customer where id = l.customer_id offset 0) k"
                " where " SCOPE_FILTER("l.customer_id", "$2", "$3",
                                       "$4") " order by u.place, k.number",
         .params = {PG_IDS, PG_BOOL, PG_BOOL, PG_IDS}},
    [LIST_CHANNELS] = {.name = "contact_list_channels",
                       .sql = "select u.place, c.id, c.kind, c.value_sealed, c.preference,"
                              " c.status, c.verified_on, c.is_opted_out, c.added_at, c.added_by"
                              " from unnest($1) with ordinality as u(id, place) cross join lateral"
                              " (select * from contact_channel where contact_id = u.id offset 0) c"
                              " order by u.place, c.preference, c.id",
                       .params = {PG_IDS}},
    [LIST_CUSTOMERS] = {.name = "contact_list_customers",
                        .sql = "select customer_id from contact_link where contact_id = $1"
                               " order by customer_id limit 101",
                        .params = {PG_ID}},
};
const size_t contact_statement_count = COUNT_OF(contact_statements);

static void fill_rows(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct contacts *all = out;
    size_t count = (size_t)pg_row_count(rows);

    all->list = arena_take_array(arena, count, sizeof(*all->list));
    all->places = arena_take_array(arena, count, sizeof(*all->places));
    for (size_t i = 0; all->list && all->places && i < count; i++) {
        struct contact *contact = &all->list[all->count++];
        int row = (int)i;

        all->places[i] = pg_get_int8(rows, row, 0);
        contact->id = pg_get_id(rows, row, 1);
        for (int k = 0; k < CONTACT_FIELDS; k++)
            contact->fields[k] = pg_keep_text(rows, row, 2 + k, arena);
        contact->is_key = pg_get_bool(rows, row, 11);
        contact->added_at_us = pg_get_time(rows, row, 12);
        contact->added_by = pg_keep_text(rows, row, 13, arena);
        contact->version = pg_get_int8(rows, row, 14);
        contact->other_links = (size_t)pg_get_int8(rows, row, 15);
    }
}

const char *contact_get_word(const struct pg_rows *rows, int row, int i, const char *const *words)
{
    const char *word = contact_word(words, pg_get_text(rows, row, i));

    return word ? word : "";
}

static void fill_links(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct contacts *all = out;
    size_t count = (size_t)pg_row_count(rows);

    all->links = arena_take_array(arena, count, sizeof(*all->links));
    all->link_places = arena_take_array(arena, count, sizeof(*all->link_places));
    for (size_t i = 0; all->links && all->link_places && i < count; i++) {
        int row = (int)i;

        all->link_places[i] = pg_get_int8(rows, row, 0);
        all->links[all->link_count++] = (struct contact_link){
            .customer = pg_get_id(rows, row, 1),
            .customer_number = pg_get_int8(rows, row, 2),
            .customer_name = pg_keep_text(rows, row, 3, arena),
            .role = contact_get_word(rows, row, 4, contact_roles),
            .title = pg_keep_text(rows, row, 5, arena),
            .department = pg_keep_text(rows, row, 6, arena),
            .is_primary = pg_get_bool(rows, row, 7),
            .linked_at_us = pg_get_time(rows, row, 8),
            .linked_by = pg_keep_text(rows, row, 9, arena),
            .decision_role = pg_keep_text(rows, row, 10, arena),
        };
    }
}

static void fill_channels(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct contacts *all = out;
    size_t count = (size_t)pg_row_count(rows);

    all->channels = arena_take_array(arena, count, sizeof(*all->channels));
    all->channel_places = arena_take_array(arena, count, sizeof(*all->channel_places));
    for (size_t i = 0; all->channels && all->channel_places && i < count; i++) {
        int row = (int)i;

        all->channel_places[i] = pg_get_int8(rows, row, 0);
        all->channels[all->channel_count++] = (struct contact_channel){
            .id = pg_get_id(rows, row, 1),
            .kind = contact_get_word(rows, row, 2, contact_kinds),
            .sealed = pg_keep_text(rows, row, 3, arena),
            .preference = pg_get_int4(rows, row, 4),
            .status = contact_get_word(rows, row, 5, contact_statuses),
            .verified_on = pg_get_date_or_none(rows, row, 6),
            .is_opted_out = pg_get_bool(rows, row, 7),
            .added_at_us = pg_get_time(rows, row, 8),
            .added_by = pg_keep_text(rows, row, 9, arena),
        };
    }
}

static struct pg_args *ids_of(struct request *req, int statement, const struct id *ids,
                              size_t count)
{
    struct pg_args *args = pg_args_new(req->arena, &contact_statements[statement]);

    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &ids[i]);
    return args;
}

void contact_load(struct request *req, const struct id *ids, size_t count, struct contacts *out)
{
    struct pg_args *links = ids_of(req, LIST_LINKS, ids, count);

    *out = (struct contacts){.count = 0};
    scope_put(req, links, 1);
    flow_ask(req, &contact_statements[LIST_ROWS], ids_of(req, LIST_ROWS, ids, count), fill_rows,
             out);
    flow_ask(req, &contact_statements[LIST_LINKS], links, fill_links, out);
    flow_ask(req, &contact_statements[LIST_CHANNELS], ids_of(req, LIST_CHANNELS, ids, count),
             fill_channels, out);
}

static void fill_customers(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct contact_ids *ids = out;
    size_t count = (size_t)pg_row_count(rows);

    ids->list = arena_take_array(arena, count, sizeof(*ids->list));
    for (size_t i = 0; ids->list && i < count; i++)
        ids->list[ids->count++] = pg_get_id(rows, (int)i, 0);
}

void contact_list_customers(struct request *req, const struct id *contact, struct contact_ids *out)
{
    struct pg_args *args = pg_args_new(req->arena, &contact_statements[LIST_CUSTOMERS]);

    *out = (struct contact_ids){.count = 0};
    pg_put_id(args, 0, contact);
    flow_ask(req, &contact_statements[LIST_CUSTOMERS], args, fill_customers, out);
}

void contact_settle(struct contacts *contacts)
{
    size_t link = 0, channel = 0;

    for (size_t i = 0; i < contacts->count; i++) {
        struct contact *contact = &contacts->list[i];
        int64_t place = contacts->places[i];

        while (link < contacts->link_count && contacts->link_places[link] < place)
            link++;
        contact->links = &contacts->links[link];
        for (; link < contacts->link_count && contacts->link_places[link] == place; link++)
            contact->link_count++;
        while (channel < contacts->channel_count && contacts->channel_places[channel] < place)
            channel++;
        contact->channels = &contacts->channels[channel];
        for (; channel < contacts->channel_count && contacts->channel_places[channel] == place;
             channel++)
            contact->channel_count++;
        contact->other_links = contact->other_links > contact->link_count
                                   ? contact->other_links - contact->link_count
                                   : 0;
    }
}
