"""Output folder: the place of everything that a run writes, below JIJI_OUTPUT_DIR."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_OWN_FOLDERS = ("state", "runs", "rejected", "drift", "archive", "screenshots")


@dataclass(frozen=True, slots=True)
class OutputDir:
    """The paths below one output folder; the feed itself owns ``<section>.jsonl`` and ``state/``."""

    path: Path

    @classmethod
    def locate(cls, output_dir: str, project: Path) -> "OutputDir":
        """Return the output folder of a setting; a relative one lies in the project's folder.

        >>> OutputDir.locate("output", Path("/srv/jiji")).path.as_posix()
        '/srv/jiji/output'
        """
        return cls(project / Path(output_dir).expanduser())

    def feed(self, section: str) -> Path:
        """Return the section's feed."""
        return self.path / f"{section}.jsonl"

    def runs(self, section: str) -> Path:
        """Return the folder of the section's manifests."""
        return self.path / "runs" / section

    def drift(self, section: str) -> Path:
        """Return the folder of the pages kept because of layout drift."""
        return self.path / "drift" / section

    def screenshots(self, section: str) -> Path:
        """Return the folder of the section's screenshots."""
        return self.path / "screenshots" / section

    @property
    def state(self) -> Path:
        """The folder of what the feeds hold, and of all locks."""
        return self.path / "state"

    @property
    def rejected(self) -> Path:
        """The folder of rejected pages and their records."""
        return self.path / "rejected"

    def rejected_pages(self, section: str) -> Path:
        """Return the folder of the section's rejected pages."""
        return self.rejected / "pages" / section

    def rejected_records(self, section: str) -> Path:
        """Return the records of the section's rejected pages."""
        return self.rejected / f"{section}.jsonl"

    def owns(self, path: Path, sections: Collection[str]) -> bool:
        """Return whether a file belongs to the project: a feed, a rotated file of one, or anything in own folders.

        Spelling, symlinks and hard links make no difference. A feed of `sections` is owned before it exists. Another
        output folder is known by its ``state/``, so that the files of all of them are owned.
        """
        real = path.resolve()
        folders = {self.path.resolve(), *filter(_is_output_folder, real.parents)}
        return any(_holds(OutputDir(folder), real, sections) for folder in folders)


def _holds(output: OutputDir, real: Path, sections: Collection[str]) -> bool:
    own_folders = [(output.path / folder).resolve() for folder in _OWN_FOLDERS]
    if any(real.is_relative_to(folder) or folder == real for folder in own_folders):
        return True
    names = {*sections, *(state.stem for state in (output.path / "state").glob("*.write-ahead"))}
    if real.parent == output.path and any(_is_feed_name(real.name, name) for name in names):
        return True
    if real in {output.feed(name).resolve() for name in names}:
        return True
    return real.exists() and real.stat().st_nlink > 1 and any(map(real.samefile, _own_files(output, names)))


def _own_files(output: OutputDir, sections: Collection[str]) -> Iterator[Path]:
    """Yield the files that a hard link could lead to."""
    for name in sections:
        yield from output.path.glob(f"{name}.jsonl*")
    for folder in _OWN_FOLDERS:
        yield from (path for path in (output.path / folder).rglob("*") if path.is_file())


def _is_output_folder(folder: Path) -> bool:
    return any((folder / "state").glob("*.write-ahead"))


def _is_feed_name(name: str, section: str) -> bool:
    """Return whether a file name is that of a feed or rotated file; some file systems ignore the case.

    >>> [_is_feed_name(name, "national") for name in ("national.jsonl", "National.JSONL.1", "national.json")]
    [True, True, False]
    """
    return name.casefold().startswith(f"{section}.jsonl".casefold())
