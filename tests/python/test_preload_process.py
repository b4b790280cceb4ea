# test_preload_process.py - the preload in a tree of processes: lanes, environments, seeds, ids, threads, its own end.
# SPDX-License-Identifier: MIT
import os
import pathlib
import re
import subprocess
import sys

import numpy
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ONESEED_BUILD", ROOT / "build"))
LIBRARY = BUILD / "lib/oneseed/liboneseed_preload.so"
RECORDER = BUILD / "lib/oneseed/recorder"
PROCESS, SPAWN, EXIT, ENVIRONMENT = "1", "9", "10", "12"


def compile_program(source, output, *options):
    command = ["cc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-I%s" % (ROOT / "src"), "-I%s" % (ROOT / "include")]
    command += [str(source), *options, "-o", str(output), "-lpthread", "-lutil", "-ldl"]
    subprocess.run(command, check=True, stderr=subprocess.PIPE)
    return output


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    source = ROOT / "tests/preload"
    compile_program(source / "tree.c", folder / "tree")
    compile_program(source / "tree.c", folder / "tree_static", "-static")
    compile_program(source / "dump.c", folder / "dump", str(BUILD / "liboneseed_internal.a"), "-lm")
    return folder


class Run:
    """A run of tree under the preload: what it printed, its lanes with their events, its notes."""

    def __init__(self, programs, folder, *arguments, controls="", environment=None, command=None, status=0, record=True,
                 more="", lane="0 - 0000000000", timeout=60):
        session = folder / "session"
        trace = folder / "trace"
        for made in (session, trace):
            subprocess.run(["rm", "-rf", str(made)], check=True)
            made.mkdir(parents=True)
        config = "session=%s seed=42 controls=%s%s" % (session, controls, more)
        if record:
            config += " trace=%s" % trace
        own = {"PATH": os.environ["PATH"], "LANG": "C"} if environment is None else dict(environment)
        own["LD_PRELOAD"] = ":".join(filter(None, (str(LIBRARY), own.get("LD_PRELOAD"))))
        if "PYTHONPATH" in own:
            own["ONESEED_PYTHONPATH"] = own["PYTHONPATH"]
        own["PYTHONPATH"] = ":".join(filter(None, (str(RECORDER), own.get("PYTHONPATH"))))
        own.update(ONESEED_CONFIG=config, ONESEED_LANE=lane)
        command = command or [str(programs / "tree"), *arguments]
        done = subprocess.run(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == status, (done.returncode, done.stderr.decode())
        self.stdout = done.stdout.decode()
        self.stderr = done.stderr.decode()
        notes = session / "notes"
        self.notes = sorted(set(notes.read_text().splitlines())) if notes.exists() else []
        self.lanes = {}
        self.complete = {}
        if record:
            text = subprocess.run([str(programs / "dump"), str(trace)], check=True, stdout=subprocess.PIPE).stdout.decode()
            for line in text.splitlines():
                lane, *rest = line.split("\t")
                if len(rest) == 1:
                    self.lanes[lane] = []
                    self.complete[lane] = rest[0] == "complete"
                else:
                    self.lanes[lane].append(rest)

    def events(self, lane, kind):
        return [event for event in self.lanes[lane] if event[0] == kind]

    def spawned(self, lane="0"):
        """Processes that a lane made; the threads that it made have events of the same kind."""
        return [event[1] for event in self.events(lane, SPAWN) if "/" not in event[1]]

    def shape(self):
        """Everything that must be equal from run to run: not the values of ids."""
        return {lane: [(e[0], e[1], e[2], e[4]) for e in events] for lane, events in self.lanes.items()}


@pytest.mark.parametrize("what, children", [
    ("fork", 1), ("_Fork", 1), ("vfork", 1), ("spawn", 2), ("system", 4), ("popen", 2), ("clone", 1), ("forkpty", 1),
    ("raw", 1), ("many", 64),
])
def test_children_have_lanes_by_place(programs, tmp_path, what, children):
    first = Run(programs, tmp_path, what)
    assert first.notes == []
    names = ["0.%d" % (k + 1) for k in range(children)]
    if what == "raw":  # nobody announced it: it is in the trace all the same
        assert first.spawned() == []
    else:
        assert first.spawned() == names
    assert set(names) <= set(first.lanes)
    assert all(first.complete.values())
    assert all(events[0][0] == PROCESS for lane, events in first.lanes.items() if "/" not in lane)
    assert Run(programs, tmp_path, what).shape() == first.shape()


def test_the_spawn_tells_what_the_child_runs(programs, tmp_path):
    run = Run(programs, tmp_path, "vfork", "spawn")
    for event in run.events("0", SPAWN):
        assert run.lanes[event[1]][0][3] == event[3] != "0" * 32


def test_an_exit_is_told_by_lane_when_it_is_waited_for(programs, tmp_path):
    run = Run(programs, tmp_path, "fork", "vfork")
    assert [(e[1], e[2]) for e in run.events("0", EXIT)] == [("0.1", str(3 << 8)), ("0.2", "0")]
    assert Run(programs, tmp_path, "many").events("0", EXIT) == []  # wait(-1): the order is the machine's


def test_an_exec_keeps_the_lane_and_its_count(programs, tmp_path):
    tree = str(programs / "tree")
    shell = "/bin/true; exec %s exec" % tree
    run = Run(programs, tmp_path, command=["/bin/sh", "-c", shell])
    assert [e[1] for e in run.events("0", PROCESS)] == ["/bin/sh -c " + shell, tree + " exec", tree + " vfork say"]
    assert run.spawned() == ["0.1", "0.2"]
    assert run.complete["0"]


def test_an_exec_that_fails_goes_on_in_the_same_trace(programs, tmp_path):
    run = Run(programs, tmp_path, "fork", "badexec", "fork")
    assert run.spawned() == ["0.1", "0.2"] and all(run.complete.values())
    assert sorted(path.name for path in (tmp_path / "trace").glob("*.trace")) == ["0.1.trace", "0.2.trace", "0.trace"]


def own_environment(text):
    return [line for line in text.splitlines() if line]


@pytest.mark.parametrize("own", [
    {},
    {"A": "1", "LD_PRELOAD": "", "Z": "2"},
    {"A": "1", "LD_PRELOAD": "libm.so.6", "PYTHONPATH": "/one:/two", "Z": ""},
    {"LD_PRELOAD": "libm.so.6:libdl.so.2", "PYTHONPATH": "/one"},
])
def test_the_program_sees_its_own_environment(programs, tmp_path, own):
    command = [str(programs / "tree"), "environment"]
    bare = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True).stdout.decode()
    run = Run(programs, tmp_path, command=command, environment=own)
    kept = {k: v for k, v in own.items() if not (k == "LD_PRELOAD" and not v)}  # the test itself cannot hand that on
    assert sorted(own_environment(run.stdout)) == sorted("%s=%s" % item for item in kept.items())
    # And so does a child, in the same order, through a shell that hands it on.
    inner = Run(programs, tmp_path, command=["/usr/bin/env", "-u", "NOTHING", *command], environment=own)
    assert own_environment(inner.stdout) == own_environment(run.stdout)
    assert len(own_environment(bare)) == len(own)


