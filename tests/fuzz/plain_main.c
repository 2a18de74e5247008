/*
 * Runs a fuzz target over files without a fuzzer: each argument is a file or a folder of files.
 * So the corpora are plain tests, with gcc's sanitizers, in `make test`.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#define PATH_BYTES 4096

/* The input is a block of its own size, so that a read past its end is noticed. */
static void run_file(const char *path)
{
    FILE *file = fopen(path, "re");
    struct stat st;

    if (file == NULL || fstat(fileno(file), &st) != 0) {
        perror(path);
        exit(1);
    }
    uint8_t *data = malloc(st.st_size > 0 ? (size_t)st.st_size : 1);
    if (data == NULL || fread(data, 1, (size_t)st.st_size, file) != (size_t)st.st_size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    (void)LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
    free(data);
}

static unsigned run_folder(const char *folder, DIR *dir)
{
    struct dirent *entry;
    char path[PATH_BYTES];
    unsigned count = 0;

    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        run_file(path);
        count++;
    }
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);

        if (dir != NULL) {
            count += run_folder(argv[i], dir);
            closedir(dir);
        } else {
            run_file(argv[i]);
            count++;
        }
    }
    printf("%s: %u inputs\n", argv[0], count);
    return count > 0 ? 0 : 1;
}
