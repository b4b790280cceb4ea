/* ownlock.h - a lock that knows its owner and never waits for ever.
 * SPDX-License-Identifier: MIT
 *
 * For code that may run in a signal handler: pthread's error-checking mutex takes the lock first and notes the owner
 * after it, so a handler between the two waits for its own thread. Here one store does both. */
#ifndef ONESEED_TRACE_OWNLOCK_H
#define ONESEED_TRACE_OWNLOCK_H

#include <linux/futex.h> /* FUTEX_* */
#include <stdatomic.h>   /* atomic_* */
#include <stdbool.h>     /* bool */
#include <stddef.h>      /* NULL */
#include <stdint.h>      /* uint32_t */
#include <sys/syscall.h> /* SYS_futex, SYS_gettid */
#include <time.h>        /* struct timespec */
#include <unistd.h>      /* syscall */

/* All zeroes is unlocked. */
struct ownlock {
    _Atomic uint32_t owner; /* thread id, 0 = nobody */
    _Atomic uint32_t n_waiting;
};

enum { OWNLOCK_ROUNDS = 200 }; /* of 10 ms: a holder that was cancelled or stopped does not stop us */

/* False: this thread holds it already (we are in a signal handler), or its holder does not let go. Changes errno. */
static inline bool ownlock_take(struct ownlock *lock)
{
    uint32_t self = (uint32_t)syscall(SYS_gettid);
    for (int round = 0; round < OWNLOCK_ROUNDS; round++) {
        uint32_t owner = 0;
        if (atomic_compare_exchange_strong(&lock->owner, &owner, self))
            return true;
        if (owner == self)
            return false;
        atomic_fetch_add(&lock->n_waiting, 1);
        syscall(SYS_futex, &lock->owner, FUTEX_WAIT_PRIVATE, owner, &(struct timespec){.tv_nsec = 10000000}, NULL, 0);
        atomic_fetch_sub(&lock->n_waiting, 1);
    }
    return false;
}

static inline void ownlock_give(struct ownlock *lock)
{
    atomic_store(&lock->owner, 0);
    if (atomic_load(&lock->n_waiting) != 0)
        syscall(SYS_futex, &lock->owner, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#endif
