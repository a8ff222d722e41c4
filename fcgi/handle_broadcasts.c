/*
 * handle_broadcasts: a notice to everyone connected, by the same channel that other programs use.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include "store_messages.h"

enum { DATA };

const struct form_field broadcasts_create_fields[] = {
    [DATA] = {"data", FORM_OBJECT, .required = true},
    {.name = NULL},
};

enum sc_error handle_broadcasts_create(struct exchange *x) {
    char *data = json_dumps(x->form.values[DATA].object, JSON_COMPACT);
    size_t bytes = strlen(data);
    enum sc_error error = SC_TOO_LARGE;
    if (bytes <= SC_NOTICE_MAX) {
        error = store_publish(x->link, sc_channel(SC_CHANNEL_NOTICE), data, bytes);
    }
    free(data);
    if (error != SC_OK) {
        return error;
    }
    handle_note(x, "broadcast", NULL, NULL);
    reply_json(&x->reply, 202, json_object());
    return SC_OK;
}
