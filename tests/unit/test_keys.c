/*
 * Keys: the folder is the truth, and a file that is wrong lets nobody in and harms no other.
 */
#include "common/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/curve.h"
#include "common/keyfile.h"
#include "common/logfmt.h"

static char folder[64];
static char public_a[41], public_b[41];
static char why[256];

static void path_of(char *path, size_t path_bytes, const char *file)
{
    snprintf(path, path_bytes, "%s/%s", folder, file);
}

static void put_file(const char *file, const char *text)
{
    char path[160];
    FILE *stream;

    path_of(path, sizeof(path), file);
    stream = fopen(path, "w");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static void put_key(const char *name, const char *public_z85, const char *more)
{
    char file[100], text[2000];

    snprintf(file, sizeof(file), "%s.json", name);
    snprintf(text, sizeof(text), "{\"name\":\"%s\",\"public\":\"%s\",\"kind\":\"service\"%s}", name,
             public_z85, more);
    put_file(file, text);
}

static void remove_file(const char *file)
{
    char path[160];

    path_of(path, sizeof(path), file);
    assert_int_equal(unlink(path), 0);
}

static struct keys *open_keys(void)
{
    struct keys *keys = NULL;

    assert_int_equal(keys_new(folder, &keys, why, sizeof(why)), OK);
    return keys;
}

static void sleep_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

static int make_folder(void **state)
{
    char secret[41];

    (void)state;
    logfmt_set_enabled(false);
    strcpy(folder, "/tmp/kehu-keys-XXXXXX");
    if (!mkdtemp(folder) || curve_new_pair(public_a, secret) != OK)
        return -1;
    return curve_new_pair(public_b, secret) == OK ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

static void a_key_is_found_by_name_and_by_public_key(void **state)
{
    struct keys *keys;

    (void)state;
    put_key("shop", public_a,
            ",\"staff\":\"\",\"publish\":[\"uci\"],\"types\":[\"kehu.customers.v1.*\"],"
            "\"call\":[\"customers.*\"],\"act_for\":true,\"max_in_flight\":7");
    keys = open_keys();
    assert_int_equal(keys_count(keys), 1);
    assert_int_equal(keys_broken_count(keys), 0);
    assert_ptr_equal(keys_by_name(keys, "shop"), keys_by_public(keys, public_a));
    assert_int_equal(keys_by_name(keys, "shop")->max_in_flight, 7);
    assert_true(keys_by_name(keys, "shop")->act_for);
    assert_null(keys_by_name(keys, "sho"));
    assert_null(keys_by_public(keys, public_b));
    keys_free(keys);
}

static void a_folder_that_is_not_there_is_said_at_the_start(void **state)
{
    struct keys *keys = NULL;

    (void)state;
    assert_int_equal(keys_new("/nowhere/keys", &keys, why, sizeof(why)), NOT_FOUND);
    assert_non_null(strstr(why, "/nowhere/keys"));
    assert_null(keys);
}

static void a_removed_key_is_unknown_at_the_next_look_even_within_one_tick(void **state)
{
    struct keys *keys = open_keys();

    (void)state;
    for (int i = 0; i < 50; i++) {
        put_key("shop", public_a, "");
        keys_refresh(keys);
        assert_non_null(keys_by_name(keys, "shop"));
        remove_file("shop.json");
        keys_refresh(keys);
        assert_null(keys_by_name(keys, "shop"));
    }
    keys_free(keys);
}

static void a_right_rewritten_in_place_within_one_tick_is_seen_soon(void **state)
{
    struct keys *keys;

    (void)state;
    put_key("shop", public_a, ",\"max_in_flight\":1");
    keys = open_keys();
    put_key("shop", public_a, ",\"max_in_flight\":2"); /* same size, same file, maybe same time */
    sleep_ms(150);
    keys_refresh(keys);
    assert_int_equal(keys_by_name(keys, "shop")->max_in_flight, 2);
    keys_free(keys);
}

static void a_folder_that_vanishes_lets_nobody_in_until_it_is_back(void **state)
{
    char elsewhere[80];
    struct keys *keys;

    (void)state;
    put_key("shop", public_a, "");
    keys = open_keys();
    snprintf(elsewhere, sizeof(elsewhere), "%s-moved", folder);
    assert_int_equal(rename(folder, elsewhere), 0);
    keys_refresh(keys);
    assert_int_equal(keys_count(keys), 0);
    assert_int_equal(keys_broken_count(keys), 1);
    assert_int_equal(rename(elsewhere, folder), 0);
    keys_refresh(keys);
    assert_int_equal(keys_count(keys), 1);
    assert_int_equal(keys_broken_count(keys), 0);
    keys_free(keys);
}

static void two_files_with_one_public_key_are_both_refused(void **state)
{
    struct keys *keys;

    (void)state;
    put_key("one", public_a, "");
    put_key("two", public_a, "");
    put_key("three", public_a, "");
    put_key("other", public_b, "");
    keys = open_keys();
    assert_int_equal(keys_count(keys), 1);
    assert_int_equal(keys_broken_count(keys), 3);
    assert_null(keys_by_public(keys, public_a));
    assert_non_null(keys_by_name(keys, "other"));
    remove_file("two.json");
    remove_file("three.json");
    keys_refresh(keys);
    assert_string_equal(keys_by_public(keys, public_a)->name, "one");
    keys_free(keys);
}

static void a_broken_file_harms_no_other_key(void **state)
{
    struct keys *keys;
    char path[160];

    (void)state;
    put_key("good", public_a, "");
    put_file("cut.json", "{\"name\":");
    put_file("empty.json", "");
    put_file(".hidden.json", "{");
    put_file("notes.txt", "{");
    path_of(path, sizeof(path), "folder.json");
    assert_int_equal(mkdir(path, 0700), 0);
    path_of(path, sizeof(path), "pipe.json");
    assert_int_equal(mkfifo(path, 0600), 0);
    keys = open_keys();
    assert_int_equal(keys_count(keys), 1);
    assert_int_equal(keys_broken_count(keys), 4);
    assert_non_null(keys_by_name(keys, "good"));
    keys_free(keys);
}

static void assert_key_refused(const char *text, const char *expected)
{
    struct key key = {.name = "untouched"};

    why[0] = '\0';
    assert_int_equal(keyfile_decode("shop", text, strlen(text), &key, why, sizeof(why)),
                     INVALID_ARGUMENT);
    assert_string_equal(key.name, "untouched");
    if (!strstr(why, expected))
        fail_msg("%s: \"%s\" does not say \"%s\"", text, why, expected);
}

static void assert_member_refused(const char *member, const char *expected)
{
    char text[20000];

    snprintf(text, sizeof(text), "{\"name\":\"shop\",\"public\":\"%s\",\"kind\":\"service\",%s}",
             public_a, member);
    assert_key_refused(text, expected);
}

static void every_wrong_member_is_named(void **state)
{
    char list[2000] = "\"call\":[\"a\"";
    char member[400];

    (void)state;
    assert_key_refused("[]", "not a JSON object");
    assert_key_refused("{\"kind\":\"service\"}", "name is not");
    assert_key_refused("{\"name\":\"shop\",\"kind\":\"service\"}", "public is not");
    assert_key_refused("{\"name\":\"a/b\"}", "name is not");
    assert_key_refused("{\"name\":\".shop\"}", "name is not");
    assert_key_refused("{\"name\":\"desk\"}", "the file's name says otherwise");
    assert_member_refused("\"kind\":\"admin\"", "JSON"); /* given twice */
    assert_member_refused("\"read-only\":true", "read-only: there is no such member");
    assert_member_refused("\"read_only\":\"yes\"", "read_only is neither");
    assert_member_refused("\"read_only\":true,\"administer\":true", "contradict");
    assert_member_refused("\"max_in_flight\":0", "from 1 to 4096");
    assert_member_refused("\"max_in_flight\":4097", "from 1 to 4096");
    assert_member_refused("\"max_in_flight\":1.5", "from 1 to 4096");
    assert_member_refused("\"call\":\"customers.*\"", "call is not a list");
    assert_member_refused("\"call\":[\"\"]", "call[0]");
    assert_member_refused("\"call\":[\"customers.*\",\"*.Ping\"]", "call[1]");
    assert_member_refused("\"publish\":[\"uci*\"]", "publish[0]");
    assert_member_refused("\"types\":[7]", "types[0]");
    for (int i = 0; i < 64; i++)
        strcat(list, ",\"a\"");
    strcat(list, "]");
    assert_member_refused(list, "more than 64");
    memset(member, 0, sizeof(member));
    strcpy(member, "\"staff\":\"");
    memset(member + strlen(member), 'x', 65);
    strcat(member, "\"");
    assert_member_refused(member, "staff is longer than 64");
}

static void a_file_cut_at_any_byte_is_refused(void **state)
{
    char text[300];
    struct key key;
    int bytes = snprintf(text, sizeof(text),
                         "{\"name\":\"shop\",\"public\":\"%s\",\"kind\":\"person\","
                         "\"staff\":\"7\",\"call\":[\"customers.*\"]}",
                         public_a);

    (void)state;
    for (int i = 0; i < bytes; i++) {
        char *cut = malloc((size_t)i + 1); /* its own block, so that reading past it is seen */

        memcpy(cut, text, (size_t)i);
        assert_int_equal(keyfile_decode("shop", cut, (size_t)i, &key, why, sizeof(why)),
                         INVALID_ARGUMENT);
        free(cut);
    }
    assert_int_equal(keyfile_decode("shop", text, (size_t)bytes, &key, why, sizeof(why)), OK);
    keyfile_clear(&key);
}

static void rights_are_what_the_lists_say(void **state)
{
    char *sources[] = {"uci"}, *types[] = {"kehu.customers.v1.*"};
    char *calls[] = {"customers.Get*", "complaints.OpenComplaint"};
    struct key key = {.publish = sources,
                      .publish_count = 1,
                      .types = types,
                      .types_count = 1,
                      .call = calls,
                      .call_count = 2};

    (void)state;
    assert_true(key_may_call(&key, "customers.GetCustomer", true));
    assert_true(key_may_call(&key, "complaints.OpenComplaint", false));
    assert_false(key_may_call(&key, "complaints.OpenComplaints", false));
    assert_false(key_may_call(&key, "customers.Merge", false));
    assert_true(key_may_publish(&key, "uci", "kehu.customers.v1.OrderPlaced"));
    assert_false(key_may_publish(&key, "other", "kehu.customers.v1.OrderPlaced"));
    assert_false(key_may_publish(&key, "uci", "kehu.complaints.v1.Opened"));
    assert_true(key_may_publish(&key, "uci", NULL));
    assert_false(key_may_publish(&key, "other", NULL));
    key.read_only = true;
    assert_true(key_may_call(&key, "customers.GetCustomer", true));
    assert_false(key_may_call(&key, "customers.GetCustomer", false));
    assert_false(key_may_publish(&key, "uci", "kehu.customers.v1.OrderPlaced"));
    key = (struct key){.administer = true};
    assert_true(key_may_call(&key, "anything.AtAll", false));
    assert_true(key_may_publish(&key, "any", "any.Type"));
    key = (struct key){.administer = false};
    assert_false(key_may_call(&key, "customers.GetCustomer", true));
    assert_false(key_may_publish(&key, "uci", "kehu.customers.v1.OrderPlaced"));
}

static void a_copied_key_outlives_the_next_look(void **state)
{
    struct arena *arena = arena_new(65536);
    struct keys *keys;
    struct key copy;

    (void)state;
    put_key("shop", public_a, ",\"publish\":[\"uci\"]");
    keys = open_keys();
    assert_true(key_copy(arena, keys_by_name(keys, "shop"), &copy));
    remove_file("shop.json");
    keys_refresh(keys);
    assert_int_equal(keys_count(keys), 0);
    keys_free(keys);
    assert_true(key_may_publish(&copy, "uci", "any"));
    arena_free(arena);
}

static void the_servers_own_key_is_checked(void **state)
{
    char public_z85[41], secret[41], text[300], out[41] = "untouched";

    (void)state;
    assert_int_equal(curve_new_pair(public_z85, secret), OK);
    snprintf(text, sizeof(text), "{\"public\":\"%s\",\"secret\":\"%s\"}", public_z85, secret);
    assert_int_equal(curve_read_server(text, out, why, sizeof(why)), OK);
    assert_string_equal(out, secret);
    snprintf(text, sizeof(text), "{\"public\":\"%s\",\"secret\":\"%s\"}", public_a, secret);
    assert_int_equal(curve_read_server(text, out, why, sizeof(why)), INVALID_ARGUMENT);
    assert_non_null(strstr(why, "does not belong"));
    assert_int_equal(curve_read_server(secret, out, why, sizeof(why)), INVALID_ARGUMENT);
    assert_null(strstr(why, secret));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_key_is_found_by_name_and_by_public_key),
        IN_FOLDER(a_folder_that_is_not_there_is_said_at_the_start),
        IN_FOLDER(a_removed_key_is_unknown_at_the_next_look_even_within_one_tick),
        IN_FOLDER(a_right_rewritten_in_place_within_one_tick_is_seen_soon),
        IN_FOLDER(a_folder_that_vanishes_lets_nobody_in_until_it_is_back),
        IN_FOLDER(two_files_with_one_public_key_are_both_refused),
        IN_FOLDER(a_broken_file_harms_no_other_key),
        IN_FOLDER(every_wrong_member_is_named),
        IN_FOLDER(a_file_cut_at_any_byte_is_refused),
        IN_FOLDER(rights_are_what_the_lists_say),
        IN_FOLDER(a_copied_key_outlives_the_next_look),
        IN_FOLDER(the_servers_own_key_is_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