def test_an_empty_preload_of_the_programs_own_comes_back(programs, tmp_path):
    run = Run(programs, tmp_path, command=["/bin/sh", "-c", "LD_PRELOAD= exec /usr/bin/env"])
    assert "LD_PRELOAD=" in run.stdout.splitlines()
    assert run.lanes["0"][-1][1] == "/usr/bin/env"


def test_children_with_an_empty_environment_are_ours(programs, tmp_path):
    run = Run(programs, tmp_path, "empty0", "empty1", "empty2", "empty3", record=True)
    assert run.stdout == ""
    for k in range(1, 5):
        assert run.events("0.%d" % k, PROCESS)[-1][1].endswith("tree environment")


def test_a_cleaned_environment_gets_the_settings_it_lacks(programs, tmp_path):
    run = Run(programs, tmp_path, "empty0", more=" settings=PYTHONHASHSEED=42%0AOTHER=a%2520b")
    assert run.stdout.splitlines() == ["PYTHONHASHSEED=42", "OTHER=a%20b"]
    shell = "PYTHONHASHSEED=7 %s environment" % (programs / "tree")
    run = Run(programs, tmp_path, command=["/bin/sh", "-c", shell], more=" settings=PYTHONHASHSEED=42")
    assert "PYTHONHASHSEED=7" in run.stdout.splitlines()
    assert "PYTHONHASHSEED=42" not in run.stdout.splitlines()


