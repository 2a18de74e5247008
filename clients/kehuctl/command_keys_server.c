/*
 * kehuctl keys server: the key pair of the services themselves, made once per installation, before
 * any client key. Clients pin the public part: a service with another key is not believed.
 */
#include "ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base.h"
#include "common/curve.h"

#define PATH_BYTES 4096
#define TEXT_BYTES 512

/* Written aside, to disk, then renamed: nobody ever reads half a key. */
static bool write_whole(const char *path, mode_t mode, const char *text)
{
    char aside[PATH_BYTES + 8];
    size_t bytes = strlen(text);

    snprintf(aside, sizeof(aside), "%s.new", path);
    (void)unlink(aside);
    int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool written = fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    if (written && rename(aside, path) == 0)
        return true;
    ctl_say("cannot write %s: %s", path, strerror(errno));
    return false;
}

static bool read_whole(const char *path, char *out, size_t bytes)
{
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return false;
    size_t count = fread(out, 1, bytes - 1, file);
    fclose(file);
    out[count] = '\0';
    return count > 0;
}

/* The pair that is there, or a new one; a public file that was lost is written again. */
static bool keep_or_make(const char *folder, char public_z85[CURVE_Z85_CHARS + 1], bool *made)
{
    char path[PATH_BYTES], text[TEXT_BYTES], why[200], secret_z85[CURVE_Z85_CHARS + 1];

    *made = false;
    snprintf(path, sizeof(path), "%s/server.secret", folder);
    if (read_whole(path, text, sizeof(text))) {
        if (curve_read_server(text, secret_z85, why, sizeof(why)) != OK ||
            curve_public_of(secret_z85, public_z85) != OK) {
            ctl_say("%s is no server key (%s); restore it, or delete it and make all keys anew",
                    path, why);
            return false;
        }
    } else {
        if (curve_new_pair(public_z85, secret_z85) != OK) {
            ctl_say("libzmq on this machine was built without CURVE");
            return false;
        }
        snprintf(text, sizeof(text), "{\"public\": \"%s\", \"secret\": \"%s\"}\n", public_z85,
                 secret_z85);
        if (!write_whole(path, 0600, text))
            return false;
        *made = true;
    }
    snprintf(path, sizeof(path), "%s/server.public", folder);
    snprintf(text, sizeof(text), "%s\n", public_z85);
    return write_whole(path, 0644, text);
}

static int keys_server(struct ctl *ctl)
{
    char folder[PATH_BYTES - 64], public_z85[CURVE_Z85_CHARS + 1];
    bool made;

    if (snprintf(folder, sizeof(folder), "%s/keys", ctl->var) >= (int)sizeof(folder)) {
        ctl_say("the name of the folder is too long: %s", ctl->var);
        return CTL_USAGE;
    }
    if (mkdir(folder, 0755) != 0 && errno != EEXIST) {
        ctl_say("cannot create %s: %s", folder, strerror(errno));
        return CTL_UNFINISHED;
    }
    if (!keep_or_make(folder, public_z85, &made))
        return CTL_UNFINISHED;
    if (ctl->json)
        ctl_print_json(ctl, json_pack("{s:s,s:b}", "public", public_z85, "made", (int)made));
    else
        printf("%s\n", public_z85);
    return CTL_DONE;
}

const struct ctl_command ctl_keys_server = {
    .path = "keys server",
    .arguments = "",
    .summary = "Make the services' own key pair, once, and print its public part",
    .help = "Needed before any other key is made. Harmless to repeat: a pair that is there stays.\n"
            "Writes keys/server.secret and keys/server.public in the folder of --var.\n\n"
            "  kehuctl keys server --var /srv/kehu\n",
    .run = keys_server,
};
