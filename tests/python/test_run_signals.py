"""`oneseed run` passes signals on, keeps job control working, and leaves nothing behind when it is interrupted."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from tool import TOOL, alive, command, gone, python, run, until

COUNT = """
import os, signal, sys, time
seen = []
for name in sys.argv[2].split(','):
    signal.signal(getattr(signal, name), lambda number, frame: seen.append(signal.Signals(number).name))
open(sys.argv[1] + '.new', 'w').write(str(os.getpid()))
os.rename(sys.argv[1] + '.new', sys.argv[1])
end = time.monotonic() + 20
while len(seen) < len(sys.argv[2].split(',')) and time.monotonic() < end:
    time.sleep(0.01)
time.sleep(0.3)
print(','.join(seen), flush=True)
"""


def start(tmp_path, *arguments, **settings):
    """Starts COUNT under the tool; gives the process and the command's pid."""
    file = tmp_path / "pid"
    settings.setdefault("stdout", subprocess.PIPE)
    process = subprocess.Popen(command(*python(COUNT, str(file), *arguments)), text=True, **settings)
    assert until(file.exists)
    return process, int(file.read_text())


@pytest.mark.parametrize(
    "name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGCONT", "SIGALRM", "SIGRTMIN"]
)
def test_forwarded_once(name, tmp_path):
    process, _ = start(tmp_path, name)
    process.send_signal(getattr(signal, name))
    assert process.communicate(timeout=30)[0] == name + "\n"
    assert process.returncode == 0


def test_killed_by_a_forwarded_signal():
    process = subprocess.Popen(command("sleep", "60"))
    assert until(lambda: open(f"/proc/{process.pid}/task/{process.pid}/children").read())
    time.sleep(0.1)
    process.terminate()
    assert process.wait(timeout=30) == 128 + signal.SIGTERM


def test_real_time_signal_keeps_its_value(tmp_path):
    code = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
print('ready', flush=True)
info = signal.sigwaitinfo({signal.SIGRTMIN})
print(info.si_signo == signal.SIGRTMIN, info.si_code)
"""
    process = subprocess.Popen(command(*python(code)), stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    subprocess.run(["kill", "-q", "7", "-s", "RTMIN", str(process.pid)], check=True)
    assert process.communicate(timeout=30)[0] == "True -1\n"  # SI_QUEUE


def test_signal_to_the_group_comes_once(tmp_path):
    """killpg() reaches the command by itself: python's KeyboardInterrupt must not come twice. Two are allowed only by
    the kernel's own rules: a signal to our pid is passed on even when its sender meant the group."""
    process, pid = start(tmp_path, "SIGUSR1", start_new_session=True)
    assert os.getpgid(pid) == process.pid
    os.killpg(process.pid, signal.SIGUSR1)
    assert set(process.communicate(timeout=30)[0].strip().split(",")) == {"SIGUSR1"}


def test_kill_0_of_the_command_itself(tmp_path):
    """`kill 0` reaches us too; the command must not get it back."""
    code = """
import os, signal, time
seen = []
signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
os.kill(0, signal.SIGUSR1)
time.sleep(0.5)
print(len(seen))
"""
    process = subprocess.Popen(command(*python(code)), stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.communicate(timeout=30)[0] == "1\n"


def test_ignored_signal_stays_ignored(tmp_path):
    """As under nohup."""
    process = subprocess.Popen(
        command("sh", "-c", "echo ready; sleep 1; exit 6"), stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    )
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=30) == 6


def test_interrupt_ends_the_whole_tree(tmp_path):
    """Also a child in a session of its own that ignores SIGTERM."""
    file = tmp_path / "pids"
    code = f"""
import os, signal, subprocess, sys, time
stubborn = subprocess.Popen([sys.executable, '-c', '''
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
print(1, flush=True)
time.sleep(60)
'''], start_new_session=True, stdout=subprocess.PIPE)
stubborn.stdout.readline()
easy = subprocess.Popen(['sleep', '60'], start_new_session=True)
open({str(file)!r} + '.new', 'w').write(f'{{os.getpid()}} {{stubborn.pid}} {{easy.pid}}')
os.rename({str(file)!r} + '.new', {str(file)!r})
time.sleep(60)
"""
    process = subprocess.Popen(command(*python(code)), stderr=subprocess.DEVNULL)
    assert until(file.exists)
    pids = [int(word) for word in file.read_text().split()]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) in (1, 130)
    assert not any(alive(pid) for pid in pids)


def test_orphans_are_reaped(tmp_path):
    """A grandchild whose parent is gone becomes our child and does not stay a zombie."""
    code = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(0.2)
        os._exit(0)
    os._exit(0)
