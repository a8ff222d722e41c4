/*
 * handle: what several handlers need.
 */
#include "handle.h"

#include <string.h>

#include <stonechat/log.h>

enum { PAGE_USUAL = 50 };

int64_t handle_page_size(const struct exchange *x, const struct form_value *limit) {
    int64_t most = x->site->settings->limits_page;
    if (limit->given) {
        return limit->number;
    }
    return most < PAGE_USUAL ? most : PAGE_USUAL;
}

const char *handle_room_id(const struct exchange *x) {
    const char *id = x->arguments[0];
    return sc_id_valid(id, strlen(id)) ? id : NULL;
}

void handle_note(const struct exchange *x, const char *event, const char *field,
                 const char *value) {
    const char *user = x->session.by != CREDENTIALS_NONE ? x->session.user.id : NULL;
    sc_log(SC_LOG_INFO, event, "user", user, "address", x->request.address, field, value, NULL);
}
