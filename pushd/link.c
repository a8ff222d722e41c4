/*
 * link: dialling, the queue of commands that wait for their reply, and noticing silence (link.h).
 */
#include "link.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event_struct.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <stonechat/endpoint.h>
#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "metrics.h"

enum { PAUSE_FIRST_MS = 50, PAUSE_MOST_MS = 1000, CHECK_MS = 250, READ_MOST_BYTES = 1 << 18 };

enum link_state { LINK_DOWN, LINK_DIALLING, LINK_GREETING, LINK_UP };

/* A command that waits for its reply. */
struct pending {
    STAILQ_ENTRY(pending) link;
    link_reply_fn *on_reply;
    void *context;
    int64_t sent_us;
};

struct link {
    struct event_base *base;
    const struct sc_settings *settings;
    const char *name;
    const struct link_events *events;
    void *context;
    struct sc_endpoint endpoint;
    enum link_state state;
    int64_t dialled_ms;
    unsigned pause_ms;
    struct bufferevent *stream;
    redisReader *reader;
    STAILQ_HEAD(, pending) pending;
    struct event redial; /* fires when a pause is over */
    struct event check;  /* looks now and then whether Redis is silent */
    bool working;        /* replies are being handed out: don't pull the stream from under them */
    const char *broken;  /* why the link must be dropped as soon as that is over */
};

static int64_t now_ms(void) {
    return metrics_now_us() / 1000;
}

static struct timeval milliseconds(unsigned ms) {
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};
}

/* --- losing it --- */

static void answer_all_with_null(struct link *link) {
    struct pending *pending;
    while ((pending = STAILQ_FIRST(&link->pending)) != NULL) {
        STAILQ_REMOVE_HEAD(&link->pending, link);
        if (pending->on_reply != NULL) {
            pending->on_reply(NULL, pending->context);
        }
        free(pending);
    }
}

static void hang_up(struct link *link) {
    if (link->stream != NULL) {
        bufferevent_free(link->stream);
        link->stream = NULL;
    }
    if (link->reader != NULL) {
        redisReaderFree(link->reader);
        link->reader = NULL;
    }
}

static void plan_redial(struct link *link) {
    unsigned jitter = (unsigned)random() % (link->pause_ms / 2 + 1);
    struct timeval pause = milliseconds(link->pause_ms / 2 + jitter);
    evtimer_add(&link->redial, &pause);
    link->pause_ms = link->pause_ms * 2 < PAUSE_MOST_MS ? link->pause_ms * 2 : PAUSE_MOST_MS;
}

static void lose(struct link *link, const char *why) {
    if (link->working) {
        link->broken = why;
        return;
    }
    bool was_up = link->state == LINK_UP;
    sc_log(was_up ? SC_LOG_WARNING : SC_LOG_DEBUG, "redis_link_lost", "link", link->name, "why",
           why, NULL);
    link->state = LINK_DOWN;
    hang_up(link);
    answer_all_with_null(link);
    plan_redial(link);
    if (was_up) {
        link->events->on_down(link->context);
    }
}

void link_redial(struct link *link, const char *why) {
    if (link->state != LINK_DOWN) {
        lose(link, why);
    }
}

/* --- replies --- */

static bool error_begins(const redisReply *reply, const char *word) {
    size_t bytes = strlen(word);
    return reply->type == REDIS_REPLY_ERROR && reply->len >= bytes &&
           memcmp(reply->str, word, bytes) == 0;
}

bool link_reply_is_passing(const redisReply *reply) {
    static const char *const words[] = {"LOADING",     "READONLY",   "MISCONF",
                                        "OOM",         "BUSY",       "MASTERDOWN",
                                        "CLUSTERDOWN", "NOREPLICAS", "TRYAGAIN"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (error_begins(reply, words[i])) {
            return true;
        }
    }
    return false;
}

static void on_reply(struct link *link, const redisReply *reply) {
    struct pending *pending = STAILQ_FIRST(&link->pending);
    if (pending == NULL) {
        if (link->events->on_push != NULL && link->state == LINK_UP) {
            link->events->on_push(reply, link->context);
        }
        return;
    }
    STAILQ_REMOVE_HEAD(&link->pending, link);
    metric_observe(metrics->redis_command_seconds, metrics_now_us() - pending->sent_us);
    if (pending->on_reply != NULL) {
        pending->on_reply(reply, pending->context);
    }
    free(pending);
}

