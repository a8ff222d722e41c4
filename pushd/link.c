/*
 * link: dialling, the queue of commands that wait for their reply, and noticing silence (link.h).
 */
#include "link.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event_struct.h>
#include <stdlib.h>
#include <sys/queue.h>

#include <stonechat/backoff.h>
#include <stonechat/endpoint.h>
#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "dial.h"
#include "finder.h"
#include "greeting.h"
#include "metrics.h"
#include "resp.h"
#include "wire.h"

enum { PAUSE_FIRST_MS = 50, PAUSE_MOST_MS = 1000, STEADY_MS = 1000 };
enum {
    CHECK_MS = 250,
    WATCH_MS = 1000,
    LIBEVENT_BYTES = 4096,
    READ_BYTES = 1 << 14,
    READ_MOST_BYTES = 1 << 18
};

/* How much may wait for a Redis that is alive but slow. Commands are bounded by the age of the
 * oldest; what nobody waits for is bounded by its bytes. */
enum { UNSENT_MOST_BYTES = 32 << 20, PRESSED_BYTES = 1 << 20, PRESSED_COMMANDS = 1024 };

enum link_state { LINK_DOWN, LINK_FINDING, LINK_DIALLING, LINK_GREETING, LINK_UP };

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
    struct sc_endpoint endpoint; /* with sentinels its address is what they said last */
    struct finder *finder;       /* NULL: the address is known */
    enum link_state state;
    int64_t dialled_ms, up_ms, asked_ms, heard_us;
    unsigned attempts;
    struct sc_backoff backoff;
    struct greeting greeting;
    struct wire wire;
    STAILQ_HEAD(, pending) pending;
    size_t pending_count;
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
        link->pending_count--;
        if (pending->on_reply != NULL) {
            pending->on_reply(NULL, pending->context);
        }
        free(pending);
    }
}

/* A link that is lost as soon as it is up doesn't begin with short pauses every time. */
static unsigned plan_redial(struct link *link, bool was_up) {
    if (was_up && now_ms() - link->up_ms > STEADY_MS) {
        sc_backoff_reset(&link->backoff);
    }
    unsigned pause_ms = sc_backoff_next(&link->backoff);
    struct timeval pause = milliseconds(pause_ms);
    evtimer_add(&link->redial, &pause);
    return pause_ms;
}

