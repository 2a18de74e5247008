/*
 * The process's limit on open files. At the limit libzmq's accept loop spins on a core, so the
 * limit is raised at the start, and someone is told well before it is reached.
 */
#ifndef KEHU_FILE_LIMIT_H
#define KEHU_FILE_LIMIT_H

#include "common/base.h"

/* Raises the soft limit of open files to the hard one; returns the limit then in force. */
size_t file_limit_raise(void);

/*
 * True when more than 80 % of the limit are open. It asks which number the next file would get,
 * which is the lowest free one: one system call instead of counting them all.
 */
bool file_limit_is_near(void);

#endif
