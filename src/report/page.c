/* page.c - one HTML file with its data, its style, its program and the chart library in it.
 * SPDX-License-Identifier: MIT
 *
 * page.html holds {{names}}; each stands for a file beside it, or for what is written here. Nothing is loaded when the page is
 * opened: its content policy forbids it. */
#include "report/page.h" /* report_page_write */

#include <errno.h>  /* errno */
#include <limits.h> /* PATH_MAX */
#include <stdio.h>  /* fopen, fwrite */
#include <stdlib.h> /* getenv, malloc */
#include <string.h> /* strstr, strerror */
#include <unistd.h> /* readlink, access, unlink */

#include "common/array.h"        /* text_format */
#include "report/page_summary.h" /* summary_body */

static void fail(char *error, const char *what, const char *why)
{
    snprintf(error, REPORT_ERROR_NBYTES, "%.600s: %.300s", what, why);
}

/* $ONESEED_SUPPORT, or beside our executable (build tree), or where an installation has it. The caller frees it. */
static char *find_folder(char *error)
{
    static const char *const places[] = {"/lib/oneseed", "/../lib/oneseed"};
    const char *given = getenv("ONESEED_SUPPORT");
    char executable[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);

    executable[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(executable, '/');
    if (slash)
        *slash = '\0';
    for (size_t i = 0; i < 2; i++) {
        char *folder =
            given && *given ? text_format("%s/report", given) : text_format("%s%s/report", executable, places[i]);
        char *page = text_format("%s/page.html", folder);
        bool there = access(page, R_OK) == 0;
        free(page);
        if (there)
            return folder;
        free(folder);
    }
    fail(error, given && *given ? given : executable,
         "the page's files (lib/oneseed/report/page.html) are not there; ONESEED_SUPPORT can name their folder");
    return NULL;
}

static char *read_file(const char *folder, const char *name, char *error)
{
    char *path = text_format("%s/%s", folder, name), *text = NULL;
    FILE *file = fopen(path, "rb");
    long length = -1;

    if (file && fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0)
        text = malloc((size_t)length + 1);
    if (text && fread(text, 1, (size_t)length, file) != (size_t)length) {
        free(text);
        text = NULL;
    }
    if (text)
        text[length] = '\0';
    else if (strcmp(name, "echarts.min.js") == 0)
        fail(error, path,
             "the chart library is not there; in oneseed's source folder: scripts/setup charts, then make");
    else
        fail(error, path, strerror(errno));
    if (file)
        fclose(file);
    free(path);
    return text;
}

/* JSON inside of HTML: the characters that could end the element, or begin another, stand only in strings. */
static int write_json(const char *text, size_t nbytes, void *context)
{
    for (size_t i = 0; i < nbytes; i++) {
        if (text[i] == '<' || text[i] == '>' || text[i] == '&')
            fprintf(context, "\\u%04x", (unsigned)text[i]);
        else
            putc_unlocked(text[i], context);
    }
    return 0;
}

struct page {
    const char *folder, *title;
    const json_t *data;
    FILE *file;
    char *error;
};

/* A file of our own or the library's, as the content of a script or style element. */
static bool write_part(const struct page *page, const char *name)
{
    char *text = read_file(page->folder, name, page->error);
    bool ok = text != NULL;

    if (ok && (strstr(text, "</script") || strstr(text, "</style"))) {
        fail(page->error, name, "it would end the element that it stands in");
        ok = false;
    }
    if (ok)
        fputs(text, page->file);
    free(text);
    return ok;
}

static bool write_named(const struct page *page, const char *name)
{
    if (strcmp(name, "title") == 0) {
        html_text(page->title, page->file);
        return true;
    }
    if (strcmp(name, "head") == 0 || strcmp(name, "summary") == 0) {
        (strcmp(name, "head") == 0 ? summary_head : summary_body)(page->data, page->file);
        return true;
    }
    if (strcmp(name, "data") == 0) {
        if (json_dump_callback(page->data, write_json, page->file, JSON_COMPACT | JSON_REAL_PRECISION(17)) == 0)
            return true;
        fail(page->error, "data", "cannot be written as JSON");
        return false;
    }
    if (strstr(name, ".txt")) {
        char *text = read_file(page->folder, name, page->error);
        if (text)
            html_text(text, page->file);
        free(text);
        return text != NULL;
    }
    return write_part(page, name);
}

static bool write_page(const struct page *page)
{
    char *html = read_file(page->folder, "page.html", page->error), *at = html;
    bool ok = html != NULL;

    while (ok && at) {
        char *open = strstr(at, "{{"), *close = open ? strstr(open, "}}") : NULL;
        if (!close) {
            fputs(at, page->file);
            break;
        }
        *open = *close = '\0';
        fputs(at, page->file);
        ok = write_named(page, open + 2);
        at = close + 2;
    }
    free(html);
    if (ok && (fflush(page->file) != 0 || ferror(page->file))) {
        fail(page->error, "writing", strerror(errno));
        ok = false;
    }
    return ok;
}

bool report_page_write(const char *path, const char *title, const json_t *data, char *error)
{
    struct page page = {.title = title, .data = data, .error = error};
    bool to_stdout = strcmp(path, "-") == 0, ok = false;
    char *folder = find_folder(error), *partial = text_format("%s.partial", path);

    page.folder = folder;
    page.file = !folder ? NULL : to_stdout ? stdout : fopen(partial, "wb");
    if (folder && !page.file)
        fail(error, path, strerror(errno));
    if (page.file)
        ok = write_page(&page);
    if (page.file && !to_stdout) {
        if (fclose(page.file) != 0 && ok) {
            fail(error, path, strerror(errno));
            ok = false;
        }
        if (ok && rename(partial, path) != 0) {
            fail(error, path, strerror(errno));
            ok = false;
        }
        if (!ok)
            unlink(partial);
    }
    free(partial);
    free(folder);
    return ok;
}
