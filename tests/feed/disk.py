"""A simulated disk that loses power: a writer's system calls, recorded by strace, are replayed up to any point.

The bytes of a file are durable after its own sync only, its name after a sync of the folder. The rest may be kept,
lost, zeros or garbage.
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
    """One inode, as programs see it and as the disk holds it."""

    visible: bytearray
    durable: bytes


@dataclass
class Disk:
    """The files below `root` as a run changes them. Names are relative paths."""

    root: Path
    names: dict[str, File] = field(default_factory=dict)
    durable: dict[str, File] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    _places: dict[int, int] = field(default_factory=dict)
    _open: dict[int, tuple[File, bool]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> "Disk":
        disk = cls(root)
        for path in root.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                disk.names[str(path.relative_to(root))] = File(bytearray(data), data)
        disk.durable = dict(disk.names)
        return disk

    def replay(self, trace: Path) -> Iterator[str]:
        """Apply call after call, and yield each that changed something."""
        for text in trace.read_text().splitlines():
            call = CALL.match(text)
            if call and not call[3].startswith("-") and self._apply(call[1], call[2], int(call[3])):
                yield f"{call[1]} {call[2][:90]}"

    def _apply(self, name: str, arguments: str, result: int) -> bool:
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
            self.acknowledged.update(int(word) for word in _bytes(words[1]).split() if word.isdigit())
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
                del self.names[name].visible[:]
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
            file.durable = bytes(file.visible)
        elif name == "ftruncate":
            size = int(words[1])
            file.visible[:] = file.visible[:size].ljust(size, b"\0")
        else:
            place = int(words[3]) if name == "pwrite64" else len(file.visible) if appends else self._places[fd]
            data = _bytes(words[1])[:result]
            file.visible.extend(bytes(max(0, place - len(file.visible))))
            file.visible[place : place + len(data)] = data
            self._places[fd] = place + len(data)
        return True

    def _sync_folder(self, folder: str) -> bool:
        """Make the names in a folder durable. `.` is the root itself."""
        within = {name for name in {*self.names, *self.durable} if str(Path(name).parent) == folder}
        for name in within:
            if name in self.names:
                self.durable[name] = self.names[name]
            else:
                del self.durable[name]
        return True

    def _name(self, path: str) -> str | None:
        return os.path.relpath(path, self.root) if path.startswith(str(self.root)) else None


Loss = Callable[[File], bytes]


def lost(file: File) -> bytes:
    return file.durable


def kept(file: File) -> bytes:
    return bytes(file.visible)


def zeros(file: File) -> bytes:
    """Return the durable bytes, with zeros in place of the others."""
    return _blend(file, b"\0")


def garbage(file: File) -> bytes:
    return _blend(file, b"\xa7{\n")


def half(file: File) -> bytes:
    """Return half of what was added since the last sync."""
    visible, durable = bytes(file.visible), file.durable
    return visible[: (len(durable) + len(visible)) // 2] if visible.startswith(durable) else durable


LOSSES: tuple[Loss, ...] = (lost, kept, zeros, garbage, half)


def _blend(file: File, filling: bytes) -> bytes:
    visible, durable = bytes(file.visible), file.durable
    filled = (filling * (len(visible) // len(filling) + 1))[: len(visible)]
    kept = (i < len(durable) and durable[i] == visible[i] for i in range(len(visible)))
    return bytes(visible[i] if is_kept else filled[i] for i, is_kept in enumerate(kept))


def _bytes(word: str) -> bytes:
    return bytes.fromhex(word.strip('".').replace("\\x", ""))


class Images:
    """Restores a folder to its state after a power cut, again and again, with the same inodes as a disk has."""

    def __init__(self, root: Path, store: Path) -> None:
        """Keep the files of a run that has ended in `store`."""
        self.root = root
        self.store = store
        store.mkdir()
        self._names = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
        for number, (name, path) in enumerate(self._names.items()):
            self._names[name] = store / str(number)
            self._names[name].hardlink_to(path)

    def restore(self, disk: Disk, loss: Loss) -> None:
        for path in [*self.root.rglob("*")]:
            if path.is_file():
                path.unlink()
        for name, file in (disk.names if loss is kept else disk.durable).items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if name in self._names:
                path.hardlink_to(self._names[name])
            path.write_bytes(loss(file))
