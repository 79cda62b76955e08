"""What differs from Scrapy's defaults, each with its reason; configuration.py declares those that begin with JIJI_."""

BOT_NAME = "jiji"
SPIDER_MODULES = ["jiji.spiders"]
COMMANDS_MODULE = "jiji.commands"


# --- A guest's manners
ADDONS = {"jiji.network.user_agent.UserAgentAddon": 100}  # puts JIJI_CONTACT into the User-Agent
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
    "jiji.network.offsite.EarlyOffsiteMiddleware": 10,  # before robots.txt is requested
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # an unreadable robots.txt allows everything
    "jiji.network.robots.RobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # a reader without an account
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # news pages that refresh lead nowhere else
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # accepts half of a gzip body
    "jiji.network.rate_limit.RateLimitMiddleware": 610,  # sees every response before it is redirected or retried
    "jiji.network.offsite.OffsiteMiddleware": 1000,  # last before the download
}

# --- No doors of our own
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # would run Python for whoever reaches a local port

# --- The way of an article
WARN_ON_GENERATOR_RETURN_VALUE = False  # would read the source of a callback for every page
CONCURRENT_ITEMS = 1  # half the CPU a page of the default 100, and articles stay in order
ITEM_PIPELINES = {
    "jiji.pipelines.Note": 10,
    "jiji.pipelines.Clean": 100,
    "jiji.pipelines.Validate": 200,
    "jiji.pipelines.Prove": 300,
    "jiji.pipelines.Deduplicate": 400,
}
FEEDS = {
    "journal:%(output)s/%(name)s.jsonl": {
        "format": "article_lines",
        "encoding": "utf-8",
        "store_empty": False,
        "uri_params": "jiji.feedexport.uri_params",
    }
}
FEED_STORAGES = {"journal": "jiji.feedexport.JournalStorage"}
FEED_EXPORTERS = {"article_lines": "jiji.feedexport.ArticleLinesExporter"}
FEED_EXPORT_ENCODING = "utf-8"
SPIDER_MIDDLEWARES = {"jiji.extensions.crash_guard.ReadingMiddleware": 950}
EXTENSIONS = {
    "jiji.extensions.mishaps.Mishaps": 480,
    "jiji.extensions.manifest.Manifest": 490,  # before the feed: it judges while the section is still held
    "jiji.extensions.layout_drift.Drift": 485,  # before what judges the run
    "jiji.feedexport.SectionFeed": 500,  # after Scrapy's feed export, whose feeds it checks
    "jiji.extensions.rejected_pages.Rejects": 510,
    "jiji.extensions.waiting.Waiting": 515,
    "jiji.extensions.field_coverage.Coverage": 517,
    "jiji.extensions.progress.Progress": 520,
    "jiji.extensions.watchdog.Watchdog": 530,
    "jiji.extensions.run_deadline.RunDeadline": 540,
    "jiji.network.old_stats.OldStats": 1,  # until runs.result reads RunStats
}

# --- What is said
LOG_LEVEL = "INFO"
LOG_FORMATTER = "jiji.log_formatter.OneLine"
