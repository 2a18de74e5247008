/*
 * The ZAP handler (RFC 27) of a bus: libzmq asks it about every CURVE connection. It must be bound
 * before the ROUTER, because without a handler libzmq lets every key in. The user id it gives to
 * a connection is the public key, not the name: a key that is replaced under the same name then
 * ends the rights of connections made with the old one.
 */
#ifndef KEHU_ZAP_H
#define KEHU_ZAP_H

#include "common/base.h"
#include "common/keys.h"
#include "common/status.h"

struct zap;

/*
 * Binds inproc://zeromq.zap.01 of the context (a void * from zmq_ctx_new). UNAVAILABLE when it
 * cannot, for example because the context has a handler already; `why` says so.
 */
enum status zap_new(void *context, struct keys *keys, struct zap **out, char *why,
                    size_t why_bytes) MUST_USE;
/* Closes the socket; nothing may poll it any more. */
void zap_free(struct zap *zap);

/* The socket's file descriptor, edge-triggered: call zap_serve in every turn. */
int zap_descriptor(struct zap *zap);
/* Answers at most 64 questions. True when more are waiting. */
bool zap_serve(struct zap *zap);

uint64_t zap_allowed_count(const struct zap *zap);
uint64_t zap_refused_count(const struct zap *zap);

#endif
