/* Reads the command line; see ctl_line.h. Options may stand anywhere, also before the command. */
#include "ctl_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LONGEST_WORD 64

const struct ctl_option ctl_line_globals[] = {
    {"--json", NULL, "one JSON document per line instead of tables", false},
    {"--var", "FOLDER", "the stack's folder (KEHU_VAR; default: var beside bin)", false},
    {"--base-port", "PORT", "the stack's first port (KEHU_BASE_PORT; default 7400)", false},
    {"--endpoint", "URL,..",
     "where the service asked listens (KEHU_CUSTOMERS_URL, KEHU_COMPLAINTS_URL; default: base "
     "port + 10, + 20)",
     false},
    {"--key", "FILE", "who asks (KEHU_KEY; default: FOLDER/keys/secret/admin.secret)", false},
    {"--as", "CODE", "on behalf of this person of the staff directory (KEHU_ACTOR)", false},
    {"--timezone", "ZONE", "zone of the times shown (KEHU_TIMEZONE; default: the stack's)", false},
    {"--lang", "LANG", "zh or en: headings, words and what refusals mean (default: as LANG says)",
     false},
    {"--timeout", "SECONDS", "how long to wait for an answer (default 30)", false},
    {"--help", NULL, "what the command does, with an example", false},
    {"--version", NULL, "the version of this program", false},
};
const size_t ctl_line_global_count = COUNT_OF(ctl_line_globals);

static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST_WORD + 1], a_length = strlen(a), b_length = strlen(b);

    if (a_length > LONGEST_WORD || b_length > LONGEST_WORD)
        return LONGEST_WORD;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b_length];
}

const char *ctl_line_nearest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t best = strlen(word) / 3 + 2; /* further away is another word */

    for (size_t i = 0; i < count; i++) {
        size_t its = distance(word, candidates[i]);

        if (its < best) {
            best = its;
            nearest = candidates[i];
        }
    }
    return nearest;
}

static bool refuse(char *why, size_t why_bytes, const char *format, ...) PRINTF_LIKE(3, 4);
static bool refuse(char *why, size_t why_bytes, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(why, why_bytes, format, list);
    va_end(list);
    return false;
}

static const struct ctl_option *find_option(const struct ctl_option *options, size_t count,
                                            const char *word, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, word, length) == 0)
            return &options[i];
    return NULL;
}

/* A command's own option wins over the global one of the same name. */
static const struct ctl_option *find_for(const struct ctl_command *command, const char *word,
                                         size_t length)
{
    const struct ctl_option *option = NULL;

    if (command)
        option = find_option(command->options, command->option_count, word, length);
    if (!option)
        option = find_option(ctl_line_globals, ctl_line_global_count, word, length);
    return option;
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* Before the command is known: could this option, of whichever command, be followed by its value?
 */
static bool takes_value(const char *word, const struct ctl_command *const *commands, size_t count)
{
    size_t length = strlen(word);
    const struct ctl_option *option = find_for(NULL, word, length);

    for (size_t i = 0; i < count && !option; i++)
        option = find_for(commands[i], word, length);
    return option && option->value;
}

/* The words that are no options, joined: the longest command that begins them is meant. */
static const struct ctl_command *find_command(int argc, char **argv,
                                              const struct ctl_command *const *commands,
                                              size_t count, char path[128])
{
    const struct ctl_command *found = NULL;
    char words[128] = "";

    path[0] = '\0';
    for (int i = 1, taken = 0; i < argc && taken < 2; i++) {
        if (strcmp(argv[i], "--") == 0)
            break;
        if (is_option(argv[i])) {
            i += !strchr(argv[i], '=') && takes_value(argv[i], commands, count);
            continue;
        }
        snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s%.60s", taken ? " " : "",
                 argv[i]);
        taken++;
        for (size_t c = 0; c < count; c++)
            if (strcmp(commands[c]->path, words) == 0)
                found = commands[c];
    }
    snprintf(path, 128, "%s", found ? found->path : words);
    return found;
}

static size_t count_words(const char *path)
{
    size_t count = path[0] != '\0';

    for (; *path; path++)
        count += *path == ' ';
    return count;
}

