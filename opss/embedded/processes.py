"""Starting a child process that outlives, or dies with, whoever started it; and finding a free port for it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def dies_with_parent(which: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends `which` to the child when its parent is gone, even by kill -9 (Linux only)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_SET_PARENT_DEATH_SIGNAL, int(which))
        if os.getppid() != parent:
            os._exit(1)

    return ask


def is_alive(pid: int) -> bool:
    """Whether a process with this number still runs; a dead child of our own is buried on the way."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
