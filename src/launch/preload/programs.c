/* programs.c - looks at a program before it is started: can this library, can the recorder come along?
 * SPDX-License-Identifier: MIT
 *
 * What escapes is said once at the end of the run, not hidden: static programs, set-uid programs, programs for another
 * machine, and Python told to ignore its environment. */
#include <elf.h>       /* Elf64_Ehdr */
#include <fcntl.h>     /* O_RDONLY */
#include <stdlib.h>    /* getenv */
#include <string.h>    /* strrchr */
#include <sys/stat.h>  /* S_ISUID */
#include <sys/xattr.h> /* file capabilities also make a program secure */
#include <unistd.h>    /* pread */

#include "launch/preload/frame.h" /* programs_look */
#include "launch/preload/text.h"  /* struct text */

PRELOAD_REAL(open);
PRELOAD_REAL(close);
PRELOAD_REAL(pread);

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#else
#error "programs.c: name the ELF machine of this processor"
#endif

enum elf_answer { ELF_FINE, ELF_STATIC, ELF_FOREIGN, ELF_NONE };

static void note(const char *path, const char *why)
{
    char bytes[PATH_MAX + 128];
    struct text text = text_in(bytes, sizeof bytes);
    text_add(&text, path);
    text_add(&text, why);
    preload_note(bytes);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The dynamic loader, called as a program, is static itself and loads us all the same. */
static bool is_loader(const char *path)
{
    const char *name = base_name(path);
    return !strncmp(name, "ld-", 3) || !strncmp(name, "ld.so", 5);
}

static enum elf_answer look_at_elf(int fd, const unsigned char *head, ssize_t head_nbytes)
{
    Elf64_Ehdr header;
    if (head_nbytes < (ssize_t)sizeof header || memcmp(head, ELFMAG, SELFMAG) != 0)
        return ELF_NONE;
    memcpy(&header, head, sizeof header);
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != OWN_MACHINE)
        return ELF_FOREIGN;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr segment;
        off_t offset = (off_t)(header.e_phoff + (uint64_t)i * header.e_phentsize);
        if (REAL(pread)(fd, &segment, sizeof segment, offset) != (ssize_t)sizeof segment)
            return ELF_NONE;
        if (segment.p_type == PT_INTERP)
            return ELF_FINE;
    }
    return ELF_STATIC;
}

/* Options that take Python's environment or site module away from us. */
static bool is_isolated_python(const char *path, char *const argv[], const char *first_option)
{
    const char *name = base_name(path);
    if (strncmp(name, "python", 6) != 0 && strncmp(name, "pypy", 4) != 0)
        return false;
    size_t i = 1;
    const char *word = first_option ? first_option : argv && argv[0] ? argv[i] : NULL;
    while (word && word[0] == '-' && word[1] && word[1] != '-') {
        for (const char *letter = word + 1; *letter; letter++) {
            if (*letter == 'I' || *letter == 'E' || *letter == 'S')
                return true;
            if (*letter == 'c' || *letter == 'm')
                return false; /* the rest belongs to the program */
            if (*letter == 'W' || *letter == 'X') {
                i += !letter[1]; /* its value is the next word */
                break;
            }
        }
        if (first_option)
            return false; /* the kernel passes one word */
        word = argv[++i];
    }
    return false;
}

static bool look(const char *path, char *const argv[], const char *option, bool may_be_script)
{
    int fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true; /* not there, or not readable: the exec itself will tell */
    bool loadable = true;
    unsigned char head[256];
    struct stat status;
    ssize_t n = REAL(pread)(fd, head, sizeof head - 1, 0);
    head[n > 0 ? n : 0] = 0;
    enum elf_answer answer = look_at_elf(fd, head, n);
    if (answer == ELF_NONE && may_be_script && n > 2 && head[0] == '#' && head[1] == '!') {
        char *interpreter = (char *)head + 2;
        interpreter += strspn(interpreter, " \t");
        interpreter[strcspn(interpreter, "\n")] = 0;
        size_t length = strcspn(interpreter, " \t");
        char *argument =
            interpreter[length] ? interpreter + length + 1 + strspn(interpreter + length + 1, " \t") : NULL;
        interpreter[length] = 0;
        loadable = look(interpreter, argv, argument ? argument : "", false);
    } else if (answer == ELF_STATIC && !is_loader(path)) {
        note(path, ": a static program was not controlled");
    } else if (answer == ELF_FOREIGN) {
        note(path, ": a program for another machine was not controlled");
        loadable = false;
    } else if (answer == ELF_FINE && !fstat(fd, &status) && (status.st_mode & S_ISUID || status.st_mode & S_ISGID) &&
               geteuid()) {
        note(path, ": a set-uid program was not controlled");
    } else if (answer == ELF_FINE && fgetxattr(fd, "security.capability", NULL, 0) > 0 && geteuid()) {
        note(path, ": a program with capabilities was not controlled");
    } else if (answer == ELF_FINE && is_isolated_python(path, argv, option)) {
        note(path, ": Python with -I, -E or -S was controlled from outside only");
    }
    REAL(close)(fd);
    return loadable;
}

bool programs_look(const char *path, char *const argv[])
{
    int saved = errno;
    bool loadable = look(path, argv, NULL, true);
    errno = saved;
    return loadable;
}

bool programs_find(const char *file, char *path, size_t path_nbytes)
{
    if (strchr(file, '/')) {
        struct text text = text_in(path, path_nbytes);
        text_add(&text, file);
        return !text.cut;
    }
    int saved = errno;
    const char *list = getenv("PATH");
    bool found = false;
    for (list = list ? list : "/bin:/usr/bin"; !found; list++) {
        size_t length = strcspn(list, ":");
        struct text text = text_in(path, path_nbytes);
        text_add_bytes(&text, list, length);
        if (length)
            text_add(&text, "/");
        text_add(&text, file);
        found = !text.cut && !access(path, X_OK);
        list += length;
        if (!*list)
            break;
    }
    errno = saved;
    return found;
}
