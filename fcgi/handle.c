/*
 * handle: what several handlers need.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/log.h>

#include "store_users.h"

enum { PAGE_USUAL = 50, SEQ_DIGITS = 15 };

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

int64_t handle_seq(const struct exchange *x) {
    const char *text = x->arguments[1];
    size_t digits = strspn(text, "0123456789");
    return digits >= 1 && digits <= SEQ_DIGITS && text[digits] == '\0' ? strtoll(text, NULL, 10)
                                                                       : 0;
}

struct store_caller handle_caller(const struct exchange *x) {
    return (struct store_caller){x->session.user.id, user_is_admin(&x->session.user),
                                 x->site->settings->notify_rooms};
}

const char *handle_user_id(const struct exchange *x, size_t i) {
    const char *id = x->arguments[i];
    if (strcmp(id, "me") == 0) {
        return x->session.user.id;
    }
    return sc_id_valid(id, strlen(id)) ? id : NULL;
}

enum sc_error handle_user(const struct exchange *x, size_t i, struct user *out) {
    const char *id = handle_user_id(x, i);
    return id ? store_user(x->link, id, out) : SC_NOT_FOUND;
}

void handle_note(const struct exchange *x, const char *event, const char *field,
                 const char *value) {
    const char *user = x->session.by != CREDENTIALS_NONE ? x->session.user.id : NULL;
    sc_log(SC_LOG_INFO, event, "user", user, "address", x->request.address, field, value, NULL);
}
