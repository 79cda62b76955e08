"""Settings and spider arguments of the project: one declaration each, checked before the first request.

docs/reference/settings.md is generated from these models. Scrapy's own settings stand in settings.py.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from scrapy.utils.conf import closest_scrapy_cfg

from jiji.output import OutputDir
from jiji.runs.retention import Caps
from jiji.runs.scrapyd import is_under_scrapyd
from jiji.site.urls import DEFAULT_ROOT, root_of

PREFIX = "JIJI_"
_LONGEST_AGE_HOURS = 24 * 366


class ConfigurationError(ValueError):
    """A setting or spider argument with an unknown name or an invalid value; the message names the accepted ones."""


class UnusableOutputDir(ConfigurationError):
    """An output folder in which no file may be written, not even a manifest."""


class RelativeOutputDir(UnusableOutputDir):
    """A relative output folder under scrapyd, where it would lie in the folder of the server."""


def _no_flag(value: object) -> object:
    """Refuse True and False, which Python counts as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("not a number")
    return value


def _split(value: object) -> object:
    """Return the parts of a comma-separated text; Scrapy hands lists through."""
    return [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _strict_day(value: object) -> object:
    """Return a day or its text; pydantic alone would read a number as seconds since 1970."""
    if not isinstance(value, date) and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value), re.ASCII):
        raise ValueError("not YYYY-MM-DD")
    return value


def _folder(value: str) -> str:
    """Return a path that can be expanded."""
    try:
        Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError("no such user") from error
    if not value.strip():
        raise ValueError("empty")
    return value


