"""Transport: download handler, content codings, rate limit, robots.txt, off-site and SSRF protection."""
