/*
 * The door against a scripted directory: who is let in, who is refused and why, what a handler
 * finds behind it, and what one customer is to him.
 */
#include "services/customers/handlers/scope.h"

#include "tests/unit/scripted_world.h"

static struct flow_limits limits = {.max_requests = 16,
                                    .max_polls = 4,
                                    .max_bytes = 64 << 20,
                                    .max_arena_bytes = 256 << 10,
                                    .deadline_us = 30 * SECOND_US};

static const struct pg_statement add = {
    .name = "add", .sql = "insert", .params = {PG_INT8S}, .write = true, .merge = true};

/* The directory has li.na (id 7); and what the handler saw. */
static struct {
    const char *roles;
    bool has_left, is_within, has_owner;
    unsigned entered, person_asks, sight_asks;
    struct scope scope;
    char actor[65];
} scene;

static enum flow last(struct request *req)
{
    return flow_end(req);
}

static enum flow enter(struct request *req)
{
    scene.entered++;
    scene.scope = *scope_of(req);
    assert_null(req->state); /* the door makes none */
    snprintf(scene.actor, sizeof(scene.actor), "%s", req->actor);
    pg_put_int8(flow_write(req, &add), 0, 1);
    return flow_commit(req, last);
}

struct looking {
    struct scope_sight sight;
};

static enum flow admit(struct request *req)
{
    struct looking *r = req->state;
    enum flow end;

    if (!scope_admits(req, &r->sight, &end))
        return end;
    return flow_end(req);
}

static enum flow look(struct request *req)
{
    struct looking *r = request_state(req, sizeof(*r));
    static const struct id customer = {{1}};

    scope_look(req, &customer, &r->sight);
    return flow_wait(req, admit);
}

static const struct handler handlers[] = {
    {.type = "t.Ask", .step = enter, .act = ACT_ANYBODY},
    {.type = "t.Read", .step = enter, .act = ACT_READ},
    {.type = "t.Export", .step = enter, .act = ACT_EXPORT},
    {.type = "t.Audit", .step = enter, .act = ACT_AUDIT},
    {.type = "t.System", .step = enter, .is_for_systems = true},
    {.type = "t.Look", .step = look, .is_query = true, .act = ACT_READ},
};

static PGresult *rows_of(const struct pg_ask *ask)
{
    PGresult *rows;

    if (strcmp(ask->statement->name, "scope_find_person") == 0) {
        const struct pg_args *args = ask->args;
        uint8_t owners[32] = {[15] = 7, [31] = 8};

        scene.person_asks++;
        if (args->values[0].used != 5 || memcmp(args->values[0].bytes, "li.na", 5) != 0)
            return rows_new(5);
        rows = rows_new(5);
        rows_put_id(rows, 0, 0, 7);
        rows_put_text(rows, 0, 1, "li.na");
        rows_put_text(rows, 0, 2, scene.roles);
        rows_put_bool(rows, 0, 3, scene.has_left);
        rows_put(rows, 0, 4, owners, sizeof(owners));
        return rows;
    }
    if (strcmp(ask->statement->name, "scope_list_seen") == 0) {
        scene.sight_asks++;
        rows = rows_new(4);
        rows_put_int8(rows, 0, 0, 1);
        rows_put_bool(rows, 0, 1, scene.is_within);
        rows_put_text(rows, 0, 2, "王芳");
        if (scene.has_owner)
            rows_put_time(rows, 0, 3, INT64_C(1772337600) * SECOND_US); /* 2026-03-01 in Shanghai */
        else
            rows_put_null(rows, 0, 3);
        return rows;
    }
    return NULL;
}

static int open_scene(void **state)
{
    (void)state;
    memset(&scene, 0, sizeof(scene));
    scene.roles = "salesperson,marketing";
    world_open(handlers, COUNT_OF(handlers), &limits);
    world.definition.handlers = handlers;
    world.definition.handler_count = COUNT_OF(handlers);
    world.definition.door = scope_door;
    world.rows_of = rows_of;
    world.key.act_for = true;
    return 0;
}

