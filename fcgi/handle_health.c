/*
 * handle_health: whether requests can be served, which is whether Redis answers.
 */
#include "handle.h"
#include "store_messages.h"

enum sc_error handle_health_read(struct exchange *x) {
    enum sc_error error = store_ping(x->link);
    if (error == SC_OK) {
        reply_json(&x->reply, 200,
                   json_pack("{s:s,s:s}", "status", "ok", "version", STONECHAT_VERSION));
    }
    return error;
}
