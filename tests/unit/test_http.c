/*
 * The pages for watching machines, over real sockets: a thread asks while the loop turns.
 */
#include "common/http.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

static bool is_ready;

static char *show_ready(void *owner, bool *ready)
{
    (void)owner;
    *ready = is_ready;
    return strdup("{\"ready\":false}");
}

static char *show_metrics(void *owner, size_t *bytes)
{
    (void)owner;
    *bytes = 4;
    return strdup("a 1\n");
}

static const struct http_pages pages = {show_ready, show_metrics};

struct asking {
    struct loop *loop;
    struct http *http;
    uv_thread_t thread;
    uv_async_t done;
    const char *ask;
    char answer[4096];
};

static void ask_in_thread(void *data)
{
    struct asking *asking = data;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_port(asking->http)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    size_t used = 0;
    ssize_t count;

    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
        write(fd, asking->ask, strlen(asking->ask)) > 0)
        while (used < sizeof(asking->answer) - 1 &&
               (count = read(fd, asking->answer + used, sizeof(asking->answer) - 1 - used)) > 0)
            used += (size_t)count;
    close(fd);
    uv_async_send(&asking->done);
}

static void stop(uv_async_t *done)
{
    struct asking *asking = done->data;

    http_close(asking->http);
    uv_close((uv_handle_t *)done, NULL);
    loop_stop(asking->loop);
}

/* One server, one request, one answer; the caller reads it until the next call. */
static const char *answer_to(const char *address, const char *ask)
{
    static struct asking asking;
    char why[200] = "";

    asking = (struct asking){.loop = loop_new(), .ask = ask};
    assert_int_equal(http_new(asking.loop, address, &pages, NULL, &asking.http, why, sizeof(why)),
                     OK);
    uv_async_init(loop_uv(asking.loop), &asking.done, stop);
    asking.done.data = &asking;
    uv_thread_create(&asking.thread, ask_in_thread, &asking);
    loop_run(asking.loop, NULL, NULL);
    uv_thread_join(&asking.thread);
    loop_free(asking.loop);
    http_free(asking.http);
    return asking.answer;
}

static void answered(const char *ask, const char *first_line, const char *part)
{
    const char *answer = answer_to("127.0.0.1:0", ask);

    assert_memory_equal(answer, first_line, strlen(first_line));
    assert_non_null(strstr(answer, part));
}

static void health_is_ok_while_the_loop_turns(void **state)
{
    (void)state;
    answered("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 200",
             "\r\n\r\nok");
}

static void readiness_follows_the_service(void **state)
{
    (void)state;
    is_ready = false;
    answered("GET /readyz HTTP/1.0\r\n\r\n", "HTTP/1.1 503", "{\"ready\":false}");
    is_ready = true;
    answered("GET /readyz HTTP/1.0\r\n\r\n", "HTTP/1.1 200", "application/json");
}

static void metrics_are_in_prometheus_format(void **state)
{
    (void)state;
    answered("GET /metrics HTTP/1.0\r\n\r\n", "HTTP/1.1 200", "version=0.0.4");
}

static void head_has_no_body(void **state)
{
    (void)state;
    const char *answer = answer_to("127.0.0.1:0", "HEAD /healthz HTTP/1.0\r\n\r\n");

    assert_memory_equal(answer, "HTTP/1.1 200", 12);
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
}

static void other_pages_methods_and_bodies_are_refused(void **state)
{
    (void)state;
    answered("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 404", "/healthz");
    answered("DELETE /healthz HTTP/1.0\r\n\r\n", "HTTP/1.1 405", "Allow: GET, HEAD");
    answered(
        "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 405", "Allow");
    answered(
        "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        "HTTP/1.1 413", "body");
}

static void ipv6_any_takes_ipv4_too(void **state)
{
    (void)state;
    assert_memory_equal(answer_to("[::]:0", "GET /healthz HTTP/1.0\r\n\r\n"), "HTTP/1.1 200", 12);
}

static void a_bad_or_taken_address_is_named(void **state)
{
    (void)state;
    struct loop *loop = loop_new();
    struct http *http = NULL, *other = NULL;
    char why[200], address[40];
    static const char *const bad[] = {"",    "7411", "host:", ":1", "::1:5", "127.0.0.1:65536",
                                      "h:1x"};

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(http_new(loop, bad[i], &pages, NULL, &http, why, sizeof(why)),
                         INVALID_ARGUMENT);
    assert_null(http);
    assert_int_equal(http_new(loop, "127.0.0.1:0", &pages, NULL, &http, why, sizeof(why)), OK);
    snprintf(address, sizeof(address), "127.0.0.1:%u", http_port(http));
    assert_int_equal(http_new(loop, address, &pages, NULL, &other, why, sizeof(why)), UNAVAILABLE);
    assert_non_null(strstr(why, "Address already in use"));
    http_free(http);
    http_free(NULL);
    loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_is_ok_while_the_loop_turns),
        cmocka_unit_test(readiness_follows_the_service),
        cmocka_unit_test(metrics_are_in_prometheus_format),
        cmocka_unit_test(head_has_no_body),
        cmocka_unit_test(other_pages_methods_and_bodies_are_refused),
        cmocka_unit_test(ipv6_any_takes_ipv4_too),
        cmocka_unit_test(a_bad_or_taken_address_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
