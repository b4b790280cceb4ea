# test_preload_sources.py - the preload's hooks on sources of difference: each is recorded, and each control closes its own.
# SPDX-License-Identifier: MIT
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest



def pythons():
    """This CPython, and one of each other version that the machine has."""
    found = {sys.version_info[:2]: sys.executable}
    candidates = [shutil.which("python3.%d" % n) for n in range(9, 15)]
    candidates += map(str, pathlib.Path.home().glob(".pyenv/versions/*/bin/python"))
    ask = "import sys; print(sys.implementation.name, sys.version_info[0], sys.version_info[1])"
    for path in filter(None, candidates):
        done = subprocess.run([path, "-S", "-c", ask], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        words = done.stdout.decode().split()
        if done.returncode == 0 and words[0] == "cpython":
            found.setdefault((int(words[1]), int(words[2])), path)
    return [pytest.param(found[version], id="%d.%d" % version) for version in sorted(found) if version >= (3, 9)]


PYTHONS = pythons()

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ONESEED_BUILD", ROOT / "build"))
PRELOAD = BUILD / "lib/oneseed/liboneseed_preload.so"
HEADERS = """
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
"""


@functools.lru_cache(maxsize=None)
def compiled(body, language="c"):
    """Path of a program: the headers above and `body`."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oneseed-sources-"))
    source = folder / ("program." + language)
    source.write_text(HEADERS + body)
    compiler = ["c++"] if language == "cc" else ["cc", "-std=gnu11"]
    subprocess.run([*compiler, "-O1", "-w", str(source), "-o", str(folder / "program"), "-pthread"], check=True)
    return str(folder / "program")


def c(statements):
    return compiled("int main(int argc, char **argv)\n{\n%s\nreturn 0;\n}\n" % statements)


class Run:
    def __init__(self, command, folder, controls="", vary="", seed=7, record=True, recorder=False, check=True):
        self.folder = folder
        trace = pathlib.Path(tempfile.mkdtemp(prefix="oneseed-trace-"))
        words = ["seed=%d" % seed, "controls=" + controls, "vary=" + vary] + ["trace=%s" % trace] * record
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("ONESEED_", "LD_PRELOAD"))}
        environment.update(
            ONESEED_CONFIG=" ".join(words).replace("%", "%25"), ONESEED_LANE="0 - 0000000000", LD_PRELOAD=str(PRELOAD)
        )
        if recorder:
            environment["PYTHONPATH"] = str(BUILD / "lib/oneseed/recorder")
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120
        )
        assert not check or (done.returncode == 0 and done.stderr == b""), (done.returncode, done.stderr.decode())
        self.stdout = done.stdout.decode()
        self.events = []
        if record:
            text = subprocess.run([str(BUILD / "trace_dump"), str(trace)], stdout=subprocess.PIPE, check=True).stdout
            self.events = [json.loads(line) for line in text.decode().splitlines()]

    def of(self, kind, **fields):
        return [e for e in self.events if e["kind"] == kind and all(e[k] == v for k, v in fields.items())]


def differs(command, folder, controls="", **options):
    return Run(command, folder, controls, **options).stdout != Run(command, folder, controls, **options).stdout


# --- Entropy

ENTROPY = {
    "getrandom": "unsigned char b[16]; getrandom(b, 16, 0);",
    "getentropy": "unsigned char b[16]; getentropy(b, 16);",
    "open": 'unsigned char b[16]; int f = open("/dev/urandom", O_RDONLY); read(f, b, 16);',
    "openat": 'unsigned char b[16]; int f = openat(AT_FDCWD, "/dev/urandom", O_RDONLY); read(f, b, 16);',
    "dup": 'unsigned char b[16]; int f = dup(open("/dev/urandom", O_RDONLY)); read(f, b, 16);',
    "fcntl": 'unsigned char b[16]; int f = fcntl(open("/dev/urandom", O_RDONLY), F_DUPFD, 9); read(f, b, 16);',
    "pread": 'unsigned char b[16]; int f = open("/dev/urandom", O_RDONLY); pread(f, b, 16, 0);',
    "fread": 'unsigned char b[16]; FILE *f = fopen("/dev/urandom", "r"); fread(b, 1, 16, f);',
}
PRINT_BYTES = "for (int i = 0; i < 16; i++) printf(\"%02x\", b[i]);"


@pytest.mark.parametrize("how", ENTROPY)
def test_entropy(how, tmp_path):
    program = [c(ENTROPY[how] + PRINT_BYTES)]
    assert differs(program, tmp_path)
    (event,) = Run(program, tmp_path).of("entropy")
    assert event["name"] == (how if how.startswith("get") else "/dev/urandom")
    assert event["bytes"] == 16 and event["generator"] is None and "/program+0x" in event["site"]
    one, two = (Run(program, tmp_path, "os-entropy", seed=s) for s in (7, 8))
    assert not differs(program, tmp_path, "os-entropy") and one.stdout != two.stdout
    assert one.of("entropy")[0]["out"] == Run(program, tmp_path, "os-entropy").of("entropy")[0]["out"]


def test_entropy_goes_on_and_differs_between_threads_and_children(tmp_path):
    program = compiled(
        """
        static void *show(void *what) { unsigned x; getrandom(&x, 4, 0); printf("%s %u\\n", what, x); return 0; }
        int main(void) {
            pthread_t t; show("a"); show("b");
            pthread_create(&t, 0, show, "c"); pthread_join(t, 0); fflush(stdout);
            if (!fork()) { show("d"); fflush(stdout); _exit(0); }
            wait(0); show("e");
        }"""
    )
    lines = Run([program], tmp_path, "os-entropy").stdout.split()
    assert len(set(lines[1::2])) == 5 and not differs([program], tmp_path, "os-entropy")


def test_other_descriptors_are_left_alone(tmp_path):
    (tmp_path / "data").write_bytes(b"0123456789abcdef")
    program = [
        c('unsigned char b[16]; int f = open("/dev/urandom", O_RDONLY); close(f); f = open("data", O_RDONLY);'
          "read(f, b, 16);" + PRINT_BYTES)
    ]
    run = Run(program, tmp_path, "os-entropy")
    assert run.stdout == b"0123456789abcdef".hex() and run.of("entropy") == []


RANDOM_DEVICE = compiled("#include <random>\nint main() { std::random_device d; printf(\"%u %u\", d(), d()); }", "cc")


def test_random_device(tmp_path):
    assert differs([RANDOM_DEVICE], tmp_path)
    events = Run([RANDOM_DEVICE], tmp_path).of("entropy", name="random_device")
    assert [e["generator"] for e in events] == ["cxx.random_device"] * 2 and "/program+0x" in events[0]["site"]
    for control in "unseeded-rng", "os-entropy":
        assert not differs([RANDOM_DEVICE], tmp_path, control)
    one, two = Run([RANDOM_DEVICE], tmp_path, "unseeded-rng").stdout.split()
    assert one != two


@pytest.mark.parametrize("python", PYTHONS)
def test_entropy_owners_in_python(python, tmp_path):
    script = "import os; print(os.urandom(8).hex())"
    command = [python, "-S", "-c", script]
    assert differs(command, tmp_path)
    run = Run(command, tmp_path, "os-entropy")
    assert [e["generator"] for e in run.of("entropy")] == ["python.hash", None]
    assert not differs(command, tmp_path, "os-entropy")
    # The hash secret stays real: it is another channel's.
    secret = [python, "-S", "-c", "print(hash('a'))"]
    assert differs(secret, tmp_path, "os-entropy")


# --- The generators of the C library

DRAWS = c('printf("%d %ld %.17g %ld", rand(), random(), drand48(), lrand48());')


def test_c_generators_are_recorded_and_seeded(tmp_path):
    assert not differs([DRAWS], tmp_path)  # unseeded, C's generators are deterministic
    run = Run([DRAWS], tmp_path)
    assert sorted((e["generator"], e["name"]) for e in run.of("draw")) == [
        ("c.drand48", "drand48"), ("c.drand48", "lrand48"), ("c.rand", "rand"), ("c.rand", "random")
    ]
    assert run.of("seed") == []
    one, two = (Run([DRAWS], tmp_path, "unseeded-rng", seed=s) for s in (7, 8))
    assert len({run.stdout, one.stdout, two.stdout}) == 3 and not differs([DRAWS], tmp_path, "unseeded-rng")
    assert sorted((e["generator"], e["name"]) for e in one.of("seed")) == [
        ("c.drand48", "oneseed"), ("c.rand", "oneseed")
    ]


@pytest.mark.parametrize(
    "seeding, generator",
    [("srand(5)", "c.rand"), ("srandom(5)", "c.rand"), ("static char s[64]; initstate(5, s, 64)", "c.rand"),
     ("srand48(5)", "c.drand48"), ("unsigned short s[3] = {5, 0, 0}; seed48(s)", "c.drand48")],
)
def test_the_programs_own_seed_wins(seeding, generator, tmp_path):
    draw = "rand()" if generator == "c.rand" else "lrand48()"
    program = [c('%s; printf("%%ld", (long)%s);' % (seeding, draw))]
    bare = subprocess.run(program, stdout=subprocess.PIPE, check=True).stdout.decode()
    run = Run(program, tmp_path, "unseeded-rng,child-process")
    assert run.stdout == bare
    (event,) = run.of("seed")
    assert (event["generator"], event["name"], int(event["out"][16:], 16)) == (generator, "program", 5)


def test_draws_are_gathered_by_site(tmp_path):
    program = [c("for (int i = 0; i < 10000; i++) rand();\nvolatile int n = 5; while (n-- > 0) rand();")]
    events = Run(program, tmp_path).of("draw")
    assert [e["words"] for e in events] == [4096, 4096, 10000 - 2 * 4096, 5]
    assert events[0]["site"] == events[2]["site"] != events[3]["site"]
    assert len({e["out"] for e in events}) == 4


def test_events_keep_their_order(tmp_path):
    program = [c("char b[4]; rand(); time(0); getrandom(b, 4, 0); rand();")]
    kinds = [e["kind"] for e in Run(program, tmp_path).events if e["kind"] in ("draw", "clock", "entropy")]
    assert sorted(kinds[:2]) == ["clock", "draw"] and kinds[2:] == ["entropy", "draw"]


def test_forked_children_draw_their_own(tmp_path):
    body = """
        printf("0 %d\\n", rand()); fflush(stdout);
        for (int i = 0; i < 2; i++)
            if (!fork()) { printf("%d %d\\n", i + 1, rand()); fflush(stdout); _exit(0); } else wait(0);
        printf("0 %d\\n", rand());"""
    for controls in "unseeded-rng", "child-process", "unseeded-rng,child-process":
        values = Run([c(body)], tmp_path, controls).stdout.split()[1::2]
        assert len(set(values)) == 4, controls
        assert not differs([c(body)], tmp_path, controls)
    # Seeded by the program, the children are copies, as C says.
    values = Run([c("srand(3);" + body)], tmp_path, "unseeded-rng,child-process").stdout.split()[1::2]
    assert len(set(values)) == 2


# --- Clocks

READS = {
    "clock_gettime": ("realtime", "struct timespec t; clock_gettime(CLOCK_REALTIME, &t); long v = t.tv_nsec;"),
    "gettimeofday": ("realtime", "struct timeval t; gettimeofday(&t, 0); long v = t.tv_sec * 1000000 + t.tv_usec;"),
    "timespec_get": ("realtime", "struct timespec t; timespec_get(&t, TIME_UTC); long v = t.tv_nsec;"),
    "monotonic": ("monotonic", "struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); long v = t.tv_nsec;"),
    "cpu": ("cpu", "struct timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); long v = t.tv_nsec;"),
    "time": ("realtime", "long v = time(0);"),
    "clock": ("cpu", "long v = clock();"),
}


@pytest.mark.parametrize("how", READS)
def test_clocks(how, tmp_path):
    name, statements = READS[how]
    program = [c(statements + 'printf("%ld", v);')]
    (event,) = Run(program, tmp_path).of("clock")
    assert event["name"] == name and event["words"] == 1 and "/program+0x" in event["site"]
    for control in "clock", "clock:ticking", "clock:frozen":
        assert not differs(program, tmp_path, control)
    if how not in ("time", "clock"):
        assert differs(program, tmp_path)


def test_virtual_time(tmp_path):
    now = "clock_gettime(CLOCK_REALTIME, &t); printf(\"%ld.%09ld\\n\", t.tv_sec, t.tv_nsec);"
    program = [c("struct timespec t, s = {0, 5000000};" + now + now + "nanosleep(&s, 0); usleep(7000);" + now)]
    assert Run(program, tmp_path, "clock").stdout.split() == [
        "1767225600.001000000", "1767225600.002000000", "1767225600.015000000"
    ]
    assert Run(program, tmp_path, "clock:frozen").stdout.split() == [
        "1767225600.000000000", "1767225600.000000000", "1767225600.012000000"
    ]
    import time

    shifted = float(Run(program, tmp_path, vary="clock:+86400").stdout.split()[0])
    assert abs(shifted - time.time() - 86400) < 60


def test_a_loop_over_clocks_is_few_events(tmp_path):
    program = [c("for (int i = 0; i < 1000; i++) { time(0); clock(); time(0); }")]
    events = Run(program, tmp_path).of("clock")
    assert len(events) == 3 and sum(e["words"] for e in events) == 3000


# Waits for 50 ms by the clock that the wait goes by; prints what it gave and how long it took by virtual and real time.
WAITS = {
    "cond": "pthread_mutex_lock(&m); at(CLOCK_REALTIME, &d); r = pthread_cond_timedwait(&k, &m, &d);",
    "cond_monotonic": "pthread_condattr_t a; pthread_condattr_init(&a); pthread_condattr_setclock(&a, CLOCK_MONOTONIC);"
    "pthread_cond_init(&k, &a); pthread_mutex_lock(&m); at(CLOCK_MONOTONIC, &d); r = pthread_cond_timedwait(&k, &m, &d);",
    "clockwait": "pthread_mutex_lock(&m); at(CLOCK_MONOTONIC, &d); r = pthread_cond_clockwait(&k, &m, CLOCK_MONOTONIC, &d);",
    "mutex": "pthread_mutex_lock(&m); at(CLOCK_REALTIME, &d); r = pthread_mutex_timedlock(&m, &d);",
    "semaphore": "sem_t s; sem_init(&s, 0, 0); at(CLOCK_REALTIME, &d); r = sem_timedwait(&s, &d) ? errno : 0;",
    "sleep": "at(CLOCK_MONOTONIC, &d); r = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &d, 0) ? 1 : ETIMEDOUT;",
    "timerfd": "int f = timerfd_create(CLOCK_REALTIME, 0); long n; struct itimerspec i = {0}; at(CLOCK_REALTIME, &d);"
    "i.it_value = d; timerfd_settime(f, TFD_TIMER_ABSTIME, &i, 0); r = read(f, &n, 8) == 8 ? ETIMEDOUT : 1;",
    "poll": "struct timespec t; r = poll(0, 0, 50) == 0 ? ETIMEDOUT : 1;",
    "select": "struct timeval t = {0, 50000}; r = select(0, 0, 0, 0, &t) == 0 ? ETIMEDOUT : 1;",
}


@pytest.mark.parametrize("how", WAITS)
@pytest.mark.parametrize("control", ["", "clock", "clock:frozen"])
def test_waits_end_in_time(how, control, tmp_path):
    program = compiled(
        """
        #include <poll.h>
        #include <sys/select.h>
        #include <sys/syscall.h>
        #include <sys/timerfd.h>
        static long real(void) { struct timespec t; syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
            return t.tv_sec * 1000 + t.tv_nsec / 1000000; }
        static void at(int clock, struct timespec *d) { clock_gettime(clock, d);
            d->tv_nsec += 50000000; if (d->tv_nsec >= 1000000000) { d->tv_sec++; d->tv_nsec -= 1000000000; } }
        int main(void) {
            pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_cond_t k = PTHREAD_COND_INITIALIZER;
            struct timespec d; int r; long start = real();
            %s
            printf("%%d %%d", r == ETIMEDOUT, real() - start >= 49 && real() - start < 5000);
        }"""
        % WAITS[how]
    )
    assert Run([program], tmp_path, control).stdout == "1 1"


@pytest.mark.parametrize("python", PYTHONS)
def test_locks_of_python_take_no_time(python, tmp_path):
    script = """
import threading, time
lock = threading.Lock()
def pair():
    a = time.monotonic()
    for _ in range(100):
        with lock: pass
    return round((time.monotonic() - a) * 1000)
print(pair(), pair(), lock.acquire(timeout=5), lock.acquire(timeout=0.02))
start = time.monotonic(); time.sleep(0.01); lock.acquire(timeout=0.03); print(time.monotonic() - start < 0.045)
print(time.time_ns() % 1000000)  # nothing of the locks' own reads
"""
    expected = ["1", "1", "True", "False", "True", "0"]
    assert Run([python, "-S", "-c", script], tmp_path, "clock").stdout.split() == expected


def test_a_thread_goes_on_from_its_creators_time(tmp_path):
    program = compiled(
        """
        static void *show(void *x) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t); printf("%ld\\n", t.tv_sec); }
        int main(void) { pthread_t t; struct timespec s = {2, 0}; nanosleep(&s, 0); pthread_create(&t, 0, show, 0);
            pthread_join(t, 0); fflush(stdout); if (!fork()) { show(0); fflush(stdout); _exit(0); } wait(0); }"""
    )
    assert Run([program], tmp_path, "clock").stdout.split() == ["1767225602"] * 2


# --- Listings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Names whose order on disk is not the sorted one (found by trying)."""
    import random

    generator = random.Random(1)
    path = tmp_path_factory.mktemp("listing")
    for _ in range(40):
        (path / ("f%05d" % generator.randrange(10**5))).touch()
    (path / "inside").mkdir()
    assert os.listdir(path) != sorted(os.listdir(path))
    return path