static void lose(struct link *link, const char *why) {
    if (link->working) {
        link->broken = why;
        return;
    }
    bool was_up = link->state == LINK_UP;
    if (link->finder != NULL && link->state != LINK_FINDING) {
        finder_doubt(link->finder);
    }
    link->state = LINK_DOWN;
    wire_close(&link->wire);
    answer_all_with_null(link);
    unsigned pause_ms = plan_redial(link, was_up);
    sc_log(was_up ? SC_LOG_WARNING : SC_LOG_DEBUG, "redis_link_lost", "link", link->name, "why",
           why, "pause_ms", sc_log_number(pause_ms), NULL);
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

static void on_reply(struct link *link, const redisReply *reply) {
    struct pending *pending = STAILQ_FIRST(&link->pending);
    if (pending == NULL) {
        if (link->events->on_push != NULL && link->state == LINK_UP) {
            link->events->on_push(reply, link->context);
        }
        return;
    }
    STAILQ_REMOVE_HEAD(&link->pending, link);
    link->pending_count--;
    link->heard_us = metrics_now_us();
    metric_observe(metrics->redis_command_seconds, link->heard_us - pending->sent_us);
    if (pending->on_reply != NULL) {
        pending->on_reply(reply, pending->context);
    }
    free(pending);
    if (link->finder != NULL && link->broken == NULL && resp_is_error(reply, "READONLY")) {
        link->broken = "no longer the master";
    }
}

static void take_replies(struct link *link, const char *bytes, size_t count) {
    void *reply = NULL;
    redisReaderFeed(link->wire.reader, bytes, count);
    while (link->broken == NULL && redisReaderGetReply(link->wire.reader, &reply) == REDIS_OK &&
           reply != NULL) {
        on_reply(link, reply);
        freeReplyObject(reply);
        reply = NULL;
    }
    if (link->broken == NULL && link->wire.reader->err != 0) {
        link->broken = "not RESP";
    }
}

/* libevent reads at most 4 KiB a turn, whatever there is: but what one turn brings is what goes to
 * readers in one write. The rest is read here; its end, or what is wrong with it, libevent finds.
 */
static void take_the_rest(struct link *link) {
    char bytes[READ_BYTES];
    int fd = bufferevent_getfd(link->wire.stream);
    size_t taken = 0;
    ssize_t count = READ_BYTES;
    while (link->broken == NULL && count == READ_BYTES && taken < READ_MOST_BYTES &&
           (count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        take_replies(link, bytes, (size_t)count);
        taken += (size_t)count;
    }
}

static void on_readable(struct bufferevent *stream, void *context) {
    struct link *link = context;
    struct evbuffer *input = bufferevent_get_input(stream);
    size_t bytes = evbuffer_get_length(input);
    link->working = true;
    take_replies(link, (const char *)evbuffer_pullup(input, -1), bytes);
    evbuffer_drain(input, bytes);
    if (bytes >= LIBEVENT_BYTES) {
        take_the_rest(link);
    }
    link->working = false;
    if (link->broken != NULL) {
        const char *why = link->broken;
        link->broken = NULL;
        lose(link, why);
    }
}

/* --- commands --- */

static void send_command(struct link *link, int count, const char **arguments, const size_t *bytes,
                         link_reply_fn *on_reply_fn, void *context) {
    struct pending *pending = sc_xmalloc(sizeof *pending);
    *pending =
        (struct pending){.on_reply = on_reply_fn, .context = context, .sent_us = metrics_now_us()};
    STAILQ_INSERT_TAIL(&link->pending, pending, link);
    link->pending_count++;
    wire_send(&link->wire, count, arguments, bytes);
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
        wire_send(&link->wire, count, arguments, bytes);
    }
}

bool link_is_up(const struct link *link) {
    return link->state == LINK_UP && link->broken == NULL;
}

bool link_is_pressed(const struct link *link) {
    return link->pending_count > PRESSED_COMMANDS || wire_unsent_bytes(&link->wire) > PRESSED_BYTES;
}

/* --- greeting --- */

static void come_up(struct link *link) {
    const char *host = link->endpoint.address.host;
    link->state = LINK_UP;
    link->up_ms = link->asked_ms = now_ms();
    sc_log(SC_LOG_INFO, "redis_link_up", "link", link->name, "host", host, "port",
           host != NULL ? sc_log_number(link->endpoint.address.port) : NULL, NULL);
    link->events->on_up(link->context);
}

static void on_greeted(const redisReply *reply, void *context) {
    struct link *link = context;
    if (reply == NULL) {
        return;
    }
    const char *why = greeting_hear(&link->greeting, reply);
    if (why != NULL) {
        lose(link, why);
    } else if (greeting_is_over(&link->greeting)) {
        come_up(link);
    }
}

static void greet(struct link *link) {
    struct greeting *greeting = &link->greeting;
    link->state = LINK_GREETING;
    greeting_init(greeting, &link->endpoint, link->finder != NULL, link->name);
    for (size_t i = 0; i < greeting->count; i++) {
        struct greeting_line *line = &greeting->lines[i];
        send_command(link, line->count, line->words, NULL, on_greeted, link);
    }
}

/* --- dialling --- */

static void on_stream_event(struct bufferevent *stream, short what, void *context) {
    struct link *link = context;
    (void)stream;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        greet(link);
    } else {
        lose(link, (what & BEV_EVENT_EOF) != 0 ? "closed by Redis" : "broken");
    }
}

