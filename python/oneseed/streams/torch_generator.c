/* torch_generator.c - oneseed.torch.Generator: seeds, states, and a lock for the threads that share one.
 * SPDX-License-Identifier: MIT */
#include "torch_types.h"

#include <structmember.h> /* PyMemberDef */
#include <string.h>       /* memcpy, strcmp */

enum { OLDEST = 11300, NEWEST = 21499 }; /* versions of PyTorch whose streams are known: 1.13 to 2.14 */

/* ---- locks ---- */

void torch_lock(torch_generator *generator)
{
    if (PyThread_acquire_lock(generator->lock, 0))
        return;
    PyThreadState *thread = PyEval_SaveThread();
    PyThread_acquire_lock(generator->lock, 1);
    PyEval_RestoreThread(thread);
}

void torch_unlock(torch_generator *generator)
{
    PyThread_release_lock(generator->lock);
}

/* ---- making ---- */

/* "2.6.0", "2.6", "2.6.0+cpu", 20600 or None. */
static int read_version(PyObject *object, uint32_t *version)
{
    *version = 0;
    if (torch_is_none(object))
        return 0;
    PyObject *text = PyObject_Str(object), *bytes = text ? PyUnicode_AsASCIIString(text) : NULL;
    unsigned int parts[3] = {0, 0, 0}, n = 0, n_digits = 0;
    const char *at = bytes ? PyBytes_AsString(bytes) : "";
    for (; *at && *at != '+'; at++) {
        if (*at >= '0' && *at <= '9' && ++n_digits < 7)
            parts[n] = parts[n] * 10 + (unsigned int)(*at - '0');
        else if (*at == '.' && n_digits > 0 && n < 2)
            n++, n_digits = 0;
        else
            break;
    }
    Py_XDECREF(text);
    if (!bytes)
        PyErr_Clear();
    int is_whole = bytes && n_digits > 0 && (!*at || *at == '+');
    *version = n == 0 ? parts[0] : parts[0] * 10000 + parts[1] * 100 + parts[2];
    is_whole = is_whole && parts[1] < 100 && parts[2] < 100 && *version >= OLDEST && *version <= NEWEST;
    Py_XDECREF(bytes);
    if (!is_whole)
        PyErr_Format(PyExc_ValueError, "version: want \"1.13\" to \"2.14\", got %R", object);
    return is_whole ? 0 : -1;
}

static const char *const cpu_names[] = {
    [ONESEED_TORCH_CPU_HERE] = "here",
    [ONESEED_TORCH_CPU_DEFAULT] = "default",
    [ONESEED_TORCH_CPU_AVX2] = "avx2",
    [ONESEED_TORCH_CPU_AVX512] = "avx512",
};

static int find_cpu(const char *name, uint32_t *cpu)
{
    for (size_t k = 0; k < sizeof cpu_names / sizeof *cpu_names; k++)
        if (strcmp(name, cpu_names[k]) == 0)
            return *cpu = (uint32_t)k, 1;
    return 0;
}

/* A name of cpu_names, in small or large letters as torch.backends.cpu.get_cpu_capability() has them. Without one it is that of the
 * variable that torch asks, as far as torch knows its word, and then this machine's. */
static int read_cpu(PyObject *object, uint32_t *cpu)
{
    const char *asked = getenv("ATEN_CPU_CAPABILITY");
    *cpu = ONESEED_TORCH_CPU_HERE;
    if (torch_is_none(object)) {
        if (asked && strcmp(asked, "here") != 0)
            find_cpu(asked, cpu);
        return 0;
    }
    PyObject *small = PyUnicode_Check(object) ? PyObject_CallMethod(object, "lower", NULL) : NULL;
    PyObject *name = small ? PyUnicode_AsASCIIString(small) : NULL;
    int is_known = name && find_cpu(PyBytes_AsString(name), cpu);
    Py_XDECREF(small);
    Py_XDECREF(name);
    PyErr_Clear();
    if (!is_known)
        PyErr_Format(PyExc_ValueError, "cpu: want \"default\", \"avx2\" or \"avx512\", got %R", object);
    return is_known ? 0 : -1;
}

