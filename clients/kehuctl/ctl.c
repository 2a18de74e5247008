/* The parsed command line as commands see it, and the sentences on stderr. */
#include "ctl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pure/day.h"
#include "ctl_line.h"

void ctl_say(const char *format, ...)
{
    va_list list;

    fflush(stdout);
    fputs("kehuctl: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
}

void ctl_usage(const struct ctl *ctl, const char *format, ...)
{
    va_list list;

    (void)ctl;
    fflush(stdout);
    fputs("kehuctl: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(CTL_USAGE);
}

const char *ctl_argument(const struct ctl *ctl, int i)
{
    return (size_t)i < ctl->line->argument_count ? ctl->line->arguments[i] : NULL;
}

/* Given twice, the last one counts. */
const char *ctl_option(const struct ctl *ctl, const char *name)
{
    for (size_t i = ctl->line->option_count; i-- > 0;)
        if (strcmp(ctl->line->names[i], name) == 0)
            return ctl->line->values[i];
    return NULL;
}

long long ctl_integer(const struct ctl *ctl, const char *name, long long standard, long long min,
                      long long max)
{
    const char *text = ctl_option(ctl, name);
    char *end;

    if (!text)
        return standard;
    errno = 0;
    long long value = strtoll(text, &end, 10);

    if (!text[0] || text[0] == ' ' || *end || errno || value < min || value > max)
        ctl_usage(ctl, "%s must be a whole number from %lld to %lld, not \"%s\"", name, min, max,
                  text);
    return value;
}

bool ctl_date(const struct ctl *ctl, const char *name, int32_t *day)
{
    const char *text = ctl_option(ctl, name);

    if (!text)
        return false;
    if (!day_parse(text, strlen(text), day))
        ctl_usage(ctl, "%s must be a date like 2010-12-31, not \"%s\"", name, text);
    return true;
}
