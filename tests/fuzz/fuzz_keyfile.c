/*
 * A key's file, whatever it holds: it is read or refused with a reason, and a key that is read
 * keeps the limits that others rely on.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/curve.h"
#include "common/keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char why[160] = "";
    struct key key;

    if (keyfile_decode("shop", (const char *)data, bytes, &key, why, sizeof(why)) != OK) {
        assert(why[0]);
        return 0;
    }
    assert(strcmp(key.name, "shop") == 0);
    assert(curve_is_key(key.public_z85));
    assert(key.max_in_flight >= 1 && key.max_in_flight <= 4096);
    assert(key.publish_count <= 64 && key.types_count <= 64 && key.call_count <= 64);
    keyfile_clear(&key);
    return 0;
}
