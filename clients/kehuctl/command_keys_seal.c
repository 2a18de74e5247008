/*
 * kehuctl keys seal: the ring of keys that seal phones, e-mails and the like in rows. Works on the
 * file alone, and running services see the change within a second; but before a key is dropped the
 * customers service, which seals again what older keys sealed, says that no value needs it.
 */
#include "ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "common/seal_ring.h"
#include "kehu/bus/v1/service.pb-c.h"

#define PATH_BYTES 4096
#define SETTLED_SECONDS 10 /* after a change the service has seen it, and says what waits */

static const char *file_of(struct ctl *ctl)
{
    const char *file = ctl_option(ctl, "--file");

    file = file ? file : arena_print(ctl->arena, "%s/keys/seal.keys", ctl->var);
    if (!file || strlen(file) > PATH_BYTES - 8)
        ctl_usage(ctl, "the name of the file is too long");
    return file;
}

/* Two of us must not both add a key to the same old ring: the folder is locked until we end. */
static int lock_folder(struct ctl *ctl, const char *file)
{
    char *copy = arena_copy_text(ctl->arena, file, strlen(file));
    const char *folder = copy ? dirname(copy) : ".";
    int fd;

    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        ctl_say("cannot create %s: %s", folder, strerror(errno));
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX) != 0)
        ctl_say("cannot open %s: %s", folder, strerror(errno));
    return fd;
}

/* Written aside, to disk, then renamed: nobody ever reads half a ring. A file that was there keeps
 * its owner and mode. */
static bool write_ring(const char *file, int folder, const struct seal_ring *ring)
{
    char aside[PATH_BYTES];
    struct stat before;
    char *text = seal_ring_print(ring);
    size_t bytes = text ? strlen(text) : 0;
    bool had = stat(file, &before) == 0, done;
    int fd;

    snprintf(aside, sizeof(aside), "%s.new", file);
    (void)unlink(aside);
    fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    done = fd >= 0 && text && write(fd, text, bytes) == (ssize_t)bytes && write(fd, "\n", 1) == 1;
    if (done && had)
        done = fchmod(fd, before.st_mode & 0777) == 0 &&
               (fchown(fd, before.st_uid, before.st_gid) == 0 || geteuid() != 0);
    done = done && fsync(fd) == 0 && rename(aside, file) == 0 && fsync(folder) == 0;
    if (!done)
        ctl_say("cannot write %s: %s", file, strerror(errno));
    if (fd >= 0)
        close(fd);
    seal_ring_forget_text(text);
    return done;
}

static void show_ring(struct ctl *ctl, const char *file, const struct seal_ring *ring,
                      const char *what)
{
    json_t *ids = json_array();

    for (size_t i = 0; i < ring->count; i++)
        json_array_append_new(ids, json_integer(ring->keys[i].id));
    if (ctl->json) {
        ctl_print_json(ctl, json_pack("{s:s, s:s, s:I, s:o}", "file", file, "did", what, "current",
                                      (json_int_t)ring->current, "keys", ids));
        return;
    }
    printf("%s\n%s: key %" PRIu32 " seals", file, what, ring->current);
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].id != ring->current)
            printf("; key %" PRIu32 " still opens", ring->keys[i].id);
    putchar('\n');
    json_decref(ids);
}

/* Makes the change that was asked for. NULL: said why not. */
static const char *change_ring(struct ctl *ctl, struct seal_ring *ring, bool is_new)
{
    uint32_t id;

    if (is_new)
        return "made";
    if (ctl_option(ctl, "--rotate")) {
        if (seal_ring_add(ring) == OK)
            return "rotated";
        ctl_say("the ring has %d keys already: drop those that no value needs first",
                SEAL_RING_KEYS_MAX);
        return NULL;
    }
    if (!ctl_option(ctl, "--drop"))
        return "there";
    id = (uint32_t)ctl_integer(ctl, "--drop", 0, 1, INT32_MAX);
    switch (seal_ring_drop(ring, id)) {
    case OK:
        return "dropped";
    case FAILED_PRECONDITION:
        ctl_say("key %" PRIu32 " is the one that seals; --rotate first", id);
        return NULL;
    default:
        ctl_say("the ring has no key %" PRIu32, id);
        return NULL;
    }
}