static int close_scene(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const Kehu__Bus__V1__Reply *ask(const char *type, const char *actor)
{
    Kehu__Bus__V1__Request request = KEHU__BUS__V1__REQUEST__INIT;

    request.id = "1";
    request.type = (char *)type;
    request.actor = (char *)actor;
    world_forget_replies();
    world_send(&request);
    world_run();
    assert_int_equal(world.reply_count, 1);
    return world.replies[0];
}

static void assert_denied(const char *type, const char *actor, const char *why)
{
    const Kehu__Bus__V1__Reply *reply = ask(type, actor);

    assert_int_equal(reply->status, PERMISSION_DENIED);
    assert_non_null(strstr(reply->message, why));
    assert_int_equal(scene.entered, 0);
}

static void a_key_as_itself_is_not_asked_about(void **state)
{
    (void)state;
    assert_int_equal(ask("t.Export", "")->status, OK);
    assert_int_equal(scene.person_asks, 0);
    assert_true(scene.scope.sees_all);
    assert_false(scene.scope.is_staff);
    assert_string_equal(scene.scope.code, "");
}

static void a_person_is_found_in_one_question_and_brings_his_scope(void **state)
{
    (void)state;
    assert_int_equal(ask("t.Read", "li.na")->status, OK);
    assert_int_equal(scene.person_asks, 1);
    assert_true(scene.scope.is_staff);
    assert_false(scene.scope.sees_all);
    assert_true(scene.scope.sees_potential);
    assert_int_equal(scene.scope.roles, ROLE_SALESPERSON | ROLE_MARKETING);
    assert_int_equal(scene.scope.owner_count, 2);
    assert_string_equal(scene.actor, "li.na");
}

static void who_is_nobody_of_the_directory_is_refused(void **state)
{
    (void)state;
    assert_denied("t.Read", "wu.ming", "'wu.ming' is nobody of the staff directory");
}

static void who_has_left_is_refused_whatever_he_asks(void **state)
{
    (void)state;
    scene.has_left = true;
    assert_denied("t.Ask", "li.na", "li.na has left");
}

static void what_no_role_of_his_may_is_refused_and_says_which_may(void **state)
{
    (void)state;
    assert_denied("t.Export", "li.na",
                  "li.na has salesperson, marketing and may not export customers; it takes one of: "
                  "manager");
}

static void who_has_no_role_may_ask_what_takes_none(void **state)
{
    (void)state;
    scene.roles = "";
    assert_denied("t.Read", "li.na", "no role");
    assert_int_equal(ask("t.Ask", "li.na")->status, OK);
}

static void the_key_of_a_person_is_always_his(void **state)
{
    (void)state;
    world.key.act_for = false;
    snprintf(world.key.staff, sizeof(world.key.staff), "li.na");
    assert_int_equal(ask("t.Read", "")->status, OK);
    assert_string_equal(scene.actor, "li.na");
    assert_int_equal(ask("t.Read", "li.na")->status, OK);
    assert_int_equal(ask("t.Read", "00000000-0000-0000-0000-000000000007")->status, OK);
    assert_string_equal(scene.actor, "li.na");
    scene.entered = 0;
    assert_denied("t.Read", "zhang.wei", "this key is li.na's and speaks for nobody else");
}

static void the_key_of_a_person_who_is_not_there_is_nobodys(void **state)
{
    (void)state;
    snprintf(world.key.staff, sizeof(world.key.staff), "wu.ming");
    world.key.administer = true; /* even so */
    assert_denied("t.Ask", "", "'wu.ming' is nobody");
}

static void a_key_that_may_not_name_an_actor_is_refused_at_once(void **state)
{
    (void)state;
    world.key.act_for = false;
    assert_denied("t.Read", "li.na", "may not name an actor");
    assert_int_equal(scene.person_asks, 0);
}

static void what_is_for_systems_no_person_may(void **state)
{
    (void)state;
    assert_denied("t.System", "li.na", "no person may");
    snprintf(world.key.staff, sizeof(world.key.staff), "li.na");
    assert_denied("t.System", "", "no person may");
    world.key.staff[0] = '\0';
    assert_int_equal(ask("t.System", "")->status, OK);
    assert_int_equal(scene.person_asks, 0);
}

static void no_key_as_itself_reads_the_audit(void **state)
{
    (void)state;
    world.key.administer = true;
    assert_denied("t.Audit", "", "only an auditor");
    scene.roles = "auditor";
    assert_int_equal(ask("t.Audit", "li.na")->status, OK);
    assert_true(scene.scope.sees_all);
}

static void each_new_try_passes_the_door_again(void **state)
{
    static const enum status commits[] = {ABORTED, ABORTED, OK};

    (void)state;
    world.commits = commits;
    world.commit_count = COUNT_OF(commits);
    assert_int_equal(ask("t.Read", "li.na")->status, OK);
    assert_int_equal(scene.entered, 3);
    assert_int_equal(scene.person_asks, 3);
}

static void a_directory_that_does_not_answer_lets_nobody_in(void **state)
{
    (void)state;
    world.fails_at = 0;
    world.fails_with = UNAVAILABLE;
    assert_int_equal(ask("t.Read", "li.na")->status, UNAVAILABLE);
    assert_int_equal(scene.entered, 0);
}

static void a_customer_outside_exists_and_is_somebodys(void **state)
{
    const Kehu__Bus__V1__Reply *reply;

    (void)state;
    scene.has_owner = true;
    reply = ask("t.Look", "li.na");
    assert_int_equal(reply->status, PERMISSION_DENIED);
    assert_string_equal(reply->message, "the customer exists and is outside of what you may see; "
                                        "owner 王芳 since 2026-03-01");
    scene.has_owner = false;
    assert_non_null(strstr(ask("t.Look", "li.na")->message, "it has no owner"));
    scene.is_within = true;
    assert_int_equal(ask("t.Look", "li.na")->status, OK);
    assert_int_equal(scene.sight_asks, 3);
}

static void who_sees_everybody_is_not_asked_about_one(void **state)
{
    (void)state;
    assert_int_equal(ask("t.Look", "")->status, OK);
    scene.roles = "privacy_officer";
    assert_int_equal(ask("t.Look", "li.na")->status, OK);
    assert_int_equal(scene.sight_asks, 0);
}

static void who_oversees_and_sells_changes_only_what_he_sees_as_a_seller(void **state)
{
    (void)state;
    scene.roles = "manager,auditor";
    assert_int_equal(ask("t.Read", "li.na")->status, OK);
    assert_true(scene.scope.sees_all);
    assert_int_equal(ask("t.Export", "li.na")->status, OK);
    assert_false(scene.scope.sees_all);
    assert_int_equal(scene.scope.owner_count, 2);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(a_key_as_itself_is_not_asked_about),
        SCENE(a_person_is_found_in_one_question_and_brings_his_scope),
        SCENE(who_is_nobody_of_the_directory_is_refused),
        SCENE(who_has_left_is_refused_whatever_he_asks),
        SCENE(what_no_role_of_his_may_is_refused_and_says_which_may),
        SCENE(who_has_no_role_may_ask_what_takes_none),
        SCENE(the_key_of_a_person_is_always_his),
        SCENE(the_key_of_a_person_who_is_not_there_is_nobodys),
        SCENE(a_key_that_may_not_name_an_actor_is_refused_at_once),
        SCENE(what_is_for_systems_no_person_may),
        SCENE(no_key_as_itself_reads_the_audit),
        SCENE(each_new_try_passes_the_door_again),
        SCENE(a_directory_that_does_not_answer_lets_nobody_in),
        SCENE(a_customer_outside_exists_and_is_somebodys),
        SCENE(who_sees_everybody_is_not_asked_about_one),
        SCENE(who_oversees_and_sells_changes_only_what_he_sees_as_a_seller),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
