/*
 * The baseline of accepting messages: NATS JetStream, its text protocol over plain sockets. Several
 * connections publish messages of a fixed size into one stream and keep so many unacknowledged.
 * Prints one line of JSON.
 *
 *   nats --port N --messages N --bytes N --connections N --in-flight N (of all together)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "common/base.h"

#define CONNECTIONS_MAX 16
#define ROOM (256 * 1024)

struct line {
    int fd;
    uint64_t target, sent, acknowledged;
    char in[ROOM], out[ROOM];
    size_t in_used, out_from, out_used;
};

static struct {
    uint64_t port, messages, bytes, connections, in_flight;
} settings = {.messages = 20000, .bytes = 300, .connections = 4, .in_flight = 1024};

static struct line lines[CONNECTIONS_MAX];
static char body[64 * 1024];

static void fail(const char *what)
{
    fprintf(stderr, "nats: %s\n", what);
    exit(1);
}

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    for (ssize_t n; left > 0; left -= (size_t)n, text += n)
        if ((n = write(fd, text, left)) <= 0)
            fail("the server closed the connection");
}

/* One line of the protocol; only before the measured part, so byte by byte will do. */
static void read_line(int fd, char *out, size_t room)
{
    size_t used = 0;

    while (used + 1 < room && read(fd, out + used, 1) == 1)
        if (out[used++] == '\n')
            break;
    out[used] = '\0';
    if (used == 0)
        fail("the server closed the connection");
}

static void make_stream(int fd)
{
    static const char config[] =
        "{\"name\":\"bench\",\"subjects\":[\"bench.>\"],\"storage\":\"file\"}";
    char text[4096];

    snprintf(text, sizeof(text), "PUB $JS.API.STREAM.CREATE.bench _INBOX.0.create %zu\r\n%s\r\n",
             strlen(config), config);
    write_all(fd, text);
    read_line(fd, text, sizeof(text)); /* MSG _INBOX… */
    read_line(fd, text, sizeof(text));
    if (strstr(text, "\"error\"") && !strstr(text, "already in use"))
        fail(text);
}

static void connect_line(struct line *line, int i)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)settings.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char text[4096];
    int one = 1;

    line->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(line->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        fail("cannot connect");
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    read_line(line->fd, text, sizeof(text)); /* INFO {…} */
    snprintf(text, sizeof(text),
             "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB _INBOX.%d.> 1\r\nPING\r\n", i);
    write_all(line->fd, text);
    do {
        read_line(line->fd, text, sizeof(text));
    } while (strncmp(text, "PONG", 4) != 0);
    if (i == 0)
        make_stream(line->fd);
    fcntl(line->fd, F_SETFL, O_NONBLOCK);
}

static void send_more(struct line *line, int i)
{
    uint64_t window = settings.in_flight / settings.connections;

    if (line->out_from == line->out_used)
        line->out_from = line->out_used = 0;
    while (line->sent < line->target && line->sent - line->acknowledged < window &&
           ROOM - line->out_used > settings.bytes + 100) {
        line->out_used += (size_t)snprintf(
            line->out + line->out_used, 100, "PUB bench.%d _INBOX.%d.%llu %llu\r\n", i, i,
            (unsigned long long)line->sent++, (unsigned long long)settings.bytes);
        memcpy(line->out + line->out_used, body, settings.bytes);
        memcpy(line->out + line->out_used + settings.bytes, "\r\n", 2);
        line->out_used += settings.bytes + 2;
    }
    ssize_t n = write(line->fd, line->out + line->out_from, line->out_used - line->out_from);

    if (n > 0)
        line->out_from += (size_t)n;
    else if (n < 0 && errno != EAGAIN)
        fail("the server closed the connection");
}

/* Takes whole answers from the front: "MSG subject sid bytes\r\n", payload, "\r\n". */
static size_t take_answer(struct line *line, size_t from)
{
    char *end = memchr(line->in + from, '\n', line->in_used - from);
    unsigned bytes = 0;

    if (!end)
        return 0;
    size_t head = (size_t)(end - line->in) + 1 - from;

    if (strncmp(line->in + from, "PING", 4) == 0) {
        write_all(line->fd, "PONG\r\n");
        return head;
    }
    if (sscanf(line->in + from, "MSG %*s %*s %u", &bytes) != 1)
        fail(line->in + from);
    if (line->in_used - from < head + bytes + 2)
        return 0;
    if (memmem(line->in + from + head, bytes, "\"error\"", 7))
        fail("a message was refused");
    line->acknowledged++;
    return head + bytes + 2;
}

static void receive(struct line *line)
{
    ssize_t n = read(line->fd, line->in + line->in_used, ROOM - 1 - line->in_used);
    size_t from = 0, taken;

    if (n == 0 || (n < 0 && errno != EAGAIN))
        fail("the server closed the connection");
    line->in_used += n > 0 ? (size_t)n : 0;
    line->in[line->in_used] = '\0';
    while ((taken = take_answer(line, from)) > 0)
        from += taken;
    memmove(line->in, line->in + from, line->in_used - from);
    line->in_used -= from;
}

static void publish(void)
{
    struct pollfd polls[CONNECTIONS_MAX];

    for (bool more = true; more;) {
        more = false;
        for (uint64_t i = 0; i < settings.connections; i++) {
            send_more(&lines[i], (int)i);
            bool full = lines[i].out_from < lines[i].out_used;
            polls[i] = (struct pollfd){lines[i].fd, (short)(POLLIN | (full ? POLLOUT : 0)), 0};
        }
        poll(polls, settings.connections, 1000);
        for (uint64_t i = 0; i < settings.connections; i++) {
            if (polls[i].revents & POLLIN)
                receive(&lines[i]);
            more |= lines[i].acknowledged < lines[i].target;
        }
    }
}

static void read_arguments(int argc, char **argv)
{
    static const struct option options[] = {
        {"port", 1, NULL, 'p'},        {"messages", 1, NULL, 'm'},  {"bytes", 1, NULL, 'b'},
        {"connections", 1, NULL, 'c'}, {"in-flight", 1, NULL, 'i'}, {NULL, 0, NULL, 0}};

    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        uint64_t number = optarg ? strtoull(optarg, NULL, 10) : 0;
        if (o == 'p')
            settings.port = number;
        else if (o == 'm')
            settings.messages = number;
        else if (o == 'b')
            settings.bytes = number;
        else if (o == 'c')
            settings.connections = number;
        else if (o == 'i')
            settings.in_flight = number;
        else
            fail("see the head of tests/bench/nats.c for its options");
    }
    if (!settings.port || settings.connections - 1 >= CONNECTIONS_MAX ||
        settings.bytes > sizeof(body) || settings.in_flight < settings.connections)
        fail("an option is missing or out of range");
}

int main(int argc, char **argv)
{
    read_arguments(argc, argv);
    memset(body, 'x', sizeof(body));
    for (uint64_t i = 0; i < settings.connections; i++) {
        connect_line(&lines[i], (int)i);
        lines[i].target = settings.messages / settings.connections;
    }
    double began = now_s();

    publish();
    printf("{\"seconds\":%.6f,\"messages\":%llu}\n", now_s() - began,
           (unsigned long long)(settings.messages / settings.connections * settings.connections));
    return 0;
}
