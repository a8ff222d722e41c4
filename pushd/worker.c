/*
 * worker: owns everything that a worker has, and wires what rises from below (see worker.h).
 *
 *     listener -> conns -> (signin ->) client -> rooms, users
 *     feed (publications) ------------------^
 *     store (questions and answers) --------^
 */
#include "worker.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <stonechat/log.h>

#include "client.h"
#include "client_commands.h"
#include "conn.h"
#include "devices.h"
#include "feed.h"
#include "lag.h"
#include "listener.h"
#include "metrics.h"
#include "pace.h"
#include "readers.h"
#include "reload.h"
#include "room.h"
#include "room_log.h"
#include "signin.h"
#include "store.h"
#include "user.h"
#include "wheel.h"

enum { DRAIN_SECONDS = 4, RETRY_LEAST_MS = 500 };

struct worker {
    struct sc_settings *settings;
    struct event_base *base;
    struct wheel wheel;
    struct timespec began;
    struct store *store;
    struct feed *feed;
    struct room_set rooms;
    struct node node;
    struct presence presence;
    struct user_set users;
    struct client_set clients;
    struct conn_set conns;
    struct listener listener;
    struct lag lag;
    struct pace pace;
    struct event tick, terminate, interrupt, hangup;
    struct event rested; /* a room has rested: another turn */
    uint64_t log_dropped;
    bool commands_were_lost;
};

/* --- what rises from connections --- */

/* The set of connections is a member of its worker. */
static struct worker *worker_of(const struct conn *conn) {
    return (struct worker *)((char *)conn->set - offsetof(struct worker, conns));
}

static void on_request(struct conn *conn, const struct handshake *request) {
    struct worker *worker = worker_of(conn);
    if (request->kind == HANDSHAKE_HEALTH) {
        char *text = handshake_health(store_is_up(worker->store) && feed_is_healthy(worker->feed));
        conn_reply(conn, &text);
    } else if (request->kind == HANDSHAKE_METRICS) {
        char *figures = metrics_text();
        char *text = handshake_metrics(&figures);
        conn_reply(conn, &text);
    } else {
        signin_begin(&worker->clients, conn, request);
    }
}

static const struct conn_events conn_events = {
    .on_request = on_request,
    .on_text = client_on_text,
    .on_timer = client_on_timer,
    .on_dropped = client_on_dropped,
    .on_drained = client_on_drained,
    .on_gone = client_on_gone,
};

static void on_turn(void *context) {
    struct worker *worker = context;
    int64_t us = room_set_deliver(&worker->rooms, metrics_now_us());
    if (us > 0) {
        struct timeval rest = {.tv_usec = us};
        evtimer_add(&worker->rested, &rest);
    }
}

static void on_rested(evutil_socket_t fd, short what, void *context) {
    struct worker *worker = context;
    (void)fd;
    (void)what;
    conn_set_wake(&worker->conns);
}

/* A connection is over: there may be a descriptor again, or, when draining, nothing left to do. */
static void on_room_for_more(void *context) {
    struct worker *worker = context;
    if (!worker->clients.draining) {
        listener_go_on(&worker->listener);
    } else if (worker->conns.count == 0) {
        event_base_loopexit(worker->base, NULL);
    }
}

/* --- what rises from rooms --- */

static void on_room_ready(struct sub *sub) {
    if (sub->conn->client->arrival != NULL) {
        signin_on_room(sub);
    } else {
        client_on_late_room(sub);
    }
}

static void on_member(struct room *room, const struct sc_event_head *head, const char *json,
                      size_t bytes) {
    struct worker *worker = (struct worker *)((char *)room->set - offsetof(struct worker, rooms));
    presence_on_members(&worker->presence, room->id);
    devices_on_member(&worker->users, room, head, json, bytes);
}

static void on_fresh(struct room *room) {
    struct worker *worker = (struct worker *)((char *)room->set - offsetof(struct worker, rooms));
    conn_set_wake(&worker->conns);
}

static const struct room_events room_events = {.on_ready = on_room_ready,
                                               .on_rewritten = client_on_rewritten,
                                               .on_fresh = on_fresh,
                                               .on_member = on_member};

/* --- what rises from Redis --- */

/* A worker that has only just begun can ask Redis: those who knocked meanwhile needn't be refused.
 */
static void let_in(struct worker *worker) {
    if (store_is_up(worker->store) && feed_is_up(worker->feed) && !worker->clients.draining) {
        listener_go_on(&worker->listener);
    }
}

static void on_store_up(void *context) {
    struct worker *worker = context;
    node_on_store_up(&worker->node);
    if (worker->commands_were_lost) {
        feed_renew(worker->feed);
    }
    room_set_on_store_up(&worker->rooms);
    let_in(worker);
}

static void on_store_down(void *context) {
    struct worker *worker = context;
    worker->commands_were_lost = true;
    metric_add(&metrics->link_losses_total[METRIC_LINK_COMMANDS], 1);
    signin_refuse_all(&worker->conns);
}

