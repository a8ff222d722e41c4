/*
 * channel: the name under which a publication comes.
 *
 * A name that is taken for one of our channels is, to the byte, what we would have called it.
 */
#include "fuzz.h"

#include <stonechat/schema.h>
#include <stonechat/token.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum sc_channel_kind kind;
    char id[SC_ID_MAX + 1];
    if (sc_channel_parse((const char *)data, size, &kind, id)) {
        struct sc_key name = sc_channel(kind, id);
        demand(name.bytes == size && memcmp(name.text, data, size) == 0);
        demand(id[0] == '\0' ? kind == SC_CHANNEL_NOTICE || kind == SC_CHANNEL_PRESENCE
                             : sc_id_valid(id, strlen(id)));
    }
    return 0;
}
