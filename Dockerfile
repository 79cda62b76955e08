# scrapyd with everything that the spiders need; docs/how-to/scrapyd.md. The project itself is deployed as an egg.
FROM debian:12-slim

# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 990 --home-dir /var/lib/scrapyd --shell /usr/sbin/nologin scrapyd \
    && install -d -o scrapyd -g scrapyd -m 750 /var/lib/scrapyd /var/lib/jiji

COPY requirements-scrapyd.txt /opt/requirements.txt
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --requirement /opt/requirements.txt

ENV JIJI_OUTPUT_DIR=/var/lib/jiji \
    LANG=C.UTF-8 \
    SCRAPYD_BIND_ADDRESS=0.0.0.0

USER 990
WORKDIR /var/lib/scrapyd
VOLUME ["/var/lib/scrapyd", "/var/lib/jiji"]
EXPOSE 6800

# Without a password anyone who reaches the port runs code: the server does not start.
CMD ["/bin/sh", "-c", ": \"${SCRAPYD_USERNAME:?}\" \"${SCRAPYD_PASSWORD:?}\" && exec /opt/venv/bin/scrapyd --pidfile="]
