"""Output folder: the place of everything that a run writes, below JIJI_OUTPUT_DIR."""

from dataclasses import dataclass
from pathlib import Path

_OWN_FOLDERS = ("state", "runs", "rejected", "drift")


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

    @property
    def state(self) -> Path:
        """The folder of what the feeds hold, and of all locks."""
        return self.path / "state"

    @property
    def rejected(self) -> Path:
        """The folder of rejected pages and their records."""
        return self.path / "rejected"

    def owns(self, path: Path) -> bool:
        """Return whether a path, in any spelling, is a feed with state, a rotated file of one, or lies in own folders.

        A section's feed is known by its state, so that a file of the user's own beside the feeds is not owned.
        """
        root, real = self.path.resolve(), path.resolve()
        if any(real.is_relative_to((root / folder).resolve()) for folder in _OWN_FOLDERS):
            return True
        return any(_is_feed(real, feed) for feed in self._feeds())

    def _feeds(self) -> list[Path]:
        return [self.feed(state.name.removesuffix(".sqlite")) for state in (self.path / "state").glob("*.sqlite")]


def _is_feed(path: Path, feed: Path) -> bool:
    if path.parent == feed.parent.resolve() and (path.name + ".").startswith(feed.name + "."):
        return True
    if path == feed.resolve():
        return True
    return path.exists() and feed.exists() and path.samefile(feed)