/* manual_seed() of an int from -2^63 to 2^64 - 1. */
static int read_seed(PyObject *object, uint64_t *seed)
{
    if (PyBool_Check(object) || !PyIndex_Check(object)) {
        torch_type_error(PyExc_RuntimeError, "manual_seed expected a long, but got %U", object);
        return -1;
    }
    PyObject *whole = PyNumber_Index(object);
    int overflow = 0;
    long long small = whole ? PyLong_AsLongLongAndOverflow(whole, &overflow) : -1;
    *seed = (uint64_t)small;
    if (whole && overflow > 0)
        *seed = PyLong_AsUnsignedLongLong(whole);
    Py_XDECREF(whole);
    if (overflow < 0 || (overflow > 0 && PyErr_Occurred())) {
        PyErr_Clear();
        PyErr_SetString(PyExc_ValueError, "Overflow when unpacking long long");
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* The numbers of a GPU's name ("h200"), of "sms:132/threads:2048" or of (132, 2048). */
static int read_gpu(PyObject *object, oneseed_torch_cuda *state)
{
    if (torch_is_none(object))
        return 0;
    if (PyTuple_Check(object))
        return PyArg_ParseTuple(object, "II;gpu: want a name or (multiprocessors, threads of each)", &state->n_sms,
                                &state->threads_per_sm)
                   ? 0
                   : -1;
    PyObject *bytes = PyUnicode_Check(object) ? PyUnicode_AsASCIIString(object) : NULL;
    const char *name = bytes ? PyBytes_AsString(bytes) : "";
    const oneseed_gpu *gpu = oneseed_gpu_find(name);
    unsigned int n_sms, n_threads, is_known = 1;
    char end;
    if (gpu) {
        n_sms = gpu->n_sms;
        n_threads = gpu->threads_per_sm;
    } else if (sscanf(name, "sms:%u/threads:%u%c", &n_sms, &n_threads, &end) != 2) {
        is_known = n_sms = n_threads = 0;
    }
    Py_XDECREF(bytes);
    PyErr_Clear();
    state->n_sms = n_sms;
    state->threads_per_sm = n_threads;
    if (!is_known)
        PyErr_Format(PyExc_ValueError,
                     "gpu: want one of oneseed.torch.gpus(), \"sms:132/threads:2048\" or (132, 2048), got %R", object);
    return is_known ? 0 : -1;
}

/* "12.8" of the CUDA that torch was built with is 12080. */
static int read_cuda(PyObject *object, uint32_t *cuda)
{
    *cuda = 0;
    if (torch_is_none(object))
        return 0;
    PyObject *text = PyObject_Str(object), *bytes = text ? PyUnicode_AsASCIIString(text) : NULL;
    unsigned int major = 0, minor = 0;
    char end;
    int n = bytes ? sscanf(PyBytes_AsString(bytes), "%u.%u%c", &major, &minor, &end) : 0;
    Py_XDECREF(text);
    Py_XDECREF(bytes);
    PyErr_Clear();
    *cuda = major * 1000 + minor * 10;
    if (n == 2 && major >= 9 && major < 100 && minor < 100)
        return 0;
    PyErr_Format(PyExc_ValueError, "cuda: want a version such as \"12.8\", got %R", object);
    return -1;
}

/* Not seeded. */
static torch_generator *make(PyTypeObject *type)
{
    allocfunc alloc = (allocfunc)(uintptr_t)PyType_GetSlot(type, Py_tp_alloc);
    torch_generator *generator = (torch_generator *)alloc(type, 0);
    if (!generator)
        return NULL;
    generator->lock = PyThread_allocate_lock();
    if (!generator->lock) {
        Py_DECREF(generator);
        PyErr_NoMemory();
        return NULL;
    }
    return generator;
}

static void reseed(torch_generator *generator, uint64_t seed)
{
    torch_lock(generator);
    if (generator->is_cuda)
        oneseed_torch_cuda_manual_seed(&generator->cuda, seed);
    else
        oneseed_torch_manual_seed(&generator->cpu, seed);
    torch_unlock(generator);
}

/* The keywords that choose a stream; each is refused for the other kind of device. */
static int read_stream(torch_generator *generator, PyObject *version, PyObject *cpu, PyObject *mkl, PyObject *gpu,
                       PyObject *cuda)
{
    int has_mkl = torch_is_none(mkl) ? 0 : PyObject_IsTrue(mkl);
    if (has_mkl < 0)
        return -1;
    PyObject *wrong = generator->is_cuda ? (cpu != Py_None ? cpu : mkl) : (gpu != Py_None ? gpu : cuda);
    if (wrong != Py_None) {
        PyErr_SetString(PyExc_ValueError, generator->is_cuda ? "cpu and mkl are of generators of the CPU"
                                                             : "gpu and cuda are of generators of CUDA");
        return -1;
    }
    generator->cpu.has_mkl = (uint32_t)has_mkl;
    if (read_version(version, &generator->cpu.version) < 0 || read_cpu(cpu, &generator->cpu.cpu) < 0 ||
        read_gpu(gpu, &generator->cuda) < 0 || read_cuda(cuda, &generator->cuda.cuda) < 0)
        return -1;
    generator->cuda.version = generator->cpu.version;
    return 0;
}

/* Generator(seed=None, *, device="cpu", version=None, cpu=None, mkl=False, gpu=None, cuda=None); a first argument that is no int is the
 * device, as torch's. */
static PyObject *generator_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"seed", "device", "version", "cpu", "mkl", "gpu", "cuda", NULL};
    PyObject *seed = Py_None, *device = Py_None, *version = Py_None, *cpu = Py_None, *mkl = Py_None, *gpu = Py_None,
             *cuda = Py_None;
    uint64_t number = ONESEED_TORCH_DEFAULT_SEED;
    int is_bare = PyTuple_Size(args) == 0 && !kwargs;
    if (!is_bare && !PyArg_ParseTupleAndKeywords(args, kwargs, "|O$OOOOOO:Generator", names, &seed, &device, &version,
                                                 &cpu, &mkl, &gpu, &cuda))
        return NULL;
    if (seed != Py_None && !PyIndex_Check(seed)) {
        if (device != Py_None || PyNumber_Check(seed))
            return read_seed(seed, &number), NULL;
        device = seed;
        seed = Py_None;
    }
    int is_cuda = torch_read_device(device, 0);
    if (is_cuda < 0 || (seed != Py_None && read_seed(seed, &number) < 0))
        return NULL;
    torch_generator *generator = make(type);
    if (!generator)
        return NULL;
    generator->is_cuda = is_cuda;
    if (read_stream(generator, version, cpu, mkl, gpu, cuda) < 0) {
        Py_DECREF(generator);
        return NULL;
    }
    reseed(generator, number);
    return (PyObject *)generator;
}

