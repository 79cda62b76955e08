"""Problems of a probe: the advice names files and settings that exist."""

import re

import pytest

from jiji.configuration import Configuration
from jiji.probe.problems import ProblemKind
from jiji.runs.result import Exit
from tests.conftest import PROJECT


@pytest.mark.parametrize("kind", ProblemKind)
def test_advice_names_files_and_settings_that_exist(kind: ProblemKind) -> None:
    for path in re.findall(r"\b(?:jiji|docs)/[\w./-]*\w/?", kind.todo):
        assert (PROJECT / path).exists(), path
    for setting in re.findall(r"JIJI_(\w+)", kind.todo):
        assert setting.lower() in Configuration.model_fields
    assert kind.exit in (Exit.DONE, Exit.BLOCKED, Exit.UNREACHABLE, Exit.LAYOUT)


def test_problems_have_different_names() -> None:
    assert len(list(ProblemKind)) == len(ProblemKind.__members__)