def test_subprocess_of_python(programs, tmp_path):
    script = """
import os, subprocess, sys
assert not [k for k in os.environ if k.startswith(("ONESEED", "LD_PRELOAD"))], os.environ
subprocess.run([sys.argv[1], "say"], env={})
subprocess.run([sys.argv[1], "say"], close_fds=False)
subprocess.run([sys.argv[1], "say"], preexec_fn=lambda: None)
os.system(sys.argv[1] + " say")
os.posix_spawn(sys.argv[1], [sys.argv[1], "say"], {})
os.wait()
"""
    tree = str(programs / "tree")
    run = Run(programs, tmp_path, command=[sys.executable, "-S", "-c", script, tree])
    assert run.spawned() == ["0.1", "0.2", "0.3", "0.4", "0.5"]
    assert run.stdout.count("here") == 5
    for k in (1, 2, 3, 4, 5):
        assert any(e[1].endswith("tree say") for e in run.events("0.%d" % k, PROCESS)), k


@pytest.mark.parametrize("how", ["subprocess.run(%s, check=True, env={})", "os.waitpid(os.posix_spawn(%s[0], %s, {}), 0)"])
def test_a_command_line_without_room_runs_without_us(programs, tmp_path, how):
    # The kernel takes a quarter of the stack's limit: this leaves some hundred bytes beside the own environment.
    script = """
import os, resource, subprocess
resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, resource.RLIM_INFINITY))
for size in range(250_000, 300_000, 500):
    words = ["/bin/true"] + ["x" * 90] * (size // 100)
    try:
        HOW
    except OSError as error:
        assert error.errno == 7, error
        break
assert size > 250_000
print(size)
""".replace("HOW", how.replace("%s", "words"))
    command = [sys.executable, "-S", "-c", script]
    run = Run(programs, tmp_path, command=command, record=False, more=" pad=" + "." * 8000)
    bare = subprocess.run(command, env={"PATH": os.environ["PATH"], "LANG": "C"}, stdout=subprocess.PIPE, check=True)
    assert int(run.stdout) == int(bare.stdout)
    assert run.notes == ["a program was started without control: its command line leaves no room for more"]


def seed_of(seed_path, k, digest):
    key = [int(n) for n in seed_path.split(".") if n] + [digest & 0xFFFFFFFF, digest >> 32, k & 0xFFFFFFFF, k >> 32]
    low, high = numpy.random.SeedSequence(42, spawn_key=key).generate_state(2, numpy.uint32)
    return int(low) | int(high) << 32


def derived(text):
    lines = [re.fullmatch(r"(\S+) \[(.*)\] (\d) (\d+) (\d+) (\d+)", line).groups() for line in text.splitlines()]
    for _, path, _, digest, first, other in lines:
        assert int(first) == seed_of(path, 0, int(digest))
        assert int(other) == seed_of(path, 1 << 33, int(digest))
    return [(lane, path, child) for lane, path, child, *_ in lines]


def test_seeds_by_place_below_a_program_without_generators(programs, tmp_path):
    run = Run(programs, tmp_path, "derive", "vderive", "fderive")
    assert derived(run.stdout) == [
        ("0", "", "0"),
        ("0.1", "", "0"),
        ("0.2", "2", "0"),
        ("0.3", "3", "0"), ("0.3.1", "3", "0"), ("0.3.2", "3.2", "0"),
        ("0.4", "4", "0"), ("0.4.1", "4", "0"), ("0.4.2", "4.2", "0"),
    ]


