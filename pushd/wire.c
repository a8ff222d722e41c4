/*
 * wire: libevent's bufferevent and hiredis's reader, always together (see wire.h).
 */
#include "wire.h"

#include <event2/buffer.h>
#include <stdlib.h>

#include "resp.h"

void wire_open(struct wire *wire, struct event_base *base, bufferevent_data_cb on_readable,
               bufferevent_event_cb on_event, void *context) {
    wire->stream = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    wire->reader = redisReaderCreate();
    if (wire->stream == NULL || wire->reader == NULL) {
        abort();
    }
    bufferevent_setcb(wire->stream, on_readable, NULL, on_event, context);
    bufferevent_enable(wire->stream, EV_READ | EV_WRITE);
}

void wire_close(struct wire *wire) {
    if (wire->stream != NULL) {
        bufferevent_free(wire->stream);
        redisReaderFree(wire->reader);
        *wire = (struct wire){0};
    }
}

/* Written where it is sent from. */
void wire_send(struct wire *wire, int count, const char **arguments, const size_t *bytes) {
    struct evbuffer *output = bufferevent_get_output(wire->stream);
    struct evbuffer_iovec space;
    size_t most = resp_command_most(count, arguments, bytes);
    if (evbuffer_reserve_space(output, (ev_ssize_t)most, &space, 1) != 1) {
        abort();
    }
    space.iov_len = resp_command(space.iov_base, count, arguments, bytes);
    evbuffer_commit_space(output, &space, 1);
}

size_t wire_unsent_bytes(const struct wire *wire) {
    return wire->stream != NULL ? evbuffer_get_length(bufferevent_get_output(wire->stream)) : 0;
}