static void generator_free(PyObject *self)
{
    torch_generator *generator = (torch_generator *)self;
    PyTypeObject *type = Py_TYPE(self);
    if (generator->weak_references)
        PyObject_ClearWeakRefs(self);
    if (generator->lock)
        PyThread_free_lock(generator->lock);
    ((freefunc)(uintptr_t)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* ---- seeds and states ---- */

static PyObject *generator_manual_seed(PyObject *self, PyObject *object)
{
    uint64_t seed;
    if (read_seed(object, &seed) < 0)
        return NULL;
    reseed((torch_generator *)self, seed);
    Py_INCREF(self);
    return self;
}

static int entropy(uint64_t *out)
{
    PyObject *os = PyImport_ImportModule("os"), *bytes = os ? PyObject_CallMethod(os, "urandom", "i", 8) : NULL;
    if (bytes && PyBytes_Size(bytes) == sizeof *out)
        memcpy(out, PyBytes_AsString(bytes), sizeof *out);
    Py_XDECREF(os);
    Py_XDECREF(bytes);
    return bytes ? 0 : -1;
}

static PyObject *generator_seed(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    uint64_t seed;
    if (entropy(&seed) < 0)
        return NULL;
    reseed((torch_generator *)self, seed);
    return PyLong_FromUnsignedLongLong(seed);
}

/* Written with the GIL only. */
static PyObject *generator_initial_seed(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    const torch_generator *generator = (torch_generator *)self;
    uint64_t seed = generator->is_cuda ? generator->cuda.seed : generator->cpu.initial_seed;
    return PyLong_FromUnsignedLongLong(seed);
}

static size_t state_nbytes(const torch_generator *generator)
{
    return generator->is_cuda ? ONESEED_TORCH_CUDA_STATE_BYTES : ONESEED_TORCH_STATE_BYTES;
}

static void read_state(torch_generator *generator, uint8_t *bytes)
{
    torch_lock(generator);
    if (generator->is_cuda)
        oneseed_torch_cuda_get_state(&generator->cuda, bytes);
    else
        oneseed_torch_get_state(&generator->cpu, bytes);
    torch_unlock(generator);
}

static PyObject *generator_get_state(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    const int64_t shape[1] = {(int64_t)state_nbytes((torch_generator *)self)};
    torch_array *bytes = torch_new(torch_module_of_type(Py_TYPE(self)), ONESEED_TORCH_UINT8, 1, shape);
    if (bytes)
        read_state((torch_generator *)self, (uint8_t *)bytes->data);
    return (PyObject *)bytes;
}

static oneseed_status write_state(torch_generator *generator, const torch_array *bytes)
{
    torch_lock(generator);
    oneseed_status status = generator->is_cuda
                                ? oneseed_torch_cuda_set_state(&generator->cuda, bytes->data, (size_t)bytes->n)
                                : oneseed_torch_set_state(&generator->cpu, bytes->data, (size_t)bytes->n);
    torch_unlock(generator);
    return status;
}

static int set_state(torch_generator *generator, PyObject *object)
{
    torch_module *m = torch_module_of_type(Py_TYPE(generator));
    torch_array *given = torch_as_array(m, object, "");
    if (!given) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError))
            return -1;
        PyErr_Clear();
        torch_type_error(PyExc_TypeError, "expected a torch.ByteTensor, but got %U", object);
        return -1;
    }
    torch_array *bytes = torch_contiguous(m, given);
    oneseed_status status = ONESEED_OK;
    if (bytes && bytes->dtype == ONESEED_TORCH_UINT8)
        status = write_state(generator, bytes);
    else if (bytes)
        PyErr_SetString(PyExc_TypeError, "RNG state must be a torch.ByteTensor");
    if (status == ONESEED_TORCH_STATE_SIZE)
        PyErr_Format(PyExc_RuntimeError, "%s%lld", oneseed_status_text(status), (long long)bytes->n);
    else if (status)
        torch_refuse(status);
    Py_DECREF(given);
    Py_XDECREF(bytes);
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *generator_set_state(PyObject *self, PyObject *object)
{
    if (set_state((torch_generator *)self, object) < 0)
        return NULL;
    Py_INCREF(self);
    return self;
}

