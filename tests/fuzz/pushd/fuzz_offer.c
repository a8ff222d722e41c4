/*
 * offer: the value of a Sec-WebSocket-Extensions header.
 *
 * A window that is answered is one that we can keep to; what was taken stays taken.
 */
#include "fuzz.h"

#include "deflate.h"
#include "offer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct offer offer = {0}, again;
    char *exact = malloc(size + 1);
    memcpy(exact, data, size);
    struct slice value = {exact, size};
    bool fine = offer_read(value, &offer);
    demand(offer.server_window == 0 ||
           (offer.taken && offer.server_window >= DEFLATE_WINDOW && offer.server_window <= 15));
    again = offer;
    demand(offer_read(value, &again) == fine);
    demand(again.taken == offer.taken && again.server_window == offer.server_window);
    free(exact);
    return 0;
}
