/*
 * upload: opened once, so that what is looked at is what is kept.
 */
#include "upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stonechat/log.h>
#include <stonechat/memory.h>

#include "picture.h"

enum { HEAD_BYTES = 65536 };

enum sc_error upload_open(struct upload *upload, const struct request *request, int64_t most) {
    struct stat stat;
    *upload = (struct upload){.path = request->spooled, .descriptor = -1};
    if (upload->path[0] == '\0') {
        return request->content_length > 0 ? SC_BAD_REQUEST : SC_OK;
    }
    upload->descriptor = open(upload->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (upload->descriptor < 0 || fstat(upload->descriptor, &stat) != 0 || !S_ISREG(stat.st_mode)) {
        sc_log(SC_LOG_ERROR, "upload_unreadable", "path", upload->path, "why", strerror(errno),
               NULL);
        return SC_INTERNAL;
    }
    upload->size = stat.st_size;
    return upload->size > most ? SC_TOO_LARGE : SC_OK;
}

void upload_close(struct upload *upload) {
    if (upload->descriptor >= 0) {
        close(upload->descriptor);
    }
    upload->descriptor = -1;
}

void upload_describe(const struct upload *upload, struct sniffer *sniffer, struct file *file) {
    char *head = sc_xmalloc(HEAD_BYTES);
    ssize_t got = upload->descriptor >= 0 ? pread(upload->descriptor, head, HEAD_BYTES, 0) : 0;
    size_t bytes = got > 0 ? (size_t)got : 0;
    file->size = upload->size;
    sniffer_type(sniffer, head, bytes, file->type);
    picture_measure(file, head, bytes, upload->descriptor);
    free(head);
}
