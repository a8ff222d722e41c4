/*
 * upload: the body of a request as nginx has spooled it to disk.
 *
 * nginx names the file in a parameter and passes none of its bytes on; of them only the head is
 * read, to see what it is. Unless it is moved away meanwhile, nginx removes it after the answer.
 */
#ifndef FCGI_UPLOAD_H
#define FCGI_UPLOAD_H

#include <stdint.h>

#include "file.h"
#include "request.h"
#include "sniffer.h"

struct upload {
    const char *path; /* lent by the request */
    int descriptor;   /* -1: there was no body */
    int64_t size;
};

/* BAD_REQUEST when the body came in some other way; TOO_LARGE above `most` bytes. upload_close is
 * due whatever is returned. */
enum sc_error upload_open(struct upload *upload, const struct request *request, int64_t most);
void upload_close(struct upload *upload);

/* Fills in type, size and, of a picture, width and height. */
void upload_describe(const struct upload *upload, struct sniffer *sniffer, struct file *file);

#endif
