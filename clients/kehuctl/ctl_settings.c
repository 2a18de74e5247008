/* Settings of the stack; see ctl_settings.h. */
#include "ctl_settings.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* <bin>/../var; a program that was installed elsewhere looks in the current folder. */
static const char *standard_var(struct ctl *ctl)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

    for (int up = 0; up < 2 && length > 0; up++)
        while (length > 0 && program[--length] != '/')
            ;
    if (length <= 0)
        return "var";
    return arena_print(ctl->arena, "%.*s/var", (int)length, program);
}

/* The value of KEY=VALUE in <var>/run/settings, or NULL. */
static const char *stack_setting(struct ctl *ctl, const char *key)
{
    char line[1024];
    const char *value = NULL, *path = arena_print(ctl->arena, "%s/run/settings", ctl->var);
    FILE *stream = path ? fopen(path, "re") : NULL;
    size_t key_length = strlen(key);

    while (stream && fgets(line, sizeof(line), stream)) {
        size_t length = strcspn(line, "\r\n");

        if (strncmp(line, key, key_length) == 0 && line[key_length] == '=')
            value = arena_copy_text(ctl->arena, line + key_length + 1, length - key_length - 1);
    }
    if (stream)
        fclose(stream);
    return value && value[0] ? value : NULL;
}

static const char *setting(struct ctl *ctl, const char *option, const char *key)
{
    const char *value = option ? ctl_option(ctl, option) : NULL;

    if (!value)
        value = getenv(key);
    if (!value || !value[0])
        value = stack_setting(ctl, key);
    return value;
}

/* --key wins; a KEHU_VAR of the environment that names another stack brings its own key. */
static const char *key_file(struct ctl *ctl)
{
    const char *file = ctl_option(ctl, "--key");

    if (!file)
        file = getenv("KEHU_KEY");
    if (!file || !file[0])
        file = arena_print(ctl->arena, "%s/keys/secret/admin.secret", ctl->var);
    return file;
}

static int base_port(struct ctl *ctl)
{
    const char *text = setting(ctl, "--base-port", "KEHU_BASE_PORT");
    char *end = NULL;
    long port = text ? strtol(text, &end, 10) : 7400;

    if (text && (!isdigit((unsigned char)text[0]) || *end || port < 1024 || port > 65000))
        ctl_usage(ctl, "the base port must be a number from 1024 to 65000, not \"%s\"", text);
    return (int)port;
}

/* Where each service is; a port said by hand wins over the addresses that a stack recorded. */
static void load_places(struct ctl *ctl)
{
    static const struct {
        const char *key;
        int offset;
    } services[CTL_SERVICES] = {[CTL_CUSTOMERS] = {"KEHU_CUSTOMERS_URL", 10},
                                [CTL_COMPLAINTS] = {"KEHU_COMPLAINTS_URL", 20}};

    ctl->endpoint = ctl_option(ctl, "--endpoint");
    for (size_t i = 0; i < CTL_SERVICES; i++) {
        struct ctl_place *place = &ctl->places[i];

        place->urls = setting(ctl, NULL, services[i].key);
        place->is_recorded = place->urls != NULL;
        if (!place->urls || ctl_option(ctl, "--base-port"))
            place->urls =
                arena_print(ctl->arena, "tcp://127.0.0.1:%d", ctl->base_port + services[i].offset);
    }
}

/* A time zone is known when the system has its file; libc would take an unknown one for UTC. */
static void check_zone(struct ctl *ctl)
{
    const char *path = arena_print(ctl->arena, "/usr/share/zoneinfo/%s", ctl->zone);

    if (strstr(ctl->zone, "..") || ctl->zone[0] == '/' || !path || access(path, R_OK) != 0)
        ctl_usage(ctl, "\"%s\" is no time zone; try Asia/Shanghai or Europe/London", ctl->zone);
}

void ctl_settings_load(struct ctl *ctl, const char *program)
{
    const char *value;

    (void)program;
    ctl->json = ctl_option(ctl, "--json") != NULL;
    value = ctl_option(ctl, "--var");
    if (!value)
        value = getenv("KEHU_VAR");
    ctl->var = value && value[0] ? value : standard_var(ctl);
    ctl->base_port = base_port(ctl);
    load_places(ctl);
    ctl->key_file = key_file(ctl);
    value = ctl_option(ctl, "--as");
    if (!value)
        value = getenv("KEHU_ACTOR");
    ctl->actor = value && value[0] ? value : NULL;
    value = setting(ctl, "--timezone", "KEHU_TIMEZONE");
    ctl->zone = value ? value : "Asia/Shanghai";
    check_zone(ctl);
    value = setting(ctl, NULL, "KEHU_CURRENCY");
    ctl->currency = value ? value : "CNY";
    ctl->timeout_ms = (int)ctl_integer(ctl, "--timeout", 30, 1, 86400) * 1000;
    setenv("TZ", ctl->zone, 1); /* localtime shows business time */
}
