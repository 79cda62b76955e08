"""What differs from Scrapy's defaults, each with its reason; docs/settings.md explains those that begin with JIJI."""

BOT_NAME = "jiji"
SPIDER_MODULES = ["jiji.spiders"]
COMMANDS_MODULE = "jiji.commands"

# --- Ours
JIJI_BASE_URL = "https://jen.jiji.com/"
JIJI_OUTPUT_DIR = "output"
JIJI_RECHECK_HOURS = "1, 6, 24"
JIJI_MAX_PAGES = 100
JIJI_DRIFT_SHARE = 0.2
JIJI_CONTACT = ""

# --- A guest's manners
ADDONS = {"jiji.identity.Identity": 100}  # puts JIJI_CONTACT into the User-Agent
ROBOTSTXT_OBEY = True
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
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", "Accept-Language": "en"}
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}  # the site is on the web, nowhere else

# --- No doors of our own
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # would run Python for whoever reaches a local port

# --- The way of an article
WARN_ON_GENERATOR_RETURN_VALUE = False  # would read the source of a callback for every page
CONCURRENT_ITEMS = 1  # half the CPU a page of the default 100, and articles stay in order
ITEM_PIPELINES = {
    "jiji.pipelines.Clean": 100,
    "jiji.pipelines.Validate": 200,
    "jiji.pipelines.Deduplicate": 300,
}
FEEDS = {
    "journal:%(output)s/%(name)s.jsonl": {
        "format": "article_lines",
        "encoding": "utf-8",
        "store_empty": False,
        "uri_params": "jiji.feed.export.uri_params",
    }
}
FEED_STORAGES = {"journal": "jiji.feed.export.JournalStorage"}
FEED_EXPORTERS = {"article_lines": "jiji.feed.export.ArticleLinesExporter"}
FEED_EXPORT_ENCODING = "utf-8"
EXTENSIONS = {
    "jiji.extensions.drift.Drift": 485,  # before what judges the run
    "jiji.feed.export.SectionFeed": 500,  # after Scrapy's feed export, whose feeds it checks
    "jiji.extensions.rejects.Rejects": 510,
    "jiji.extensions.progress.Progress": 520,
}

# --- What is said
LOG_LEVEL = "INFO"
LOG_FORMATTER = "jiji.logformatter.OneLine"
