/*
 * CURVE keys as Z85 text of 40 characters: making pairs, checking them, reading the server's own.
 */
#ifndef KEHU_CURVE_H
#define KEHU_CURVE_H

#include "common/base.h"
#include "common/status.h"

#define CURVE_Z85_CHARS 40
#define CURVE_KEY_BYTES 32

/* A new pair from the system's randomness. INTERNAL when libzmq was built without CURVE. */
enum status curve_new_pair(char public_z85[CURVE_Z85_CHARS + 1],
                           char secret_z85[CURVE_Z85_CHARS + 1]) MUST_USE;

/* True when the text is 40 characters of Z85 that decode to 32 bytes. */
bool curve_is_key(const char *z85);

/* The public key that belongs to a secret one. INVALID_ARGUMENT when that is no key. */
enum status curve_public_of(const char *secret_z85, char public_z85[CURVE_Z85_CHARS + 1]) MUST_USE;

/* The text of a public key's 32 bytes. */
void curve_encode(const uint8_t bytes[CURVE_KEY_BYTES], char z85[CURVE_Z85_CHARS + 1]);

/*
 * Takes the secret key out of the text of keys/server.secret, {"public": Z85, "secret": Z85}.
 * INVALID_ARGUMENT: `why` says what is wrong, without showing any of the secret.
 */
enum status curve_read_server(const char *json, char secret_z85[CURVE_Z85_CHARS + 1], char *why,
                              size_t why_bytes) MUST_USE;

#endif
