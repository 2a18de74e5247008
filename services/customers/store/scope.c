#include "services/customers/store/scope.h"

#include <string.h>

#include "common/pure/uuid.h"
#include "services/customers/domain/rights.h"

enum {
    FIND_PERSON,
    LIST_SEEN,
};

const struct pg_statement scope_statements[] = {
    /* Stands: himself and whom he stands in for today, also through others who are away. A team is
     * everybody below by manager; units are those of managers with all below. Circles end by union.
     */
    [FIND_PERSON] = {.name = "scope_find_person",
                     .sql =
                         "with recursive me as (select id, code, roles, state from staff"
                         " where code = $1 or id = $2 limit 1),"
                         " stands(id) as (select id from me union select s.id from stands t"
                         " join staff s on s.deputy_id = t.id"
                         " where $3 between s.absent_from and s.absent_to and s.state = 'active'),"
                         " team(id) as (select s.id from me, stands t join staff s on s.id = t.id"
                         " where me.roles && '{account_manager,manager}'"
                         " and s.roles && '{account_manager,manager}'"
                         " union select s.id from team t join staff s on s.manager_id = t.id),"
                         " units(code) as (select s.unit_code from me, stands t"
                         " join staff s on s.id = t.id where 'manager' = any(me.roles)"
                         " and 'manager' = any(s.roles) and s.unit_code is not null"
                         " union select u.code from units b join unit u on u.parent_code = b.code),"
                         " owners(id) as (select id from stands union select id from team"
                         " union select s.id from units join staff s on s.unit_code = units.code"
                         " union select '" SCOPE_NOBODY "' from me where 'manager' = any(me.roles))"
                         " select id, code, array_to_string(roles, ','), state = 'left',"
                         " (select string_agg(uuid_send(id), ''::bytea) from owners) from me",
                     .params = {PG_TEXT, PG_ID, PG_DATE}},
    [LIST_SEEN] =
        {.name = "scope_list_seen",
         .sql = "select q.place, " SCOPE_FILTER(
             "c.id", "false", "$2",
             "$3") ", s.name, o.from_at from unnest($1) with ordinality as q(id, place)"
                   " cross join lateral (select coalesce((select survivor_id from customer_alias"
                   " where customer_id = q.id), q.id) as id offset 0) c"
                   " left join ownership o on o.customer_id = c.id and o.to_at is null"
                   " and o.role = 'owner' left join staff s on s.id = o.staff_id",
         .params = {PG_IDS, PG_BOOL, PG_IDS}},
};
const size_t scope_statement_count = COUNT_OF(scope_statements);

static const struct scope as_itself = {.code = "", .sees_all = true};

const struct scope *scope_of(const struct request *req)
{
    return req->scope ? req->scope : &as_itself;
}

bool scope_is_narrow(const struct scope *scope)
{
    return !scope->sees_all && !scope->sees_potential && scope->owner_count <= SCOPE_FEW_OWNERS &&
           !(scope->roles & ROLE_MANAGER);
}

void scope_put(const struct request *req, struct pg_args *args, int first)
{
    const struct scope *scope = scope_of(req);

    pg_put_bool(args, first, scope->sees_all);
    pg_put_bool(args, first + 1, scope->sees_potential);
    for (size_t i = 0; i < scope->owner_count; i++)
        pg_put_id(args, first + 2, &scope->owners[i]);
}

static void fill_person(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct scope_person *person = out;

    if (pg_row_count(rows) == 0)
        return;
    struct text owners = pg_get_text(rows, 0, 4);

    *person = (struct scope_person){
        .found = true,
        .has_left = pg_get_bool(rows, 0, 3),
        .id = pg_get_id(rows, 0, 0),
        .code = pg_copy_text(rows, 0, 1, arena),
        .roles = role_read(pg_get_text(rows, 0, 2)),
        .owners = arena_copy(arena, owners.at, owners.bytes),
        .owner_count = owners.bytes / sizeof(struct id),
    };
}

void scope_find_person(struct request *req, const char *who, int32_t today,
                       struct scope_person *out)
{
    struct pg_args *args = pg_args_new(req->arena, &scope_statements[FIND_PERSON]);
    struct id id;

    *out = (struct scope_person){.found = false};
    pg_put_text(args, 0, who);
    if (uuid_parse(who, strlen(who), &id))
        pg_put_id(args, 1, &id);
    else
        pg_put_null(args, 1);
    pg_put_date(args, 2, today);
    flow_ask(req, &scope_statements[FIND_PERSON], args, fill_person, out);
}

static void fill_seen(const struct pg_rows *rows, struct arena *arena, void *out)
{
    struct scope_seen *list = out;

    for (int row = 0; row < pg_row_count(rows); row++)
        list[pg_get_int8(rows, row, 0) - 1] = (struct scope_seen){
            .is_within = pg_get_bool(rows, row, 1),
            .has_owner = !pg_is_null(rows, row, 3),
            .owner_name = pg_copy_text(rows, row, 2, arena),
            .owned_since_us = pg_get_time(rows, row, 3),
        };
}

void scope_list_seen(struct request *req, const struct id *customers, size_t count,
                     struct scope_seen *out)
{
    const struct scope *scope = scope_of(req);
    struct pg_args *args = pg_args_new(req->arena, &scope_statements[LIST_SEEN]);

    for (size_t i = 0; i < count; i++)
        pg_put_id(args, 0, &customers[i]);
    pg_put_bool(args, 1, scope->sees_potential);
    for (size_t i = 0; i < scope->owner_count; i++)
        pg_put_id(args, 2, &scope->owners[i]);
    flow_ask(req, &scope_statements[LIST_SEEN], args, fill_seen, out);
}
