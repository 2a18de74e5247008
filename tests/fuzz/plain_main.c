/*
 * Runs a fuzz target over the files given as arguments, so that its corpus is a plain test too.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static int run_file(const char *name)
{
    FILE *file = fopen(name, "rb");
    uint8_t *bytes;
    long length;

    if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0) {
        perror(name);
        return 1;
    }
    rewind(file);
    bytes = malloc((size_t)length); /* of exactly this size, so that reading past it is seen */
    if ((!bytes && length > 0) || fread(bytes, 1, (size_t)length, file) != (size_t)length) {
        perror(name);
        return 1;
    }
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, (size_t)length);
    free(bytes);
    return 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (run_file(argv[i]) != 0)
            return 1;
    printf("%d files\n", argc - 1);
    return argc > 1 ? 0 : 2; /* an empty corpus is a mistake */
}
