/*
 * handle_site: what the way in has to know of this site before anybody is known.
 */
#include "handle.h"
#include "store_names.h"

/* `empty` says that it waits for its first person, who is to run it. */
enum sc_error handle_site_read(struct exchange *x) {
    const struct sc_settings *settings = x->site->settings;
    bool empty;
    enum sc_error error = store_index_is_empty(x->link, STORE_USER_NAME, &empty);
    if (error == SC_OK) {
        reply_member(&x->reply, 200, "site",
                     json_pack("{s:s,s:b,s:b}", "registration", settings->accounts_registration,
                               "guests", settings->accounts_guests, "empty",
                               empty && settings->accounts_first_admin));
    }
    return error;
}