static PyObject *generator_clone_state(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    torch_generator *clone = make(Py_TYPE(self));
    if (!clone)
        return NULL;
    torch_lock((torch_generator *)self);
    clone->is_cuda = ((torch_generator *)self)->is_cuda;
    clone->cpu = ((torch_generator *)self)->cpu;
    clone->cuda = ((torch_generator *)self)->cuda;
    torch_unlock((torch_generator *)self);
    return (PyObject *)clone;
}

/* Whether it has an offset; else torch's exception. */
static int has_offset(PyObject *self)
{
    if (!((torch_generator *)self)->is_cuda)
        PyErr_SetString(PyExc_RuntimeError, "CPU Generator does not use offset");
    return ((torch_generator *)self)->is_cuda;
}

static PyObject *generator_get_offset(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    if (!has_offset(self))
        return NULL;
    torch_lock((torch_generator *)self);
    uint64_t offset = ((torch_generator *)self)->cuda.offset;
    torch_unlock((torch_generator *)self);
    return PyLong_FromUnsignedLongLong(offset);
}

static PyObject *generator_set_offset(PyObject *self, PyObject *object)
{
    uint64_t offset;
    if (!has_offset(self) || read_seed(object, &offset) < 0)
        return NULL;
    torch_lock((torch_generator *)self);
    oneseed_status status = oneseed_torch_cuda_set_offset(&((torch_generator *)self)->cuda, offset);
    torch_unlock((torch_generator *)self);
    if (status)
        return torch_refuse(status);
    Py_INCREF(self);
    return self;
}