static bool begin(struct link *link) {
    const struct sc_endpoint *to = &link->endpoint;
    return to->path != NULL ? dial_unix(link->wire.stream, to->path)
                            : dial_tcp(link->wire.stream, &to->address, link->attempts++,
                                       link->settings->redis_command_ms);
}

static void dial(struct link *link) {
    link->state = LINK_DIALLING;
    link->dialled_ms = now_ms();
    wire_open(&link->wire, link->base, on_readable, on_stream_event, link);
    /* libevent may report a refusal from within the call. */
    if (!begin(link) && link->state == LINK_DIALLING) {
        lose(link, "can't dial");
    }
}

static void take_address(struct link *link, const struct sc_address *master) {
    sc_address_set(&link->endpoint.address, master->host, sc_log_number(master->port));
}

static void on_found(const struct sc_address *master, void *context) {
    struct link *link = context;
    if (link->state == LINK_FINDING) {
        if (master == NULL) {
            lose(link, "no sentinel knows the master");
            return;
        }
        take_address(link, master);
        dial(link);
    } else if (link->state == LINK_UP && master != NULL &&
               !sc_address_same(master, &link->endpoint.address)) {
        lose(link, "the master is elsewhere");
    }
}

static void on_redial(evutil_socket_t fd, short what, void *context) {
    struct link *link = context;
    (void)fd;
    (void)what;
    if (link->finder != NULL) {
        link->state = LINK_FINDING;
        finder_ask(link->finder);
    } else {
        dial(link);
    }
}

/* A master that was replaced may live on, cut off from its replicas but not from here. */
static void watch(struct link *link, int64_t now) {
    if (link->finder != NULL && link->state == LINK_UP && now - link->asked_ms >= WATCH_MS) {
        link->asked_ms = now;
        finder_ask(link->finder);
    }
}

/* How long a reply has been due without any having come: a Redis that works off a long queue is not
 * silent, and to ask it all of that anew would make the queue longer. */
static int64_t silent_ms(const struct link *link, int64_t now) {
    const struct pending *oldest = STAILQ_FIRST(&link->pending);
    if (oldest == NULL) {
        return 0;
    }
    int64_t since_us = oldest->sent_us > link->heard_us ? oldest->sent_us : link->heard_us;
    return now - since_us / 1000;
}

/* Silence: a connection that isn't there in time, or a reply that doesn't come. */
static void on_check(evutil_socket_t fd, short what, void *context) {
    struct link *link = context;
    int64_t now = now_ms();
    (void)fd;
    (void)what;
    if (link->state == LINK_DIALLING && now - link->dialled_ms > link->settings->redis_connect_ms) {
        lose(link, "no connection in time");
    } else if (silent_ms(link, now) > link->settings->redis_command_ms) {
        lose(link, "no reply in time");
    } else if (wire_unsent_bytes(&link->wire) > UNSENT_MOST_BYTES) {
        lose(link, "too much unsent");
    }
    watch(link, now);
}

struct link *link_new(struct event_base *base, const struct sc_settings *settings, const char *name,
                      const struct link_events *events, void *context) {
    struct link *link = sc_xcalloc(1, sizeof *link);
    link->base = base;
    link->settings = settings;
    link->name = name;
    link->events = events;
    link->context = context;
    link->backoff = (struct sc_backoff){.first_ms = PAUSE_FIRST_MS, .most_ms = PAUSE_MOST_MS};
    STAILQ_INIT(&link->pending);
    sc_endpoint_init(&link->endpoint, settings->redis_url);
    if (link->endpoint.master != NULL) {
        link->finder = finder_new(base, settings, &link->endpoint, on_found, link);
    }
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
    wire_close(&mine->wire);
    answer_all_with_null(mine);
    event_del(&mine->redial);
    event_del(&mine->check);
    finder_free(&mine->finder);
    sc_endpoint_deinit(&mine->endpoint);
    free(mine);
}
