/*
 * handle_hooks: webhooks: making and ending them, and what other programs post through them.
 *
 * A hook's token is all that who posts has to show: it stands in the path, so no cookie is looked
 * at and nothing is to be forged from another site. It is told once; Redis holds a hash.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "hook_text.h"
#include "mentions.h"
#include "rate.h"
#include "store_hooks.h"
#include "store_messages.h"
#include "store_users.h"

static const char USUAL_NAME[] = "webhook";

enum { NAME };

const struct form_field hooks_create_fields[] = {
    [NAME] = {"name", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1,
              .most_setting = LIMIT(display_chars)},
    {.name = NULL},
};

enum { TEXT, USERNAME, ATTACHMENTS, KEY };

/* How long the text is shows once it is whole; other programs send a name that is empty, too. */
const struct form_field hook_post_fields[] = {
    [TEXT] = {"text", FORM_TEXT, .shape = SC_TEXT_SECRET, .most_setting = LIMIT(body_bytes)},
    [USERNAME] = {"username", FORM_TEXT, .shape = SC_TEXT_MAYBE,
                  .most_setting = LIMIT(display_chars)},
    [ATTACHMENTS] = {"attachments", FORM_LIST, .required = false},
    [KEY] = {"key", FORM_KEY, .required = false},
    {.name = NULL},
};

static struct store_asker asker(const struct exchange *x) {
    const struct user *user = &x->session.user;
    return (struct store_asker){handle_room_id(x), user->id, strcmp(user->role, "admin") == 0};
}

static json_t *hook_json(const char *id, const char *row) {
    json_t *hook = json_loads(row, 0, NULL);
    json_object_del(hook, "hash");
    json_object_set_new(hook, "id", json_string(id));
    return hook;
}

/* Where to post to, in full where the Host is one that can be shown again. */
static char *url_of(const struct request *request, const char *token) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const char *host = request->host;
    while (*host && (strchr(letters, *host) || strchr("-._:[]", *host))) {
        host++;
    }
    if (*host || host == request->host) {
        return sc_xasprintf("/api/v1/hooks/%s", token);
    }
    return sc_xasprintf("%s://%s/api/v1/hooks/%s", request->secure ? "https" : "http",
                        request->host, token);
}

static void reply_created(struct exchange *x, const char *id, const char *row, const char *token) {
    char *url = url_of(&x->request, token);
    json_t *hook = hook_json(id, row);
    json_object_set_new(hook, "token", json_string(token));
    json_object_set_new(hook, "url", json_string(url));
    reply_member(&x->reply, 201, "hook", hook);
    free(url);
}

/* The stored JSON behind its time, which the script writes. */
static char *tail_of(const struct exchange *x, const struct sc_token *token) {
    const struct form_value *name = &x->form.values[NAME];
    json_t *hook = json_pack("{s:s,s:s,s:s}", "name", name->given ? name->text : USUAL_NAME, "by",
                             x->session.user.id, "hash", token->hash);
    char *text = json_dumps(hook, JSON_COMPACT);
    json_decref(hook);
    memmove(text, text + 1, strlen(text));
    return text;
}

enum sc_error handle_hooks_create(struct exchange *x) {
    const struct store_asker by = asker(x);
    struct sc_token token;
    char text[SC_TOKEN_MAX + 1];
    struct answer opened;
    if (!by.room) {
        return SC_NOT_FOUND;
    }
    snprintf(token.user, sizeof token.user, "%s", by.room);
    sc_id_new(token.session);
    sc_token_new(&token, text);
    char *tail = tail_of(x, &token);
    enum sc_error error = store_hook_open(x->link, &by, token.session, tail,
                                          x->site->settings->limits_hooks_per_room, &opened);
    if (error == SC_OK) {
        reply_created(x, token.session, answer_text(&opened, 1, NULL), text);
        handle_note(x, "hook_opened", "hook", token.session);
    }
    answer_deinit(&opened);
    free(tail);
    return error;
}

static json_int_t created_at(const json_t *hook) {
    return json_integer_value(json_object_get(hook, "created_at"));
}

static int by_age(const void *a, const void *b) {
    json_int_t left = created_at(*(json_t *const *)a), right = created_at(*(json_t *const *)b);
    return (left > right) - (left < right);
}

