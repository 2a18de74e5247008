/*
 * The folder of keys, read as one set that replaces the one before. Keys are few (1000 at most)
 * and change rarely, so a change reads all of them again.
 */
#include "common/keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uthash.h>

#include "common/keyfile.h"
#include "common/logfmt.h"

#define KEYS_MAX 1000
#define SUFFIX ".json"
/*
 * File times tick in steps of some milliseconds, so a change in the step of our own reading would
 * show no new time. A folder touched so recently is young: its contents are read again now and
 * then until it is older.
 */
#define YOUNG_US (2 * SECOND_US)
#define REREAD_US (SECOND_US / 10)
/* A file rewritten in place leaves the folder's time as it was: look at all files this often. */
#define LOOK_US SECOND_US

struct entry {
    struct key key;
    bool shares_public; /* with another key: which of them calls cannot be told */
    UT_hash_handle by_name;
    UT_hash_handle by_public;
};

struct key_set {
    struct entry *by_name;
    struct entry *by_public;
    size_t broken;
};

/* What the folder looked like; two equal looks mean the same files with the same contents. */
struct look {
    int64_t folder_us;
    uint64_t folder_node;
    uint64_t files; /* sum over the files of a hash of name, node, size and times */
    int64_t newest_us;
};

struct keys {
    char *folder;
    struct key_set set;
    struct look look;
    int64_t looked_us;
    int64_t loaded_us;
    bool is_young; /* when it was loaded */
};

static int64_t real_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static int64_t file_us(const struct timespec *at)
{
    return (int64_t)at->tv_sec * SECOND_US + at->tv_nsec / 1000;
}

static void free_set(struct key_set *set)
{
    struct entry *entry, *next;

    HASH_CLEAR(by_public, set->by_public);
    HASH_ITER(by_name, set->by_name, entry, next)
    {
        HASH_DELETE(by_name, set->by_name, entry);
        keyfile_clear(&entry->key);
        free(entry);
    }
    memset(set, 0, sizeof(*set));
}

/* Names of hidden and other files are passed over: editors and installers leave such. */
static bool is_key_file(const char *name)
{
    size_t bytes = strlen(name);

    return name[0] != '.' && bytes > strlen(SUFFIX) &&
           strcmp(name + bytes - strlen(SUFFIX), SUFFIX) == 0;
}

static int select_key_file(const struct dirent *file)
{
    return is_key_file(file->d_name);
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < count; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void look_at_file(int folder, const char *name, struct look *look)
{
    struct stat about;
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), name, strlen(name));

    if (fstatat(folder, name, &about, 0) == 0) {
        int64_t parts[] = {(int64_t)about.st_ino, (int64_t)about.st_dev, about.st_size,
                           about.st_mtim.tv_sec,  about.st_mtim.tv_nsec, about.st_ctim.tv_sec,
                           about.st_ctim.tv_nsec, (int64_t)about.st_mode};

        hash = mix(hash, parts, sizeof(parts));
        if (file_us(&about.st_ctim) > look->newest_us)
            look->newest_us = file_us(&about.st_ctim);
    }
    look->files += hash;
}

/* False when the folder cannot be read; the look then differs from every other. */
static bool look_at_folder(const char *folder, struct look *out)
{
    struct stat about;
    struct look look = {0};
    struct dirent *file;
    DIR *stream = opendir(folder);

    memset(out, 0, sizeof(*out));
    if (!stream)
        return false;
    if (fstat(dirfd(stream), &about) == 0) {
        look.folder_us = file_us(&about.st_mtim);
        look.folder_node = about.st_ino;
        look.newest_us = file_us(&about.st_ctim);
    }
    while ((file = readdir(stream)))
        if (is_key_file(file->d_name))
            look_at_file(dirfd(stream), file->d_name, &look);
    closedir(stream);
    *out = look;
    return true;
}

static bool is_young(const struct look *look, int64_t now_us)
{
    int64_t age_us = now_us - look->newest_us;

    return age_us < YOUNG_US && age_us > -YOUNG_US;
}

static void report(const char *file, const char *why, bool is_news)
{
    if (is_news)
        logfmt_warning("key-refused", "file", file, "why", why, NULL);
}

static void add_file(struct key_set *set, const char *folder, const char *file, bool is_news)
{
    char why[160];
    struct entry *entry = calloc(1, sizeof(*entry));
    struct entry *other;

    if (!entry || keyfile_read(folder, file, &entry->key, why, sizeof(why)) != OK) {
        report(file, entry ? why : "out of memory", is_news);
        set->broken++;
        free(entry);
        return;
    }
    HASH_ADD(by_name, set->by_name, key.name, strlen(entry->key.name), entry);
    HASH_FIND(by_public, set->by_public, entry->key.public_z85, KEY_PUBLIC_CHARS, other);
    if (other) {
        other->shares_public = true;
        entry->shares_public = true;
    } else {
        HASH_ADD(by_public, set->by_public, key.public_z85, KEY_PUBLIC_CHARS, entry);
    }
}

static void remove_shared(struct key_set *set, bool is_news)
{
    struct entry *entry, *next, *listed;

    HASH_ITER(by_name, set->by_name, entry, next)
    {
        if (!entry->shares_public)
            continue;
        report(entry->key.name, "another file has the same public key", is_news);
        set->broken++;
        HASH_FIND(by_public, set->by_public, entry->key.public_z85, KEY_PUBLIC_CHARS, listed);
        if (listed == entry)
            HASH_DELETE(by_public, set->by_public, entry);
        HASH_DELETE(by_name, set->by_name, entry);
        keyfile_clear(&entry->key);
        free(entry);
    }
}