WALKS = {
    "readdir": 'DIR *d = opendir("."); struct dirent *e; while ((e = readdir(d))) puts(e->d_name); closedir(d);',
    "fdopendir": 'DIR *d = fdopendir(open(".", O_RDONLY)); struct dirent *e; while ((e = readdir64(d))) puts(e->d_name);'
    "closedir(d);",
    "readdir_r": 'DIR *d = opendir("."); struct dirent b, *e; while (!readdir_r(d, &b, &e) && e) puts(e->d_name);'
    "closedir(d);",
    "scandir": 'struct dirent **l; int n = scandir(".", &l, 0, 0); for (int i = 0; i < n; i++) puts(l[i]->d_name);',
    "glob": 'glob_t g; glob("*", GLOB_NOSORT, 0, &g); puts("."); puts("..");'
    "for (size_t i = 0; i < g.gl_pathc; i++) puts(g.gl_pathv[i]);",
}


@pytest.mark.parametrize("how", WALKS)
def test_listings(how, folder):
    program = [c(WALKS[how])]
    bare = subprocess.run(program, cwd=folder, stdout=subprocess.PIPE, check=True).stdout.decode()
    names = sorted(os.listdir(folder))
    run = Run(program, folder)
    assert run.stdout == bare
    (event,) = run.of("listing")
    assert (event["name"], event["words"]) == (str(folder), len(names)) and "/program+0x" in event["site"]
    ordered = Run(program, folder, "file-order")
    assert ordered.stdout.split() == [".", ".."] + names
    (other,) = ordered.of("listing")
    assert other["in"] == event["in"] and other["out"] != event["out"]
    assert Run(program, folder, vary="file-order:reverse").stdout.split() == [".", ".."] + names[::-1]
    shuffled = Run(program, folder, vary="file-order:shuffle").stdout.split()
    assert shuffled not in (bare.split(), [".", ".."] + names) and sorted(shuffled[2:]) == names
    assert Run(program, folder, vary="file-order:shuffle").stdout.split() == shuffled


