/*
 * The job that counts the cases of customers again and tells what differs (store/standing.h).
 */
#ifndef KEHU_COMPLAINTS_STANDINGS_H
#define KEHU_COMPLAINTS_STANDINGS_H

#include "common/flow.h"

enum flow standing_look(struct request *req);

#endif