static const struct store_events store_events = {.on_up = on_store_up, .on_down = on_store_down};

static void on_feed_up(void *context) {
    struct worker *worker = context;
    room_set_on_feed_up(&worker->rooms);
    user_set_on_feed_up(&worker->users);
    let_in(worker);
}

static void on_feed_down(void *context) {
    struct worker *worker = context;
    metric_add(&metrics->link_losses_total[METRIC_LINK_SUBSCRIPTIONS], 1);
    room_set_on_feed_down(&worker->rooms);
    user_set_on_feed_down(&worker->users);
    signin_refuse_all(&worker->conns);
}

static void on_subscribed(void *context, enum feed_kind kind, const char *id) {
    struct worker *worker = context;
    struct room *room = kind == FEED_ROOM ? room_find(&worker->rooms, id) : NULL;
    struct user *user = kind == FEED_USER ? user_find(&worker->users, id) : NULL;
    if (room != NULL) {
        room_on_subscribed(room);
    }
    if (user != NULL) {
        devices_on_subscribed(user);
    }
}

static void on_room_event(struct room *room, const struct sc_event_head *head, const char *json,
                          size_t bytes) {
    if (sc_event_is_entry(head)) {
        room_log_on_entry(room, head, json, bytes);
    } else if (head->type == SC_EVENT_REVOKED) {
        room_log_forget(room);
    } else {
        struct frame *frame = frame_text(FRAME_PASSING, json, bytes);
        readers_pass(room, frame);
        frame_unref(&frame);
    }
}

static void on_event(void *context, enum feed_kind kind, const char *id,
                     const struct sc_event_head *head, const char *json, size_t bytes) {
    struct worker *worker = context;
    struct room *room = kind == FEED_ROOM ? room_find(&worker->rooms, id) : NULL;
    struct user *user = kind == FEED_USER ? user_find(&worker->users, id) : NULL;
    if (room != NULL) {
        on_room_event(room, head, json, bytes);
    }
    if (user != NULL) {
        devices_on_event(user, head, json, bytes);
    }
}

static void on_notice(void *context, enum feed_kind kind, const char *id, struct frame *frame) {
    struct worker *worker = context;
    struct room *room = kind == FEED_ROOM ? room_find(&worker->rooms, id) : NULL;
    struct user *user = kind == FEED_USER ? user_find(&worker->users, id) : NULL;
    if (room != NULL) {
        readers_pass(room, frame);
    } else if (user != NULL) {
        devices_on_notice(user, frame);
    } else if (kind == FEED_KIND_COUNT) {
        struct conn *conn;
        LIST_FOREACH(conn, &worker->conns.all, link) {
            conn_send(conn, frame);
        }
    }
}

static void on_presence(void *context, const char *json, size_t bytes) {
    struct worker *worker = context;
    presence_on_publication(&worker->presence, json, bytes);
}

static const struct feed_events feed_events = {
    .on_up = on_feed_up,
    .on_down = on_feed_down,
    .on_subscribed = on_subscribed,
    .on_event = on_event,
    .on_notice = on_notice,
    .on_presence = on_presence,
};

static void on_node_renewed(void *context) {
    struct worker *worker = context;
    client_set_recheck(&worker->clients);
}

static void on_user_gone(void *context, const char *user, const struct store_leave *leave) {
    struct worker *worker = context;
    presence_on_gone(&worker->presence, user, leave);
}

static const struct node_events node_events = {.on_renewed = on_node_renewed,
                                               .on_gone = on_user_gone};

/* --- time and signals --- */

static void count_dropped_lines(struct worker *worker) {
    uint64_t dropped = sc_log_dropped();
    metric_add(metrics->log_lines_dropped_total, dropped - worker->log_dropped);
    worker->log_dropped = dropped;
}

