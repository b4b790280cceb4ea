/* exec_command.h - becomes a command, past the exec hooks of a preload that is in this process itself.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_LAUNCH_EXEC_COMMAND_H
#define ONESEED_LAUNCH_EXEC_COMMAND_H

/* Like execvpe(), but by raw system calls: when oneseed itself runs under oneseed, the outer preload must not put its own
 * configuration in place of the inner one. Returns only on failure, with the reason in errno. */
void exec_command(char *const *argv, char *const *environment);

#endif