def test_positions_in_an_ordered_listing(folder):
    program = [
        c("""DIR *d = opendir("."); struct dirent *e; long at[100]; char *names[100]; int n = 0, ok = 1;
            for (at[0] = telldir(d); (e = readdir(d)); at[++n] = telldir(d)) names[n] = strdup(e->d_name);
            for (int i = n - 1; i >= 0; i--) { seekdir(d, at[i]); ok &= !strcmp(readdir(d)->d_name, names[i]); }
            rewinddir(d); ok &= !strcmp(readdir(d)->d_name, names[0]); seekdir(d, at[n]); errno = 0;
            ok &= readdir(d) == 0 && errno == 0 && readdir(d) == 0; close(creat("new", 0600)); rewinddir(d); int m = 0;
            while ((e = readdir(d))) { m++; seekdir(d, e->d_off); } unlink("new");
            printf("%d %d", ok, m - n); closedir(d);""")
    ]
    for control in "", "file-order":
        assert Run(program, folder, control).stdout == "1 1"


@pytest.mark.parametrize("python", PYTHONS)
def test_python_sees_ordered_listings(python, folder):
    script = (
        "import os, glob, pathlib; names = sorted(os.listdir()); print(os.listdir() == names,"
        " [e.name for e in os.scandir()] == names, glob.glob('*') == names, [p.name for p in pathlib.Path().iterdir()] == names,"
        " [f for _, d, f in os.walk('.')][0] == [n for n in names if n != 'inside'], os.listdir(os.open('.', 0)) == names)"
    )
    assert Run([python, "-S", "-c", script], folder, "file-order").stdout.split() == ["True"] * 6


