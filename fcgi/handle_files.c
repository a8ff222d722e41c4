/*
 * handle_files: uploading a file, and having it again.
 *
 * Neither way does a byte pass through here: nginx spools what comes, and sends what goes. A file
 * belongs to the room that it was uploaded to, and is seen by others once it is sent in a message.
 */
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "file_garbage.h"
#include "file_name.h"
#include "shelf.h"
#include "store_files.h"
#include "upload.h"

enum { NAME };

const struct form_field files_create_fields[] = {
    [NAME] = {"name", FORM_TEXT, .shape = SC_TEXT_LINE, .least = 1, .most = 1024},
    {.name = NULL},
};

/* The block that even the smallest takes. */
enum { LEAST_COUNTED = 4096 };

static void describe(struct exchange *x, const struct upload *upload, struct file *file) {
    const struct form_value *name = &x->form.values[NAME];
    *file = (struct file){.size = 0};
    sc_id_new(file->id);
    file_name_make(name->given ? name->text : "", name->given ? name->bytes : 0, file->name);
    upload_describe(upload, &x->site->sniffer, file);
}

static enum sc_error take_space(struct exchange *x, const struct file *file) {
    int64_t bytes = file->size > LEAST_COUNTED ? file->size : LEAST_COUNTED;
    return store_quota_take(x->link, x->session.user.id, file->id, bytes,
                            x->site->settings->limits_files_bytes_per_user);
}

/* First what will bring it up for the collector, so that nothing is ever left without; last the
 * bytes. Until the client is told the id nobody can ask for it. */
static enum sc_error keep(struct exchange *x, const char *room, const struct upload *upload,
                          const struct file *file, const char *shown) {
    const struct sc_settings *settings = x->site->settings;
    const char *user = x->session.user.id;
    enum sc_error error = store_file_due_set(x->link, file->id, settings->files_unsent_s * 1000);
    if (error == SC_OK) {
        error = store_file_place_set(x->link, file->id, room, user);
    }
    if (error == SC_OK) {
        error = store_file_open(x->link, room, user, file->id, file->size, shown);
    }
    if (error == SC_OK) {
        error = take_space(x, file);
    }
    if (error == SC_OK) {
        error = shelf_put(settings->files_dir, file->id, upload->path, upload->descriptor);
    }
    if (error != SC_OK && error != SC_UNAVAILABLE) {
        file_garbage_drop(x->link, settings->files_dir, file->id, room, user);
    }
    return error;
}

static enum sc_error take(struct exchange *x, const char *room, const struct upload *upload) {
    struct file file;
    describe(x, upload, &file);
    json_t *json = file_json(&file);
    char *shown = json_dumps(json, JSON_COMPACT);
    enum sc_error error = keep(x, room, upload, &file, shown);
    if (error == SC_OK) {
        handle_note(x, "file_uploaded", "file", file.id);
        reply_member(&x->reply, 201, "file", json_incref(json));
    }
    free(shown);
    json_decref(json);
    return error;
}

enum sc_error handle_files_create(struct exchange *x) {
    struct upload upload;
    const char *room = handle_room_id(x);
    if (!room) {
        return SC_NOT_FOUND;
    }
    enum sc_error error = upload_open(&upload, &x->request, x->site->settings->limits_file_bytes);
    if (error == SC_OK) {
        error = take(x, room, &upload);
    }
    upload_close(&upload);
    if (error == SC_INVALID) {
        x->form.body_fault = SC_TEXT_SHORT;
    }
    return error;
}

static enum sc_error find(struct exchange *x, const char *id, struct file *file) {
    struct store_file_place place;
    struct answer seen = {NULL};
    enum sc_error error = store_file_place(x->link, id, &place);
    if (error == SC_OK) {
        error = store_file_see(x->link, place.room, x->session.user.id, id, &seen);
    }
    if (error == SC_OK) {
        size_t bytes;
        const char *shown = answer_text(&seen, 1, &bytes);
        error = file_parse(file, shown, bytes) ? SC_OK : SC_INTERNAL;
    }
    answer_deinit(&seen);
    return error;
}

static void reply_with(struct exchange *x, const struct file *file) {
    char place[SHELF_PLACE_MAX];
    shelf_place(file->id, place);
    char *address = sc_xasprintf("/stonechat-files/%s", place);
    char *disposition = file_disposition(file);
    const char *type = file_type_shown(file);
    reply_file(&x->reply, type ? type : "application/octet-stream", address);
    reply_header(&x->reply, "Content-Disposition", disposition);
    free(disposition);
    free(address);
}

enum sc_error handle_file_read(struct exchange *x) {
    const char *id = x->arguments[0], *name = x->arguments[1];
    struct file file;
    enum sc_error error = sc_id_valid(id, strlen(id)) ? find(x, id, &file) : SC_NOT_FOUND;
    bool is_it = error == SC_OK && strcmp(name, file.name) == 0; /* a file has one address */
    if (error == SC_OK && !(is_it && shelf_has(x->site->settings->files_dir, id))) {
        error = SC_NOT_FOUND; /* nginx would say so, too, but not in our form */
    }
    if (error == SC_OK) {
        reply_with(x, &file);
    }
    return error;
}
