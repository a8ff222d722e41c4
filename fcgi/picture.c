/*
 * picture: asks stb_image, and of WebP libwebp, which read the head and decode nothing.
 */
#include "picture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <stb_image.h>
#include <webp/decode.h>

/* By the file itself: before a JPEG's size may stand a whole preview. */
static bool by_stb(int descriptor, const char *head, size_t bytes, int *width, int *height) {
    (void)head;
    (void)bytes;
    int own = dup(descriptor), components;
    FILE *stream = own >= 0 ? fdopen(own, "rb") : NULL;
    if (!stream) {
        return false;
    }
    rewind(stream);
    bool found = stbi_info_from_file(stream, width, height, &components) == 1;
    fclose(stream);
    return found;
}

static bool by_webp(int descriptor, const char *head, size_t bytes, int *width, int *height) {
    (void)descriptor;
    return WebPGetInfo((const uint8_t *)head, bytes, width, height) == 1;
}

static const struct {
    const char *type;
    bool (*measure)(int descriptor, const char *head, size_t bytes, int *width, int *height);
} kinds[] = {
    {"image/png", by_stb},
    {"image/jpeg", by_stb},
    {"image/gif", by_stb},
    {"image/webp", by_webp},
};

void picture_measure(struct file *file, const char *head, size_t bytes, int descriptor) {
    int width, height;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].type, file->type) == 0 &&
            kinds[i].measure(descriptor, head, bytes, &width, &height)) {
            file->width = width;
            file->height = height;
        }
    }
}
