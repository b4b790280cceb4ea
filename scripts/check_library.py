"""Checks what the library promises to a stranger: its names, what it calls, what it needs, C and C++ programs over it."""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
# What engines and dialects may call: no allocation, no locale, no input or output.
MEMORY = {"memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "strcmp", "strncmp", "bcmp"}
MATHEMATICS = set(
    "acos acosf asin atan atan2 cbrt ceil copysign copysignf cos cosf erf erff exp exp2 expf expm1 expm1f fabs "
    "floor fma fmaf fmax fmod frexp hypot ldexp ldexpf lgamma lgamma_r log log10 log1p log1pf log2 logf lround modf "
    "nearbyint nextafterf pow powf rint round sin sincos sincosf sinf sqrt sqrtf tan tanf tgamma trunc".split()
)
# __cpu_model: what the processor has, found by the compiler's library before main.
COMPILER = {"_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail", "__cpu_model"}
FREE_ROOMS = ("common/status", "common/version", "common/half", "common/simd",
              "common/parallel", "common/remainders", "engines/", "dialects/")
THREADS = {"pthread_create", "pthread_join", "pthread_sigmask", "sigfillset", "sysconf"}  # of common/pthreads alone
PROGRAM = """
#include <oneseed.h>
#include <stdio.h>
/* Names that the library has inside: a program may have its own. */
int mt19937_next_block(void);
int mt19937_next_block(void) { return 1; }
int main(void)
{
    oneseed_mt19937 mt19937;
    oneseed_numpy pcg64;
    const uint32_t seed[1] = {17};
    oneseed_mt19937_seed(&mt19937, 5489);
    oneseed_mt19937_jump(&mt19937, 9999);
    oneseed_numpy_seed(&pcg64, ONESEED_NUMPY_PCG64, seed, 1, NULL, 0);
    printf("%s %lu %llu %d\\n", oneseed_version(), (unsigned long)oneseed_mt19937_next_u32(&mt19937),
           (unsigned long long)oneseed_numpy_next_u64(&pcg64), mt19937_next_block());
    return 0;
}
"""
problems, n_checked = [], 0


def check(ok, text):
    global n_checked
    n_checked += 1
    if not ok:
        problems.append(text)


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


def symbols(file, *options):
    done = run("nm", *options, file)
    check(done.returncode == 0 and not done.stderr.strip(), f"nm {file}: {done.stderr.strip()}")
    return [line.split()[-1].split("@")[0] for line in done.stdout.splitlines() if re.search(r"^\S* *[A-Za-z] \S+$", line)]


def check_names():
    archive = symbols(BUILD / "liboneseed.a", "--defined-only", "--extern-only")
    check(len(archive) > 30, "liboneseed.a: hardly any name in it")
    for name in archive:
        check(name.startswith("oneseed_"), f"liboneseed.a: {name} is a global name without oneseed_")
    shared = symbols(BUILD / "liboneseed.so", "--dynamic", "--defined-only")
    for name in shared:
        check(name.startswith("oneseed_"), f"liboneseed.so exports {name}")
    declared = set(re.findall(r"^ONESEED_API [^;]*?\b(oneseed_\w+)\(", (ROOT / "include/oneseed.h").read_text(), re.M))
    check(len(declared) > 30, "oneseed.h: hardly any function found")
    for name in declared:
        check(name in shared, f"oneseed.h declares {name}, liboneseed.so has it not")
    for name in shared:
        check(name in declared, f"liboneseed.so exports {name}, oneseed.h does not declare it")


def check_calls():
    folder = BUILD / "CMakeFiles/oneseed_objects.dir/src"
    objects = [o for o in folder.rglob("*.o") if str(o.relative_to(folder)).startswith(FREE_ROOMS)]
    check(len(objects) > 10, f"{folder}: hardly any object of engines and dialects")
    own = {name for o in objects for name in symbols(o, "--defined-only", "--extern-only")}
    for name in symbols(folder / "common/pthreads.c.o", "--undefined-only"):
        check(name in THREADS | COMPILER, f"common/pthreads calls {name}")
    for o in objects:
        for name in symbols(o, "--undefined-only"):
            check(name in own | MEMORY | MATHEMATICS | COMPILER, f"{o.relative_to(folder)} calls {name}: a stream must not")
        sections = re.findall(r"^(\.\S+) +(\d+) +\d+$", run("size", "-A", o).stdout, re.M)
        check(bool(sections), f"size -A {o}: no sections")
        state = [name for name, size in sections if int(size) and re.match(r"\.(data(?!\.rel\.ro)|bss|tdata|tbss)", name)]
        check(not state, f"{o.relative_to(folder)}: has global state that can be written: {state}")


def check_needs():
    needed = re.findall(r"NEEDED.*\[(.*?)\]", run("readelf", "-d", BUILD / "liboneseed.so").stdout)
    check(bool(needed), "liboneseed.so: needs nothing, not even libc: readelf said nothing")
    for name in needed:
        check(name in ("libc.so.6", "libm.so.6", "libpthread.so.0") or name.startswith("ld-linux"), f"liboneseed.so needs {name}")


def check_programs():
    with tempfile.TemporaryDirectory() as folder:
        answers = set()
        for compiler, suffix, standard in (("cc", "c", "c99"), ("cc", "c", "c11"), ("c++", "cc", "c++11"), ("c++", "cc", "c++17")):
            source = pathlib.Path(folder, f"program.{suffix}")
            source.write_text(PROGRAM)
            for library in ("liboneseed.a", "liboneseed.so"):
                program = pathlib.Path(folder, "program")
                strict = (f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{ROOT}/include")
                done = run(compiler, *strict, source, BUILD / library, "-lm", f"-Wl,-rpath,{BUILD}", "-o", program)
                check(done.returncode == 0, f"{compiler} -std={standard} with {library}: {done.stderr}")
                ran = run(program)
                check(ran.returncode == 0, f"{standard} with {library}: status {ran.returncode}: {ran.stderr}")
                answers.add(ran.stdout)
        version = ".".join(re.findall(r"#define ONESEED_VERSION_\w+ (\d+)", (ROOT / "include/oneseed.h").read_text()))
        # std::mt19937's 10000th word; numpy.random.PCG64(17).random_raw().
        check(answers == {f"{version} 4123659995 15588878425886018675 1\n"}, f"programs over the library answered {answers}")


check_names()
check_calls()
check_needs()
check_programs()
for problem in problems:
    print(problem)
print(f"{n_checked - len(problems)} passed, {len(problems)} failed")
sys.exit(bool(problems))
