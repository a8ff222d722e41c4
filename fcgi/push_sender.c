/*
 * push_sender: take what is due, look at rooms, wake devices, settle what came back.
 *
 * A room that is due was noted by whoever sent a message there (worker.c); looking at it finds the
 * members who are to be woken, and notes each of their devices. A device that is due is asked for
 * anew: what the user has read, wishes, or is no longer by then decides.
 */
#include "push_sender.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include <sodium.h>
#include <stonechat/json.h>
#include <stonechat/log.h>
#include <stonechat/memory.h>
#include <stonechat/writer.h>

#include "clock.h"
#include "courier.h"
#include "metrics.h"
#include "push_address.h"
#include "push_payload.h"
#include "push_verdict.h"
#include "push_wishes.h"
#include "store_push.h"
#include "vapid.h"
#include "web_push.h"

enum {
    LEASE_MS = 30000, /* beyond the time that sending may take */
    IDLE_MS = 5000,   /* how often to ask what others have noted */
    AWAY_MS = 2000,   /* Redis is */
    ROOMS_AT_ONCE = 4,
    PUSHERS_A_CALL = 100,
    USERS_AT_ONCE = 8, /* at least, where so many wait: none has a larger part of the places */
    TOPIC_BYTES = 18,
    TOPIC_CHARS = 25
};

struct push_sender {
    struct site *site;
    struct link link;
    struct courier *courier;
    EVP_PKEY *key; /* NULL: not asked for yet */
    int64_t next_take_ms;
    pthread_t thread;
    atomic_bool ending;
    atomic_bool told; /* that there is something new */
    LIST_HEAD(, waking) on_their_way;
};

/* One device that is to be woken for one room: USER,SESSION,ROOM. */
struct waking {
    char *name;
    char user[SC_ID_MAX + 1], session[SC_ID_MAX + 1], room[SC_ID_MAX + 1];
    int64_t lease, born_ms, tries, seq;
    char *endpoint;          /* where it has been sent to; NULL: not yet */
    LIST_ENTRY(waking) link; /* since then */
    char origin[PUSH_ORIGIN_MAX];
};

/* --- rooms --- */

static int64_t lease_ms(const struct push_sender *sender) {
    return LEASE_MS + sender->site->settings->notify_timeout_ms;
}

/* The devices of those found, as push_note wants them; who has none goes to `without`. */
static enum sc_error write_devices(struct push_sender *sender, const struct answer *found,
                                   const char *room, struct sc_writer *names,
                                   struct sc_writer *without) {
    size_t count = (answer_count(found) - PUSH_ROOM_USERS) / 2;
    const char **users = sc_xcalloc(count + 1, sizeof *users);
    char **sessions = sc_xcalloc(count + 1, sizeof *sessions);
    for (size_t i = 0; i < count; i++) {
        users[i] = answer_text(found, PUSH_ROOM_USERS + 2 * i, NULL);
    }
    enum sc_error error = store_push_devices(&sender->link, users, count, sessions);
    for (size_t i = 0; i < count && error == SC_OK; i++) {
        char *rest = sessions[i], *session;
        if (rest && rest[0] == '\0') {
            sc_writer_raw(without, users[i]);
            sc_writer_raw(without, " ");
        }
        while (rest && (session = strtok_r(rest, " ", &rest)) != NULL) {
            char *name = sc_xasprintf("%s,%s,%s,%lld ", users[i], session, room,
                                      (long long)answer_number(found, PUSH_ROOM_USERS + 2 * i + 1));
            sc_writer_raw(names, name);
            free(name);
        }
    }
    for (size_t i = 0; i < count; i++) {
        free(sessions[i]);
    }
    free(sessions);
    free(users);
    return error;
}

