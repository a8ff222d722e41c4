/*
 * session: from a presented token to a signed-in user, and the cookie.
 *
 * Called by route for each endpoint that wants to know who asks. Redis has the last word: it holds
 * the hash of the token's secret and says for how long it is good. What it has said a moment ago
 * may be enough where the endpoint then asks Redis anyway, and nothing would be told to a stranger.
 */
#include "session.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <stonechat/memory.h>

#include "clock.h"
#include "exchange.h"
#include "metrics.h"
#include "store_sessions.h"

enum { USER_AGENT_MAX = 256 };

/* The prefix makes a browser refuse the cookie from anything but this very host over TLS. */
static const char *cookie_name(const struct request *request) {
    return request->secure ? "__Host-stonechat" : "stonechat";
}

static const char *bearer(const struct request *request, size_t *bytes_out) {
    static const char scheme[] = "Bearer ";
    if (strncasecmp(request->authorization, scheme, sizeof scheme - 1) != 0) {
        return "";
    }
    const char *token = request->authorization + sizeof scheme - 1;
    token += strspn(token, " ");
    *bytes_out = strlen(token);
    return token;
}

/* The header goes before the cookie: whoever writes it means it. */
static bool find_token(const struct request *request, struct session *session) {
    bool by_header = request->authorization[0] != '\0';
    size_t bytes = 0;
    const char *text =
        by_header ? bearer(request, &bytes) : request_cookie(request, cookie_name(request), &bytes);
    session->by = by_header ? CREDENTIALS_BEARER : CREDENTIALS_COOKIE;
    return text && sc_token_read(text, bytes, &session->token);
}

/* Not remembered for longer than until session_touch may be due, so that who is active stays. */
static int64_t good_ms(int64_t left_ms, int64_t idle_ms) {
    return left_ms < idle_ms / 4 ? left_ms : idle_ms / 4;
}

static enum sc_error ask_redis(struct exchange *x) {
    struct session *session = &x->session;
    struct session_cache *cache = &x->site->sessions;
    int64_t idle_ms = x->site->settings->accounts_session_idle_s * 1000, left_ms;
    int64_t now_ms = clock_ms();
    unsigned ticket = session_cache_ticket(cache, session->token.user);
    enum sc_error error = store_session_check(x->link, &session->token, idle_ms, &session->user,
                                              &left_ms, &session->stale);
    if (error == SC_OK) {
        session_cache_keep(cache, &session->token, &session->user, ticket, now_ms,
                           good_ms(left_ms, idle_ms));
    }
    return error;
}

enum sc_error session_load(struct exchange *x, bool lately) {
    struct session *session = &x->session;
    enum sc_error error = SC_UNAUTHENTICATED;
    if (find_token(&x->request, session)) {
        bool known = lately && session_cache_find(&x->site->sessions, &session->token, clock_ms(),
                                                  &session->user);
        error = known ? SC_OK : ask_redis(x);
        metric_add(metrics.sessions_remembered_total, known);
    }
    if (error != SC_OK) {
        session->by = CREDENTIALS_NONE;
    }
    return error;
}

void session_deinit(struct session *session) {
    user_deinit(&session->user);
    *session = (struct session){.by = CREDENTIALS_NONE};
}

void session_touch(struct exchange *x) {
    const struct session *session = &x->session;
    if (session->by != CREDENTIALS_NONE && session->stale) {
        store_session_touch(x->link, session->user.id, session->token.session, x->request.address);
    }
}

/* What is shown in the list of devices: one line of UTF-8, cut to a modest length. */
static void tidy_user_agent(const char *text, char out[USER_AGENT_MAX + 1]) {
    size_t bytes = strnlen(text, USER_AGENT_MAX);
    while (bytes > 0 && !sc_utf8_valid(text, bytes)) {
        bytes--;
    }
    memcpy(out, text, bytes);
    out[bytes] = '\0';
    if (sc_text_check(SC_TEXT_MAYBE, out, bytes, 0, USER_AGENT_MAX, 0) != SC_TEXT_FINE) {
        out[0] = '\0';
    }
}

enum sc_error session_open(struct exchange *x, const char *user, const char *password_hash,
                           struct sc_token *token_out, char text_out[SC_TOKEN_MAX + 1],
                           int64_t *created_at_out, int64_t *expires_at_out) {
    const struct sc_settings *settings = x->site->settings;
    char user_agent[USER_AGENT_MAX + 1];
    tidy_user_agent(x->request.user_agent, user_agent);
    snprintf(token_out->user, sizeof token_out->user, "%s", user);
    sc_id_new(token_out->session);
    sc_token_new(token_out, text_out);

    struct store_session new = {
        .token = token_out,
        .address = x->request.address,
        .user_agent = user_agent,
        .idle_ms = settings->accounts_session_idle_s * 1000,
        .max_ms = settings->accounts_session_max_s * 1000,
        .most = settings->accounts_sessions_per_user,
        .password_hash = password_hash,
    };
    return store_session_open(x->link, &new, created_at_out, expires_at_out);
}

void session_set_cookie(struct exchange *x, const char *token) {
    const struct request *request = &x->request;
    fprintf(x->reply.headers,
            "Set-Cookie: %s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s\r\n",
            cookie_name(request), token,
            token[0] ? (long long)x->site->settings->accounts_session_max_s : 0LL,
            request->secure ? "; Secure" : "");
}