/* (rebuild, (device, version, cpu, mkl, gpu, cuda, the state's bytes)) */
static PyObject *generator_reduce(PyObject *self, PyObject *nothing)
{
    (void)nothing;
    const torch_generator *generator = (torch_generator *)self;
    PyObject *package = PyImport_ImportModule("oneseed.torch");
    PyObject *rebuild = package ? PyObject_GetAttrString(package, "_rebuild_generator") : NULL;
    uint8_t bytes[ONESEED_TORCH_STATE_BYTES];
    read_state((torch_generator *)self, bytes);
    PyObject *made =
        rebuild ? Py_BuildValue("O(sIsi(II)Iy#)", rebuild, generator->is_cuda ? "cuda" : "cpu", generator->cpu.version,
                                cpu_names[generator->cpu.cpu], generator->cpu.has_mkl != 0, generator->cuda.n_sms,
                                generator->cuda.threads_per_sm, generator->cuda.cuda, (const char *)bytes,
                                (Py_ssize_t)state_nbytes(generator))
                : NULL;
    Py_XDECREF(package);
    Py_XDECREF(rebuild);
    return made;
}

/* ---- properties ---- */

static PyObject *get_device(PyObject *self, void *closure)
{
    (void)closure;
    return PyUnicode_FromString(((torch_generator *)self)->is_cuda ? "cuda" : "cpu");
}

static PyObject *get_version(PyObject *self, void *closure)
{
    (void)closure;
    unsigned int version = ((torch_generator *)self)->cpu.version;
    if (version == 0)
        Py_RETURN_NONE;
    return PyUnicode_FromFormat("%d.%d.%d", (int)(version / 10000), (int)(version / 100 % 100), (int)(version % 100));
}

static PyObject *get_cpu(PyObject *self, void *closure)
{
    (void)closure;
    if (((torch_generator *)self)->is_cuda)
        Py_RETURN_NONE;
    uint32_t cpu = ((torch_generator *)self)->cpu.cpu;
    return PyUnicode_FromString(cpu_names[cpu == ONESEED_TORCH_CPU_HERE ? (uint32_t)oneseed_torch_cpu_here() : cpu]);
}

static PyObject *get_mkl(PyObject *self, void *closure)
{
    (void)closure;
    return PyBool_FromLong(((torch_generator *)self)->cpu.has_mkl != 0);
}

static PyObject *get_gpu(PyObject *self, void *closure)
{
    (void)closure;
    const oneseed_torch_cuda *state = &((torch_generator *)self)->cuda;
    if (state->n_sms == 0)
        Py_RETURN_NONE;
    return Py_BuildValue("(II)", state->n_sms, state->threads_per_sm);
}

