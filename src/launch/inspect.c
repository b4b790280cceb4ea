/* inspect.c - what can be known about a command before it is started: will it take our preload and our recorder?
 * SPDX-License-Identifier: MIT */
#include <elf.h>       /* Elf64_Ehdr, PT_INTERP */
#include <fcntl.h>     /* open */
#include <limits.h>    /* PATH_MAX */
#include <stdint.h>    /* uint64_t */
#include <stdio.h>     /* snprintf */
#include <stdlib.h>    /* getenv */
#include <string.h>    /* strchr, memcmp */
#include <sys/stat.h>  /* stat */
#include <sys/xattr.h> /* getxattr: file capabilities */
#include <unistd.h>    /* access, pread */

#include "launch/inspect.h"

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#else
#define OUR_MACHINE EM_NONE
#endif

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool executable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* path as seen from directory. False when it does not fit. */
static bool join(const char *directory, const char *path, char *out, size_t out_nbytes)
{
    int n = directory != NULL && path[0] != '/' ? snprintf(out, out_nbytes, "%s/%s", directory, path)
                                                : snprintf(out, out_nbytes, "%s", path);
    return n >= 0 && (size_t)n < out_nbytes;
}

static bool find(const char *name, const char *directory, char *out, size_t out_nbytes)
{
    if (strchr(name, '/') != NULL)
        return join(directory, name, out, out_nbytes) && executable(out);
    const char *path = getenv("PATH");
    if (path == NULL)
        path = "/bin:/usr/bin"; /* what execvp() takes then */
    for (const char *entry = path;; entry++) {
        size_t n_entry = strcspn(entry, ":");
        char relative[PATH_MAX];
        int n = n_entry == 0 ? snprintf(relative, sizeof relative, "./%s", name)
                             : snprintf(relative, sizeof relative, "%.*s/%s", (int)n_entry, entry, name);
        if (n >= 0 && (size_t)n < sizeof relative && join(directory, relative, out, out_nbytes) && executable(out))
            return true;
        entry += n_entry;
        if (*entry == '\0')
            return false;
    }
}

static bool is_privileged(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    if ((status.st_mode & S_ISUID && status.st_uid != geteuid()) ||
        (status.st_mode & S_ISGID && status.st_mode & S_IXGRP && status.st_gid != getegid()))
        return true;
    return geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

/* The interpreter of a 64-bit ELF file of our machine: 1 = it has one, 0 = none (static), -1 = not to be told. */
static int elf_interpreter(int fd, const Elf64_Ehdr *header, char *interpreter, size_t interpreter_nbytes)
{
    if (header->e_phentsize != sizeof(Elf64_Phdr))
        return -1;
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        off_t at = (off_t)(header->e_phoff + i * sizeof segment);
        if (pread(fd, &segment, sizeof segment, at) != (ssize_t)sizeof segment)
            return -1;
        if (segment.p_type != PT_INTERP)
            continue;
        ssize_t n = pread(fd, interpreter, interpreter_nbytes - 1, (off_t)segment.p_offset);
        if (n <= 0)
            return -1;
        size_t n_text = (size_t)n < segment.p_filesz ? (size_t)n : (size_t)segment.p_filesz;
        interpreter[n_text < interpreter_nbytes ? n_text : interpreter_nbytes - 1] = '\0';
        return 1;
    }
    return 0;
}

/* Bytes of a file that begin at an address of its image; less than asked for at the end of a segment, 0 when there is none. */
static size_t read_image(int fd, const Elf64_Ehdr *header, uint64_t address, void *bytes, size_t nbytes)
{
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        if (pread(fd, &segment, sizeof segment, (off_t)(header->e_phoff + i * sizeof segment)) !=
            (ssize_t)sizeof segment)
            return 0;
        if (segment.p_type != PT_LOAD || address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz)
            continue;
        uint64_t within = address - segment.p_vaddr;
        if (nbytes > segment.p_filesz - within)
            nbytes = (size_t)(segment.p_filesz - within);
        ssize_t n = pread(fd, bytes, nbytes, (off_t)(segment.p_offset + within));
        return n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* The names that a program gives to the loader and takes from it: where they lie, and how many bytes of them. */
static bool find_names(int fd, const Elf64_Ehdr *header, uint64_t *address_out, size_t *nbytes_out)
{
    enum { MAX_ENTRIES = 256, MAX_NAMES = 16 << 20 };
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        Elf64_Dyn entries[MAX_ENTRIES];
        if (pread(fd, &segment, sizeof segment, (off_t)(header->e_phoff + i * sizeof segment)) !=
            (ssize_t)sizeof segment)
            return false;
        if (segment.p_type != PT_DYNAMIC)
            continue;
        size_t nbytes = segment.p_filesz < sizeof entries ? (size_t)segment.p_filesz : sizeof entries;
        ssize_t n = pread(fd, entries, nbytes, (off_t)segment.p_offset);
        for (size_t k = 0; n > 0 && k < (size_t)n / sizeof *entries && entries[k].d_tag != DT_NULL; k++) {
            if (entries[k].d_tag == DT_STRTAB)
                *address_out = entries[k].d_un.d_ptr;
            if (entries[k].d_tag == DT_STRSZ)
                *nbytes_out = (size_t)entries[k].d_un.d_val;
        }
        return *nbytes_out > 0 && *nbytes_out <= MAX_NAMES;
    }
    return false;
}

