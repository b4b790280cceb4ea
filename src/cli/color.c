/* color.c - whether a stream gets colour.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h> /* getenv */
#include <string.h> /* strcmp */
#include <unistd.h> /* isatty */

#include "cli/cli.h" /* enum color_mode */

bool color_parse(const char *text, enum color_mode *mode_out)
{
    static const char *const names[] = {"auto", "always", "never"};
    static const enum color_mode modes[] = {COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *mode_out = modes[i];
            return true;
        }
    }
    return false;
}

bool color_for(enum color_mode mode, int fd)
{
    if (mode != COLOR_AUTO)
        return mode == COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR");
    if (no_color != NULL && no_color[0] != '\0')
        return false;
    const char *terminal = getenv("TERM");
    if (terminal == NULL || strcmp(terminal, "dumb") == 0)
        return false;
    return isatty(fd) == 1;
}
