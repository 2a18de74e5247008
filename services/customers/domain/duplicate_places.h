/*
 * Provinces and cities as company names have them, to tell a company from its sister in another
 * city.
 */
#ifndef KEHU_CUSTOMERS_DUPLICATE_PLACES_H
#define KEHU_CUSTOMERS_DUPLICATE_PLACES_H

#include "common/base.h"

/* A province or a city of prefecture level, with or without 省 or 市 behind it. */
bool duplicate_places_has(struct text name);

#endif