# --- Files


def test_files(tmp_path):
    (tmp_path / "in").write_bytes(b"content")
    program = [
        c("""int f = open("in", O_RDONLY); char b[9]; read(f, b, 9); fopen("in", "r"); open("./none", O_RDONLY);
            fopen("../%s/out", "w"); rename("out", "final"); access("in", R_OK); struct stat s;
            for (volatile int i = 0; i < 3; i++) stat("none", &s); unlink("final"); open("in", O_RDWR | O_APPEND);
            fopen("/etc/passwd", "r");""" % tmp_path.name)
    ]
    names = [(e["name"][len(str(tmp_path)) + 1 :], e["flags"], e["bytes"]) for e in Run(program, tmp_path).of("file")]
    assert names == [
        ("in", [], 7), ("in", [], 7), ("none", ["missing"], 0), ("out", ["written"], 0), ("final", ["written"], 0),
        ("in", ["undigested"], 0), ("none", ["missing"], 0), ("final", ["missing", "written"], 0), ("in", [], 7),
        ("in", ["written"], 0),
    ]


def test_content_is_what_is_digested(tmp_path):
    program = [c('fopen("a", "r"); fopen("b", "r");')]

    def digests():
        return [e["out"] for e in Run(program, tmp_path).of("file")]

    (tmp_path / "a").write_bytes(b"x" * 300000)
    (tmp_path / "b").write_bytes(b"x" * 300000)
    before = digests()
    assert before[0] == before[1]
    (tmp_path / "b").write_bytes(b"x" * 299999 + b"y")
    after = digests()
    assert after[0] == before[0] and after[1] != before[1]


