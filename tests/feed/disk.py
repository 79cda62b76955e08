"""A disk that loses power: what strace wrote down of a writer is played again, and cut at any point.

A file's bytes are certain after its own sync only, and its name after a sync of its folder. What was not synced may be
there, or not, or as zeros, or as rubbish.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "trace=openat,close,write,pwrite64,lseek,ftruncate,fsync,fdatasync,unlink,rename"
OPTIONS = ("-y", "-xx", "-s", "1000000", "-e", CALLS)
CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
PATH = re.compile(r"^\d+<([^>]*)>")


@dataclass
class File:
    """One inode: what programs see of it, and what the disk holds."""

    there: bytearray
    certain: bytes
    writes: int = 0


@dataclass
class Disk:
    """The files below `root` as a run changes them; names are relative paths."""

    root: Path
    names: dict[str, File] = field(default_factory=dict)
    certain: dict[str, File] = field(default_factory=dict)
    said: set[int] = field(default_factory=set)
    _places: dict[int, int] = field(default_factory=dict)
    _open: dict[int, tuple[File, bool]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> "Disk":
        disk = cls(root)
        for path in root.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                disk.names[str(path.relative_to(root))] = File(bytearray(data), data)
        disk.certain = dict(disk.names)
        return disk

    def play(self, trace: Path) -> Iterator[str]:
        """Takes in call after call; yields each that changed something."""
        for text in trace.read_text().splitlines():
            call = CALL.match(text)
            if call and not call[3].startswith("-") and self._take(call[1], call[2], int(call[3])):
                yield f"{call[1]} {call[2][:90]}"

    def _take(self, name: str, arguments: str, result: int) -> bool:
        words = arguments.split(", ")
        fd = int(re.match(r"\d*", words[0])[0] or -1)  # type: ignore[index]
        if name == "openat":
            return self._opened(result, _bytes(words[1]).decode(), arguments)
        if name == "close":
            self._open.pop(fd, None)
            return False
        if name == "unlink":
            return self.names.pop(self._name(_bytes(words[0]).decode()) or "", None) is not None
        if name == "rename":
            old, new = (self._name(_bytes(word).decode()) or "" for word in words[:2])
            self.names[new] = self.names.pop(old)
            return True
        if name == "write" and fd == 1:
            self.said.update(int(word) for word in _bytes(words[1]).split() if word.isdigit())
            return True
        return self._changed(name, fd, words, result)

    def _opened(self, fd: int, path: str, flags: str) -> bool:
        name = self._name(path)
        self._open.pop(fd, None)
        if name is None:
            return False
        is_new = name not in self.names and "O_CREAT" in flags
        if is_new:
            self.names[name] = File(bytearray(), b"")
        if name in self.names:
            self._open[fd] = self.names[name], "O_APPEND" in flags
            self._places[fd] = 0
            if "O_TRUNC" in flags:
                del self.names[name].there[:]
        return is_new

    def _changed(self, name: str, fd: int, words: list[str], result: int) -> bool:
        if fd not in self._open:
            if name in ("fsync", "fdatasync") and (path := PATH.match(words[0])):
                folder = self._name(bytes.fromhex(path[1].replace("\\x", "")).decode() if "\\x" in path[1] else path[1])
                return folder is not None and self._sync_folder(folder)
            return False
        file, appends = self._open[fd]
        if name == "lseek":
            self._places[fd] = result
            return False
        if name in ("fsync", "fdatasync"):
            file.certain = bytes(file.there)
        elif name == "ftruncate":
            size = int(words[1])
            file.there[:] = file.there[:size].ljust(size, b"\0")
        else:
            place = int(words[3]) if name == "pwrite64" else len(file.there) if appends else self._places[fd]
            data = _bytes(words[1])[:result]
            file.there.extend(bytes(max(0, place - len(file.there))))
            file.there[place : place + len(data)] = data
            self._places[fd] = place + len(data)
        return True

    def _sync_folder(self, folder: str) -> bool:
        """Makes the names in it certain; `.` is the root itself."""
        within = {name for name in {*self.names, *self.certain} if str(Path(name).parent) == folder}
        for name in within:
            if name in self.names:
                self.certain[name] = self.names[name]
            else:
                del self.certain[name]
        return True

    def _name(self, path: str) -> str | None:
        return os.path.relpath(path, self.root) if path.startswith(str(self.root)) else None


Loss = Callable[[File], bytes]


def lost(file: File) -> bytes:
    return file.certain


def kept(file: File) -> bytes:
    return bytes(file.there)


def zeros(file: File) -> bytes:
    """Every byte that is not certain, but for the length."""
    return _blend(file, b"\0")


def rubbish(file: File) -> bytes:
    return _blend(file, b"\xa7{\n")


def half(file: File) -> bytes:
    """Half of what was added since the last sync."""
    there, certain = bytes(file.there), file.certain
    return there[: (len(certain) + len(there)) // 2] if there.startswith(certain) else certain


LOSSES: tuple[Loss, ...] = (lost, kept, zeros, rubbish, half)


def _blend(file: File, filling: bytes) -> bytes:
    there, certain = bytes(file.there), file.certain
    filled = (filling * (len(there) // len(filling) + 1))[: len(there)]
    return bytes(certain[i] if i < len(certain) and certain[i] == there[i] else filled[i] for i in range(len(there)))


def _bytes(word: str) -> bytes:
    return bytes.fromhex(word.strip('".').replace("\\x", ""))


class Images:
    """Puts a folder into the state a power cut left it in, again and again, keeping the inodes as a disk does."""

    def __init__(self, root: Path, store: Path) -> None:
        """Keeps the files of a run that has ended in `store`."""
        self.root = root
        self.store = store
        store.mkdir()
        self._names = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
        for number, (name, path) in enumerate(self._names.items()):
            self._names[name] = store / str(number)
            self._names[name].hardlink_to(path)

    def put(self, disk: Disk, loss: Loss) -> None:
        for path in [*self.root.rglob("*")]:
            if path.is_file():
                path.unlink()
        for name, file in (disk.names if loss is kept else disk.certain).items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if name in self._names:
                path.hardlink_to(self._names[name])
            path.write_bytes(loss(file))