def test_seeds_by_place_below_a_recorder(programs, tmp_path):
    run = Run(programs, tmp_path, "mark", "derive", "vderive", "fderive")
    assert derived(run.stdout) == [
        ("0", "", "0"),
        ("0.1", "1", "1"),
        ("0.2", "2", "1"),
        ("0.3", "3", "1"), ("0.3.1", "3", "1"), ("0.3.2", "3.2", "1"),
        ("0.4", "4", "1"), ("0.4.1", "4", "1"), ("0.4.2", "4.2", "1"),
    ]


def test_a_very_deep_tree_keeps_distinct_lanes(programs, tmp_path):
    tree = str(programs / "tree")
    lane = "0" + ".100000" * 31
    run = Run(programs, tmp_path, command=[tree, "derive", "fderive"], lane=lane + " 0.1 0000000000")
    lanes = [lane for lane, _, _ in derived(run.stdout)]
    assert len(set(lanes)) == len(lanes) == 7
    assert all(len(lane) < 224 for lane in lanes)


def test_threads_have_lanes_by_their_maker(programs, tmp_path):
    run = Run(programs, tmp_path, "threads")
    assert sorted(run.lanes) == ["0", "0/t1", "0/t2", "0/t2.1", "0/t3", "0/t4"]
    assert all(run.events(lane, ENVIRONMENT) for lane in run.lanes if "/" in lane)
    assert Run(programs, tmp_path, "threads").shape() == run.shape()


def test_thread_order_lets_a_started_thread_run_first_and_never_waits_for_ever(programs, tmp_path):
    for _ in range(3):
        run = Run(programs, tmp_path, "order", controls="thread-order", timeout=20)
        assert run.stdout.strip() == "a-b-c-d-"
    assert Run(programs, tmp_path, "threads", controls="thread-order", record=False).stdout == ""


def test_ids_by_place_are_equal_in_every_run_and_work(programs, tmp_path):
    runs = [Run(programs, tmp_path, "pids", "fork", "vfork", "spawn", controls="environment").stdout for _ in range(2)]
    assert runs[0] == runs[1]
    seen, ids, thread = runs[0].splitlines()[:3]
    assert (seen, thread) == ("1 1", "1")
    parent, child, status = map(int, ids.split())
    assert parent != child and min(parent, child) >= 4200000 and status == 15


