/* What --help prints, and what is said to an unknown command. */
#ifndef KEHU_CTL_HELP_H
#define KEHU_CTL_HELP_H

#include <stdio.h>

#include "ctl.h"

void ctl_help_command(FILE *out, const struct ctl_command *command);
/* All commands, or only those whose path begins with the word ("keys"); false when there is none.
 */
bool ctl_help_all(FILE *out, const struct ctl_command *const *commands, size_t count,
                  const char *beginning);
/* "unknown command ... did you mean ...?" on stderr. */
void ctl_help_unknown(const char *path, const struct ctl_command *const *commands, size_t count);

#endif
