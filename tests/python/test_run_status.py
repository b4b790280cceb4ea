"""`oneseed run` passes on the status, the streams and the surroundings of the command."""
import os
import resource
import signal
import stat
import subprocess
import sys
import time

import pytest

from tool import TOOL, alive, command, gone, python, run, until


@pytest.mark.parametrize("status", [0, 1, 2, 77, 125, 126, 127, 255])
def test_exit_status(status):
    done = run("sh", "-c", f"exit {status}")
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT", "SIGSEGV", "SIGABRT", "SIGUSR1"])
def test_killed_by_signal(name):
    number = getattr(signal, name)
    assert run("sh", "-c", f"ulimit -c 0; kill -{int(number)} $$").returncode == 128 + number


def test_not_found():
    done = run("no-such-command-anywhere")
    assert done.returncode == 127
    assert done.stderr == "oneseed: no-such-command-anywhere: no such command in PATH\n"


def test_not_found_by_path(tmp_path):
    assert run(str(tmp_path / "absent")).returncode == 127


def test_not_executable(tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o644)
    done = run(str(script))
    assert done.returncode == 126
    assert done.stderr == f"oneseed: {script}: Permission denied\n"
    assert run(str(tmp_path)).returncode == 126


def test_interpreter_missing(tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    done = run(str(script))
    assert done.returncode == 127
    assert done.stderr == f"oneseed: {script}: its interpreter is missing\n"


def test_script_without_interpreter_line(tmp_path):
    script = tmp_path / "script"
    script.write_text("exit 9\n")
    script.chmod(0o755)
    assert run(str(script)).returncode == 9


def test_path_lookup(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, text in (first, "one"), (second, "two"):
        folder.mkdir()
        tool = folder / "which-am-i"
        tool.write_text(f"#!/bin/sh\necho {text}\n")
        tool.chmod(0o755)
    (first / "which-am-i").chmod(0o644)
    environment = dict(os.environ, PATH=f"{first}:{second}:{os.environ['PATH']}")
    assert run("which-am-i", env=environment).stdout == "two\n"
    (first / "which-am-i").chmod(0o755)
    assert run("which-am-i", env=environment).stdout == "one\n"
    environment = dict(os.environ, PATH=f":{os.environ['PATH']}")
    assert run("which-am-i", env=environment, cwd=second).stdout == "two\n"


def test_arguments_pass_unchanged():
    arguments = ["", " ", "--seed", "-x", "a b", "ü", "$HOME", "--"]
    done = run(*python("import sys; print(sys.argv[1:])", *arguments))
    assert done.stdout == f"{arguments}\n"


def test_options_end_at_the_command():
    done = subprocess.run([TOOL, "run", "--seed", "3", "sh", "-c", "echo $0 $1", "--seed", "x"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "--seed x\n")


def test_stdin_passes_through():
    data = "line\n" * 20000
    assert run("cat", input=data, stdin=None).stdout == data


def test_stdin_offset_is_shared(tmp_path):
    file = tmp_path / "lines"
    file.write_text("one\ntwo\n")
    with open(file) as stdin:
        done = run(*python("import os; os.read(0, 4)"), stdin=stdin)
        assert done.returncode == 0
        assert os.read(stdin.fileno(), 10) == b"two\n"


def test_binary_stdout_and_stderr():
    code = "import os; os.write(1, bytes(range(256))); os.write(2, bytes(range(256)))"
    done = subprocess.run(command(*python(code)), capture_output=True)
    assert done.stdout == done.stderr == bytes(range(256))


def test_working_directory_and_umask(tmp_path):
    code = "import os; m = os.umask(0); print(os.getcwd(), oct(m))"
    done = run(*python(code), cwd=tmp_path, preexec_fn=lambda: os.umask(0o027))
    assert done.stdout == f"{tmp_path} 0o27\n"


def test_limits_and_niceness():
    code = "import os, resource; print(os.nice(0), resource.getrlimit(resource.RLIMIT_NOFILE))"

    def prepare():
        os.nice(5)
        resource.setrlimit(resource.RLIMIT_NOFILE, (123, 456))

    assert run(*python(code), preexec_fn=prepare).stdout == f"{os.nice(0) + 5} (123, 456)\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_stay_closed(closed, tmp_path):
    """And nothing of ours takes their place."""
    answer = tmp_path / "answer"
    program = tmp_path / "descriptors.py"
    program.write_text(f"""
import os
there = [os.path.exists(f'/proc/self/fd/{{k}}') for k in range(3)]
open({str(answer)!r}, 'w').write(str(there))
""")

    def seen(*words):
        done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *words], stdin=subprocess.DEVNULL, timeout=60)
        assert done.returncode == 0
        return answer.read_text()

    bare = seen(sys.executable, str(program))
    assert "False" in bare
    answer.unlink()
    assert seen(*command(sys.executable, str(program))) == bare


def test_no_descriptor_leaks(tmp_path):
    code = "import os; print(sorted(os.listdir('/proc/self/fd'), key=int))"
    bare = subprocess.run(python(code), capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    assert run(*python(code)).stdout == bare


def test_inherited_descriptors_pass():
    read, write = os.pipe()
    done = run(*python(f"import os; os.write({write}, b'hello')"), pass_fds=[write])
    os.close(write)
    assert done.returncode == 0
    assert os.read(read, 100) == b"hello"
    os.close(read)


def test_full_disk_on_stdout_is_the_command_s_matter():
    with open("/dev/full", "w") as full:
        assert run("sh", "-c", "echo x 2>/dev/null || exit 5", stdout=full).returncode == 5


def test_many_children_at_once():
    code = """
import os, time
read, write = os.pipe()
pids = []
for k in range(64):
    pid = os.fork()
    if pid == 0:
        os.close(write)
        os.read(read, 1)
        os._exit(k)
    pids.append(pid)
os.close(write)
print(sorted(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids) == list(range(64)))
"""
    done = run(*python(code))
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_child_that_outlives_its_parent_goes_on(tmp_path):
    """`run` returns with the command and leaves a daemon alone."""
    file = tmp_path / "pid"
    script = f"sleep 30 >/dev/null 2>&1 & echo $! > {file}; exit 4"
    begin = time.monotonic()
    done = run("sh", "-c", script)
    assert done.returncode == 4
    assert time.monotonic() - begin < 10
    pid = int(file.read_text())
    assert alive(pid)
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)


def test_command_dies_with_the_launcher(tmp_path):
    file = tmp_path / "pid"
    launcher = subprocess.Popen(command("sh", "-c", f"echo $$ > {file}.new; mv {file}.new {file}; exec sleep 60"))
    assert until(file.exists)
    launcher.kill()
    launcher.wait()
    assert gone(int(file.read_text()))


def test_ignored_sigchld_is_no_trap():
    """The parent ignores SIGCHLD: the status must come through all the same, and the command inherits it."""
    code = "import signal; print(signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN)"
    done = run(*python(code), preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN), restore_signals=False)
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_signal_mask_and_dispositions_pass():
    code = "import re; print(re.findall('Sig(?:Blk|Ign):.*', open('/proc/self/status').read()))"

    def prepare():
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    bare = subprocess.run(python(code), capture_output=True, text=True, preexec_fn=prepare)
    assert run(*python(code), preexec_fn=prepare).stdout == bare.stdout


def test_session_folder_is_private_and_goes_away(tmp_path):
    done = run(*python("import os; p = os.environ['TMPDIR']; print([oct(os.stat(p + '/' + f).st_mode) for f in os.listdir(p)])"),
               env=dict(os.environ, TMPDIR=str(tmp_path)))
    assert done.stdout == f"['{oct(stat.S_IFDIR | 0o700)}']\n"
    assert list(tmp_path.iterdir()) == []


def test_temporary_folder_missing():
    done = run("true", env=dict(os.environ, TMPDIR="/no/such/folder"))
    assert done.returncode == 125
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("oneseed: /no/such/folder: ")