Count = Annotated[int, Field(ge=1), BeforeValidator(_no_flag)]
Hours = Annotated[float, Field(gt=0, lt=_LONGEST_AGE_HOURS, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Day = Annotated[date, BeforeValidator(_strict_day)]


def _setting(default: object, description: str, accepts: str) -> Any:
    return Field(
        default=default, description=description, json_schema_extra={"accepts": accepts}, validate_default=True
    )


class RenderMode(StrEnum):
    """Pages that are opened in a browser."""

    OFF = "off"
    FALLBACK = "fallback"
    """Pages without an article or a list that have scripts."""
    ALWAYS = "always"


class _Declaration(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def accepts(cls, name: str) -> str:
        """Return the accepted values of a field in words."""
        extra = cls.model_fields[name].json_schema_extra
        return str(extra["accepts"]) if isinstance(extra, dict) else ""


class Configuration(_Declaration):
    """The settings that begin with JIJI_; field ``max_pages`` is JIJI_MAX_PAGES."""

    base_url: Annotated[str, AfterValidator(root_of)] = _setting(
        DEFAULT_ROOT,
        "root of the site to crawl. A name that resolves to a private address is refused unless this setting names it.",
        "https://HOST[:PORT]/, http for loopback only",
    )
    output_dir: Annotated[str, AfterValidator(_folder)] = _setting(
        "output",
        "folder of everything that a run writes; a relative one lies in the project's folder. The environment variable "
        "of this name sets it too. Under scrapyd it must be absolute.",
        "a path, not empty; ~ is the home folder",
    )
    contact: str = _setting(
        "", "address in the User-Agent where the site's owner can complain; a live crawl should name one", "any text"
    )
    recheck_hours: Annotated[tuple[Hours, ...], BeforeValidator(_split)] = _setting(
        (1, 6, 24),
        "ages in hours after first sight at which a known article is fetched again; empty: never",
        "hours such as 1, 6, 24, or empty",
    )
    audit_hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] = _setting(
        24,
        "age in hours of the last audit from which on the next run is one: it reads the index pages to their end, and "
        "counts what the runs before it missed; 0: only with `-a audit=1`",
        "hours, 0 or more",
    )
    near_duplicate_days: Annotated[int, Field(ge=0, le=366), BeforeValidator(_no_flag)] = _setting(
        7,
        "days between an article and an earlier one of its feed up to which it can repeat or continue that one; "
        "0: no links",
        "an integer from 0 to 366",
    )
    stale_hours: Annotated[float, Field(gt=0)] = _setting(
        24, "age in hours of the last good run from which on `scrapy status` calls a section stale", "hours above 0"
    )
    frozen_hours: Annotated[float, Field(ge=0)] = _setting(
        0,
        "age in hours of the newest article on the index pages from which on `scrapy status` calls a section stale, "
        "because the site or a cache is frozen; counted from the end of its day in Japan. 0: never.",
        "hours, 0 or more",
    )
    max_pages: Count = _setting(100, "index pages that one run may read", "an integer of at least 1")
    max_articles: Count = _setting(5000, "articles that one run may request", "an integer of at least 1")
    max_refusals: Count = _setting(
        5, "answers 401, 402, 403 or 451 in a row that end the run as blocked", "an integer of at least 1"
    )
    max_wait_seconds: Seconds = _setting(
        600, "seconds that one run waits in total because the site asks for it (Retry-After)", "seconds, 0 or more"
    )
    backoff_seconds: Seconds = _setting(
        4, "seconds before the first retry; doubled for each further one, with jitter", "seconds, 0 or more"
    )
    run_deadline_hours: Annotated[float, Field(gt=0)] = _setting(
        12, "hours that one run may take; the next run continues", "hours above 0"
    )
    watchdog_seconds: Seconds = _setting(
        45,
        "seconds of computing or sleeping without a turn of the event loop that end the process; 0: no watchdog",
        "seconds, 0 or more",
    )
    render: RenderMode = _setting(
        RenderMode.OFF,
        "pages that are opened in Chromium, so that their scripts run: none, those that are empty without scripts, all",
        "off, fallback or always",
    )
    screenshots: bool = _setting(
        False,
        "keep a screenshot of each published article; it needs Chromium, also where JIJI_RENDER is off",
        "a boolean",
    )
    chromium: str = _setting(
        "", "executable of Chromium; empty: the one on PATH, or Debian's in /usr/bin", "a path, or empty"
    )
    max_rendered: Count = _setting(1000, "pages that one run may open in Chromium", "an integer of at least 1")
    drift_share: Annotated[float, Field(ge=0, le=1)] = _setting(
        0.2, "share of pages read without the known selectors that counts as layout drift", "a number from 0 to 1"
    )

    keep_files: Count = _setting(
        1000,
        "files of each kind (manifests, screenshots, rejected pages, records of them, rotated logs) that a section "
        "keeps; older ones are removed",
        "an integer of at least 1",
    )
    keep_days: Annotated[float, Field(gt=0, le=36525)] = _setting(90, "age in days of these files", "days above 0")
    keep_megabytes: Annotated[float, Field(gt=0, allow_inf_nan=False)] = _setting(
        50, "total size of these files, of each kind", "megabytes above 0"
    )

    @property
    def caps(self) -> Caps:
        """Caps on what runs leave beside the feed."""
        return Caps(self.keep_files, self.keep_days, int(self.keep_megabytes * 1_000_000))

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return the checked settings; raises ConfigurationError with the accepted names or values."""
        given = {name: settings[name] for name in settings if name.startswith(PREFIX)}
        known = [f"{PREFIX}{field.upper()}" for field in cls.model_fields]
        if unknown := sorted(given.keys() - set(known)):
            raise ConfigurationError(_unknown("setting", unknown[0], known))
        values = {name.removeprefix(PREFIX).lower(): value for name, value in given.items()}
        try:
            configuration = cls(**values)
        except ValidationError as error:
            message = _invalid(error, cls, lambda field: f"{PREFIX}{field.upper()}")
            is_folder = any(each["loc"] == ("output_dir",) for each in error.errors())
            raise (UnusableOutputDir if is_folder else ConfigurationError)(message) from None
        configuration._check_output_dir()
        return configuration

    def _check_output_dir(self) -> None:
        """Raise RelativeOutputDir under scrapyd for a folder that would lie in the server's."""
        if is_under_scrapyd() and not Path(self.output_dir).expanduser().is_absolute():
            raise RelativeOutputDir(
                f"JIJI_OUTPUT_DIR={self.output_dir!r} is relative, and would lie in the folder of scrapyd; set it to "
                "an absolute path, in the environment of the server or as a setting of the job"
            )

    @property
    def may_render(self) -> bool:
        """Whether the run may open pages in a browser."""
        return self.screenshots or self.render is not RenderMode.OFF

    @property
    def base_url_is_explicit(self) -> bool:
        """Whether the user named the site; the default earns no trust in where its name resolves to."""
        return "base_url" in self.model_fields_set


class Arguments(_Declaration):
    """The spider arguments (``-a``): bounds of one run. Days are days in Japan, inclusive."""

    since: Day | None = _setting(None, "oldest day in Japan to fetch", "since=YYYY-MM-DD")
    until: Day | None = _setting(None, "newest day in Japan to fetch", "until=YYYY-MM-DD")
    max_articles: Count | None = _setting(
        None, "articles that this run may request", "max_articles=N, an integer N of at least 1"
    )
    audit: bool | None = _setting(None, "read the index pages to their end, as the daily audit does", "audit=1")

    @classmethod
    def parse(cls, **given: object) -> Self:
        """Return the arguments, as text or as Python values; raises ConfigurationError.

        >>> Arguments.parse(since="2026-01-05", max_articles="20").since
        datetime.date(2026, 1, 5)
        >>> Arguments.parse(sinse="2026-01-05")
        Traceback (most recent call last):
        ConfigurationError: unknown spider argument 'sinse'; did you mean 'since'? Accepted: since, until, ...
        """
        if unknown := sorted(given.keys() - cls.model_fields.keys()):
            raise ConfigurationError(_unknown("spider argument", unknown[0], cls.model_fields))
        try:
            arguments = cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise ConfigurationError(_invalid(error, cls, str)) from None
        if arguments.since and arguments.until and arguments.since > arguments.until:
            raise ConfigurationError(f"since={arguments.since} is later than until={arguments.until}")
        return arguments

    def allow(self, day: date) -> bool:
        """Return whether articles of a day are requested."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def output_dir(settings: Mapping[str, Any]) -> OutputDir:
    """Return the output folder of a project, also where other settings are invalid: the refusal is recorded there."""
    project = closest_scrapy_cfg()
    folder = Path(project).parent if project else Path.cwd()
    default = str(Configuration.model_fields["output_dir"].default)
    try:
        return OutputDir.locate(str(settings.get("JIJI_OUTPUT_DIR") or "").strip() or default, folder)
    except RuntimeError:  # the home folder of an unknown user
        return OutputDir.locate(default, folder)


REFUSED = {
    "JOBDIR": "a run reads the index pages again and fetches what the feed lacks, so there is no job to resume",
    "DEPTH_LIMIT": "it would cut the index pages off; bound a run with -a since, -a max_articles or JIJI_MAX_PAGES",
}
"""Settings of Scrapy that a section cannot be crawled with, and the reason."""


def check_scrapy_settings(settings: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for a setting of Scrapy that a section cannot be crawled with."""
    for name, reason in REFUSED.items():
        if settings.get(name) not in (None, "", 0, "0"):
            raise ConfigurationError(f"{name} is set: {reason}; leave it out")


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(name, known, n=1, cutoff=0.0)
    return f"unknown {kind} {name!r}; did you mean {nearest[0]!r}? Accepted: {', '.join(known)}"


def _invalid(error: ValidationError, model: type[_Declaration], name_of: Callable[[str], str]) -> str:
    """Return the first error in one line: the name and value as given, and the accepted values."""
    first = error.errors(include_url=False, include_context=False)[0]
    field = str(first["loc"][0])
    return f"invalid {name_of(field)}={first['input']!r} (expected {model.accepts(field)})"
