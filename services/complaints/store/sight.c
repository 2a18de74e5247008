#include "services/complaints/store/sight.h"

#include <string.h>

#include "common/pure/role.h"
#include "common/pure/uuid.h"

enum {
    FIND_PERSON,
};

const struct pg_statement sight_statements[] = {
    /* Stands: himself and whom he stands in for today, also through others who are away. A team is
     * everybody below by manager. Circles end by union. */
    [FIND_PERSON] = {.name = "sight_find_person",
                     .sql =
                         "with recursive me as (select staff_id as id, code, roles, unit,"
                         " manager_id, is_active from staff_seen where code = $1 or staff_id = $2"
                         " limit 1),"
                         " stands(id) as (select id from me union select s.staff_id from stands t"
                         " join staff_seen s on s.deputy_id = t.id"
                         " where $3 between s.absent_from and s.absent_to and s.is_active),"
                         " team(id) as (select s.staff_id from me, stands t join staff_seen s"
                         " on s.staff_id = t.id where me.roles && '{account_manager,manager}'"
                         " and s.roles && '{account_manager,manager}'"
                         " union select s.staff_id from team t"
                         " join staff_seen s on s.manager_id = t.id),"
                         " owners(id) as (select id from stands union select id from team)"
                         " select id, coalesce(code, id::text), array_to_string(roles, ','), unit,"
                         " manager_id, is_active,"
                         " (select string_agg(uuid_send(id), ''::bytea) from stands),"
                         " (select string_agg(uuid_send(id), ''::bytea) from owners) from me",
                     .params = {PG_TEXT, PG_ID, PG_DATE}},
};
const size_t sight_statement_count = COUNT_OF(sight_statements);

void sight_put(const struct sight *sight, struct pg_args *args, int first)
{
    pg_put_bool(args, first, sight->sees_all);
    pg_put_bool(args, first + 1, sight->sees_restricted);
    pg_put_id(args, first + 2, &sight->staff);
    for (size_t i = 0; i < sight->stand_count; i++)
        pg_put_id(args, first + 3, &sight->stands[i]);
    for (size_t i = 0; i < sight->owner_count; i++)
        pg_put_id(args, first + 4, &sight->owners[i]);
}

static void fill_person(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct sight_person *person = out;

    if (pg_row_count(rows) == 0)
        return;
    struct text stands = pg_get_text(rows, 0, 6), owners = pg_get_text(rows, 0, 7);
    unsigned roles = role_read(pg_get_text(rows, 0, 2));

    *person = (struct sight_person){
        .found = true,
        .is_active = pg_get_bool(rows, 0, 5),
        .id = pg_get_id(rows, 0, 0),
        .manager = pg_get_id(rows, 0, 4),
        .code = pg_copy_text(rows, 0, 1, arena),
        .unit = pg_copy_text(rows, 0, 3, arena),
        .roles = roles,
        .is_head = (roles & ROLE_MANAGER) != 0 && pg_is_null(rows, 0, 4),
        .stands = arena_copy(arena, stands.at, stands.bytes),
        .stand_count = stands.bytes / sizeof(struct id),
        .owners = arena_copy(arena, owners.at, owners.bytes),
        .owner_count = owners.bytes / sizeof(struct id),
    };
}

void sight_find_person(struct request *req, const char *who, int32_t today,
                       struct sight_person *out)
{
    struct pg_args *args = pg_args_new(req->arena, &sight_statements[FIND_PERSON]);
    struct id id;

    *out = (struct sight_person){.found = false};
    pg_put_text(args, 0, who);
    if (uuid_parse(who, strlen(who), &id))
        pg_put_id(args, 1, &id);
    else
        pg_put_null(args, 1);
    pg_put_date(args, 2, today);
    flow_ask(req, &sight_statements[FIND_PERSON], args, fill_person, out);
}
