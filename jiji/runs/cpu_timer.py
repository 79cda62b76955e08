"""CPU timer: ends the process when its main thread computes for too long, also inside C code.

Python runs its signal handlers between two of its own instructions. While C code holds the interpreter, none is called.
So the timers are the kernel's (POSIX ``timer_create``): the first prints a traceback through faulthandler, the second
calls C's ``_exit``. They count the CPU time of the main thread. A process that sleeps, waits for the disk, or was
stopped (SIGSTOP) uses none.
"""

import ctypes
import faulthandler
import signal
import sys
import threading
import time
from typing import ClassVar

EXIT_STATUS = 1
TRACEBACK_SIGNAL = signal.SIGPROF
TRACEBACK_SECONDS = 0.5
"""CPU time between the traceback and the end."""

_SIGEV_SIGNAL, _SIGEV_THREAD = 0, 2


class _Event(ctypes.Structure):
    """``struct sigevent``."""

    _fields_: ClassVar = [
        ("value", ctypes.c_void_p),
        ("signal", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("function", ctypes.c_void_p),
        ("attributes", ctypes.c_void_p),
        ("rest", ctypes.c_char * 32),
    ]


class _Times(ctypes.Structure):
    """``struct itimerspec``: the interval, which is zero for one shot, and the time left."""

    _fields_: ClassVar = [
        ("interval_seconds", ctypes.c_long),
        ("interval_nanoseconds", ctypes.c_long),
        ("seconds", ctypes.c_long),
        ("nanoseconds", ctypes.c_long),
    ]


class CpuTimer:
    """Timer of the thread that makes it. `restart` sets it back to its full time; raises OSError where it cannot."""

    def __init__(self, seconds: float) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        end = ctypes.cast(self._libc["_exit"], ctypes.c_void_p)
        self._timers = (
            (self._create(_Event(signal=TRACEBACK_SIGNAL, kind=_SIGEV_SIGNAL)), seconds),
            (self._create(_Event(value=EXIT_STATUS, kind=_SIGEV_THREAD, function=end)), seconds + TRACEBACK_SECONDS),
        )
        faulthandler.register(TRACEBACK_SIGNAL, file=sys.__stderr__ or sys.stderr)

    @staticmethod
    def is_available() -> bool:
        """Return whether the system has such timers, as Linux has."""
        return hasattr(time, "pthread_getcpuclockid") and hasattr(ctypes.CDLL(None), "timer_create")

    def restart(self) -> None:
        """Set the timer back to its full time."""
        for timer, seconds in self._timers:
            self._set(timer, seconds)

    def stop(self) -> None:
        """Stop the timer."""
        for timer, _ in self._timers:
            self._set(timer, 0)
        faulthandler.unregister(TRACEBACK_SIGNAL)

    def _create(self, event: _Event) -> ctypes.c_void_p:
        timer, clock = ctypes.c_void_p(), time.pthread_getcpuclockid(threading.get_ident())
        if self._libc.timer_create(clock, ctypes.byref(event), ctypes.byref(timer)):
            raise OSError(ctypes.get_errno(), "timer_create failed")
        return timer

    def _set(self, timer: ctypes.c_void_p, seconds: float) -> None:
        times = _Times(seconds=int(seconds), nanoseconds=int(seconds % 1 * 1e9))
        if self._libc.timer_settime(timer, 0, ctypes.byref(times), None):
            raise OSError(ctypes.get_errno(), "timer_settime failed")
