/*
 * The command line: which command, which options. Pure, so that it can be tested: errors are text.
 */
#ifndef KEHU_CTL_LINE_H
#define KEHU_CTL_LINE_H

#include "ctl.h"

#define CTL_LINE_WORDS 64

struct ctl_line {
    const struct ctl_command *command; /* NULL: none was given, or only the beginning of some */
    char path[128];                    /* the words that were taken as the command, known or not */
    size_t argument_count, option_count;
    const char *arguments[CTL_LINE_WORDS];
    const char *names[CTL_LINE_WORDS];  /* of the options as their tables spell them */
    const char *values[CTL_LINE_WORDS]; /* "" for a flag */
    bool wants_help, wants_version;
};

extern const struct ctl_option ctl_line_globals[];
extern const size_t ctl_line_global_count;

/* Parses argv[1..]. False: `why` is one sentence that says what is wrong and what would be right.
 */
bool ctl_line_parse(int argc, char **argv, const struct ctl_command *const *commands,
                    size_t command_count, struct ctl_line *out, char *why, size_t why_bytes);

/* The candidate that was probably meant, or NULL when none is near. */
const char *ctl_line_nearest(const char *word, const char *const *candidates, size_t count);

#endif