/* A folder that cannot be read lets nobody in: it, and no copy of it, is the truth. */
static void load_set(const char *folder, struct key_set *out, bool is_news)
{
    struct key_set set = {0};
    struct dirent **files = NULL;
    int count = scandir(folder, &files, select_key_file, alphasort);

    if (count < 0) {
        report(folder, strerror(errno), is_news);
        set.broken++;
    }
    for (int i = 0; i < count; i++) {
        if (i < KEYS_MAX) {
            add_file(&set, folder, files[i]->d_name, is_news);
        } else {
            report(files[i]->d_name, "there are too many keys", is_news && i == KEYS_MAX);
            set.broken++;
        }
        free(files[i]);
    }
    free(files);
    remove_shared(&set, is_news);
    *out = set;
}

static void load_keys(struct keys *keys, const struct look *look, int64_t now_us, bool is_news)
{
    free_set(&keys->set);
    load_set(keys->folder, &keys->set, is_news);
    keys->look = *look;
    keys->loaded_us = now_us;
    keys->is_young = is_young(look, now_us);
}

enum status keys_new(const char *folder, struct keys **out, char *why, size_t why_bytes)
{
    struct keys *keys;
    struct look look;

    /* The look comes before the load: a change between them shows as a new look. */
    if (!look_at_folder(folder, &look)) {
        snprintf(why, why_bytes, "cannot open the folder of keys %s: %s", folder, strerror(errno));
        return NOT_FOUND;
    }
    keys = calloc(1, sizeof(*keys));
    if (keys)
        keys->folder = strdup(folder);
    if (!keys || !keys->folder) {
        snprintf(why, why_bytes, "out of memory");
        free(keys);
        return INTERNAL;
    }
    load_keys(keys, &look, real_us(), true);
    keys->looked_us = keys->loaded_us;
    *out = keys;
    return OK;
}

void keys_free(struct keys *keys)
{
    if (!keys)
        return;
    free_set(&keys->set);
    free(keys->folder);
    free(keys);
}

static bool may_have_changed(const struct keys *keys, int64_t now_us)
{
    struct stat about;

    if (keys->is_young || now_us - keys->looked_us >= LOOK_US || now_us < keys->looked_us)
        return true;
    return stat(keys->folder, &about) != 0 || file_us(&about.st_mtim) != keys->look.folder_us ||
           about.st_ino != keys->look.folder_node;
}

void keys_refresh(struct keys *keys)
{
    int64_t now_us = real_us();
    struct look look;
    bool is_news;

    if (!may_have_changed(keys, now_us))
        return;
    look_at_folder(keys->folder, &look);
    keys->looked_us = now_us;
    is_news = memcmp(&look, &keys->look, sizeof(look)) != 0;
    if (is_news ||
        (keys->is_young && (now_us - keys->loaded_us >= REREAD_US || now_us < keys->loaded_us)))
        load_keys(keys, &look, now_us, is_news);
}

const struct key *keys_by_name(const struct keys *keys, const char *name)
{
    struct entry *entry;

    HASH_FIND(by_name, keys->set.by_name, name, strlen(name), entry);
    return entry ? &entry->key : NULL;
}

const struct key *keys_by_public(const struct keys *keys, const char *public_z85)
{
    struct entry *entry;

    HASH_FIND(by_public, keys->set.by_public, public_z85, strlen(public_z85), entry);
    return entry ? &entry->key : NULL;
}

size_t keys_count(const struct keys *keys)
{
    return HASH_CNT(by_name, keys->set.by_name);
}

size_t keys_broken_count(const struct keys *keys)
{
    return keys->set.broken;
}

/* A pattern is the whole word, or with "*" at its end the beginning of it. */
static bool matches(const char *pattern, const char *word)
{
    size_t bytes = strlen(pattern);

    if (bytes > 0 && pattern[bytes - 1] == '*')
        return strncmp(pattern, word, bytes - 1) == 0;
    return strcmp(pattern, word) == 0;
}

static bool matches_any(char *const *patterns, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (matches(patterns[i], word))
            return true;
    return false;
}

bool key_may_call(const struct key *key, const char *method, bool is_query)
{
    if (key->administer)
        return true;
    if (key->read_only && !is_query)
        return false;
    return matches_any(key->call, key->call_count, method);
}

bool key_may_publish(const struct key *key, const char *source, const char *type)
{
    if (key->administer)
        return true;
    if (key->read_only || !matches_any(key->publish, key->publish_count, source))
        return false;
    return key->types_count == 0 || !type || matches_any(key->types, key->types_count, type);
}

static char **copy_list(struct arena *arena, char *const *list, size_t count)
{
    char **copy = arena_take_array(arena, count, sizeof(*copy));

    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = arena_copy_text(arena, list[i], strlen(list[i]));
        if (!copy[i])
            return NULL;
    }
    return copy;
}

bool key_copy(struct arena *arena, const struct key *from, struct key *to)
{
    struct key copy = *from;

    copy.publish = copy_list(arena, from->publish, from->publish_count);
    copy.types = copy_list(arena, from->types, from->types_count);
    copy.call = copy_list(arena, from->call, from->call_count);
    if (!copy.publish || !copy.types || !copy.call)
        return false;
    *to = copy;
    return true;
}
