/*
 * store_hooks: the webhooks of a room, and what they send.
 */
#include "store_hooks.h"

#include <stdio.h>

#include <stonechat/memory.h>

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

/* The keys and arguments that every script about a room's hooks takes first. */
static void ask_hooks(struct ask *ask, enum sc_script_id script, const struct store_asker *asker) {
    ask_script(ask, script);
    ask_key(ask, sc_key(SC_KEY_ROOM, asker->room));
    ask_key(ask, sc_key(SC_KEY_MEMBERS, asker->room));
    ask_key(ask, sc_key(SC_KEY_HOOKS, asker->room));
    ask_text(ask, asker->user);
    ask_text(ask, asker->all_rooms ? "1" : "0");
}

enum sc_error store_hook_open(struct link *link, const struct store_asker *asker, const char *hook,
                              const char *tail, int64_t most, struct answer *out) {
    struct ask ask;
    ask_hooks(&ask, SC_SCRIPT_HOOK_OPEN, asker);
    ask_text(&ask, hook);
    ask_text(&ask, tail);
    ask_number(&ask, most);
    return link_ask(link, &ask, out);
}

enum sc_error store_hook_list(struct link *link, const struct store_asker *asker,
                              struct answer *out) {
    struct ask ask;
    ask_hooks(&ask, SC_SCRIPT_HOOK_LIST, asker);
    return link_ask(link, &ask, out);
}

enum sc_error store_hook_close(struct link *link, const struct store_asker *asker,
                               const char *hook) {
    struct ask ask;
    ask_hooks(&ask, SC_SCRIPT_HOOK_CLOSE, asker);
    ask_text(&ask, hook);
    return link_tell(link, &ask);
}

enum sc_error store_hook_find(struct link *link, const struct sc_token *token, char **name_out,
                              char by_out[SC_ID_MAX + 1]) {
    enum { NAME = 1, BY };
    struct ask ask;
    struct answer answer;
    ask_script(&ask, SC_SCRIPT_HOOK_FIND);
    ask_key(&ask, sc_key(SC_KEY_ROOM, token->user));
    ask_key(&ask, sc_key(SC_KEY_HOOKS, token->user));
    ask_text(&ask, token->session);
    ask_text(&ask, token->hash);
    enum sc_error error = link_ask(link, &ask, &answer);
    *name_out = sc_xstrdup(answer_text(&answer, NAME, NULL));
    snprintf(by_out, SC_ID_MAX + 1, "%s", answer_text(&answer, BY, NULL));
    answer_deinit(&answer);
    return error;
}

enum sc_error store_hook_send(struct link *link, const struct sc_token *token, const char *key,
                              const char *tail, const char *mentions, struct answer *out) {
    struct sc_key channel = sc_channel(SC_CHANNEL_ROOM_LIVE, token->user);
    struct ask ask;
    ask_script(&ask, SC_SCRIPT_HOOK_SEND);
    ask_key(&ask, sc_key(SC_KEY_ROOM, token->user));
    ask_key(&ask, sc_key(SC_KEY_LOG, token->user));
    ask_key(&ask, sc_key(SC_KEY_HOOKS, token->user));
    ask_key(&ask, sc_key(SC_KEY_MESSAGE_KEY, token->user, token->session, key));
    ask_key(&ask, sc_key(SC_KEY_FOLD, token->user));
    ask_key(&ask, sc_key(SC_KEY_MEMBERS, token->user));
    ask_text(&ask, token->session);
    ask_text(&ask, token->hash);
    ask_bytes(&ask, channel.text, channel.bytes);
    ask_text(&ask, tail);
    ask_number(&ask, SC_KEY_REMEMBER_DAYS * DAY_MS);
    ask_text(&ask, mentions);
    return link_ask(link, &ask, out);
}