def test_large_files_are_sampled(tmp_path):
    with open(tmp_path / "a", "wb") as file:
        file.truncate(80 << 20)
    program = [c('fopen("a", "r");')]
    (before,) = Run(program, tmp_path).of("file")
    with open(tmp_path / "a", "r+b") as file:
        file.seek((80 << 20) - 1)
        file.write(b"y")
    (after,) = Run(program, tmp_path).of("file")
    assert before["flags"] == after["flags"] == ["truncated"] and before["bytes"] == 80 << 20
    assert before["out"] != after["out"]


def test_an_open_file_keeps_its_position_and_errno(tmp_path):
    (tmp_path / "in").write_bytes(b"content")
    program = [
        c("""errno = 7; int f = open("in", O_RDONLY); printf("%ld %d ", (long)lseek(f, 0, SEEK_CUR), errno);
            int g = open("none", O_RDONLY); printf("%d %d ", g, errno == ENOENT);
            printf("%d", stat(0, 0) + unlink(0) + rename(0, 0) + access(0, 0) + gettimeofday(0, 0));""")
    ]
    assert Run(program, tmp_path).stdout == "0 7 -1 1 -4"


def test_temporary_names_mean_nothing(tmp_path):
    program = [c('char n[] = "/tmp/oneseed-test-XXXXXX"; int f = mkstemp(n); close(f); fopen(n, "r"); unlink(n);')]
    assert {e["name"] for e in Run(program, tmp_path).of("file")} == {"/tmp/*"}


