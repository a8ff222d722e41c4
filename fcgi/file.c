/*
 * file: to JSON and back, and how it is handed out.
 *
 * What is no row of `shown` goes out as bytes of no type, to be saved: a page or a drawing that
 * somebody uploaded never becomes one of this site's own.
 */
#include "file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stonechat/memory.h>

#include "percent.h"

/* What libmagic calls it, and what browsers know it as. None of these can hold a script. */
static const struct {
    const char *type, *as;
} shown[] = {
    {"image/png", "image/png"},   {"image/jpeg", "image/jpeg"}, {"image/gif", "image/gif"},
    {"image/webp", "image/webp"}, {"image/avif", "image/avif"}, {"audio/mpeg", "audio/mpeg"},
    {"audio/ogg", "audio/ogg"},   {"audio/flac", "audio/flac"}, {"audio/x-wav", "audio/wav"},
    {"audio/x-m4a", "audio/mp4"}, {"video/mp4", "video/mp4"},   {"video/webm", "video/webm"},
    {"video/ogg", "video/ogg"},
};

json_t *file_json(const struct file *file) {
    char *name = percent_encode(file->name);
    char *url = sc_xasprintf("/api/v1/files/%s/%s", file->id, name);
    json_t *json = json_pack("{s:s,s:s,s:s,s:I,s:s}", "id", file->id, "name", file->name, "type",
                             file->type, "size", (json_int_t)file->size, "url", url);
    if (file->width > 0 && file->height > 0) {
        json_object_set_new(json, "width", json_integer(file->width));
        json_object_set_new(json, "height", json_integer(file->height));
    }
    free(url);
    free(name);
    return json;
}

bool file_parse(struct file *file, const char *json, size_t bytes) {
    const char *id, *name, *type;
    json_int_t size, width = 0, height = 0;
    json_t *root = json_loadb(json, bytes, 0, NULL);
    bool good =
        root && json_unpack(root, "{s:s,s:s,s:s,s:I,s?I,s?I}", "id", &id, "name", &name, "type",
                            &type, "size", &size, "width", &width, "height", &height) == 0;
    if (good) {
        *file = (struct file){.size = size, .width = width, .height = height};
        snprintf(file->id, sizeof file->id, "%s", id);
        snprintf(file->name, sizeof file->name, "%s", name);
        snprintf(file->type, sizeof file->type, "%s", type);
    }
    json_decref(root);
    return good;
}

const char *file_type_shown(const struct file *file) {
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (strcmp(shown[i].type, file->type) == 0) {
            return shown[i].as;
        }
    }
    return NULL;
}

char *file_disposition(const struct file *file) {
    char *name = percent_encode(file->name);
    char *value = sc_xasprintf("%s; filename*=UTF-8''%s",
                               file_type_shown(file) ? "inline" : "attachment", name);
    free(name);
    return value;
}
