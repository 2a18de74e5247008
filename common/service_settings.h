/* The settings every service has. */
#ifndef KEHU_SERVICE_SETTINGS_H
#define KEHU_SERVICE_SETTINGS_H

#include "common/settings.h"

extern const struct setting service_settings[];
extern const size_t service_setting_count;

#endif
