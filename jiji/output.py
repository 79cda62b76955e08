"""Output folder: the place of everything that a run writes, below JIJI_OUTPUT_DIR."""

from dataclasses import dataclass
from pathlib import Path


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
        return cls(project / output_dir)

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
    def rejected(self) -> Path:
        """The folder of rejected pages and their records."""
        return self.path / "rejected"