/* Sanitizers that divide the address space by a table of their own end the program when mappings lie elsewhere. */
static bool has_own_map(int fd, const Elf64_Ehdr *header)
{
    static const char *const marks[] = {"__tsan_", "__msan_", "__dfsan_"};
    const char *preloads = getenv("LD_PRELOAD");
    uint64_t address = 0;
    size_t nbytes = 0;
    if (preloads != NULL && strstr(preloads, "tsan") != NULL)
        return true;
    if (!find_names(fd, header, &address, &nbytes))
        return false;
    char *names = malloc(nbytes);
    size_t n = names != NULL ? read_image(fd, header, address, names, nbytes) : 0;
    bool found = false;
    for (size_t i = 0; !found && i < sizeof marks / sizeof marks[0]; i++)
        found = n > 0 && memmem(names, n, marks[i], strlen(marks[i])) != NULL;
    free(names);
    return found;
}

static void inspect_elf(int fd, const Elf64_Ehdr *header, const char *name, struct inspection *inspection)
{
    char interpreter[256];
    if (header->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        (OUR_MACHINE != EM_NONE && header->e_machine != OUR_MACHINE)) {
        inspection->no_preload = inspection->harmed = true;
        snprintf(inspection->note, sizeof inspection->note, "%s is a program for another machine or word size", name);
        return;
    }
    if (sizeof(void *) != 8)
        return;
    inspection->own_map = header->e_phentsize == sizeof(Elf64_Phdr) && has_own_map(fd, header);
    switch (elf_interpreter(fd, header, interpreter, sizeof interpreter)) {
    case 0:
        if (strncmp(name, "ld-linux", 8) == 0 || strncmp(name, "ld.so", 5) == 0)
            return; /* the loader called by name does load preloads */
        inspection->no_preload = true;
        snprintf(inspection->note, sizeof inspection->note, "%s is statically linked", name);
        return;
    case 1:
        if (strncmp(base_name(interpreter), "ld-musl", 7) == 0) {
            inspection->no_preload = inspection->harmed = true;
            snprintf(inspection->note, sizeof inspection->note, "%s is linked with musl, not with glibc", name);
        }
        return;
    default:
        return;
    }
}

/* CPython's options that end the list (-c, -m) or take a value (-W, -X, --check-hash-based-pycs). */
static char python_isolation(char *const *argv)
{
    for (size_t i = 1; argv[i] != NULL && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
        const char *option = argv[i] + 1;
        if (*option == '-') {
            if (strcmp(option, "-check-hash-based-pycs") == 0 && argv[i + 1] != NULL)
                i++;
            else if (option[1] == '\0')
                return '\0';
            continue;
        }
        for (; *option != '\0'; option++) {
            if (*option == 'I' || *option == 'E' || *option == 'S')
                return *option;
            if (*option == 'c' || *option == 'm')
                return '\0';
            if (*option == 'W' || *option == 'X') {
                if (option[1] == '\0' && argv[i + 1] != NULL)
                    i++;
                break;
            }
        }
    }
    return '\0';
}

static void inspect_language(char *const *argv, const char *name, struct inspection *inspection)
{
    static const char *const others[] = {"java", "julia", "Rscript", "node", "deno",
                                         "bun",  "ruby",  "perl",    "php",  "lua"};
    if (strncmp(name, "pypy", 4) == 0) {
        snprintf(inspection->note, sizeof inspection->note, "%s is not CPython: its generators are not known", name);
        return;
    }
    if (strncmp(name, "python", 6) == 0) {
        char option = python_isolation(argv);
        if (option != '\0')
            snprintf(inspection->note, sizeof inspection->note, "python -%c starts without the recorder", option);
        return;
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(name, others[i]) == 0)
            snprintf(inspection->note, sizeof inspection->note, "the generators of %s are not known", name);
}

void inspect_command(char *const *argv, const char *directory, struct inspection *inspection_out)
{
    memset(inspection_out, 0, sizeof *inspection_out);
    if (!find(argv[0], directory, inspection_out->path, sizeof inspection_out->path)) {
        inspection_out->path[0] = '\0';
        return;
    }
    inspection_out->privileged = is_privileged(inspection_out->path);
    if (inspection_out->privileged) {
        inspection_out->no_preload = true;
        snprintf(inspection_out->note, sizeof inspection_out->note,
                 "%s has privileges of its own (set-uid or the like)", base_name(argv[0]));
        return;
    }
    char path[4096];
    memcpy(path, inspection_out->path, sizeof path);
    /* A script's interpreter may be a script again; the kernel follows four. */
    for (int depth = 0; depth < 5; depth++) {
        union {
            Elf64_Ehdr elf;
            char text[256];
        } head = {.text = {0}};
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return;
        ssize_t n = pread(fd, head.text, sizeof head.text - 1, 0);
        if (n >= (ssize_t)sizeof(Elf64_Ehdr) && memcmp(head.elf.e_ident, ELFMAG, SELFMAG) == 0) {
            inspect_elf(fd, &head.elf, base_name(path), inspection_out);
            close(fd);
            if (depth == 0 && inspection_out->note[0] == '\0')
                inspect_language(argv, base_name(argv[0]), inspection_out);
            return;
        }
        close(fd);
        if (n < 3 || memcmp(head.text, "#!", 2) != 0)
            return;
        char *interpreter = head.text + 2 + strspn(head.text + 2, " \t");
        interpreter[strcspn(interpreter, " \t\n")] = '\0';
        snprintf(path, sizeof path, "%s", interpreter);
    }
}