# --- Output


def test_output(tmp_path):
    program = [c('write(1, "one", 3); int f = dup(1); write(f, "two", 3); write(2, "", 0); dup2(open("x", 65, 0600), 1);'
                 'write(1, "not", 3);')]
    run = Run(program, tmp_path)
    assert run.stdout == "onetwo" and [(e["name"], e["bytes"]) for e in run.of("output")] == [("stdout", 3)] * 2
    assert len({e["out"] for e in run.of("output")}) == 2


def test_output_after_a_child_was_started(tmp_path):
    script = "import subprocess as s; s.run(['true'], stdout=s.PIPE); print('here', flush=True)"
    run = Run([sys.executable, "-S", "-c", script], tmp_path)
    assert sum(e["bytes"] for e in run.of("output", lane="0")) == len("here\n")


# --- In Python, with the recorder


def test_events_have_the_users_line(tmp_path):
    (tmp_path / "data").write_bytes(b"content")
    (tmp_path / "helper.py").write_text("import os\n\ndef names():\n    return os.listdir('.')\n")
    (tmp_path / "script.py").write_text(
        "import os, time, uuid\nimport helper\nos.urandom(4)\nuuid.uuid4()\ntime.time()\nhelper.names()\n"
        "open('data').read()\nos.path.exists('none')\nos.rename('data', 'moved')\nprint('x', flush=True)\n"
    )
    run = Run([sys.executable, "script.py"], tmp_path, recorder=True)

    def sites(kind, **fields):
        return [e["site"].split("|")[0].replace(str(tmp_path) + "/", "") for e in run.of(kind, **fields) if e["site"]]

    assert sites("entropy") == ["script.py:3:<module>", "script.py:4:<module>"]
    assert sites("clock", name="realtime") == ["script.py:5:<module>"]
    assert sites("listing") == ["helper.py:4:names"]  # and not what importing listed
    assert sites("file", name=str(tmp_path / "data")) == ["script.py:7:<module>"]
    assert sites("file", name=str(tmp_path / "none"), flags=["missing"]) == ["script.py:8:<module>"]
    assert sites("file", name=str(tmp_path / "moved"), flags=["written"]) == ["script.py:9:<module>"]
    assert set(sites("output")) == {"script.py:10:<module>"}
    # What is in the folder, importing does not tell.
    (tmp_path / "another").touch()
    again = Run([sys.executable, "script.py"], tmp_path, recorder=True, check=False)
    assert len(again.of("listing")) == 1


