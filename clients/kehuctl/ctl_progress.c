/* How far a long command is: a bar that repaints itself on a terminal, else a line every tenth. */
#include "ctl.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define BAR_COLUMNS 30
#define REPAINT_MS 100

struct ctl_progress {
    const char *what;
    uint64_t total, done;
    bool is_terminal;
    int64_t started_ms, painted_ms;
    uint64_t tenths; /* lines printed so far */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct ctl_progress *ctl_progress_new(struct ctl *ctl, const char *what, uint64_t total)
{
    struct ctl_progress *progress = arena_take(ctl->arena, sizeof(*progress));

    if (!progress)
        return NULL;
    progress->what = what;
    progress->total = total;
    progress->is_terminal = isatty(STDERR_FILENO);
    progress->started_ms = now_ms();
    return progress;
}

static void paint_bar(struct ctl_progress *progress, int64_t at_ms)
{
    double part = progress->total ? (double)progress->done / (double)progress->total : 0;
    double seconds = (double)(at_ms - progress->started_ms) / 1000;
    double rate = seconds > 0 ? (double)progress->done / seconds : 0;
    int full = (int)(part * BAR_COLUMNS);

    fprintf(stderr, "\r%s [", progress->what);
    for (int i = 0; i < BAR_COLUMNS; i++)
        fputs(i < full ? "█" : "·", stderr);
    fprintf(stderr, "] %3d %%  %llu of %llu  %.0f/s", (int)(part * 100),
            (unsigned long long)progress->done, (unsigned long long)progress->total, rate);
    if (rate > 0 && progress->done < progress->total)
        fprintf(stderr, "  %.0f s left", (double)(progress->total - progress->done) / rate);
    fputs("\033[K", stderr);
    progress->painted_ms = at_ms;
}

void ctl_progress_set(struct ctl_progress *progress, uint64_t done)
{
    if (!progress)
        return;
    progress->done = done < progress->total ? done : progress->total;
    if (progress->is_terminal) {
        int64_t at_ms = now_ms();

        if (at_ms - progress->painted_ms >= REPAINT_MS)
            paint_bar(progress, at_ms);
        return;
    }
    uint64_t tenths = progress->total ? progress->done * 10 / progress->total : 0;

    if (tenths > progress->tenths) {
        progress->tenths = tenths;
        fprintf(stderr, "%s: %llu %% (%llu of %llu)\n", progress->what,
                (unsigned long long)tenths * 10, (unsigned long long)progress->done,
                (unsigned long long)progress->total);
    }
}

void ctl_progress_end(struct ctl_progress *progress)
{
    if (!progress || !progress->is_terminal)
        return;
    paint_bar(progress, now_ms());
    fputc('\n', stderr);
}
