/*
 * direct: BLAKE2b of the two ids in their order, as an id.
 *
 * It is no secret: whoever computes it finds the room closed, and can't tell it from one that isn't
 * there.
 */
#include "direct.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

enum { DIGEST_BYTES = SC_ID_MAX / 2 };

void direct_room_id(const char *user, const char *other, char out[SC_ID_MAX + 1]) {
    unsigned char digest[DIGEST_BYTES];
    char pair[2 * SC_ID_MAX + sizeof "direct  "];
    bool in_order = strcmp(user, other) < 0;
    int bytes = snprintf(pair, sizeof pair, "direct %s %s", in_order ? user : other,
                         in_order ? other : user);
    crypto_generichash(digest, sizeof digest, (const unsigned char *)pair,
                       (unsigned long long)bytes, NULL, 0);
    sodium_bin2hex(out, SC_ID_MAX + 1, digest, sizeof digest);
}
