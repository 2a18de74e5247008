/*
 * kehuctl keys new, list, allow, revoke: who may connect and what he may do. Works on the folder
 * alone; services see a change at the next message.
 */
#include "ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/curve.h"
#include "common/keyfile.h"
#include "keys_folder.h"

static const char *folder_of(struct ctl *ctl)
{
    const char *folder = ctl_option(ctl, "--keys");

    return folder ? folder : arena_print(ctl->arena, "%s/keys", ctl->var);
}

static const char *name_of(struct ctl *ctl)
{
    const char *name = ctl_argument(ctl, 0);

    if (!keys_folder_name_is_good(name))
        ctl_usage(ctl,
                  "\"%s\" is no name for a key: 1 to 64 letters, digits, dots, hyphens, "
                  "underscores",
                  name);
    return name;
}

static json_t *list_of(const struct ctl *ctl, const char *option)
{
    const char *text = ctl_option(ctl, option);
    json_t *list = json_array();

    while (text && *text) {
        size_t length = strcspn(text, ",");

        if (length > 0)
            json_array_append_new(list, json_stringn(text, length));
        text += length + (text[length] == ',');
    }
    return list;
}

static bool is_given(const struct ctl *ctl, const char *option)
{
    return ctl_option(ctl, option) != NULL;
}

/* Whoever may publish may call Publish: the one is no use without the other. Of each service whose
 * events are among --types; without --types of all. */
static void allow_publishing(struct ctl *ctl, json_t *call)
{
    const char *types = ctl_option(ctl, "--types");

    if (!ctl_option(ctl, "--publish"))
        return;
    for (enum ctl_service i = 0; i < CTL_SERVICES; i++) {
        const char *package = arena_print(ctl->arena, "kehu.%s.", ctl_service_name(i));

        if (!types || strchr(types, '*') == types || strstr(types, package))
            json_array_append_new(
                call, json_string(arena_print(ctl->arena, "%s.Publish", ctl_service_name(i))));
    }
}

/* The rights as the options say. */
static json_t *make_rights(struct ctl *ctl, const char *name, const char *public_z85)
{
    const char *staff = ctl_option(ctl, "--staff");
    json_t *call = list_of(ctl, "--call");

    if (is_given(ctl, "--admin") && is_given(ctl, "--read-only"))
        ctl_usage(ctl, "--admin and --read-only contradict each other");
    allow_publishing(ctl, call);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:b, s:i}", "name", name, "public",
        public_z85, "kind", is_given(ctl, "--admin") ? "admin" : (staff ? "person" : "service"),
        "staff", staff ? staff : "", "publish", list_of(ctl, "--publish"), "types",
        list_of(ctl, "--types"), "call", call, "act_for", (int)is_given(ctl, "--act-for"),
        "read_only", (int)is_given(ctl, "--read-only"), "administer", (int)is_given(ctl, "--admin"),
        "max_in_flight", (int)ctl_integer(ctl, "--max-in-flight", 256, 1, 4096));
}

/* A file that the service would not take is not written. */
static json_t *check_rights(const struct ctl *ctl, const char *name, json_t *rights)
{
    char *text = rights ? json_dumps(rights, 0) : NULL;
    char why[300] = "out of memory";
    struct key key;

    if (!text || keyfile_decode(name, text, strlen(text), &key, why, sizeof(why)) != OK)
        ctl_usage(ctl, "these rights are not possible: %s", why);
    keyfile_clear(&key);
    free(text);
    return rights;
}

static int say_done(struct ctl *ctl, const char *name, const char *file, const char *sentence)
{
    if (ctl->json)
        ctl_print_json(ctl, json_pack("{s:s, s:s}", "name", name, "file", file));
    else
        printf("%s: %s\n", sentence, file);
    return CTL_DONE;
}

static bool read_server_public(const char *folder, char out[CURVE_Z85_CHARS + 1])
{
    char path[KEYS_FOLDER_PATH_BYTES], text[64] = "";

    if (snprintf(path, sizeof(path), "%s/server.public", folder) >= (int)sizeof(path))
        return false;
    FILE *stream = fopen(path, "re");

    if (stream) {
        if (!fgets(text, sizeof(text), stream))
            text[0] = '\0';
        fclose(stream);
    }
    text[strcspn(text, "\r\n")] = '\0';
    if (!curve_is_key(text)) {
        ctl_say("%s holds no server key; `kehuctl keys server` or `make up` makes one", path);
        return false;
    }
    memcpy(out, text, CURVE_Z85_CHARS + 1);
    return true;
}