/* The oldest first. */
static json_t *hooks_json(const struct answer *rows) {
    size_t count = answer_count(rows) / 2;
    json_t **hooks = sc_xcalloc(count + 1, sizeof *hooks);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        hooks[i] =
            hook_json(answer_text(rows, 1 + 2 * i, NULL), answer_text(rows, 2 + 2 * i, NULL));
    }
    qsort(hooks, count, sizeof *hooks, by_age);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, hooks[i]);
    }
    free(hooks);
    return list;
}

enum sc_error handle_hooks_list(struct exchange *x) {
    const struct store_asker by = asker(x);
    struct answer rows;
    if (!by.room) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_hook_list(x->link, &by, &rows);
    if (error == SC_OK) {
        reply_member(&x->reply, 200, "hooks", hooks_json(&rows));
    }
    answer_deinit(&rows);
    return error;
}

enum sc_error handle_hook_end(struct exchange *x) {
    const struct store_asker by = asker(x);
    const char *hook = x->arguments[1];
    if (!by.room || !sc_id_valid(hook, strlen(hook))) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = store_hook_close(x->link, &by, hook);
    if (error == SC_OK) {
        handle_note(x, "hook_ended", "hook", hook);
        reply_nothing(&x->reply);
    }
    return error;
}

/* The whole text, which is held to the rules of any message; NULL after saying what is wrong. */
static char *text_of(struct exchange *x) {
    const struct sc_settings *settings = x->site->settings;
    const struct form_value *values = x->form.values;
    char *text = hook_text(values[TEXT].text, values[ATTACHMENTS].object);
    enum sc_text_fault fault =
        sc_text_check(SC_TEXT_PROSE, text, strlen(text), 1, (size_t)settings->limits_text_chars,
                      (size_t)settings->limits_text_bytes);
    if (fault == SC_TEXT_FINE) {
        return text;
    }
    form_refuse(&x->form, TEXT, text[0] ? fault : SC_TEXT_REQUIRED);
    free(text);
    return NULL;
}

static enum sc_error send_text(struct exchange *x, const struct sc_token *token, const char *name,
                               const char *text) {
    const struct form_value *username = &x->form.values[USERNAME], *key = &x->form.values[KEY];
    char own_key[SC_ID_MAX + 1];
    sc_id_new(own_key);
    const struct sc_message message = {
        .room = token->user,
        .from = {token->session, name, username->bytes > 0 ? username->text : name},
        .text = text,
        .text_bytes = strlen(text),
        .key = key->given ? key->text : own_key,
        .is_bot = true,
    };
    char *tail = sc_message_tail(&message), *mentions;
    struct answer sent = {NULL};
    enum sc_error error = mentions_find(x, text, message.text_bytes, &mentions);
    if (error == SC_OK) {
        error = store_hook_send(x->link, token, message.key, tail, mentions, &sent);
    }
    if (error == SC_OK) {
        handle_reply_sent(x, token->user, &sent);
    }
    answer_deinit(&sent);
    free(mentions);
    free(tail);
    return error;
}

/* Whoever may not come in until an administrator says so is not heard through a webhook, either;
 * of an account that was closed others have what it has made. */
static enum sc_error find(struct exchange *x, const struct sc_token *token, char **name_out) {
    char by[SC_ID_MAX + 1], *disabled = NULL;
    enum sc_error error = store_hook_find(x->link, token, name_out, by);
    if (error == SC_OK) {
        error = store_account_get(x->link, by, "disabled", &disabled);
    }
    if (error == SC_OK && strcmp(disabled, "1") == 0) {
        error = SC_NOT_FOUND;
    }
    free(disabled);
    return error;
}

enum sc_error handle_hook_post(struct exchange *x) {
    struct sc_token token;
    char *name = NULL;
    if (!sc_token_read(x->arguments[0], strlen(x->arguments[0]), &token)) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = find(x, &token, &name);
    if (error == SC_OK) {
        error = rate_use_under(x, RATE_HOOK_POSTS,
                               sc_key(SC_KEY_HOOK_RATE, token.user, "posts", token.session));
    }
    char *text = error == SC_OK ? text_of(x) : NULL;
    if (error == SC_OK) {
        error = text ? send_text(x, &token, name, text) : SC_INVALID;
    }
    free(text);
    free(name);
    return error;
}
