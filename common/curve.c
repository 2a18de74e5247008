/*
 * CURVE keys, on libzmq's own functions, so that both ends agree about the encoding.
 */
#include "common/curve.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

enum status curve_new_pair(char public_z85[CURVE_Z85_CHARS + 1],
                           char secret_z85[CURVE_Z85_CHARS + 1])
{
    return zmq_curve_keypair(public_z85, secret_z85) == 0 ? OK : INTERNAL;
}

bool curve_is_key(const char *z85)
{
    uint8_t bytes[CURVE_KEY_BYTES];

    return strnlen(z85, CURVE_Z85_CHARS + 1) == CURVE_Z85_CHARS && zmq_z85_decode(bytes, z85);
}

enum status curve_public_of(const char *secret_z85, char public_z85[CURVE_Z85_CHARS + 1])
{
    if (!curve_is_key(secret_z85) || zmq_curve_public(public_z85, secret_z85) != 0)
        return INVALID_ARGUMENT;
    return OK;
}

void curve_encode(const uint8_t bytes[CURVE_KEY_BYTES], char z85[CURVE_Z85_CHARS + 1])
{
    zmq_z85_encode(z85, bytes, CURVE_KEY_BYTES);
}

enum status curve_read_server(const char *json, char secret_z85[CURVE_Z85_CHARS + 1], char *why,
                              size_t why_bytes)
{
    char expected[CURVE_Z85_CHARS + 1];
    const char *given = NULL;
    const char *secret = NULL;
    enum status status = INVALID_ARGUMENT;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);

    if (!root || json_unpack(root, "{s:s, s:s !}", "public", &given, "secret", &secret) != 0)
        snprintf(why, why_bytes, "it is not {\"public\": Z85, \"secret\": Z85}");
    else if (curve_public_of(secret, expected) != OK)
        snprintf(why, why_bytes, "its secret is not %d characters of Z85", CURVE_Z85_CHARS);
    else if (strcmp(expected, given) != 0)
        snprintf(why, why_bytes, "its public key does not belong to its secret one");
    else
        status = OK;
    if (status == OK)
        memcpy(secret_z85, secret, CURVE_Z85_CHARS + 1);
    json_decref(root);
    return status;
}
