/* failure.c - why a run failed, in one line, from the end of its output.
 * SPDX-License-Identifier: MIT */
#include "scan/failure.h"

#include <stdio.h>  /* snprintf */
#include <string.h> /* memcmp, strstr */

#include "common/utf8.h" /* utf8_character */

enum { PYTHONS_OWN = 1, PATH_SHOWN = 100 }; /* the exit status of an exception that nobody caught */

/* A piece of the output: a line, or a part of one. */
struct piece {
    const char *at;
    size_t n;
};

struct frame {
    struct piece path, line;
};

struct traceback {
    bool is_open;           /* its error has not come yet */
    bool has_any, has_own;  /* frames: of any file, of the program's own */
    struct frame any, own;  /* the innermost of each */
    bool is_found, is_last; /* the error has come; nothing came after it */
    struct frame found;
    struct piece error;
    bool is_beside, found_is_beside; /* of this one, of the found one: it ends no program */
};

/* ---- lines ---- */

static bool begins(struct piece piece, const char *with)
{
    size_t n = strlen(with);
    return piece.n >= n && memcmp(piece.at, with, n) == 0;
}

static const char *find(struct piece piece, const char *what)
{
    size_t n = strlen(what);
    for (size_t k = 0; k + n <= piece.n; k++)
        if (memcmp(piece.at + k, what, n) == 0)
            return piece.at + k;
    return NULL;
}

static struct piece behind(struct piece piece, const char *at)
{
    return (struct piece){at, piece.n - (size_t)(at - piece.at)};
}

static bool is_blank(struct piece line)
{
    for (size_t k = 0; k < line.n; k++)
        if (line.at[k] != ' ' && line.at[k] != '\t' && line.at[k] != '\r')
            return false;
    return true;
}

/* In a group of exceptions each line stands behind a bar. */
static struct piece without_bar(struct piece line)
{
    size_t k = 0;
    while (k < line.n && line.at[k] == ' ')
        k++;
    return k > 0 && k + 1 < line.n && line.at[k] == '|' && line.at[k + 1] == ' ' ? behind(line, line.at + k + 2) : line;
}

/* ---- frames ---- */

/* `  File "PATH", line N`, then nothing (a syntax error) or `, in NAME`. */
static bool is_frame(struct piece line, struct frame *frame_out, bool *is_syntax_out)
{
    static const char head[] = "  File \"", middle[] = "\", line ";
    if (!begins(line, head))
        return false;
    struct piece rest = behind(line, line.at + sizeof head - 1);
    const char *end = find(rest, middle);
    if (!end || end == rest.at)
        return false;
    struct piece number = behind(rest, end + sizeof middle - 1);
    size_t n = 0;
    while (n < number.n && number.at[n] >= '0' && number.at[n] <= '9')
        n++;
    if (n == 0 || n > 9)
        return false;
    *frame_out = (struct frame){{rest.at, (size_t)(end - rest.at)}, {number.at, n}};
    *is_syntax_out = is_blank(behind(number, number.at + n));
    return *is_syntax_out || number.at[n] == ',';
}