def test_what_packages_look_for_is_no_event(tmp_path):
    package = tmp_path / "site-packages"
    package.mkdir()
    (package / "package.py").write_text(
        "import os\n\ndef look():\n    os.path.exists('cache')\n    return os.listdir('data'), open('data/a').read()\n"
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a").write_text("x")
    (tmp_path / "script.py").write_text(
        "import sys\nsys.path.append('site-packages')\nimport package\npackage.look()\n"
    )
    run = Run([sys.executable, "script.py"], tmp_path, recorder=True)
    assert run.of("file", name=str(tmp_path / "cache")) == []
    for event in run.of("listing") + run.of("file", name=str(tmp_path / "data" / "a")):
        assert event["site"].startswith("%s/script.py:4:<module>|" % tmp_path)
    assert len(run.of("listing")) == len(run.of("file", name=str(tmp_path / "data" / "a"))) == 1


# --- Everything


def test_a_handler_on_a_small_stack_may_open_and_read(tmp_path):
    program = compiled(
        """
        #include <signal.h>
        static void handler(int n) { char b[64]; int f = open("/proc/self/maps", O_RDONLY); read(f, b, 64); close(f);
            f = open("/etc/passwd", O_RDONLY); read(f, b, 64); close(f); struct timespec t;
            clock_gettime(CLOCK_REALTIME, &t); time(0); write(1, "ok", 2); _exit(0); }
        static char guarded[3 * 4096] __attribute__((aligned(4096)));
        #include <sys/mman.h>
        int main(void) {
            mprotect(guarded, 4096, PROT_NONE);
            stack_t s = {.ss_sp = guarded + 4096, .ss_size = 8192}; sigaltstack(&s, 0);
            struct sigaction a = {.sa_handler = handler, .sa_flags = SA_ONSTACK}; sigaction(SIGSEGV, &a, 0);
            *(volatile int *)8 = 1; }"""
    )
    for controls in "", "clock,os-entropy,file-order,unseeded-rng":
        assert Run([program], tmp_path, controls).stdout == "ok"


def test_threads_and_forks_at_once(tmp_path):
    program = compiled(
        """
        static void *work(void *x) { for (int i = 0; i < 300; i++) { char b[8]; getrandom(b, 8, 0); rand(); time(0);
            DIR *d = opendir("."); while (readdir(d)); closedir(d); FILE *f = fopen("data", "r"); fclose(f);
            struct stat s; stat("none", &s); } return 0; }
        int main(void) {
            pthread_t t[4];
            for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, work, 0);
            for (int i = 0; i < 40; i++) { pid_t p = fork(); if (!p) { work(0); _exit(0); } int status;
                waitpid(p, &status, 0); if (status) return 1; }
            for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
            puts("done"); }"""
    )
    (tmp_path / "data").write_bytes(b"x" * 5000)
    assert Run([program], tmp_path, "clock,os-entropy,file-order,unseeded-rng,child-process").stdout == "done\n"


def test_nothing_happens_without_a_configuration(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ONESEED_")}
    script = "import os, time, glob; print(len(os.urandom(4)), time.time() > 1.7e9, sorted(os.listdir()), glob.glob('*'))"
    command = [sys.executable, "-S", "-c", script]
    bare = subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, check=True).stdout
    environment["LD_PRELOAD"] = str(PRELOAD)
    assert subprocess.run(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, check=True).stdout == bare