static int run_new(struct ctl *ctl)
{
    const char *folder = folder_of(ctl), *name = name_of(ctl);
    char allowed[KEYS_FOLDER_PATH_BYTES], secret[KEYS_FOLDER_PATH_BYTES];
    char server_z85[CURVE_Z85_CHARS + 1], public_z85[CURVE_Z85_CHARS + 1],
        secret_z85[CURVE_Z85_CHARS + 1];

    if (!keys_folder_path(folder, "allowed", name, ".json", allowed) ||
        !keys_folder_path(folder, "secret", name, ".secret", secret))
        return CTL_USAGE;
    if (keys_folder_exists(allowed) || keys_folder_exists(secret)) {
        ctl_say("there is a key \"%s\" already: %s", name,
                keys_folder_exists(allowed) ? allowed : secret);
        return CTL_REFUSED;
    }
    if (curve_new_pair(public_z85, secret_z85) != OK) {
        ctl_say("libzmq on this machine was built without CURVE");
        return CTL_UNFINISHED;
    }
    json_t *rights = check_rights(ctl, name, make_rights(ctl, name, public_z85));

    if (!keys_folder_make(folder) || !read_server_public(folder, server_z85)) {
        json_decref(rights);
        return CTL_UNFINISHED;
    }
    /* The secret first: a key that is allowed but lost would stay open for nobody. */
    json_t *pair = json_pack("{s:s, s:s, s:s, s:s}", "name", name, "public", public_z85, "secret",
                             secret_z85, "server", server_z85);

    explicit_bzero(secret_z85, sizeof(secret_z85));
    if (!keys_folder_write(secret, 0600, pair)) {
        json_decref(rights);
        return CTL_UNFINISHED;
    }
    if (!keys_folder_write(allowed, 0644, rights)) {
        unlink(secret);
        return CTL_UNFINISHED;
    }
    return say_done(ctl, name, secret, "The new key, for its owner alone");
}

/* A public key under a second name would shut out both. */
struct holder {
    const char *public_z85;
    char name[65];
};

static void note_holder(void *owner, const char *directory, const char *file)
{
    struct holder *holder = owner;
    char why[300];
    struct key key;

    if (keyfile_read(directory, file, &key, why, sizeof(why)) != OK)
        return;
    if (strcmp(key.public_z85, holder->public_z85) == 0)
        snprintf(holder->name, sizeof(holder->name), "%s", key.name);
    keyfile_clear(&key);
}

static int allow_public(struct ctl *ctl, const char *folder, const char *name, const char *allowed)
{
    struct holder holder = {.public_z85 = ctl_option(ctl, "--public")};

    if (!curve_is_key(holder.public_z85))
        ctl_usage(ctl, "--public must be %d characters of Z85", CURVE_Z85_CHARS);
    keys_folder_walk(folder, "allowed", ".json", note_holder, &holder);
    if (holder.name[0]) {
        ctl_say("this public key is allowed already, as \"%s\"", holder.name);
        return CTL_REFUSED;
    }
    json_t *rights = check_rights(ctl, name, make_rights(ctl, name, holder.public_z85));

    if (!keys_folder_write(allowed, 0644, rights))
        return CTL_UNFINISHED;
    return say_done(ctl, name, allowed, "Allowed");
}

static int run_allow(struct ctl *ctl)
{
    const char *folder = folder_of(ctl), *name = name_of(ctl);
    char allowed[KEYS_FOLDER_PATH_BYTES], revoked[KEYS_FOLDER_PATH_BYTES];

    if (!keys_folder_path(folder, "allowed", name, ".json", allowed))
        return CTL_USAGE;
    if (keys_folder_exists(allowed)) {
        ctl_say("\"%s\" is allowed already: %s", name, allowed);
        return CTL_REFUSED;
    }
    if (!keys_folder_make(folder))
        return CTL_UNFINISHED;
    if (is_given(ctl, "--public"))
        return allow_public(ctl, folder, name, allowed);
    if (!keys_folder_find_revoked(folder, name, revoked)) {
        ctl_say("there is no revoked key \"%s\"; a new one needs --public Z85", name);
        return CTL_REFUSED;
    }
    /* link and unlink: unlike rename this cannot replace a key that somebody allows just now */
    if (link(revoked, allowed) != 0 || unlink(revoked) != 0) {
        ctl_say("cannot move %s back: %s", revoked, strerror(errno));
        return CTL_UNFINISHED;
    }
    return say_done(ctl, name, allowed, "Allowed again, with its old rights");
}

