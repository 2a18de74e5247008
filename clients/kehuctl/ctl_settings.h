/* Where the stack is: options, then the environment, then <var>/run/settings, then defaults. */
#ifndef KEHU_CTL_SETTINGS_H
#define KEHU_CTL_SETTINGS_H

#include "ctl.h"

/* Fills the settings of ctl; its arena and command line must be there. Exits with CTL_USAGE on a
 * bad value. */
void ctl_settings_load(struct ctl *ctl, const char *program);

#endif
