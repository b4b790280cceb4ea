/* random_device.c - std::random_device of libstdc++ and libc++, which ask the processor where no other hook stands.
 * SPDX-License-Identifier: MIT
 *
 * Its methods are interposed by their mangled names. The generator is `cxx.random_device` (`torch.default` when torch asks).
 * A program that carries libstdc++ inside itself (-static-libstdc++) is not reached. */
#include "launch/preload/sources.h" /* entropy_given, caller_real */

#include <stdio.h>      /* snprintf */
#include <string.h>     /* strchr */
#include <sys/random.h> /* getrandom */

#include "launch/preload/frame.h" /* preload_process.place */

extern unsigned _ZNSt13random_device9_M_getvalEv(void *device);
extern unsigned _ZNSt13random_device16_M_getval_pretr1Ev(void *device);
extern unsigned _ZNSt3__113random_deviceclEv(void *device);

PRELOAD_REAL(_ZNSt13random_device9_M_getvalEv);
PRELOAD_REAL(_ZNSt13random_device16_M_getval_pretr1Ev);
PRELOAD_REAL(_ZNSt3__113random_deviceclEv);

static bool seeded;
static __thread uint64_t n_values __attribute__((tls_model("initial-exec"))); /* given to this thread */

/* A known generator, so `unseeded-rng` seeds it (`child-process` in children of a recorder); it is OS entropy too. */
static void look_up_control(struct preload_thread *self)
{
    (void)self;
    seeded = preload_control(preload_process.place.is_child ? "child-process" : "unseeded-rng") ||
             preload_control("os-entropy");
}
PRELOAD_AT(PRELOAD_INIT, look_up_control);

static void begin_stream(struct preload_thread *self)
{
    n_values = 0;
    look_up_control(self);
}
PRELOAD_AT(PRELOAD_AFTER_FORK, begin_stream);

static unsigned derive_value(struct preload_thread *self)
{
    const char *thread = strchr(preload_lane(self), '/');
    char what[80];

    snprintf(what, sizeof what, "cxx.random_device%s", thread ? thread : "");
    return (unsigned)preload_derive(what, n_values++);
}

static unsigned get_value(struct preload_real *real, void *device, void *return_address)
{
    static const char *const torch[] = {"libtorch", "libc10", NULL};
    struct preload_thread *self = preload_enter(); /* the method reads /dev/urandom through a hook of ours */
    unsigned (*method)(void *) = (unsigned (*)(void *))caller_real(real, return_address);
    unsigned value = 0;

    if (self)
        preload_mark_generator();
    if (self && seeded) {
        value = derive_value(self);
    } else if (method) {
        value = method(device);
    } else { /* a library out of sight (dlmopen): the same source as its own, near enough */
        getrandom(&value, sizeof value, 0);
    }
    if (!self)
        return value;
    const char *owner = caller_is_module(return_address, torch) ? "torch.default" : "cxx.random_device";
    entropy_given(self, "random_device", owner, &value, sizeof value, return_address);
    preload_leave(self);
    return value;
}

PRELOAD_EXPORT unsigned _ZNSt13random_device9_M_getvalEv(void *device)
{
    return get_value(&preload_real__ZNSt13random_device9_M_getvalEv, device, PRELOAD_CALLER);
}

PRELOAD_EXPORT unsigned _ZNSt13random_device16_M_getval_pretr1Ev(void *device)
{
    return get_value(&preload_real__ZNSt13random_device16_M_getval_pretr1Ev, device, PRELOAD_CALLER);
}

PRELOAD_EXPORT unsigned _ZNSt3__113random_deviceclEv(void *device)
{
    return get_value(&preload_real__ZNSt3__113random_deviceclEv, device, PRELOAD_CALLER);
}
