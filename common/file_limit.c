/*
 * The limit on open files, raised once and looked at now and then.
 */
#include "common/file_limit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

size_t file_limit_raise(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = {limit.rlim_max, limit.rlim_max};

        if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
            limit = raised;
    }
    return (size_t)limit.rlim_cur;
}

bool file_limit_is_near(void)
{
    struct rlimit limit;
    int next = open("/dev/null", O_RDONLY | O_CLOEXEC);

    if (next < 0)
        return true;
    close(next);
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && (rlim_t)next > limit.rlim_cur / 10 * 8;
}
