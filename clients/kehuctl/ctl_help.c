/* Help; see ctl_help.h. Everything comes from the commands' own tables. */
#include "ctl_help.h"

#include <string.h>

#include "ctl_line.h"

#define MOST_COMMANDS 300

static void print_options(FILE *out, const struct ctl_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char left[64];

        snprintf(left, sizeof(left), "%s%s%s", options[i].name, options[i].value ? " " : "",
                 options[i].value ? options[i].value : "");
        fprintf(out, "  %-24s %s%s\n", left, options[i].help,
                options[i].required ? " (required)" : "");
    }
}

void ctl_help_command(FILE *out, const struct ctl_command *command)
{
    bool has_arguments = command->arguments && command->arguments[0];

    fprintf(out, "kehuctl %s%s%s%s\n\n%s.\n", command->path, has_arguments ? " " : "",
            has_arguments ? command->arguments : "", command->option_count ? " [options]" : "",
            command->summary);
    if (command->help)
        fprintf(out, "\n%s%s", command->help,
                command->help[strlen(command->help) - 1] == '\n' ? "" : "\n");
    if (command->option_count) {
        fputs("\nOptions\n", out);
        print_options(out, command->options, command->option_count);
    }
    fputs("\nOptions of every command\n", out);
    print_options(out, ctl_line_globals, ctl_line_global_count);
}

static bool begins(const char *path, const char *beginning)
{
    size_t length = strlen(beginning);

    return strncmp(path, beginning, length) == 0 &&
           (length == 0 || path[length] == ' ' || path[length] == '\0');
}

bool ctl_help_all(FILE *out, const struct ctl_command *const *commands, size_t count,
                  const char *beginning)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || begins(commands[i]->path, beginning);
    if (!any)
        return false;
    fputs("kehuctl: talks to Kehu, the customer-care backbone\n\nCommands\n", out);
    for (size_t i = 0; i < count; i++)
        if (begins(commands[i]->path, beginning))
            fprintf(out, "  %-22s %s\n", commands[i]->path, commands[i]->summary);
    fputs("\n`kehuctl COMMAND --help` says more, with an example.\n\nOptions of every command\n",
          out);
    print_options(out, ctl_line_globals, ctl_line_global_count);
    fputs("\nExit status: 0 done, 1 refused, 2 wrong use, 3 could not connect or finish.\n", out);
    return true;
}

void ctl_help_unknown(const char *path, const struct ctl_command *const *commands, size_t count)
{
    const char *paths[MOST_COMMANDS];
    char first[128];

    count = count < MOST_COMMANDS ? count : MOST_COMMANDS;
    for (size_t i = 0; i < count; i++)
        paths[i] = commands[i]->path;
    /* "pnig" alone, or "reprot sales" with two words: both are tried. */
    snprintf(first, sizeof(first), "%.*s", (int)strcspn(path, " "), path);
    const char *nearest = ctl_line_nearest(path, paths, count);

    if (!nearest)
        nearest = ctl_line_nearest(first, paths, count);
    if (nearest)
        ctl_say("unknown command \"%s\": did you mean `kehuctl %s`?", path, nearest);
    else
        ctl_say("unknown command \"%s\"; `kehuctl --help` lists them", path);
}
