/* callers.c - who calls a hook: the program, the interpreter, an extension module or a library, and from which site.
 * SPDX-License-Identifier: MIT
 *
 * dl_iterate_phdr() is used rather than dladdr(): dladdr() waits for the loader's lock, which a thread in dlopen() holds
 * while it runs constructors that may wait for this very thread. */
#include "launch/preload/sources.h" /* enum caller_kind */

#include <dlfcn.h>  /* dlsym, dlopen */
#include <link.h>   /* dl_iterate_phdr */
#include <string.h> /* strrchr, strstr, strncmp */
#include <unistd.h> /* readlink */

/* Answers by return address, inserted once and never changed. A full table only costs time. */
enum { N_ANSWERS = 8192 };
static struct answer {
    _Atomic uintptr_t address;
    _Atomic int kind; /* 0 = not known yet */
} answers[N_ANSWERS];

/* Functions of CPython, NULL without an interpreter. */
static int (*is_initialised)(void);       /* Py_IsInitialized */
static void *(*state_of_thread)(void);    /* PyGILState_GetThisThreadState */
static void *(*state_with_the_gil)(void); /* PyThreadState_GetUnchecked from 3.13, _PyThreadState_UncheckedGet before */
static char program_path[PATH_NBYTES];

static void find_interpreter(struct preload_thread *self)
{
    (void)self;
    ssize_t n = readlink("/proc/self/exe", program_path, sizeof program_path - 1);
    program_path[n > 0 ? n : 0] = '\0';
    *(void **)&is_initialised = dlsym(RTLD_DEFAULT, "Py_IsInitialized");
    *(void **)&state_of_thread = dlsym(RTLD_DEFAULT, "PyGILState_GetThisThreadState");
    *(void **)&state_with_the_gil = dlsym(RTLD_DEFAULT, "PyThreadState_GetUnchecked");
    if (!state_with_the_gil)
        *(void **)&state_with_the_gil = dlsym(RTLD_DEFAULT, "_PyThreadState_UncheckedGet");
}
PRELOAD_AT(PRELOAD_INIT, find_interpreter);

bool python_present(void)
{
    return is_initialised != NULL;
}

unsigned long python_version(void)
{
    const unsigned long *version = dlsym(RTLD_DEFAULT, "Py_Version");
    return version ? *version : 0;
}

bool python_initialised(void)
{
    return is_initialised && is_initialised();
}

/* As PyGILState_Check(), which says yes to everybody once there is a subinterpreter. */
bool python_gil_held(void)
{
    if (!state_of_thread || !state_with_the_gil || !python_initialised())
        return false;
    void *state = state_with_the_gil();
    return state && state == state_of_thread();
}

/* --- Modules ------------------------------------------------------------------------------------------------------ */

struct module {
    uintptr_t address;    /* asked for */
    const char *path;     /* the loader's own text */
    bool is_program;      /* the executable */
    bool has_interpreter; /* Py_IsInitialized is in it */
};

static bool has_address(const struct dl_phdr_info *info, uintptr_t address)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_LOAD && address - (info->dlpi_addr + header->p_vaddr) < header->p_memsz)
            return true;
    }
    return false;
}

static int match_module(struct dl_phdr_info *info, size_t nbytes, void *context)
{
    struct module *module = context;

    (void)nbytes;
    if (!has_address(info, module->address))
        return 0;
    module->is_program = !info->dlpi_name || !info->dlpi_name[0];
    module->path = module->is_program ? program_path : info->dlpi_name;
    module->has_interpreter = is_initialised && has_address(info, (uintptr_t)is_initialised);
    return 1;
}

static bool find_module(const void *return_address, struct module *module)
{
    module->address = (uintptr_t)return_address - 1; /* of the call, which may be the last instruction */
    return dl_iterate_phdr(match_module, module) == 1;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum caller_kind kind_of_module(const struct module *module)
{
    const char *name = file_name(module->path);

    if (module->has_interpreter || strncmp(name, "libpython", strlen("libpython")) == 0)
        return CALLER_PYTHON;
    if (module->is_program)
        return CALLER_PROGRAM;
    if (strstr(module->path, "/lib-dynload/"))
        return CALLER_PYTHON; /* its own modules */
    if (strstr(name, ".cpython-") || strstr(name, ".abi3."))
        return CALLER_EXTENSION;
    return path_is_library(module->path) ? CALLER_LIBRARY : CALLER_PROGRAM;
}

bool caller_is_module(const void *return_address, const char *const *prefixes)
{
    struct module module;

    if (!find_module(return_address, &module))
        return false;
    for (; *prefixes; prefixes++)
        if (strncmp(file_name(module.path), *prefixes, strlen(*prefixes)) == 0)
            return true;
    return false;
}

preload_function caller_real(struct preload_real *real, void *return_address)
{
    preload_function function = preload_real_get(real);
    struct module module;

    if (function || !find_module(return_address, &module) || module.is_program)
        return function;
    void *handle = dlopen(module.path, RTLD_LAZY | RTLD_NOLOAD);
    if (!handle)
        return NULL;
    *(void **)&function = dlsym(handle, real->name);
    dlclose(handle);
    return function;
}

/* --- Answers ------------------------------------------------------------------------------------------------------ */

static struct answer *find_answer(const void *return_address)
{
    uintptr_t address = (uintptr_t)return_address;
    size_t first = (size_t)((address * UINT64_C(0x9e3779b97f4a7c15)) >> 51); /* 13 bits: N_ANSWERS */

    for (size_t i = 0; i < 16; i++) {
        struct answer *answer = &answers[(first + i) % N_ANSWERS];
        uintptr_t found = atomic_load_explicit(&answer->address, memory_order_acquire);
        if (found == address)
            return answer;
        if (found == 0 && atomic_compare_exchange_strong(&answer->address, &found, address))
            return answer;
        if (found == address) /* another thread was quicker */
            return answer;
    }
    return NULL;
}

enum caller_kind caller_kind(const void *return_address)
{
    struct answer *answer = find_answer(return_address);
    int kind = answer ? atomic_load_explicit(&answer->kind, memory_order_relaxed) : 0;

    if (kind == 0) {
        struct module module;
        /* Code without a module was made at run time: it belongs to the program. */
        kind = (int)(find_module(return_address, &module) ? kind_of_module(&module) : CALLER_PROGRAM);
        if (answer)
            atomic_store_explicit(&answer->kind, kind, memory_order_relaxed);
    }
    return (enum caller_kind)kind;
}

bool caller_may_be_asked(const void *return_address)
{
    return python_initialised() && (python_gil_held() || caller_kind(return_address) == CALLER_PYTHON);
}
