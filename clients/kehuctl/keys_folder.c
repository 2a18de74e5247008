/* Files of keys; see keys_folder.h. */
#include "keys_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

bool keys_folder_name_is_good(const char *name)
{
    size_t length = strlen(name);

    return length >= 1 && length <= 64 && name[0] != '.' && strspn(name, NAME_CHARACTERS) == length;
}

static bool make_folder(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0 || errno == EEXIST)
        return true;
    ctl_say("cannot create the folder %s: %s", path, strerror(errno));
    return false;
}

bool keys_folder_make(const char *folder)
{
    static const char *const parts[] = {"allowed", "revoked", "secret"};
    char path[KEYS_FOLDER_PATH_BYTES];

    if (!make_folder(folder, 0755))
        return false;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (!keys_folder_path(folder, parts[i], "", "", path) ||
            !make_folder(path, strcmp(parts[i], "secret") == 0 ? 0700 : 0755))
            return false;
    return true;
}

bool keys_folder_path(const char *folder, const char *part, const char *name, const char *suffix,
                      char out[KEYS_FOLDER_PATH_BYTES])
{
    int length = snprintf(out, KEYS_FOLDER_PATH_BYTES, "%s/%s/%s%s", folder, part, name, suffix);

    if (length > 0 && length < KEYS_FOLDER_PATH_BYTES)
        return true;
    ctl_say("the name of the folder is too long");
    return false;
}

bool keys_folder_exists(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0;
}

static bool write_all(int fd, const char *text, size_t bytes)
{
    while (bytes > 0) {
        ssize_t written = write(fd, text, bytes);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        bytes -= (size_t)written;
    }
    return true;
}

/* A name that the service passes over: hidden, and not *.json. */
static bool name_aside(const char *path, char out[KEYS_FOLDER_PATH_BYTES + 32])
{
    const char *slash = strrchr(path, '/');

    return snprintf(out, KEYS_FOLDER_PATH_BYTES + 32, "%.*s/.%s.%ld", (int)(slash - path), path,
                    slash + 1, (long)getpid()) > 0;
}

bool keys_folder_write(const char *path, mode_t mode, json_t *json)
{
    char aside[KEYS_FOLDER_PATH_BYTES + 32];
    char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
    int fd = -1;
    bool done = false;

    name_aside(path, aside);
    unlink(aside);
    if (text)
        fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    /* link, unlike rename, never replaces what somebody else just wrote. */
    done = fd >= 0 && write_all(fd, text, strlen(text)) && write_all(fd, "\n", 1) &&
           fchmod(fd, mode) == 0 && fsync(fd) == 0 && link(aside, path) == 0;
    int why = errno;

    if (fd >= 0)
        close(fd);
    unlink(aside);
    if (!done)
        ctl_say("cannot write %s: %s", path, strerror(why));
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    json_decref(json);
    return done;
}

static int ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);

    return length > tail && name[0] != '.' && strcmp(name + length - tail, suffix) == 0;
}

bool keys_folder_walk(const char *folder, const char *part, const char *suffix,
                      keys_folder_each each, void *owner)
{
    char path[KEYS_FOLDER_PATH_BYTES];
    struct dirent **entries;

    if (!keys_folder_path(folder, part, "", "", path))
        return false;
    path[strlen(path) - 1] = '\0';
    int count = scandir(path, &entries, NULL, alphasort);

    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        if (ends_with(entries[i]->d_name, suffix))
            each(owner, path, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return true;
}

struct search {
    const char *name;
    char *out;
    bool found;
};

/* The files come in the order of names, so the last one with this name is the latest. */
static void take_if_named(void *owner, const char *directory, const char *file)
{
    struct search *search = owner;
    size_t length = strlen(search->name);

    if (strncmp(file, search->name, length) != 0 || file[length] != '@')
        return;
    snprintf(search->out, KEYS_FOLDER_PATH_BYTES, "%s/%s", directory, file);
    search->found = true;
}

bool keys_folder_find_revoked(const char *folder, const char *name,
                              char out[KEYS_FOLDER_PATH_BYTES])
{
    struct search search = {.name = name, .out = out};

    keys_folder_walk(folder, "revoked", ".json", take_if_named, &search);
    return search.found;
}