static enum sc_error note_devices(struct push_sender *sender, const struct answer *found,
                                  const char *room, struct sc_writer *without) {
    struct sc_writer names = {0};
    int64_t dropped = 0;
    sc_writer_raw(&names, "");
    enum sc_error error = write_devices(sender, found, room, &names, without);
    char *text = sc_writer_take(&names);
    if (error == SC_OK && text[0] != '\0') {
        error = store_push_note_devices(&sender->link, sender->site->settings, text, &dropped);
    }
    metric_add(metrics.pushes_dropped_total, (uint64_t)dropped);
    free(text);
    return error;
}

/* All pages of a room's members; `head_out` is the oldest newest entry of them. */
static enum sc_error walk_room(struct push_sender *sender, const char *room,
                               struct sc_writer *without, int64_t *head_out) {
    char cursor[24] = "0";
    enum sc_error error;
    *head_out = 0;
    do {
        struct answer found;
        const struct store_push_look look = {room, cursor, PUSHERS_A_CALL,
                                             sender->site->settings->notify_rooms};
        link_extend(&sender->link);
        error = store_push_room(&sender->link, &look, &found);
        if (error == SC_OK) {
            snprintf(cursor, sizeof cursor, "%s", answer_text(&found, PUSH_ROOM_CURSOR, NULL));
            int64_t head = answer_number(&found, PUSH_ROOM_HEAD);
            *head_out = *head_out == 0 ? head : *head_out;
            error = note_devices(sender, &found, room, without);
        }
        answer_deinit(&found);
    } while (error == SC_OK && strcmp(cursor, "0") != 0);
    return error;
}

/* Whoever dies in between leaves it due: it is looked at again. */
static void look_at_room(struct push_sender *sender, const char *room, int64_t lease) {
    struct sc_writer without = {0};
    int64_t head;
    bool more = false;
    sc_writer_raw(&without, "");
    enum sc_error error = walk_room(sender, room, &without, &head);
    char *users = sc_writer_take(&without);
    if (error == SC_OK) {
        error = store_push_room_done(&sender->link, room, head, users, &more);
    }
    free(users);
    if (error == SC_OK || error == SC_NOT_FOUND) {
        store_push_settle(&sender->link, PUSH_DUE_ROOM, room, lease,
                          more ? sender->site->settings->notify_delay_ms : -1);
    }
}

/* --- devices --- */

static void waking_free(struct waking **waking) {
    if ((*waking)->endpoint) {
        LIST_REMOVE(*waking, link);
    }
    free((*waking)->endpoint);
    free((*waking)->name);
    free(*waking);
    *waking = NULL;
}

/* `NUMBER NUMBER NUMBER`, as the scripts write it. */
static bool read_facts(const char *facts, int64_t numbers[3]) {
    char *end = (char *)facts;
    for (int i = 0; i < 3; i++) {
        const char *begin = end;
        numbers[i] = strtoll(begin, &end, 10);
        if (end == begin) {
            return false;
        }
    }
    return true;
}

static struct waking *waking_new(const char *name, int64_t lease, const char *facts) {
    struct waking *waking = sc_xcalloc(1, sizeof *waking);
    int64_t numbers[3] = {0, 0, 0};
    bool good = sscanf(name, "%32[a-z0-9],%32[a-z0-9],%32[a-z0-9]", waking->user, waking->session,
                       waking->room) == 3 &&
                read_facts(facts, numbers);
    waking->name = sc_xstrdup(name);
    waking->lease = lease;
    waking->born_ms = good ? numbers[0] : 0;
    waking->tries = numbers[1];
    waking->seq = numbers[2];
    return waking;
}

static void settle(struct push_sender *sender, struct waking **waking, int64_t after_ms) {
    link_extend(&sender->link);
    store_push_settle(&sender->link, PUSH_DUE_DEVICE, (*waking)->name, (*waking)->lease, after_ms);
    waking_free(waking);
}

