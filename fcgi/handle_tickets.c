/*
 * handle_tickets: a pass for one WebSocket, where no cookie or header can be sent.
 *
 * It holds no more than the session that asked for it: stonechat-pushd takes it out of Redis and
 * checks that session.
 */
#include "handle.h"
#include "store_sessions.h"

enum sc_error handle_tickets_create(struct exchange *x) {
    char ticket[SC_TOKEN_MAX + 1], hash[SC_HASH_CHARS + 1];
    sc_ticket_new(ticket, hash);
    enum sc_error error =
        store_ticket(x->link, hash, &x->session.token, x->site->settings->accounts_ticket_s * 1000);
    if (error == SC_OK) {
        reply_json(&x->reply, 201, json_pack("{s:s}", "ticket", ticket));
    }
    return error;
}