static PyGetSetDef properties[] = {
    {"device", get_device, NULL, "\"cpu\" or \"cuda\".", NULL},
    {"version", get_version, NULL, "The PyTorch whose stream this is, \"2.6.0\"; None: the newest that is known.",
     NULL},
    {"cpu", get_cpu, NULL, "The CPU capability whose kernels draw: \"default\", \"avx2\" or \"avx512\".", NULL},
    {"mkl", get_mkl, NULL, "Whether it is a build with MKL, which counts up to version 2.6.", NULL},
    {"gpu", get_gpu, NULL, "Of CUDA: the GPU's multiprocessors and the threads of each; None: not known.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef methods[] = {
    {"manual_seed", generator_manual_seed, METH_O,
     "manual_seed(seed): seeds with -2**63 to 2**64 - 1; the generator itself."},
    {"seed", generator_seed, METH_NOARGS, "seed(): seeds with a number from the system, which it gives back."},
    {"initial_seed", generator_initial_seed, METH_NOARGS, "initial_seed(): the number it was seeded with."},
    {"get_state", generator_get_state, METH_NOARGS, "get_state(): torch's 5056 bytes (of CUDA 16), an Array of uint8."},
    {"set_state", generator_set_state, METH_O,
     "set_state(state): the bytes of get_state() here or of torch's: an Array, a torch tensor, bytes or another "
     "buffer."},
    {"clone_state", generator_clone_state, METH_NOARGS, "clone_state(): another generator in the same state."},
    {"get_offset", generator_get_offset, METH_NOARGS,
     "get_offset(): how far a generator of CUDA is; those of the CPU refuse."},
    {"set_offset", generator_set_offset, METH_O,
     "set_offset(offset): of a generator of CUDA, a multiple of 4; those of the CPU refuse."},
    {"__copy__", generator_clone_state, METH_NOARGS, "For copy.copy: clone_state()."},
    {"__reduce__", generator_reduce, METH_NOARGS, "For pickle."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(torch_generator, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static const char documentation[] =
    "Generator(seed=None, *, device=\"cpu\", version=None, cpu=None, mkl=False, gpu=None, cuda=None)\n--\n\n"
    "A generator of PyTorch's, seeded as manual_seed(seed) does; without a seed as torch.Generator() is.\n\n"
    "version: the PyTorch whose stream it is, \"1.13\" to \"2.14\" (None: the newest that is known). cpu: ATen's "
    "capability, whose\n"
    "kernels differ in last bits: \"default\", \"avx2\", \"avx512\" (None: what torch would choose on this machine). "
    "mkl: whether it\n"
    "is a build with MKL, which counts up to 2.6. device=\"cuda\": gpu is its name in gpus(), \"sms:132/threads:2048\" "
    "or a pair of\n"
    "these numbers, which more than 2048 values at a time need; cuda is the version that torch was built with. Instead "
    "of a seed the\n"
    "first argument may be a device, as torch's is. What a generator of CUDA draws lies in this machine's memory.\n\n"
    "Calls from several threads are safe: each generator has a lock, and many numbers are drawn without the GIL.";

int torch_add_generator(PyObject *module, torch_module *m)
{
    PyType_Slot slots[] = {
        {Py_tp_new, (void *)(uintptr_t)generator_new},
        {Py_tp_dealloc, (void *)(uintptr_t)generator_free},
        {Py_tp_methods, methods},
        {Py_tp_members, members},
        {Py_tp_getset, properties},
        {Py_tp_doc, (void *)(uintptr_t)documentation},
        {0, NULL},
    };
    PyType_Spec spec = {"oneseed.torch.Generator", sizeof(torch_generator), 0, Py_TPFLAGS_DEFAULT, slots};
    m->generator = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);
    if (!m->generator)
        return -1;
    torch_generator *first = make(m->generator), *gpu = first ? make(m->generator) : NULL;
    uint64_t seed;
    m->default_generator = (PyObject *)first;
    m->default_cuda = (PyObject *)gpu;
    if (!gpu || entropy(&seed) < 0 || read_cpu(NULL, &first->cpu.cpu) < 0)
        return -1;
    gpu->is_cuda = 1;
    reseed(first, seed);
    reseed(gpu, seed);
    Py_INCREF(m->generator);
    if (PyModule_AddObject(module, "TorchGenerator", (PyObject *)m->generator) < 0) {
        Py_DECREF(m->generator);
        return -1;
    }
    return 0;
}