static int run_revoke(struct ctl *ctl)
{
    const char *folder = folder_of(ctl), *name = name_of(ctl);
    char allowed[KEYS_FOLDER_PATH_BYTES], revoked[KEYS_FOLDER_PATH_BYTES], suffix[40];
    time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(suffix, sizeof(suffix), "@%Y%m%dT%H%M%SZ.json", &utc);
    if (!keys_folder_path(folder, "allowed", name, ".json", allowed) ||
        !keys_folder_path(folder, "revoked", name, suffix, revoked))
        return CTL_USAGE;
    if (!keys_folder_exists(allowed)) {
        ctl_say("no key \"%s\" is allowed; `kehuctl keys list` shows all", name);
        return CTL_REFUSED;
    }
    if (!keys_folder_make(folder))
        return CTL_UNFINISHED;
    if (rename(allowed, revoked) != 0) {
        ctl_say("cannot move %s: %s", allowed, strerror(errno));
        return CTL_UNFINISHED;
    }
    return say_done(ctl, name, revoked, "Revoked; refused from its next message on");
}

static const struct ctl_option rights_options[] = {
    {"--publish", "SOURCE,..", "sources from which it may publish; \"*\" is any", false},
    {"--types", "TYPE,..", "event types it may publish, \"kehu.complaints.v1.*\"; default: all",
     false},
    {"--call", "METHOD,..", "methods it may call, \"customers.GetCustomer\" or \"complaints.*\"",
     false},
    {"--admin", NULL, "everything, and administrative acts", false},
    {"--read-only", NULL, "only queries, whatever --call says", false},
    {"--act-for", NULL, "may name a staff member as the actor", false},
    {"--staff", "CODE", "the key is this person's of the staff directory", false},
    {"--max-in-flight", "N", "requests at once (default 256, at most 4096)", false},
    {"--keys", "FOLDER", "the folder of keys (default: keys in --var)", false},
    {"--public", "Z85", "the public key, where the pair was made elsewhere", false},
};

const struct ctl_command ctl_keys_new = {
    .path = "keys new",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Make a key for another system or person",
    .help =
        "Writes keys/allowed/NAME.json (what it may do) and keys/secret/NAME.secret, which its\n"
        "owner needs to connect and nobody else may see. Never replaces a key.\n\n"
        "  kehuctl keys new shop --publish shop\n"
        "  kehuctl keys new hotline --publish hotline --types 'kehu.complaints.v1.*'\n"
        "  kehuctl keys new desk --call 'complaints.*,customers.GetCards' --act-for\n"
        "  kehuctl keys new report --call 'customers.*' --read-only\n",
    .options = rights_options,
    .option_count = COUNT_OF(rights_options) - 1, /* without --public */
    .run = run_new,
};

const struct ctl_command ctl_keys_allow = {
    .path = "keys allow",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Let in a key made elsewhere, or one that was revoked",
    .help = "With --public a key whose secret its owner keeps; without it the revoked key of that\n"
            "name returns with its old rights.\n\n"
            "  kehuctl keys allow erp --publish erp \\\n"
            "      --public 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'\n"
            "  kehuctl keys allow shop\n",
    .options = rights_options,
    .option_count = COUNT_OF(rights_options),
    .run = run_allow,
};

static const struct ctl_option revoke_options[] = {
    {"--keys", "FOLDER", "the folder of keys (default: keys in --var)", false},
};

const struct ctl_command ctl_keys_revoke = {
    .path = "keys revoke",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Shut a key out",
    .help =
        "Its open connections are refused at their next message. The file moves to keys/revoked;\n"
        "`kehuctl keys allow NAME` brings it back.\n\n"
        "  kehuctl keys revoke shop\n",
    .options = revoke_options,
    .option_count = COUNT_OF(revoke_options),
    .run = run_revoke,
};
