/*
 * handle_pushes: a device's subscription to Web Push.
 *
 * There is one for each session: it belongs to the device that is signed in, and is nobody's as
 * soon as that is signed out, wherever that was done.
 */
#include "handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <stonechat/memory.h>

#include "push_address.h"
#include "store_push.h"
#include "vapid.h"
#include "web_push.h"

enum { ENDPOINT, KEYS };
enum { HASH_BYTES = 16, HASH_CHARS = 2 * HASH_BYTES + 1 };

const struct form_field pushes_create_fields[] = {
    [ENDPOINT] = {"endpoint", FORM_TEXT, .required = true, .shape = SC_TEXT_LINE, .least = 1,
                  .most = PUSH_URL_MAX - 1},
    [KEYS] = {"keys", FORM_OBJECT, .required = true},
    {.name = NULL},
};

static enum sc_error public_key(struct exchange *x, char out[VAPID_PUBLIC_CHARS]) {
    char *text;
    enum sc_error error = store_push_key(x->link, &text);
    EVP_PKEY *key = error == SC_OK ? vapid_key_read(text) : NULL;
    if (error == SC_OK && (!key || !vapid_key_public(key, out))) {
        error = SC_INTERNAL;
    }
    EVP_PKEY_free(key);
    free(text);
    return error;
}

static json_t *push_json(const char *session, const char *stored) {
    json_t *row = json_loads(stored, 0, NULL);
    json_t *push =
        json_pack("{s:s,s:O?,s:O?}", "id", session, "endpoint", json_object_get(row, "endpoint"),
                  "created_at", json_object_get(row, "created_at"));
    json_decref(row);
    return push;
}

enum sc_error handle_pushes_read(struct exchange *x) {
    const char *session = x->session.token.session;
    char key[VAPID_PUBLIC_CHARS];
    struct answer stored = {NULL};
    if (!x->site->settings->notify_push) {
        return SC_FORBIDDEN;
    }
    enum sc_error error = public_key(x, key);
    if (error == SC_OK) {
        error = store_push_read(x->link, x->session.user.id, session, &stored);
    }
    if (error == SC_OK) {
        json_t *push = answer_has(&stored, 0) ? push_json(session, answer_text(&stored, 0, NULL))
                                              : json_null();
        reply_json(&x->reply, 200, json_pack("{s:s,s:o}", "key", key, "push", push));
    }
    answer_deinit(&stored);
    return error;
}

/* What is kept of it; NULL, and the field at fault noted, when it isn't what a browser gives. */
static char *stored_form(struct exchange *x) {
    const char *endpoint = x->form.values[ENDPOINT].text;
    const json_t *keys = x->form.values[KEYS].object;
    const char *p256dh = json_string_value(json_object_get(keys, "p256dh"));
    const char *auth = json_string_value(json_object_get(keys, "auth"));
    char origin[PUSH_ORIGIN_MAX];
    struct web_push_peer peer;
    bool good_url = push_url_read(endpoint, x->site->settings->notify_private_endpoints, origin);
    bool good_keys = p256dh && auth && web_push_peer_read(&peer, p256dh, auth);
    if (!good_url) {
        form_refuse(&x->form, ENDPOINT, SC_TEXT_CHOICE);
    }
    if (!good_keys) {
        form_refuse(&x->form, KEYS, SC_TEXT_CHOICE);
    }
    if (!good_url || !good_keys) {
        return NULL;
    }
    json_t *row = json_pack("{s:s,s:s,s:s}", "endpoint", endpoint, "p256dh", p256dh, "auth", auth);
    char *text = json_dumps(row, JSON_COMPACT);
    json_decref(row);
    return text;
}

static void hash_form(const char *form, char out[HASH_CHARS]) {
    unsigned char hash[HASH_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)form, strlen(form), NULL, 0);
    sodium_bin2hex(out, HASH_CHARS, hash, sizeof hash);
}

/* A browser has one subscription, whoever is signed in there. What it was for before ends: on a
 * device that is passed on the next would be shown what is for the last. Endpoint and keys
 * together are known to that browser alone, so nobody can end another's. */
static enum sc_error end_earlier(struct exchange *x, const struct store_push_owner *own,
                                 const char *hash) {
    struct store_push_owner earlier;
    enum sc_error error = store_push_owner(x->link, hash, &earlier);
    bool is_own =
        strcmp(earlier.user, own->user) == 0 && strcmp(earlier.session, own->session) == 0;
    if (error == SC_OK && earlier.user[0] && !is_own) {
        error =
            store_push_close(x->link, earlier.user, earlier.session, x->form.values[ENDPOINT].text);
    }
    return error == SC_NOT_FOUND ? SC_OK : error;
}

/* The subscription first, then the rooms: each of them looks whether there is one. */
static enum sc_error open_for(struct exchange *x, const struct store_push_owner *own,
                              const char *form, int64_t *at_out) {
    struct answer opened;
    enum sc_error error = store_push_open(x->link, own->user, own->session, form, &opened);
    const struct answer rooms = answer_part(&opened, PUSH_OPEN_ROOMS);
    if (error == SC_OK) {
        *at_out = answer_number(&opened, PUSH_OPEN_AT);
        link_extend(x->link);
        error = store_push_join_all(x->link, own->user, &rooms);
    }
    answer_deinit(&opened);
    return error;
}

/* Whose it is by now is noted last: whoever fails before that tries it all again. */
static enum sc_error open_push(struct exchange *x, const char *form, int64_t *at_out) {
    struct store_push_owner own;
    char hash[HASH_CHARS];
    snprintf(own.user, sizeof own.user, "%s", x->session.user.id);
    snprintf(own.session, sizeof own.session, "%s", x->session.token.session);
    hash_form(form, hash);
    enum sc_error error = end_earlier(x, &own, hash);
    if (error == SC_OK) {
        error = open_for(x, &own, form, at_out);
    }
    return error == SC_OK ? store_push_own(x->link, hash, &own,
                                           x->site->settings->accounts_session_max_s * 1000)
                          : error;
}

enum sc_error handle_pushes_create(struct exchange *x) {
    const char *session = x->session.token.session;
    int64_t at;
    if (!x->site->settings->notify_push) {
        return SC_FORBIDDEN;
    }
    char *form = stored_form(x);
    if (!form) {
        return SC_INVALID;
    }
    enum sc_error error = open_push(x, form, &at);
    free(form);
    if (error == SC_OK) {
        json_t *push = json_pack("{s:s,s:s,s:I}", "id", session, "endpoint",
                                 x->form.values[ENDPOINT].text, "created_at", (json_int_t)at);
        reply_member(&x->reply, 201, "push", push);
        handle_note(x, "push_opened", "session", session);
    }
    return error;
}

enum sc_error handle_push_end(struct exchange *x) {
    bool is_own = strcmp(x->arguments[0], "current") == 0;
    const char *id = is_own ? x->session.token.session : x->arguments[0];
    if (!sc_id_valid(id, strlen(id))) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_push_close(x->link, x->session.user.id, id, "");
    if (error == SC_OK) {
        reply_nothing(&x->reply);
    }
    return error;
}
