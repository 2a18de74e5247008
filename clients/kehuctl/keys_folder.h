/*
 * The folder of keys on disk, worked on without any service: allowed/NAME.json (public, 0644),
 * revoked/NAME@MOMENT.json, secret/NAME.secret (0600). Every file appears whole or not at all.
 */
#ifndef KEHU_KEYS_FOLDER_H
#define KEHU_KEYS_FOLDER_H

#include <jansson.h>
#include <sys/types.h>

#include "common/base.h"

#define KEYS_FOLDER_PATH_BYTES 4096

/* 1 to 64 letters, digits, dots, hyphens, underscores, not beginning with a dot. */
bool keys_folder_name_is_good(const char *name);

/* Makes the folder and its three parts where they are missing. False: said on stderr, as all
 * failures here. */
bool keys_folder_make(const char *folder);

/* "<folder>/<part>/<name><suffix>"; false when it is too long. */
bool keys_folder_path(const char *folder, const char *part, const char *name, const char *suffix,
                      char out[KEYS_FOLDER_PATH_BYTES]);
bool keys_folder_exists(const char *path);

/* Writes the document and a line end aside, to disk, then links it in place; an existing file stays
 * and is a failure. Takes the JSON's reference. */
bool keys_folder_write(const char *path, mode_t mode, json_t *json);

/* The latest revoked file of the name; false when there is none. */
bool keys_folder_find_revoked(const char *folder, const char *name,
                              char out[KEYS_FOLDER_PATH_BYTES]);

/* Calls for each file of a part that ends with the suffix, in the order of names. */
typedef void (*keys_folder_each)(void *owner, const char *directory, const char *file);
bool keys_folder_walk(const char *folder, const char *part, const char *suffix,
                      keys_folder_each each, void *owner);

#endif