/* Not a library's, Python's or ours. */
static bool is_own(struct piece path)
{
    static const char *const others[] = {"/site-packages/", "/dist-packages/",    "/lib/python3",
                                         "/lib64/python3",  "/oneseed/recorder/", "/support/recorder/"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (find(path, others[k]))
            return false;
    return path.at[0] != '<' || begins(path, "<string>") || begins(path, "<stdin>");
}

/* `ValueError: …`, `torch.cuda.OutOfMemoryError: …`, `AssertionError`. */
static bool is_error(struct piece line)
{
    size_t n = 0;
    while (n < line.n && line.at[n] != ':' && line.at[n] != '\r') {
        unsigned char byte = (unsigned char)line.at[n++];
        if (byte < 0x80 && byte != '.' && byte != '_' && !(byte >= '0' && byte <= '9' && n > 1) &&
            !(byte >= 'A' && byte <= 'Z') && !(byte >= 'a' && byte <= 'z'))
            return false;
    }
    return n > 0;
}

static void add_frame(struct traceback *traceback, struct frame frame, bool is_syntax)
{
    if (!traceback->is_open)
        traceback->has_any = traceback->has_own = false;
    traceback->is_open = true;
    traceback->any = frame;
    traceback->has_any = true;
    if (is_syntax || is_own(frame.path)) {
        traceback->own = frame;
        traceback->has_own = true;
    }
}

/* What stands above a traceback of a destructor, a thread or the end of a process: often behind the one that matters. */
static bool is_beside(struct piece line)
{
    return begins(line, "Exception ignored in") || begins(line, "Exception in thread ") ||
           begins(line, "Error in atexit");
}

static void take_error(struct traceback *traceback, struct piece line)
{
    traceback->is_open = false;
    if (!traceback->is_beside || !traceback->is_found || traceback->found_is_beside) {
        traceback->found = traceback->has_own ? traceback->own : traceback->any;
        traceback->error = line;
        traceback->is_found = traceback->is_last = true;
        traceback->found_is_beside = traceback->is_beside;
    }
    traceback->is_beside = false;
}

static void add_line(struct traceback *traceback, struct piece whole)
{
    struct piece line = without_bar(whole);
    struct frame frame;
    bool is_syntax;
    if (is_frame(line, &frame, &is_syntax)) {
        add_frame(traceback, frame, is_syntax);
    } else if (find(line, "Traceback (most recent call last):")) {
        traceback->is_open = true;
        traceback->has_any = traceback->has_own = false;
    } else if (traceback->is_open && traceback->has_any && is_error(line)) {
        take_error(traceback, line);
    } else if (!traceback->is_open || !begins(line, "  ")) { /* in between: the program's lines, and marks below them */
        traceback->is_open = false;
        traceback->is_last = traceback->is_last && is_blank(line);
        traceback->is_beside = is_beside(line);
    }
}

/* ---- words ---- */

/* Bytes of a terminal's sequence that begins here, 0 = none does. */
static size_t sequence(const char *at, size_t n)
{
    size_t k = 2;
    if (at[0] != '\033')
        return 0;
    if (n < 2 || at[1] != '[')
        return 1;
    while (k < n && (at[k] < '@' || at[k] > '~'))
        k++;
    return k < n ? k + 1 : n;
}

static bool is_control(const unsigned char *at, size_t n)
{
    return at[0] < ' ' || at[0] == 0x7f || (n == 2 && at[0] == 0xc2 && at[1] < 0xa0);
}

/* Appends as much of `piece` as there is room for, as text that can be shown. `piece` lies in text that ends with a zero. */
static void put(char *words, size_t words_nbytes, struct piece piece)
{
    static const char more[] = "…", unknown[] = "\xef\xbf\xbd";
    size_t at = strlen(words), k = 0;
    while (k < piece.n && at + sizeof more <= words_nbytes) { /* else it is full */
        size_t n_sequence = sequence(piece.at + k, piece.n - k);
        size_t n = utf8_character((const unsigned char *)piece.at + k), n_shown = n > 0 ? n : sizeof unknown - 1;
        const char *shown = n > 0 ? piece.at + k : unknown;
        if (n_sequence > 0 || is_control((const unsigned char *)piece.at + k, n)) {
            shown = " ";
            n_shown = piece.at[k] == '\t';
            n = n_sequence > 0 ? n_sequence : n;
        }
        if (at + n_shown + sizeof more > words_nbytes) {
            memcpy(words + at, more, sizeof more);
            return;
        }
        memcpy(words + at, shown, n_shown);
        at += n_shown;
        k += n > 0 ? n : 1;
    }
    words[at] = '\0';
}

static struct piece shown_path(struct piece path, const char *directory)
{
    struct piece folder = {directory, strlen(directory)};
    if (folder.n > 0 && begins(path, directory) && path.n > folder.n + 1 && path.at[folder.n] == '/')
        path = behind(path, path.at + folder.n + 1);
    while (begins(path, "./"))
        path = behind(path, path.at + 2);
    while (path.n > PATH_SHOWN) { /* its end says more */
        const char *slash = memchr(path.at + 1, '/', path.n - 1);
        if (!slash)
            break;
        path = behind(path, slash);
    }
    return path;
}

static struct piece text_of(const char *text)
{
    return (struct piece){text, strlen(text)};
}

static struct piece trimmed(struct piece line)
{
    while (line.n > 0 && is_blank((struct piece){line.at + line.n - 1, 1}))
        line.n--;
    for (size_t k = line.n; k > 0; k--) /* a bar of progress is written over itself */
        if (line.at[k - 1] == '\r')
            return behind(line, line.at + k);
    return line;
}

void failure_last_line(const char *tail, char *words, size_t words_nbytes)
{
    struct piece last = {"", 0};
    words[0] = '\0';
    for (const char *at = tail ? tail : ""; *at != '\0';) {
        struct piece line = {at, strcspn(at, "\n")};
        if (!is_blank(line))
            last = line;
        at += line.n + (at[line.n] == '\n');
    }
    put(words, words_nbytes, trimmed(last));
}

bool failure_words(const char *tail, int exit_status, const char *directory, char *words, size_t words_nbytes)
{
    struct traceback traceback = {0};
    for (const char *at = tail ? tail : ""; *at != '\0';) {
        struct piece line = {at, strcspn(at, "\n")};
        add_line(&traceback, line);
        at += line.n + (at[line.n] == '\n');
    }
    if (!traceback.is_found || !(traceback.is_last || exit_status == PYTHONS_OWN)) {
        failure_last_line(tail, words, words_nbytes);
        return false;
    }
    words[0] = '\0';
    put(words, words_nbytes, shown_path(traceback.found.path, directory));
    put(words, words_nbytes, text_of(":"));
    put(words, words_nbytes, traceback.found.line);
    put(words, words_nbytes, text_of(": "));
    put(words, words_nbytes, trimmed(traceback.error));
    return true;
}