static bool refuse_option(const struct ctl_line *line, const char *word, size_t length, char *why,
                          size_t why_bytes)
{
    const struct ctl_command *command = line->command;
    const char *candidates[CTL_LINE_WORDS];
    char name[LONGEST_WORD + 1];
    size_t count = 0;

    snprintf(name, sizeof(name), "%.*s", (int)length, word);
    for (size_t i = 0; command && i < command->option_count && count < CTL_LINE_WORDS; i++)
        candidates[count++] = command->options[i].name;
    for (size_t i = 0; i < ctl_line_global_count && count < CTL_LINE_WORDS; i++)
        candidates[count++] = ctl_line_globals[i].name;
    const char *nearest = ctl_line_nearest(name, candidates, count);

    return refuse(why, why_bytes, "unknown option %s%s%s%s; `kehuctl %s%s--help` lists them", name,
                  nearest ? ": did you mean " : "", nearest ? nearest : "", nearest ? "?" : "",
                  command ? command->path : "", command ? " " : "");
}

/* Takes the option at argv[*i], and its value. */
static bool take_option(struct ctl_line *line, int argc, char **argv, int *i, char *why,
                        size_t why_bytes)
{
    const char *word = argv[*i], *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);

    if (strcmp(word, "-h") == 0) {
        line->wants_help = true;
        return true;
    }
    const struct ctl_option *option = find_for(line->command, word, length);

    if (!option && !line->command && line->path[0])
        return true; /* the unknown command is what will be said */
    if (!option)
        return refuse_option(line, word, length, why, why_bytes);
    if (line->option_count == CTL_LINE_WORDS)
        return refuse(why, why_bytes, "too many options");
    if (!option->value && equals)
        return refuse(why, why_bytes, "%s takes no value", option->name);
    if (option->value && !equals && *i + 1 == argc)
        return refuse(why, why_bytes, "%s needs a value: %s %s", option->name, option->name,
                      option->value);
    line->names[line->option_count] = option->name;
    line->values[line->option_count++] = !option->value ? "" : equals ? equals + 1 : argv[++*i];
    line->wants_help |= strcmp(option->name, "--help") == 0;
    line->wants_version |= strcmp(option->name, "--version") == 0;
    return true;
}

static bool check_complete(const struct ctl_line *line, char *why, size_t why_bytes)
{
    const struct ctl_command *command = line->command;
    const char *arguments = command->arguments ? command->arguments : "";

    if (line->argument_count < (size_t)command->min_arguments)
        return refuse(why, why_bytes, "%s needs %s; `kehuctl %s --help` shows an example",
                      command->path, arguments, command->path);
    if (line->argument_count > (size_t)command->max_arguments)
        return refuse(why, why_bytes, "\"%s\" is too much: the form is `kehuctl %s%s%s`",
                      line->arguments[command->max_arguments], command->path,
                      arguments[0] ? " " : "", arguments);
    for (size_t i = 0; i < command->option_count; i++) {
        bool given = !command->options[i].required;

        for (size_t k = 0; k < line->option_count; k++)
            given = given || strcmp(line->names[k], command->options[i].name) == 0;
        if (!given)
            return refuse(why, why_bytes, "%s needs %s %s: %s", command->path,
                          command->options[i].name, command->options[i].value,
                          command->options[i].help);
    }
    return true;
}

bool ctl_line_parse(int argc, char **argv, const struct ctl_command *const *commands,
                    size_t command_count, struct ctl_line *out, char *why, size_t why_bytes)
{
    struct ctl_line line = {0};
    bool only_arguments = false;

    line.command = find_command(argc, argv, commands, command_count, line.path);
    size_t words_to_pass = count_words(line.path);

    for (int i = 1; i < argc; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0)
            only_arguments = true;
        else if (!only_arguments && is_option(argv[i])) {
            if (!take_option(&line, argc, argv, &i, why, why_bytes))
                return false;
        } else if (words_to_pass > 0)
            words_to_pass--;
        else if (line.argument_count == CTL_LINE_WORDS)
            return refuse(why, why_bytes, "too many arguments");
        else
            line.arguments[line.argument_count++] = argv[i];
    }
    if (line.command && !line.wants_help && !line.wants_version &&
        !check_complete(&line, why, why_bytes))
        return false;
    *out = line;
    return true;
}
