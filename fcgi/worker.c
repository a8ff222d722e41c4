/*
 * worker: accept, decode, serve, send, again.
 *
 * The only file that speaks to libfcgi about requests. Between two requests a worker holds nothing
 * but its link.
 */
#include "worker.h"

#include <fcgiapp.h>
#include <inttypes.h>
#include <stdlib.h>
#include <stonechat/log.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "clock.h"
#include "exchange.h"
#include "indexer.h"
#include "metrics.h"
#include "push_sender.h"
#include "route.h"
#include "store_push.h"

enum { HEAD_MAX = 512, STALL_MS = 60000, SCRAP_BYTES = 4096, SCRAPS_MOST = 16 };

static size_t read_body(void *context, char *out, size_t bytes) {
    int got = FCGX_GetStr(out, (int)bytes, context);
    return got > 0 ? (size_t)got : 0;
}

/* The length of a stream is known to nobody: `length` -1. */
static void send_head(FCGX_Stream *out, const struct reply *reply, int64_t length) {
    char head[HEAD_MAX];
    int bytes = snprintf(head, sizeof head,
                         "Status: %d %s\r\nCache-Control: %s\r\n"
                         "X-Content-Type-Options: nosniff\r\n",
                         reply->status, sc_http_reason(reply->status), reply->cache);
    if (reply->content_type) {
        bytes += snprintf(head + bytes, sizeof head - (size_t)bytes, "Content-Type: %s\r\n",
                          reply->content_type);
    }
    if (reply->content_type && length >= 0) {
        bytes += snprintf(head + bytes, sizeof head - (size_t)bytes,
                          "Content-Length: %" PRId64 "\r\n", length);
    }
    FCGX_PutStr(head, bytes, out);
    FCGX_PutStr(reply->headers_text, (int)reply->headers_bytes, out);
    FCGX_PutStr("\r\n", 2, out);
}

/* nginx gives up a client that takes nothing long before that; should it hang itself, it holds this
 * thread no longer. */
static void bound_writes(int socket_fd) {
    struct timeval limit = {.tv_sec = STALL_MS / 1000};
    setsockopt(socket_fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

static bool send_piece(void *context, const struct reply *reply) {
    FCGX_Request *incoming = context;
    FCGX_Stream *out = incoming->out;
    if (!reply->streamed) {
        bound_writes(incoming->ipcFd);
        send_head(out, reply, -1);
    }
    return FCGX_PutStr(reply->body_text, (int)reply->body_bytes, out) >= 0 && FCGX_FFlush(out) == 0;
}

static void send_reply(FCGX_Stream *out, struct reply *reply) {
    reply_end(reply);
    if (reply->streamed) {
        return;
    }
    send_head(out, reply, (int64_t)reply->body_bytes);
    if (reply->content_type) {
        FCGX_PutStr(reply->body_text, (int)reply->body_bytes, out);
    }
}

/*
 * What nginx has sent and nobody has read would be taken for the next request's beginning: where
 * that is more than a little, the connection is not kept.
 */
static void pass_over_body(FCGX_Request *incoming) {
    char scrap[SCRAP_BYTES];
    int turns = 0;
    while (FCGX_GetStr(scrap, sizeof scrap, incoming->in) == (int)sizeof scrap) {
        if (++turns == SCRAPS_MOST) {
            incoming->keepConnection = 0;
            return;
        }
    }
}

/* A connection that just ends is the end of an answer to nginx. A record of no version that there
 * is makes it drop the client's, and so lets that know. */
static void cut(FCGX_Request *incoming) {
    static const char nonsense[8];
    send(incoming->ipcFd, nonsense, sizeof nonsense, MSG_DONTWAIT | MSG_NOSIGNAL);
    FCGX_Free(incoming, 1);
}

static void finish(FCGX_Request *incoming, bool whole) {
    if (whole) {
        pass_over_body(incoming);
        FCGX_Finish_r(incoming);
    } else {
        cut(incoming);
    }
}

/* Answered here, since it is no endpoint: nobody outside can ask for it. */
static void serve_metrics(struct site *site, FCGX_Request *incoming) {
    char *text = metrics_text(site);
    FCGX_FPrintF(incoming->out, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                                "Cache-Control: no-store\r\n\r\n");
    FCGX_PutStr(text, (int)strlen(text), incoming->out);
    finish(incoming, true);
    free(text);
}

static void note_access(const struct exchange *x, int64_t us) {
    const char *user = x->session.by != CREDENTIALS_NONE ? x->session.user.id : NULL;
    sc_log(SC_LOG_DEBUG, "request", "method", method_word(x->request.method), "route",
           x->route ? x->route->path : "", "status", sc_log_number(x->reply.status), "ms",
           sc_log_number(us / 1000), "address", x->request.address, "user", user, NULL);
}

static void serve(struct site *site, struct link *link, FCGX_Request *incoming) {
    int64_t began_us = clock_us();
    struct exchange x = {.site = site, .link = link};
    link_begin(link);
    reply_init(&x.reply);
    x.reply.send = send_piece;
    x.reply.send_context = incoming;
    enum sc_error decoded = request_init(&x.request, incoming->envp);
    x.request.source = read_body;
    x.request.source_context = incoming->in;

    route_serve(&x, decoded);
    send_reply(incoming->out, &x.reply);
    finish(incoming, !x.reply.cut);
    int64_t us = clock_us() - began_us;
    metrics_count(x.route, x.reply.status, us);
    note_access(&x, us);
    session_touch(&x);
    if (x.woken[0]) {
        store_push_note_room(link, site->settings, x.woken);
        push_sender_wake(site->sender);
    }
    if (x.behind[0]) {
        indexer_run(link, x.behind);
    }

    form_deinit(&x.form);
    session_deinit(&x.session);
    request_deinit(&x.request);
    reply_deinit(&x.reply);
}

static void serve_any(struct site *site, struct link *link, FCGX_Request *incoming) {
    if (metrics_are_asked(incoming->envp)) {
        serve_metrics(site, incoming);
        return;
    }
    metric_add(metrics.requests_in_flight, 1);
    serve(site, link, incoming);
    metric_add(metrics.requests_in_flight, (uint64_t)-1);
}

/* To libfcgi each connection is one that it has kept; it has no socket to accept another from. */
static void hand_over(FCGX_Request *incoming, int connection) {
    incoming->ipcFd = connection;
    incoming->keepConnection = 1;
}

void worker_run(struct site *site, struct gate *gate) {
    FCGX_Request incoming;
    struct link link;
    int connection;
    site_link(site, &link);
    FCGX_InitRequest(&incoming, -1, 0);
    while ((connection = gate_next(gate)) >= 0) {
        hand_over(&incoming, connection);
        if (FCGX_Accept_r(&incoming) == 0) {
            serve_any(site, &link, &incoming);
        }
        if (incoming.ipcFd >= 0) {
            gate_return(gate, incoming.ipcFd);
        }
        incoming.ipcFd = -1;
    }
    FCGX_Free(&incoming, 0);
    link_deinit(&link);
}