def test_ids_by_place_in_python(programs, tmp_path):
    script = """
import multiprocessing, os, signal, subprocess, sys, time
context = multiprocessing.get_context("fork")
process = context.Process(target=lambda: print(os.getpid(), os.getppid(), flush=True))
process.start(); process.join()
print(os.getpid(), os.getppid(), process.pid, process.exitcode)
other = subprocess.Popen(["sleep", "60"])
os.kill(other.pid, signal.SIGTERM)
print(other.pid, other.wait())
with context.Pool(2) as pool: print(pool.map(abs, [-1, 2]))
"""
    runs = [
        Run(programs, tmp_path, command=[sys.executable, "-S", "-c", script], controls="environment").stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    child, parent = map(int, runs[0].split()[:2])
    assert runs[0].splitlines()[1] == "%d 4199999 %d 0" % (parent, child)
    assert runs[0].splitlines()[-1] == "[1, 2]"


def test_programs_that_escape_are_noted(programs, tmp_path):
    static = str(programs / "tree_static")
    run = Run(programs, tmp_path, command=["/bin/sh", "-c", "%s say; %s say" % (static, static)])
    assert run.notes == ["%s: a static program was not controlled" % static]
    script = tmp_path / "script"
    script.write_text("#!%s -E\nprint(1)\n" % sys.executable)
    script.chmod(0o755)
    run = Run(programs, tmp_path, command=["/bin/sh", "-c", "%s; true" % script])
    assert run.notes == ["%s: Python with -I, -E or -S was controlled from outside only" % sys.executable]
    for options, noted in (("-I -c 1", 1), ("-BS -c 1", 1), ("-c 1 -I", 0), ("-W ignore -X dev -c 1", 0)):
        run = Run(programs, tmp_path, command=["/bin/sh", "-c", "%s %s; true" % (sys.executable, options)])
        assert len(run.notes) == noted, options


def test_children_of_a_static_program_claim_the_next_numbers(programs, tmp_path):
    static = str(programs / "tree_static")
    command = "%s system spawn; true" % static
    runs = [Run(programs, tmp_path, command=["/bin/sh", "-c", command]) for _ in range(2)]
    assert {"0.1.%d" % k for k in range(1, 6)} <= set(runs[0].lanes)  # four shells and `true`; `say` is static, too
    assert runs[0].lanes.keys() == runs[1].lanes.keys()


@pytest.mark.parametrize("what", ["close", "quick", "exec", "fork"])
def test_the_trace_is_complete_however_a_process_ends(programs, tmp_path, what):
    assert all(Run(programs, tmp_path, "fork", what).complete.values())


def test_a_killed_process_leaves_a_readable_trace(programs, tmp_path):
    run = Run(programs, tmp_path, "fork", "threads", "die", status=-6)
    assert not run.complete["0"] and run.complete["0.1"]
    assert run.spawned() == ["0.1"]


def test_signal_handlers_may_fork_and_ask(programs, tmp_path):
    run = Run(programs, tmp_path, "signals")
    lanes = ["0.%d" % (k + 1) for k in range(30)]
    assert run.stdout.count("child") == 30
    assert all(run.complete.values())
    # A handler that interrupts a hook, or the writing of an event, writes none of its own.
    assert [lane for lane in lanes if lane in run.spawned()] == run.spawned() != []


def test_a_session_that_is_gone_is_no_error(programs, tmp_path):
    own = {"PATH": os.environ["PATH"], "LD_PRELOAD": str(LIBRARY), "ONESEED_LANE": "0 - 0000000000"}
    for config in ("session=/nowhere/s trace=/nowhere/t seed=1", "session=/nowhere/s controls=environment", "", "x", "%"):
        own["ONESEED_CONFIG"] = config
        command = [str(programs / "tree"), "fork", "spawn", "system", "threads"]
        done = subprocess.run(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        assert (done.returncode, done.stderr) == (0, b""), config


def test_without_a_configuration_everything_passes_through(programs):
    own = {"PATH": os.environ["PATH"], "LD_PRELOAD": str(LIBRARY)}
    command = [str(programs / "tree"), "fork", "_Fork", "vfork", "spawn", "system", "popen", "clone", "forkpty", "threads",
               "raw", "signals", "environment", "quick"]
    done = subprocess.run(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "LD_PRELOAD=%s" % LIBRARY in done.stdout.decode().splitlines()
    assert b"ONESEED" not in done.stdout


def test_only_hooks_and_the_table_are_exported():
    text = subprocess.run(["nm", "-D", "--defined-only", str(LIBRARY)], check=True, stdout=subprocess.PIPE).stdout.decode()
    names = {line.split()[-1] for line in text.splitlines()}
    assert "oneseed_recorder" in names
    assert not [n for n in names if n.startswith(("preload_", "trace_", "lanes_", "XXH", "__start", "__stop", "digest"))]
    assert [n for n in names if n.startswith("oneseed")] == ["oneseed_recorder"]


def test_thread_local_storage_is_small():
    text = subprocess.run(["readelf", "-lW", str(LIBRARY)], check=True, stdout=subprocess.PIPE).stdout.decode()
    sizes = [int(line.split()[5], 16) for line in text.splitlines() if line.split()[:1] == ["TLS"]]
    assert sizes and max(sizes) <= 512  # it is part of the stack of every thread, also of the smallest