static void on_readable(struct bufferevent *stream, void *context) {
    struct link *link = context;
    struct evbuffer *input = bufferevent_get_input(stream);
    size_t bytes = evbuffer_get_length(input);
    redisReaderFeed(link->reader, (const char *)evbuffer_pullup(input, -1), bytes);
    evbuffer_drain(input, bytes);
    void *reply = NULL;
    link->working = true;
    while (link->broken == NULL && redisReaderGetReply(link->reader, &reply) == REDIS_OK &&
           reply != NULL) {
        on_reply(link, reply);
        freeReplyObject(reply);
        reply = NULL;
    }
    link->working = false;
    if (link->broken == NULL && link->reader->err != 0) {
        link->broken = "not RESP";
    }
    if (link->broken != NULL) {
        const char *why = link->broken;
        link->broken = NULL;
        lose(link, why);
    }
}

/* --- commands --- */

static void write_command(struct link *link, int count, const char **arguments,
                          const size_t *bytes) {
    char *command = NULL;
    long long length = redisFormatCommandArgv(&command, count, arguments, bytes);
    if (length < 0) {
        abort();
    }
    bufferevent_write(link->stream, command, (size_t)length);
    redisFreeCommand(command);
}

static void send_command(struct link *link, int count, const char **arguments, const size_t *bytes,
                         link_reply_fn *on_reply_fn, void *context) {
    struct pending *pending = sc_xmalloc(sizeof *pending);
    *pending =
        (struct pending){.on_reply = on_reply_fn, .context = context, .sent_us = metrics_now_us()};
    STAILQ_INSERT_TAIL(&link->pending, pending, link);
    write_command(link, count, arguments, bytes);
}

void link_command(struct link *link, int count, const char **arguments, const size_t *bytes,
                  link_reply_fn *on_reply_fn, void *context) {
    if (link->state == LINK_UP && link->broken == NULL) {
        send_command(link, count, arguments, bytes, on_reply_fn, context);
    } else if (on_reply_fn != NULL) {
        on_reply_fn(NULL, context);
    }
}

void link_push_command(struct link *link, int count, const char **arguments, const size_t *bytes) {
    if (link->state == LINK_UP && link->broken == NULL) {
        write_command(link, count, arguments, bytes);
    }
}

bool link_is_up(const struct link *link) {
    return link->state == LINK_UP && link->broken == NULL;
}

/* --- dialling --- */

/* The last greeting is answered: Redis has let us in and is not loading. */
static void on_greeted(const redisReply *reply, void *context) {
    struct link *link = context;
    if (reply == NULL) {
        return;
    }
    if (reply->type == REDIS_REPLY_ERROR) {
        lose(link, link_reply_is_passing(reply) ? "not ready" : "refused");
        return;
    }
    link->state = LINK_UP;
    link->pause_ms = PAUSE_FIRST_MS;
    sc_log(SC_LOG_INFO, "redis_link_up", "link", link->name, NULL);
    link->events->on_up(link->context);
}

static void on_sign_in(const redisReply *reply, void *context) {
    struct link *link = context;
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR && !link_reply_is_passing(reply)) {
        sc_log(SC_LOG_ERROR, "redis_sign_in_refused", "link", link->name, NULL);
        lose(link, "refused");
    }
}

static void greet(struct link *link) {
    const struct sc_endpoint *endpoint = &link->endpoint;
    link->state = LINK_GREETING;
    if (endpoint->password != NULL) {
        const char *auth[] = {"AUTH", endpoint->user, endpoint->password};
        if (endpoint->user == NULL) {
            auth[1] = endpoint->password;
        }
        send_command(link, endpoint->user != NULL ? 3 : 2, auth, NULL, on_sign_in, link);
    }
    if (endpoint->database != 0) {
        const char *select[] = {"SELECT", sc_log_number(endpoint->database)};
        send_command(link, 2, select, NULL, on_sign_in, link);
    }
    const char *ping[] = {"PING"};
    send_command(link, 1, ping, NULL, on_greeted, link);
}

