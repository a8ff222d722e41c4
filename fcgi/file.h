/*
 * file: what was uploaded, as Redis keeps it and clients see it. The bytes are on the shelf.
 */
#ifndef FCGI_FILE_H
#define FCGI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>
#include <stonechat/limits.h>

enum { FILE_NAME_MAX = 255, FILE_TYPE_MAX = 127 };

struct file {
    char id[SC_ID_MAX + 1];
    char name[FILE_NAME_MAX + 1]; /* as file_name has made it */
    char type[FILE_TYPE_MAX + 1]; /* found from its content, whatever the name says */
    int64_t size;
    int64_t width, height; /* 0: not known to be a picture */
};

/* {id,name,type,size,url} and, of a picture, width and height. A new reference. */
json_t *file_json(const struct file *file);
/* Reads the same; false when it is none. */
bool file_parse(struct file *file, const char *json, size_t bytes);

/* The Content-Type under which browsers may show it in place; NULL: it may only be saved. */
const char *file_type_shown(const struct file *file);
/* The value of Content-Disposition (RFC 6266), freed by the caller. */
char *file_disposition(const struct file *file);

#endif
