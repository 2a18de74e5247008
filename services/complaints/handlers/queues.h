/* The job that settles the work lists when a day is over. */
#ifndef KEHU_COMPLAINTS_QUEUES_H
#define KEHU_COMPLAINTS_QUEUES_H

#include "common/flow.h"

enum flow queue_look(struct request *req);

#endif
