/*
 * picture: how large a picture is, so that a page can leave room for it before it has come.
 */
#ifndef FCGI_PICTURE_H
#define FCGI_PICTURE_H

#include <stddef.h>

#include "file.h"

/* Sets the file's width and height by what its head says, which begins with the `bytes` bytes at
 * `head`; leaves them alone where it is no picture of a kind that is known here. */
void picture_measure(struct file *file, const char *head, size_t bytes, int descriptor);

#endif
