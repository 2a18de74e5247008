/*
 * kehu-supervise keeps one program running. It starts the program, writes the program's own process
 * id to RUN/NAME.pid, appends what the program prints to LOG, starts it again when it ends, and
 * stops it when it is told to stop itself (SIGTERM, SIGINT). One supervisor per instance; it holds
 * a lock on RUN/supervise-NAME.pid for as long as it lives, so "is it running" is a question to the
 * lock and a reused process id cannot mislead anybody.
 *
 *   kehu-supervise --name NAME --run FOLDER --log FILE [--user NAME] [--open FOLDER] [--stop
 * INT|TERM]
 *                  [--grace SECONDS] -- PROGRAM ARGUMENT...
 *
 * --user runs the program as another user (only root can); --open hands it FOLDER as descriptor 3,
 * opened before the user changes, so that the program needs no right to walk through the folders
 * above. If the supervisor itself is killed the kernel tells the program to stop: there is never a
 * program without its supervisor.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOG_LIMIT_BYTES (50 << 20)
#define LOG_FILES_KEPT 3
#define LOG_READS 32 /* of 64 KiB: twice what the pipe holds */
#define BACKOFF_FIRST_MS 100
#define BACKOFF_LAST_MS 5000
#define HEALTHY_MS 10000
#define OPENED_FD 3
#define LOCK_TRIES 20
#define LOCK_PAUSE_MS 50

struct supervisor {
    const char *name, *run, *log_path, *user, *open_folder;
    int stop_signal;
    int64_t grace_ms;
    char *const *program;

