"""Settings that differ from Scrapy's defaults, each with its reason; configuration.py declares the JIJI_ settings."""

import os

BOT_NAME = "jiji"
SPIDER_MODULES = ["jiji.spiders"]
COMMANDS_MODULE = "jiji.commands"
if "JIJI_OUTPUT_DIR" in os.environ:
    JIJI_OUTPUT_DIR = os.environ["JIJI_OUTPUT_DIR"]  # one place for all jobs of a server such as scrapyd


# --- Polite crawling
ADDONS = {
    "jiji.network.user_agent.UserAgentAddon": 100,  # puts JIJI_CONTACT into the User-Agent
    "jiji.extensions.project_components.ProjectComponents": 1000,  # last: it settles which components there are
}
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "jiji"  # the name that rules are looked up for, whatever else USER_AGENT holds
CONCURRENT_REQUESTS = 1  # one request at a time: there is one host, and 1,400 stories a day at the very most
CONCURRENT_REQUESTS_PER_DOMAIN = 1
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # articles are fetched, and stand in the feed, oldest first
DOWNLOAD_DELAY = 2  # seconds, times 0.5 to 1.5
DOWNLOAD_DELAY_JITTER = 0.5
AUTOTHROTTLE_ENABLED = True  # slower still when the site is slow
AUTOTHROTTLE_START_DELAY = 2
AUTOTHROTTLE_MAX_DELAY = 60
AUTOTHROTTLE_TARGET_CONCURRENCY = 0.5
COOKIES_ENABLED = False  # a reader without an account
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default in Scrapy
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024  # an article page has some 30 KB
DOWNLOAD_WARNSIZE = 1024 * 1024
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_EXCEPTIONS = [  # of the project's handler; the default list imports Twisted's handlers with all of TLS
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip, deflate",
}

# --- Transport: complete responses, at the rate limit, from no host but the site's
DOWNLOAD_HANDLERS = {
    "http": "jiji.network.download_handler.HttpDownloadHandler",
    "https": "jiji.network.download_handler.HttpDownloadHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),  # the site is on the web, nowhere else
}
DOWNLOADER_MIDDLEWARES = {
    "jiji.network.local_request.LocalRequestMiddleware": 1,  # answers without a download
    "jiji.network.offsite.EarlyOffsiteMiddleware": 10,  # before robots.txt is requested
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # an unreadable robots.txt allows everything
    "jiji.network.robots.RobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # a reader without an account
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # news pages that refresh lead nowhere else
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # accepts half of a gzip body
    "jiji.network.rate_limit.RateLimitMiddleware": 610,  # sees every response before it is redirected or retried
    "jiji.extensions.crash_guard.CrashGuard": 990,  # marks a response before any other middleware sees it
    "jiji.network.offsite.OffsiteMiddleware": 1000,  # last before the download
}

# --- No doors of our own
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # would run Python for whoever reaches a local port

# --- From response to feed
WARN_ON_GENERATOR_RETURN_VALUE = False  # would read the source of a callback for every page
CONCURRENT_ITEMS = 1  # half the CPU a page of the default 100, and articles stay in order
SPIDER_MIDDLEWARES = {"jiji.extensions.crash_guard.CrashGuard": 950}  # next to the spider
ITEM_PIPELINES = {
    "jiji.extensions.crash_guard.CrashGuard": 10,
    "jiji.pipelines.Clean": 100,
    "jiji.pipelines.Validate": 200,
    "jiji.pipelines.Verify": 300,
    "jiji.pipelines.Deduplicate": 400,
    "jiji.pipelines.Link": 500,
}
FEED_EXPORTERS = {
    "csv": "jiji.exporters.FlatCsvExporter",
    "xml": "jiji.exporters.FlatXmlExporter",
    "marshal": "jiji.exporters.PlainMarshalExporter",
}
FEED_EXPORT_ENCODING = "utf-8"  # of extra feeds; the section's own feed is not one of FEEDS
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # Progress logs a line a minute
    "jiji.extensions.logged_errors.LoggedErrors": -30,
    "jiji.extensions.feed_check.FeedCheck": -25,  # before Scrapy's feed export opens its feeds, and empties those of -O
    "jiji.extensions.chromium_check.ChromiumCheck": -22,
    "jiji.extensions.manifest.ManifestWriter": -20,  # opens the run, and its feed
    "jiji.extensions.layout_drift.LayoutDrift": 500,
    "jiji.extensions.rejected_pages.RejectedPages": 520,
    "jiji.extensions.field_coverage.FieldCoverage": 530,
    "jiji.extensions.screenshots.Screenshots": 525,
    "jiji.extensions.retention.Retention": 535,  # behind those that write pages
    "jiji.extensions.progress.Progress": 540,
    "jiji.extensions.watchdog.Watchdog": 550,
    "jiji.extensions.run_deadline.RunDeadline": 560,
    "jiji.extensions.run_stats.RunStatsWriter": 900,  # last: it copies what the others counted
}

# --- Logging
STATS_DUMP = False  # the manifest has them; `scrapy crawl -L DEBUG` dumps them all the same
LOG_VERSIONS: list[str] = []  # the manifest has them
LOG_LEVEL = "INFO"
LOG_FORMATTER = "jiji.log_formatter.ArticleLogFormatter"
