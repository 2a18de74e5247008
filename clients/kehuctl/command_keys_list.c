/* kehuctl keys list: all keys with their rights, revoked and broken ones too; never a secret. */
#include "ctl.h"

#include <stdio.h>
#include <string.h>

#include "common/keyfile.h"
#include "keys_folder.h"

struct listing {
    struct ctl *ctl;
    const char *state; /* of the part being walked */
    struct ctl_table *table;
    json_t *list;
};

static json_t *names_of(char *const *names, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

static const char *joined(struct ctl *ctl, const char *word, char *const *names, size_t count)
{
    const char *text = count ? arena_print(ctl->arena, "%s ", word) : "";

    for (size_t i = 0; i < count && text; i++)
        text = arena_print(ctl->arena, "%s%s%s", text, i ? "," : "", names[i]);
    return text ? text : "";
}

static const char *rights_of(struct ctl *ctl, const struct key *key)
{
    const char *publish = joined(ctl, "publish", key->publish, key->publish_count);
    const char *call = joined(ctl, "call", key->call, key->call_count);
    const char *types = joined(ctl, "types", key->types, key->types_count);

    if (key->administer)
        return "everything";
    const char *staff = key->staff[0] ? arena_print(ctl->arena, "; is %s", key->staff) : "";

    return arena_print(ctl->arena, "%s%s%s%s%s%s%s%s", publish, publish[0] && call[0] ? "; " : "",
                       call, types[0] ? "; " : "", types, key->read_only ? "; read only" : "",
                       key->act_for ? "; acts for staff" : "", staff);
}

static void add_key(struct listing *listing, const char *name, const struct key *key,
                    const char *trouble)
{
    struct ctl *ctl = listing->ctl;
    const char *state = trouble[0] ? "broken" : listing->state;
    const char *cells[] = {name, trouble[0] ? "" : key->kind, state,
                           trouble[0] ? trouble : rights_of(ctl, key)};

    ctl_table_row(listing->table, cells);
    json_array_append_new(
        listing->list,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:b, s:i, s:s}", "name", name,
                  "state", state, "kind", key->kind, "staff", key->staff, "public", key->public_z85,
                  "publish", names_of(key->publish, key->publish_count), "types",
                  names_of(key->types, key->types_count), "call",
                  names_of(key->call, key->call_count), "act_for", (int)key->act_for, "read_only",
                  (int)key->read_only, "administer", (int)key->administer, "max_in_flight",
                  (int)key->max_in_flight, "trouble", trouble));
}

/* Revoked files are called NAME@MOMENT.json, so they are read from memory under NAME. */
static enum status read_key(const char *directory, const char *file, const char *name,
                            struct key *key, char *why, size_t why_bytes)
{
    char path[KEYS_FOLDER_PATH_BYTES + 300], bytes[KEYFILE_BYTES_MAX];

    snprintf(path, sizeof(path), "%s/%s", directory, file);
    FILE *stream = fopen(path, "re");

    if (!stream) {
        snprintf(why, why_bytes, "it cannot be read");
        return NOT_FOUND;
    }
    size_t count = fread(bytes, 1, sizeof(bytes), stream);

    fclose(stream);
    return keyfile_decode(name, bytes, count, key, why, why_bytes);
}

static void add_file(void *owner, const char *directory, const char *file)
{
    struct listing *listing = owner;
    char name[300], why[300] = "";
    struct key key = {0};

    snprintf(name, sizeof(name), "%.*s", (int)(strlen(file) - strlen(".json")), file);
    if (strcmp(listing->state, "revoked") == 0)
        name[strcspn(name, "@")] = '\0';
    if (read_key(directory, file, name, &key, why, sizeof(why)) != OK)
        memset(&key, 0, sizeof(key));
    add_key(listing, name, &key, why);
    keyfile_clear(&key);
}

static int run(struct ctl *ctl)
{
    static const char *const headings[] = {"name", "kind", "state", "rights"};
    static const bool right[] = {false, false, false, false};
    struct listing listing = {.ctl = ctl,
                              .table = ctl_table_new(ctl, headings, right, COUNT_OF(headings)),
                              .list = json_array()};
    const char *folder = ctl_option(ctl, "--keys");

    if (!folder)
        folder = arena_print(ctl->arena, "%s/keys", ctl->var);
    listing.state = "allowed";
    if (!keys_folder_walk(folder, "allowed", ".json", add_file, &listing)) {
        ctl_say("there are no keys in %s; `make up` makes the first", folder);
        json_decref(listing.list);
        return CTL_UNFINISHED;
    }
    listing.state = "revoked";
    keys_folder_walk(folder, "revoked", ".json", add_file, &listing);
    if (ctl->json) {
        ctl_print_json(ctl, listing.list);
        return CTL_DONE;
    }
    ctl_table_print(listing.table);
    json_decref(listing.list);
    return CTL_DONE;
}

static const struct ctl_option options[] = {
    {"--keys", "FOLDER", "the folder of keys (default: keys in --var)", false},
};

const struct ctl_command ctl_keys_list = {
    .path = "keys list",
    .arguments = "",
    .summary = "All keys: allowed, revoked and broken ones",
    .help = "Shows what each key may do, never a secret. A broken file lets nobody in; the reason\n"
            "stands beside it.\n\n"
            "  kehuctl keys list\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = run,
};