/* Whether the key may go; says why not. */
static bool may_drop(struct ctl *ctl, const char *file, int *code)
{
    Kehu__Bus__V1__GetHealth ask = KEHU__BUS__V1__GET_HEALTH__INIT;
    Kehu__Bus__V1__Health *health;
    struct stat changed;

    *code = CTL_REFUSED;
    if (stat(file, &changed) == 0 && time(NULL) - changed.st_mtime < SETTLED_SECONDS) {
        ctl_say("the ring was changed less than %d seconds ago, and what its keys sealed is being "
                "counted: wait, and look at the part seal of `kehuctl health`",
                SETTLED_SECONDS);
        return false;
    }
    ctl_speak(ctl, CTL_CUSTOMERS);
    health =
        (Kehu__Bus__V1__Health *)ctl_ask(ctl, &ask.base, &kehu__bus__v1__health__descriptor, code);
    if (!health) {
        ctl_say("whether values need the key cannot be asked, and without it they are lost: start "
                "the customers service first. --unasked drops it all the same");
        return false;
    }
    *code = CTL_REFUSED;
    for (size_t i = 0; i < health->n_parts; i++) {
        const Kehu__Bus__V1__HealthPart *part = health->parts[i];

        if (strcmp(part->name, "seal") != 0 || part->detail[0] == '\0')
            continue;
        ctl_say("the key may still be needed: %s. Drop it when `kehuctl health` says nothing of "
                "the part seal",
                part->detail);
        return false;
    }
    return true;
}

static int work_on(struct ctl *ctl, const char *file, int folder, struct seal_ring *ring)
{
    char why[PATH_BYTES + 300];
    enum status status = seal_ring_read(file, ring, why, sizeof(why));
    bool is_new = status == NOT_FOUND && access(file, F_OK) != 0;
    bool is_change = ctl_option(ctl, "--rotate") || ctl_option(ctl, "--drop");
    const char *what;
    int code;

    if (status != OK && !is_new) {
        ctl_say("%s", why);
        return CTL_REFUSED;
    }
    if (is_new && is_change) {
        ctl_say("there is no ring in %s; `kehuctl keys seal` makes one", file);
        return CTL_REFUSED;
    }
    if (is_new)
        seal_ring_make(ring);
    what = change_ring(ctl, ring, is_new);
    if (!what)
        return CTL_REFUSED;
    if (ctl_option(ctl, "--drop") && !ctl_option(ctl, "--unasked") && !may_drop(ctl, file, &code))
        return code;
    if ((is_new || is_change) && !write_ring(file, folder, ring))
        return CTL_UNFINISHED;
    show_ring(ctl, file, ring, what);
    return CTL_DONE;
}

static int keys_seal(struct ctl *ctl)
{
    struct seal_ring ring = {0};
    const char *file = file_of(ctl);
    int folder, code;

    if (ctl_option(ctl, "--rotate") && ctl_option(ctl, "--drop"))
        ctl_usage(ctl, "--rotate and --drop are two steps, with a wait between them");
    if (sodium_init() < 0) {
        ctl_say("libsodium has no source of randomness");
        return CTL_UNFINISHED;
    }
    folder = lock_folder(ctl, file);
    if (folder < 0)
        return CTL_UNFINISHED;
    code = work_on(ctl, file, folder, &ring);
    seal_ring_forget(&ring);
    close(folder);
    return code;
}

static const struct ctl_option options[] = {
    {"--rotate", NULL, "add a new key and seal with it from now on", false},
    {"--drop", "ID", "take an old key out of the ring; what it sealed can never be read again",
     false},
    {"--unasked", NULL, "drop it without asking the customers service whether values need it",
     false},
    {"--file", "FILE", "the file of the ring (default: keys/seal.keys in --var)", false},
};

const struct ctl_command ctl_keys_seal = {
    .path = "keys seal",
    .arguments = "",
    .summary = "Make, rotate or show the keys that seal phones and e-mails in rows",
    .help =
        "Without an option it makes the ring where there is none, and tells which keys it has;\n"
        "never a key itself. Running services see a change within a second. After --rotate\n"
        "they seal with the new key, and a job seals again what older keys sealed. When\n"
        "`kehuctl health` says of the part seal that nothing waits any more, the old key can\n"
        "be dropped; before that --drop is refused, with what waits. Save the file, and apart\n"
        "from the dumps of the database: without it sealed values are lost, with both they can\n"
        "be read.\n\n"
        "  kehuctl keys seal\n"
        "  kehuctl keys seal --rotate\n"
        "  kehuctl keys seal --drop 1\n",
    .options = options,
    .option_count = COUNT_OF(options),
    .run = keys_seal,
};
