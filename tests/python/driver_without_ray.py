"""Stands for `_ray.py` and Ray in the tests of faults: workers of the same scan on this machine, each of which may be made to fail.

ONESEED_TEST says how: JSON with `request` (what is changed in the request), `answer` (instead of the number of places), `lose` (seeds
whose worker is killed, once), `leave` (ends itself after that many tasks), `slow` (seconds before it answers), `words` (written to stderr
at each task, as they are)."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python" / "oneseed"))

from _ray import receive, send

how = json.loads(os.environ.get("ONESEED_TEST", "{}"))
n_tasks = 0


def serve(connection, request):
    global n_tasks
    ours, theirs = socket.socketpair()
    worker = subprocess.Popen([request["tool"], "scan", "--serve", str(theirs.fileno())], pass_fds=[theirs.fileno()], cwd="/")
    theirs.close()
    send(ours, json.dumps(request).encode())
    while (task := receive(connection)) is not None:
        n_tasks += 1
        os.write(2, how.get("words", "").encode())
        if n_tasks > how.get("leave", 1 << 60):
            os._exit(1)
        seed = int.from_bytes(task[8:16], "little")
        lost = pathlib.Path(request["directory"]) / f"lost-{seed}"
        send(ours, task)
        if seed in how.get("lose", []) and not lost.exists():
            lost.touch()
            worker.kill()
        answer = receive(ours)
        if answer is None:
            break
        send(connection, answer)
    connection.close()
    worker.kill()
    worker.wait()


if __name__ == "__main__":
    control = socket.socket(fileno=int(sys.argv[2]))
    request = {**json.loads(receive(control)), **how.get("request", {})}
    time.sleep(how.get("slow", 0))
    send(control, json.dumps(how.get("answer", {"places": 2, "error": None})).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            os._exit(0)
        for descriptor in descriptors:
            threading.Thread(target=serve, args=(socket.socket(fileno=descriptor), request), daemon=True).start()