os.wait()
time.sleep(0.6)
launcher = os.getppid()
children = open(f'/proc/{launcher}/task/{launcher}/children').read().split()
print(len(children))
"""
    assert run(*python(code)).stdout == "1\n"


# --- On a terminal ---------------------------------------------------------------------------------------------------


class Terminal:
    """A shell with job control, or any other command, on a terminal of its own."""

    def __init__(self, *words, rows=33, columns=111, env=None):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], words, env or os.environ)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.text = ""

    def read_until(self, pattern, seconds=20):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready, f"no {pattern!r} in {self.text!r}"
            try:
                data = os.read(self.master, 4096)
            except OSError:
                data = b""
            assert data or re.search(pattern, self.text), f"no {pattern!r} in {self.text!r}"
            self.text += data.decode(errors="replace")
        match = re.search(pattern, self.text)
        self.text = self.text[match.end():]
        return match

    def send(self, text):
        os.write(self.master, text.encode())

    def exit_code(self, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status) if hasattr(os, "waitstatus_to_exitcode") else status >> 8
            time.sleep(0.02)
        raise AssertionError("still running")

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.master)


@pytest.fixture
def terminal():
    made = []

    def make(*words, **settings):
        made.append(Terminal(*words, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_terminal_is_the_command_s(terminal):
    code = """
import os, sys, time
time.sleep(0.2)
print([os.isatty(fd) for fd in range(3)], os.get_terminal_size(), os.tcgetpgrp(0) == os.getpgrp(), flush=True)
print(open('/dev/tty') is not None)
"""
    screen = terminal(*command(*python(code)))
    screen.read_until(r"\[True, True, True\] os.terminal_size\(columns=111, lines=33\) True\r\nTrue")
    assert screen.exit_code() == 0


def test_terminal_input(terminal):
    screen = terminal(*command(*python("print('got', input('? '))")))
    screen.read_until(r"\? ")
    screen.send("hello\n")
    screen.read_until("got hello")
    assert screen.exit_code() == 0


def test_ctrl_c_comes_once_and_leaves_nothing(terminal, tmp_path):
    file = tmp_path / "pid"
    code = f"""
import os, signal, subprocess, time
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(1))
child = subprocess.Popen(['sleep', '60'], start_new_session=True)
open({str(file)!r}, 'w').write(str(child.pid))
print('ready', flush=True)
while not seen:
    time.sleep(0.01)
time.sleep(0.3)
print('seen', len(seen), flush=True)
raise SystemExit(130)
"""
    screen = terminal(*command(*python(code)))
    screen.read_until("ready")
    screen.send("\x03")
    screen.read_until(r"seen 1\r\n")
    assert screen.exit_code() == 130
    assert gone(int(file.read_text()), 1)


def test_ctrl_c_without_a_handler(terminal):
    # Not in a shell: dash itself may lose a SIGINT just before it starts its child.
    screen = terminal(*command(*python("import time; print('ready', flush=True); time.sleep(60)")))
    screen.read_until("ready")
    screen.send("\x03")
    assert screen.exit_code() == 128 + signal.SIGINT


def test_hang_up_ends_the_command(terminal, tmp_path):
    file = tmp_path / "pid"
    screen = terminal(*command("sh", "-c", f"echo $$ > {file}; echo ready; exec sleep 60"))
    screen.read_until("ready")
    os.kill(screen.pid, signal.SIGHUP)
    assert screen.exit_code() == 128 + signal.SIGHUP
    assert gone(int(file.read_text()))


def test_job_control_in_a_shell(terminal, tmp_path):
    """Ctrl-Z stops, `fg` continues, and the shell knows of each."""
    script = tmp_path / "script.py"
    script.write_text("import time\nprint('running', flush=True)\nwhile True: time.sleep(0.05)\n")
    screen = terminal("bash", "--norc", "--noprofile", "-i", env=dict(os.environ, PS1="PROMPT> ", TERM="dumb"))
    screen.read_until("PROMPT> ")
    screen.send(f"{TOOL} run -- {sys.executable} {script}\n")
    screen.read_until("running")
    screen.send("\x1a")
    screen.read_until("Stopped")
    screen.read_until("PROMPT> ")
    screen.send("jobs -l\n")
    pid = int(screen.read_until(r"(\d+) (?:Stopped|Suspended)").group(1))
    children = open(f"/proc/{pid}/task/{pid}/children").read().split()
    state = open(f"/proc/{children[0]}/stat").read().rpartition(")")[2].split()[0]
    assert state == "T"
    screen.send("fg\n")
    assert until(lambda: open(f"/proc/{children[0]}/stat").read().rpartition(")")[2].split()[0] in "SR")
    time.sleep(0.2)
    screen.send("\x03")
    screen.read_until("PROMPT> ")
    screen.send("echo status $?\n")
    screen.read_until(r"status (130|1)\r\n")
    assert gone(int(children[0]))


def test_pipeline_on_a_terminal(terminal):
    """The other commands of a pipeline keep the terminal."""
    code = "import os; a = open('/dev/tty').readline(); print('second', a, os.tcgetpgrp(2) == os.getpgrp())"
    screen = terminal("bash", "--norc", "--noprofile", "-i", env=dict(os.environ, PS1="PROMPT> ", TERM="dumb"))
    screen.read_until("PROMPT> ")
    screen.send(f"{TOOL} run sleep 2 | {sys.executable} -c \"{code}\"\n")
    time.sleep(0.5)
    screen.send("word\n")
    screen.read_until(r"second word\r\n True")