/* By its room and device, but telling the push service neither. */
static void write_topic(const struct waking *waking, char out[TOPIC_CHARS]) {
    unsigned char hash[TOPIC_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)waking->name, strlen(waking->name),
                       NULL, 0);
    sodium_bin2base64(out, TOPIC_CHARS, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool load_key(struct push_sender *sender) {
    char *text = NULL;
    if (sender->key == NULL && store_push_key(&sender->link, &text) == SC_OK) {
        sender->key = vapid_key_read(text);
    }
    free(text);
    return sender->key != NULL;
}

/* Off it goes; false where it can't, and never will. */
static bool send_off(struct push_sender *sender, struct waking *waking, const json_t *device,
                     const char *payload) {
    const struct sc_settings *settings = sender->site->settings;
    unsigned char body[WEB_PUSH_RECORD];
    struct web_push_peer peer;
    char topic[TOPIC_CHARS];
    const char *endpoint, *p256dh, *auth;
    if (json_unpack((json_t *)device, "{s:s,s:s,s:s}", "endpoint", &endpoint, "p256dh", &p256dh,
                    "auth", &auth) != 0 ||
        !push_url_read(endpoint, settings->notify_private_endpoints, waking->origin) ||
        !web_push_peer_read(&peer, p256dh, auth)) {
        return false;
    }
    size_t bytes = web_push_encrypt(&peer, payload, strlen(payload), body);
    char *authorization =
        vapid_authorization(sender->key, waking->origin, settings->notify_contact, time(NULL));
    bool good = bytes > 0 && authorization != NULL;
    if (good) {
        write_topic(waking, topic);
        waking->endpoint = sc_xstrdup(endpoint);
        LIST_INSERT_HEAD(&sender->on_their_way, waking, link);
        const struct courier_parcel parcel = {
            endpoint, authorization, topic, settings->notify_ttl_s, body, bytes, waking};
        courier_send(sender->courier, &parcel);
    }
    free(authorization);
    return good;
}

enum step { ON_ITS_WAY, NOT_WANTED, IN_VAIN, REDIS_AWAY };

static enum step step_of(enum sc_error error) {
    return error == SC_NOT_FOUND ? NOT_WANTED : REDIS_AWAY;
}

static enum step compose(struct push_sender *sender, struct waking *waking,
                         const struct answer *device, bool shows_text) {
    struct answer message;
    enum sc_error error = store_push_message(&sender->link, waking->room, waking->user, waking->seq,
                                             sender->site->settings->notify_rooms, &message);
    enum step step = step_of(error);
    if (error == SC_OK) {
        json_t *row = json_loads(answer_text(device, PUSH_FIND_JSON, NULL), 0, NULL);
        char *payload = push_payload(&message, waking->room, shows_text);
        step = row && payload && send_off(sender, waking, row, payload) ? ON_ITS_WAY : IN_VAIN;
        free(payload);
        json_decref(row);
    }
    answer_deinit(&message);
    return step;
}

static enum step begin(struct push_sender *sender, struct waking *waking, int64_t now_ms) {
    const struct sc_settings *settings = sender->site->settings;
    struct answer device;
    struct push_wishes wishes;
    if (now_ms - waking->born_ms > settings->notify_ttl_s * 1000) {
        return IN_VAIN;
    }
    enum sc_error error = store_push_find(&sender->link, waking->user, waking->session,
                                          settings->accounts_session_idle_s * 1000, &device);
    enum step step = step_of(error);
    if (error == SC_OK) {
        push_wishes_init(&wishes, answer_text(&device, PUSH_FIND_WISHES, NULL));
        step = quiet_is(&wishes.quiet, now_ms) ? NOT_WANTED
                                               : compose(sender, waking, &device, wishes.text);
        push_wishes_deinit(&wishes);
    }
    answer_deinit(&device);
    return step;
}

static void wake_device(struct push_sender *sender, struct waking *waking, int64_t now_ms) {
    link_extend(&sender->link);
    switch (begin(sender, waking, now_ms)) {
    case ON_ITS_WAY:
        return;
    case NOT_WANTED:
        metric_add(metrics.pushes_spared_total, 1);
        settle(sender, &waking, -1);
        return;
    case IN_VAIN:
        metric_add(metrics.pushes_dropped_total, 1);
        settle(sender, &waking, -1);
        return;
    case REDIS_AWAY: /* it is due again when the lease is over */
        waking_free(&waking);
    }
}

/* --- what comes back --- */

static void note_failure(const struct waking *waking, const struct courier_receipt *receipt,
                         const char *event) {
    sc_log(SC_LOG_INFO, event, "user", waking->user, "session", waking->session, "service",
           waking->origin, "status", sc_log_number(receipt->status), "detail",
           receipt->refused ? "a private address" : receipt->why, NULL);
}

static void forget_device(struct push_sender *sender, const struct waking *waking) {
    link_extend(&sender->link);
    store_push_close(&sender->link, waking->user, waking->session, waking->endpoint);
}

static void conclude(struct push_sender *sender, const struct courier_receipt *receipt) {
    struct waking *waking = receipt->context;
    int64_t after_ms;
    unsigned char chance;
    randombytes_buf(&chance, sizeof chance);
    enum push_end end = receipt->refused ? PUSH_GONE
                                         : push_verdict(receipt->status, waking->tries,
                                                        receipt->asked_s, chance, &after_ms);
    static const struct {
        metric_cell *cell;
        const char *event; /* NULL: nothing to be noted */
        bool forgets;
    } ends[] = {
        [PUSH_SENT] = {metrics.pushes_sent_total, NULL, false},
        [PUSH_GONE] = {metrics.push_devices_gone_total, "push_gone", true},
        [PUSH_AGAIN] = {metrics.pushes_failed_total, "push_failed", false},
        [PUSH_LOST] = {metrics.pushes_dropped_total, "push_lost", false},
    };
    metric_add(ends[end].cell, 1);
    if (ends[end].event) {
        note_failure(waking, receipt, ends[end].event);
    }
    if (ends[end].forgets) {
        forget_device(sender, waking);
    }
    settle(sender, &waking, end == PUSH_AGAIN ? after_ms : -1);
}

/* --- one turn after another --- */

static void take_rooms(struct push_sender *sender, const struct answer *rooms) {
    for (size_t i = 0; i + 1 < answer_count(rooms); i += 2) {
        look_at_room(sender, answer_text(rooms, i, NULL), answer_number(rooms, i + 1));
    }
}

static void take_devices(struct push_sender *sender, const struct answer *devices, int64_t now_ms) {
    int64_t oldest_ms = 0;
    for (size_t i = 0; i + 2 < answer_count(devices) && load_key(sender); i += 3) {
        struct waking *waking =
            waking_new(answer_text(devices, i, NULL), answer_number(devices, i + 1),
                       answer_text(devices, i + 2, NULL));
        int64_t age_ms = now_ms - waking->born_ms;
        oldest_ms = age_ms > oldest_ms ? age_ms : oldest_ms;
        wake_device(sender, waking, now_ms);
    }
    metric_set(metrics.push_oldest_seconds, (uint64_t)(oldest_ms / 1000));
}

static char *write_busy(const struct push_sender *sender) {
    struct sc_writer busy = {0};
    const struct waking *waking;
    sc_writer_raw(&busy, "");
    LIST_FOREACH(waking, &sender->on_their_way, link) {
        sc_writer_raw(&busy, waking->user);
        sc_writer_raw(&busy, " ");
    }
    return sc_writer_take(&busy);
}

static enum sc_error take_due(struct push_sender *sender, struct answer *due) {
    int64_t parallel = sender->site->settings->notify_parallel;
    char *busy = write_busy(sender);
    const struct store_push_turn turn = {.lease_ms = lease_ms(sender),
                                         .rooms_most = ROOMS_AT_ONCE,
                                         .devices_most =
                                             parallel - (int64_t)courier_count(sender->courier),
                                         .busy = busy,
                                         .share = (parallel + USERS_AT_ONCE - 1) / USERS_AT_ONCE};
    enum sc_error error = store_push_take(&sender->link, &turn, due);
    free(busy);
    return error;
}

/* How long until there may be more. */
static int64_t take(struct push_sender *sender) {
    struct answer due;
    link_begin(&sender->link);
    enum sc_error error = take_due(sender, &due);
    int64_t wait_ms = AWAY_MS;
    if (error == SC_OK) {
        const struct answer rooms = answer_part(&due, PUSH_TAKE_ROOMS);
        const struct answer devices = answer_part(&due, PUSH_TAKE_DEVICES);
        int64_t next_ms = answer_number(&due, PUSH_TAKE_WAIT);
        metric_set(metrics.pushes_waiting, (uint64_t)answer_number(&due, PUSH_TAKE_WAITING));
        take_rooms(sender, &rooms);
        take_devices(sender, &devices, answer_number(&due, PUSH_TAKE_NOW));
        wait_ms = answer_count(&rooms) > 0            ? 0
                  : next_ms >= 0 && next_ms < IDLE_MS ? next_ms
                                                      : IDLE_MS;
    }
    answer_deinit(&due);
    return wait_ms;
}

static void *run(void *context) {
    struct push_sender *sender = context;
    struct courier_receipt receipt;
    while (!atomic_load(&sender->ending)) {
        if (atomic_exchange(&sender->told, false)) {
            sender->next_take_ms = 0;
        }
        bool has_place =
            (int64_t)courier_count(sender->courier) < sender->site->settings->notify_parallel;
        if (has_place && clock_ms() >= sender->next_take_ms) {
            sender->next_take_ms = clock_ms() + take(sender);
        }
        int64_t wait_ms = sender->next_take_ms - clock_ms();
        courier_wait(sender->courier, has_place && wait_ms < IDLE_MS ? wait_ms : IDLE_MS);
        while (courier_next(sender->courier, &receipt)) {
            conclude(sender, &receipt);
        }
    }
    return NULL;
}

/* --- its life --- */

/* Its lease runs out, and it is somebody's again. */
static void drop(void *context) {
    struct waking *waking = context;
    waking_free(&waking);
}

static void push_sender_free(struct push_sender **sender) {
    struct push_sender *mine = *sender;
    *sender = NULL;
    courier_free(&mine->courier, drop);
    EVP_PKEY_free(mine->key);
    link_deinit(&mine->link);
    free(mine);
}

struct push_sender *push_sender_new(struct site *site) {
    const struct sc_settings *settings = site->settings;
    struct courier *courier =
        courier_new(settings->notify_timeout_ms, settings->notify_private_endpoints);
    if (courier == NULL) {
        sc_log(SC_LOG_ERROR, "push_sender_failed", "detail", "no courier", NULL);
        return NULL;
    }
    struct push_sender *sender = sc_xcalloc(1, sizeof *sender);
    sender->site = site;
    sender->courier = courier;
    site_link(site, &sender->link);
    int status = pthread_create(&sender->thread, NULL, run, sender);
    if (status != 0) {
        sc_log(SC_LOG_ERROR, "push_sender_failed", "detail", strerror(status), NULL);
        push_sender_free(&sender);
    }
    return sender;
}

void push_sender_wake(struct push_sender *sender) {
    if (sender && !atomic_exchange(&sender->told, true)) {
        courier_wake(sender->courier);
    }
}

bool push_sender_close(struct push_sender **sender, int64_t wait_ms) {
    struct push_sender *mine = *sender;
    struct timespec deadline = clock_after(wait_ms);
    atomic_store(&mine->ending, true);
    courier_wake(mine->courier);
    if (pthread_clockjoin_np(mine->thread, NULL, CLOCK_MONOTONIC, &deadline) != 0) {
        return false;
    }
    push_sender_free(sender);
    return true;
}