static void on_stream_event(struct bufferevent *stream, short what, void *context) {
    struct link *link = context;
    (void)stream;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        greet(link);
    } else {
        lose(link, (what & BEV_EVENT_EOF) != 0 ? "closed by Redis" : "broken");
    }
}

static void open_stream(struct link *link) {
    link->stream = bufferevent_socket_new(link->base, -1, BEV_OPT_CLOSE_ON_FREE);
    link->reader = redisReaderCreate();
    if (link->stream == NULL || link->reader == NULL) {
        abort();
    }
    bufferevent_set_max_single_read(link->stream, READ_MOST_BYTES);
    bufferevent_setcb(link->stream, on_readable, NULL, on_stream_event, link);
    bufferevent_enable(link->stream, EV_READ | EV_WRITE);
}

/* A host that vanishes without a word is noticed by the kernel, too. */
static void tune_tcp(int fd, const struct sc_settings *settings) {
    int on = 1;
    unsigned silent_ms = (unsigned)settings->redis_command_ms;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent_ms, sizeof silent_ms);
}

static bool dial_unix(struct link *link) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(link->endpoint.path) >= sizeof address.sun_path) {
        return false;
    }
    strcpy(address.sun_path, link->endpoint.path);
    return bufferevent_socket_connect(link->stream, (struct sockaddr *)&address, sizeof address) ==
           0;
}

static bool dial_tcp(struct link *link) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    const char *port = sc_log_number(link->endpoint.port);
    if (getaddrinfo(link->endpoint.host, port, &hints, &found) != 0) {
        return false;
    }
    bool fine =
        bufferevent_socket_connect(link->stream, found->ai_addr, (int)found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (fine) {
        tune_tcp(bufferevent_getfd(link->stream), link->settings);
    }
    return fine;
}

static void dial(struct link *link) {
    link->state = LINK_DIALLING;
    link->dialled_ms = now_ms();
    open_stream(link);
    /* libevent may report a refusal from within the call. */
    if (!(link->endpoint.path != NULL ? dial_unix(link) : dial_tcp(link)) &&
        link->state == LINK_DIALLING) {
        lose(link, "can't dial");
    }
}

static void on_redial(evutil_socket_t fd, short what, void *context) {
    (void)fd;
    (void)what;
    dial(context);
}

/* Silence: a connection that isn't there in time, or a reply that doesn't come. */
static void on_check(evutil_socket_t fd, short what, void *context) {
    struct link *link = context;
    const struct pending *oldest = STAILQ_FIRST(&link->pending);
    int64_t now = now_ms();
    (void)fd;
    (void)what;
    if (link->state == LINK_DIALLING && now - link->dialled_ms > link->settings->redis_connect_ms) {
        lose(link, "no connection in time");
    } else if (oldest != NULL && now - oldest->sent_us / 1000 > link->settings->redis_command_ms) {
        lose(link, "no reply in time");
    }
}

struct link *link_new(struct event_base *base, const struct sc_settings *settings, const char *name,
                      const struct link_events *events, void *context) {
    struct link *link = sc_xcalloc(1, sizeof *link);
    link->base = base;
    link->settings = settings;
    link->name = name;
    link->events = events;
    link->context = context;
    link->pause_ms = PAUSE_FIRST_MS;
    STAILQ_INIT(&link->pending);
    sc_endpoint_init(&link->endpoint, settings->redis_url);
    evtimer_assign(&link->redial, base, on_redial, link);
    event_assign(&link->check, base, -1, EV_PERSIST, on_check, link);
    struct timeval pause = milliseconds(CHECK_MS);
    event_add(&link->check, &pause);
    struct timeval at_once = {0};
    evtimer_add(&link->redial, &at_once);
    return link;
}

void link_free(struct link **link) {
    struct link *mine = *link;
    *link = NULL;
    if (mine == NULL) {
        return;
    }
    mine->state = LINK_DOWN;
    hang_up(mine);
    answer_all_with_null(mine);
    event_del(&mine->redial);
    event_del(&mine->check);
    sc_endpoint_deinit(&mine->endpoint);
    free(mine);
}
