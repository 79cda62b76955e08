"""Settings under which a command that only looks at the site writes no file of a crawl."""

WITHOUT_FILES: dict[str, object] = {"FEEDS": {}, "JOBDIR": None, "HTTPCACHE_ENABLED": False}
