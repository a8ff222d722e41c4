/*
 * courier: curl's multi interface, one easy handle a parcel.
 */
#include "courier.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

#include <curl/curl.h>
#include <stonechat/memory.h>

#include "push_address.h"

enum { ANSWER_MAX = 16384, CONNECTIONS_MAX = 64, HEADER_MAX = 1024 };

struct courier {
    CURLM *multi;
    int64_t timeout_ms;
    bool loose;
    size_t count;
    LIST_HEAD(, flight) flights;
};

struct flight {
    LIST_ENTRY(flight) link;
    struct courier *courier;
    CURL *easy;
    struct curl_slist *headers;
    void *context;
    size_t answer_bytes;
    bool refused;
};

struct courier *courier_new(int64_t timeout_ms, bool loose) {
    CURLM *multi = curl_multi_init();
    if (multi == NULL) {
        return NULL;
    }
    struct courier *courier = sc_xcalloc(1, sizeof *courier);
    *courier = (struct courier){.multi = multi, .timeout_ms = timeout_ms, .loose = loose};
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    return courier;
}

static void flight_free(struct flight *flight) {
    curl_multi_remove_handle(flight->courier->multi, flight->easy);
    curl_easy_cleanup(flight->easy);
    curl_slist_free_all(flight->headers);
    flight->courier->count--;
    LIST_REMOVE(flight, link);
    free(flight);
}

/* --- what is let through --- */

static curl_socket_t open_socket(void *context, curlsocktype purpose,
                                 struct curl_sockaddr *address) {
    struct flight *flight = context;
    (void)purpose;
    if (!flight->courier->loose && !push_address_is_public(&address->addr)) {
        flight->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* What a push service says beside its status is of no interest; too much of it ends the connection.
 */
static size_t take_answer(char *text, size_t size, size_t count, void *context) {
    struct flight *flight = context;
    (void)text;
    flight->answer_bytes += size * count;
    return flight->answer_bytes <= ANSWER_MAX ? size * count : 0;
}

/* --- on its way --- */

static void add_header(struct flight *flight, const char *name, const char *value) {
    char *line = sc_xasprintf("%s: %s", name, value);
    flight->headers = curl_slist_append(flight->headers, line);
    free(line);
}

static void set_headers(struct flight *flight, const struct courier_parcel *parcel) {
    char ttl[24];
    snprintf(ttl, sizeof ttl, "%lld", (long long)parcel->ttl_s);
    add_header(flight, "Authorization", parcel->authorization);
    add_header(flight, "Content-Type", "application/octet-stream");
    add_header(flight, "Content-Encoding", "aes128gcm");
    add_header(flight, "TTL", ttl);
    add_header(flight, "Urgency", "high");
    add_header(flight, "Topic", parcel->topic);
    curl_easy_setopt(flight->easy, CURLOPT_HTTPHEADER, flight->headers);
}

static void set_bounds(struct flight *flight) {
    const struct courier *courier = flight->courier;
    CURL *easy = flight->easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, courier->loose ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* it would connect in our place, unchecked */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* else giving up waits for the name's server */
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)courier->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)courier->timeout_ms / 2);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, flight);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
}

void courier_send(struct courier *courier, const struct courier_parcel *parcel) {
    struct flight *flight = sc_xcalloc(1, sizeof *flight);
    *flight =
        (struct flight){.courier = courier, .easy = curl_easy_init(), .context = parcel->context};
    if (flight->easy == NULL) {
        abort(); /* no memory */
    }
    curl_easy_setopt(flight->easy, CURLOPT_URL, parcel->url);
    curl_easy_setopt(flight->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(flight->easy, CURLOPT_POSTFIELDSIZE, (long)parcel->bytes);
    curl_easy_setopt(flight->easy, CURLOPT_COPYPOSTFIELDS, parcel->body);
    curl_easy_setopt(flight->easy, CURLOPT_PRIVATE, flight);
    set_headers(flight, parcel);
    set_bounds(flight);
    curl_multi_add_handle(courier->multi, flight->easy);
    courier->count++;
    LIST_INSERT_HEAD(&courier->flights, flight, link);
}

size_t courier_count(const struct courier *courier) {
    return courier->count;
}

void courier_wait(struct courier *courier, int64_t most_ms) {
    int running;
    curl_multi_perform(courier->multi, &running);
    if ((size_t)running == courier->count && most_ms > 0) {
        curl_multi_poll(courier->multi, NULL, 0, (int)most_ms, NULL);
        curl_multi_perform(courier->multi, &running);
    }
}

bool courier_next(struct courier *courier, struct courier_receipt *out) {
    CURLMsg *message;
    int left;
    do {
        message = curl_multi_info_read(courier->multi, &left);
    } while (message != NULL && message->msg != CURLMSG_DONE);
    if (message == NULL) {
        return false;
    }
    struct flight *flight;
    CURLcode code = message->data.result;
    curl_off_t asked_s = 0;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &flight);
    *out = (struct courier_receipt){.context = flight->context, .refused = flight->refused};
    curl_easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &out->status);
    curl_easy_getinfo(flight->easy, CURLINFO_RETRY_AFTER, &asked_s);
    out->asked_s = (int64_t)asked_s;
    out->why = code == CURLE_OK ? NULL : curl_easy_strerror(code);
    flight_free(flight);
    return true;
}

void courier_wake(struct courier *courier) {
    curl_multi_wakeup(courier->multi);
}

void courier_free(struct courier **courier, void (*drop)(void *context)) {
    for (struct flight *flight = LIST_FIRST(&(*courier)->flights), *next; flight; flight = next) {
        next = LIST_NEXT(flight, link);
        drop(flight->context);
        flight_free(flight);
    }
    curl_multi_cleanup((*courier)->multi);
    free(*courier);
    *courier = NULL;
}