static void on_tick(evutil_socket_t fd, short what, void *context) {
    struct worker *worker = context;
    struct timespec now;
    (void)fd;
    (void)what;
    clock_gettime(CLOCK_MONOTONIC, &now);
    wheel_turn(&worker->wheel, (uint32_t)(now.tv_sec - worker->began.tv_sec) + 1);
    count_dropped_lines(worker);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    pace_look(&worker->pace, metric_get(&metrics->sign_ins_total[METRIC_SIGN_IN_OK]),
              now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

/* Everybody is told when to come back, each at a moment of their own, so that it is no storm. */
static void drain(struct worker *worker) {
    uint64_t spread_ms = pace_spread_ms(&worker->pace, worker->conns.count);
    struct conn *conn, *next;
    worker->clients.draining = true;
    node_end(&worker->node);
    listener_deinit(&worker->listener);
    sc_log(SC_LOG_INFO, "draining", "connections", sc_log_number((int64_t)worker->conns.count),
           "spread_ms", sc_log_number((int64_t)spread_ms), NULL);
    uint64_t step_us = 1000 * spread_ms / (worker->conns.count + 1), at_us = RETRY_LEAST_MS * 1000;
    at_us += (uint64_t)random() % (step_us + 1); /* other workers deal in the same steps */
    for (conn = LIST_FIRST(&worker->conns.all); conn != NULL; conn = next, at_us += step_us) {
        char reason[48];
        next = LIST_NEXT(conn, link);
        snprintf(reason, sizeof reason, "{\"retry_ms\":%" PRIu64 "}", at_us / 1000);
        conn_close(conn, SC_RESTARTING, reason);
    }
    struct timeval bound = {.tv_sec = DRAIN_SECONDS};
    event_base_loopexit(worker->base, worker->conns.count > 0 ? &bound : NULL);
}

static void on_terminate(evutil_socket_t fd, short what, void *context) {
    struct worker *worker = context;
    (void)fd;
    (void)what;
    if (!worker->clients.draining) {
        drain(worker);
    }
}

static void on_hangup(evutil_socket_t fd, short what, void *context) {
    struct worker *worker = context;
    (void)fd;
    (void)what;
    reload(worker->settings, SC_LOG_DEBUG);
    conn_set_follow(&worker->conns);
}

/* --- its life --- */

/* Blocked since the fork, so that none is missed and none ends the worker before it listens. */
static void listen_for_hangups(struct worker *worker) {
    sigset_t hangups;
    evsignal_assign(&worker->hangup, worker->base, SIGHUP, on_hangup, worker);
    event_add(&worker->hangup, NULL);
    sigemptyset(&hangups);
    sigaddset(&hangups, SIGHUP);
    sigprocmask(SIG_UNBLOCK, &hangups, NULL);
}

static void open_events(struct worker *worker) {
    struct timeval second = {.tv_sec = 1};
    event_assign(&worker->tick, worker->base, -1, EV_PERSIST, on_tick, worker);
    event_add(&worker->tick, &second);
    evtimer_assign(&worker->rested, worker->base, on_rested, worker);
    evsignal_assign(&worker->terminate, worker->base, SIGTERM, on_terminate, worker);
    event_add(&worker->terminate, NULL);
    evsignal_assign(&worker->interrupt, worker->base, SIGINT, on_terminate, worker);
    event_add(&worker->interrupt, NULL);
    listen_for_hangups(worker);
}

static void worker_init(struct worker *worker, struct sc_settings *settings, int fd, char *node) {
    worker->settings = settings;
    worker->base = event_base_new();
    pace_init(&worker->pace, metric_get(&metrics->sign_ins_total[METRIC_SIGN_IN_OK]));
    clock_gettime(CLOCK_MONOTONIC, &worker->began);
    wheel_init(&worker->wheel);
    worker->store = store_new(worker->base, settings, &store_events, worker);
    worker->feed = feed_new(worker->base, settings, worker->store, &feed_events, worker);
    room_set_init(&worker->rooms, worker->feed, worker->store, &worker->wheel, &room_events);
    node_init(&worker->node, worker->base, worker->store, &worker->wheel, node, &node_events,
              worker);
    presence_init(&worker->presence, settings, worker->store, &worker->rooms, &worker->wheel);
    user_set_init(&worker->users, worker->feed, &worker->wheel);
    worker->node.large = &worker->presence.large;
    worker->users.store = worker->store;
    worker->users.node = &worker->node;
    worker->users.presence = &worker->presence;
    worker->clients = (struct client_set){.settings = settings,
                                          .store = worker->store,
                                          .feed = worker->feed,
                                          .rooms = &worker->rooms,
                                          .users = &worker->users,
                                          .on_unsettled = signin_again};
    conn_set_init(&worker->conns, worker->base, &worker->wheel, settings, &conn_events);
    worker->conns.on_turn = on_turn;
    worker->conns.on_room = on_room_for_more;
    worker->conns.context = worker;
    listener_init(&worker->listener, worker->base, fd, &worker->conns);
    listener_hold(&worker->listener);
    lag_init(&worker->lag, worker->base);
    worker->log_dropped = sc_log_dropped();
    open_events(worker);
}

static void worker_deinit(struct worker *worker) {
    event_del(&worker->hangup);
    event_del(&worker->interrupt);
    event_del(&worker->terminate);
    event_del(&worker->rested);
    event_del(&worker->tick);
    lag_deinit(&worker->lag);
    listener_deinit(&worker->listener);
    conn_set_deinit(&worker->conns);
    store_free(&worker->store);
    feed_free(&worker->feed);
    user_set_deinit(&worker->users);
    presence_deinit(&worker->presence);
    node_deinit(&worker->node);
    room_set_deinit(&worker->rooms);
    event_base_free(worker->base);
}

int worker_run(struct sc_settings *settings, int fd, char *node) {
    struct worker worker = {0};
    worker_init(&worker, settings, fd, node);
    sc_log(SC_LOG_INFO, "worker_started", NULL);
    event_base_dispatch(worker.base);
    sc_log(SC_LOG_INFO, "worker_stopped", "cut", sc_log_number((int64_t)worker.conns.count), NULL);
    worker_deinit(&worker);
    return EXIT_SUCCESS;
}