    int log_fd, pipe_read, pipe_write, signals;
    off_t log_bytes;
    pid_t child;         /* 0: none is running */
    int64_t started_ms;  /* of the child */
    int64_t start_at_ms; /* when to start the next, while none runs */
    int64_t kill_at_ms;  /* when stopping: the end of patience */
    int64_t backoff_ms;
    bool stopping;
    sigset_t old_mask;
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("kehu-supervise: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* --- the log: appended by this process alone, turned over at its limit --- */

static void log_open(struct supervisor *s)
{
    struct stat st;

    s->log_fd = open(s->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (s->log_fd < 0)
        return; /* a full or vanished disk must not end the service; tried again at the next line */
    s->log_bytes = fstat(s->log_fd, &st) == 0 ? st.st_size : 0;
}

static void log_turn_over(struct supervisor *s)
{
    char from[4096], to[4096];

    for (int i = LOG_FILES_KEPT; i > 0; i--) {
        snprintf(to, sizeof(to), "%s.%d", s->log_path, i);
        if (i > 1)
            snprintf(from, sizeof(from), "%s.%d", s->log_path, i - 1);
        else
            snprintf(from, sizeof(from), "%s", s->log_path);
        (void)rename(from, to);
    }
    close(s->log_fd);
    log_open(s);
}

static void log_write(struct supervisor *s, const char *bytes, size_t count)
{
    if (s->log_fd < 0)
        log_open(s);
    if (s->log_fd < 0)
        return;
    /* Lines lost to a full disk are lost: blocking here would block the service. */
    if (write(s->log_fd, bytes, count) > 0)
        s->log_bytes += (off_t)count;
    if (s->log_bytes >= LOG_LIMIT_BYTES && bytes[count - 1] == '\n')
        log_turn_over(s);
}

__attribute__((format(printf, 2, 3))) static void log_say(struct supervisor *s, const char *format,
                                                          ...)
{
    char line[512], at[32];
    time_t seconds = time(NULL);
    va_list arguments;

    strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
    int head =
        snprintf(line, sizeof(line), "time=%s service=%s level=info by=supervisor ", at, s->name);

    va_start(arguments, format);
    int tail = vsnprintf(line + head, sizeof(line) - (size_t)head - 1, format, arguments);
    va_end(arguments);
    size_t count = (size_t)head + (size_t)tail;
    if (count > sizeof(line) - 2)
        count = sizeof(line) - 2;
    line[count++] = '\n';
    log_write(s, line, count);
}

static void log_take_output(struct supervisor *s)
{
    char bytes[65536];
    ssize_t count;

    /* Bounded: a program that prints without end must not keep us from stopping it. */
    for (int i = 0; i < LOG_READS && (count = read(s->pipe_read, bytes, sizeof(bytes))) > 0; i++)
        log_write(s, bytes, (size_t)count);
}

/* --- pid files --- */

static void run_path(const struct supervisor *s, const char *prefix, char *out, size_t bytes)
{
    snprintf(out, bytes, "%s/%s%s.pid", s->run, prefix, s->name);
}

/* Written aside and renamed: a reader sees the old number or the new one, never half of it. */
static void pid_file_write(const struct supervisor *s)
{
    char path[4096], aside[4200];

    run_path(s, "", path, sizeof(path));
    snprintf(aside, sizeof(aside), "%s.new", path);
    FILE *file = fopen(aside, "we");
    if (file == NULL)
        return;
    fprintf(file, "%d\n", (int)s->child);
    if (fclose(file) == 0)
        (void)rename(aside, path);
}

static void pid_file_remove(const struct supervisor *s)
{
    char path[4096];

    run_path(s, "", path, sizeof(path));
    (void)unlink(path);
}

/* The descriptor stays open, and with it the lock, until this process is gone. */
static void take_lock(const struct supervisor *s)
{
    char path[4096], number[32];

    run_path(s, "supervise-", path, sizeof(path));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        give_up("cannot write %s: %s", path, strerror(errno));
    /* `make status` asks the lock for a moment; only a second supervisor keeps it. */
    for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (tries < LOCK_TRIES) {
            (void)poll(NULL, 0, LOCK_PAUSE_MS);
            continue;
        }
        give_up("%s is already supervised (%s is locked)", s->name, path);
    }
    int count = snprintf(number, sizeof(number), "%d\n", (int)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, number, (size_t)count, 0) != count)
        give_up("cannot write %s: %s", path, strerror(errno));
}

/* --- the program --- */

static void become_user(const char *name)
{
    struct passwd *user = getpwnam(name);

    if (user == NULL)
        give_up("there is no user %s", name);
    if (initgroups(name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
        setuid(user->pw_uid) != 0)
        give_up("cannot become user %s: %s", name, strerror(errno));
}

__attribute__((noreturn)) static void child_run(struct supervisor *s, pid_t parent)
{
    dup2(s->pipe_write, STDOUT_FILENO);
    dup2(s->pipe_write, STDERR_FILENO);
    if (s->open_folder != NULL) {
        int fd = open(s->open_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
            give_up("cannot open %s: %s", s->open_folder, strerror(errno));
        if (dup3(fd, OPENED_FD, 0) < 0 && (errno != EINVAL || fcntl(fd, F_SETFD, 0) != 0))
            give_up("cannot hand over %s: %s", s->open_folder, strerror(errno));
    }
    if (s->user != NULL)
        become_user(s->user);
    /* After the change of user, which clears it; the parent may have died in between. */
    prctl(PR_SET_PDEATHSIG, s->stop_signal);
    if (getppid() != parent)
        exit(1);
    setpgid(0, 0);
    sigprocmask(SIG_SETMASK, &s->old_mask, NULL);
    execv(s->program[0], s->program);
    give_up("cannot run %s: %s", s->program[0], strerror(errno));
}

static void child_start(struct supervisor *s)
{
    pid_t parent = getpid();
    pid_t child = fork();

    if (child == 0)
        child_run(s, parent);
    s->started_ms = now_ms();
    if (child < 0) {
        log_say(s, "event=cannot_fork why=\"%s\"", strerror(errno));
        s->start_at_ms = s->started_ms + BACKOFF_LAST_MS;
        return;
    }
    s->child = child;
    pid_file_write(s);
    log_say(s, "event=started pid=%d", (int)child);
}

static void child_ended(struct supervisor *s, int how)
{
    int64_t lived_ms = now_ms() - s->started_ms;

    log_take_output(s);
    log_say(s, "event=ended pid=%d %s=%d lived_ms=%lld", (int)s->child,
            WIFSIGNALED(how) ? "signal" : "exit",
            WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how), (long long)lived_ms);
    s->child = 0;
    pid_file_remove(s);
    if (s->stopping)
        return;
    if (lived_ms >= HEALTHY_MS)
        s->backoff_ms = BACKOFF_FIRST_MS;
    s->start_at_ms = now_ms() + s->backoff_ms;
    s->backoff_ms = s->backoff_ms * 2 < BACKOFF_LAST_MS ? s->backoff_ms * 2 : BACKOFF_LAST_MS;
}

static void stop(struct supervisor *s)
{
    if (s->stopping)
        return;
    s->stopping = true;
    s->kill_at_ms = now_ms() + s->grace_ms;
    if (s->child != 0)
        kill(s->child, s->stop_signal);
}

static void take_signals(struct supervisor *s)
{
    struct signalfd_siginfo info;
    int how;
    pid_t pid;

    while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
        if (info.ssi_signo != SIGCHLD)
            stop(s);
    while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
        if (pid == s->child)
            child_ended(s, how);
}

/* Milliseconds until something is to be done by the clock; -1: nothing is. */
static int next_ms(const struct supervisor *s)
{
    int64_t at;

    if (s->stopping)
        at = s->kill_at_ms;
    else if (s->child == 0)
        at = s->start_at_ms;
    else
        return -1;
    int64_t left = at - now_ms();
    return left > 0 ? (int)left : 0;
}

static void watch(struct supervisor *s)
{
    struct pollfd fds[] = {{.fd = s->signals, .events = POLLIN},
                           {.fd = s->pipe_read, .events = POLLIN}};

    while (!s->stopping || s->child != 0) {
        if (!s->stopping && s->child == 0 && now_ms() >= s->start_at_ms)
            child_start(s);
        if (s->stopping && now_ms() >= s->kill_at_ms) {
            log_say(s, "event=killed pid=%d grace_ms=%lld", (int)s->child, (long long)s->grace_ms);
            kill(-s->child, SIGKILL);
            kill(s->child, SIGKILL);
            s->kill_at_ms = now_ms() + 1000;
        }
        if (poll(fds, 2, next_ms(s)) < 0 && errno != EINTR)
            give_up("poll: %s", strerror(errno));
        if (fds[1].revents)
            log_take_output(s);
        if (fds[0].revents)
            take_signals(s);
    }
}

/* --- starting up --- */

static void read_arguments(struct supervisor *s, int count, char **arguments)
{
    int i = 1;

    for (; i + 1 < count && strcmp(arguments[i], "--") != 0; i += 2) {
        const char *option = arguments[i], *value = arguments[i + 1];

        if (strcmp(option, "--name") == 0)
            s->name = value;
        else if (strcmp(option, "--run") == 0)
            s->run = value;
        else if (strcmp(option, "--log") == 0)
            s->log_path = value;
        else if (strcmp(option, "--user") == 0)
            s->user = value;
        else if (strcmp(option, "--open") == 0)
            s->open_folder = value;
        else if (strcmp(option, "--stop") == 0)
            s->stop_signal = strcmp(value, "INT") == 0 ? SIGINT : SIGTERM;
        else if (strcmp(option, "--grace") == 0)
            s->grace_ms = atoll(value) * 1000;
        else
            give_up("unknown option %s", option);
    }
    if (s->name == NULL || s->run == NULL || s->log_path == NULL || i + 1 >= count)
        give_up("usage: kehu-supervise --name NAME --run FOLDER --log FILE [--user NAME] "
                "[--open FOLDER] [--stop INT|TERM] [--grace SECONDS] -- PROGRAM ARGUMENT...");
    s->program = arguments + i + 1;
}

static void prepare(struct supervisor *s)
{
    int fds[2];
    sigset_t mask;

    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGHUP);
    sigprocmask(SIG_BLOCK, &mask, &s->old_mask);
    s->signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
    if (s->signals < 0 || pipe2(fds, O_CLOEXEC) != 0)
        give_up("cannot start: %s", strerror(errno));
    s->pipe_read = fds[0];
    s->pipe_write = fds[1];
    fcntl(s->pipe_read, F_SETFL, O_NONBLOCK); /* our end only: the service may write blocking */
    fcntl(s->pipe_read, F_SETPIPE_SZ, 1 << 20);
    log_open(s);
}

int main(int count, char **arguments)
{
    struct supervisor s = {
        .log_fd = -1, .stop_signal = SIGTERM, .grace_ms = 10000, .backoff_ms = BACKOFF_FIRST_MS};

    read_arguments(&s, count, arguments);
    /* Nothing of the starting shell may stay open: its lock would never be free again. */
    for (int fd = 3; fd < 1024; fd++)
        (void)close(fd);
    (void)setsid();
    take_lock(&s);
    prepare(&s);
    watch(&s);
    return 0;
}
