"""TLS of the download handler: certificates are checked as browsers check them."""

import ssl

from scrapy.settings import BaseSettings

from jiji.configuration import ConfigurationError

_VERSIONS = {
    "TLSv1.0": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
"""Values of DOWNLOAD_TLS_MIN_VERSION and DOWNLOAD_TLS_MAX_VERSION."""


def tls_context(settings: BaseSettings) -> ssl.SSLContext:
    """Return the TLS context of a crawl, from Scrapy's settings; SSL_CERT_FILE and SSL_CERT_DIR name the authorities.

    The host must match a subject alternative name of the certificate; its common name does not count.
    """
    context = ssl.create_default_context()
    context.hostname_checks_common_name = False
    context.set_alpn_protocols(["http/1.1"])
    if not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if version := _version(settings, "DOWNLOAD_TLS_MIN_VERSION"):
        context.minimum_version = version
    if version := _version(settings, "DOWNLOAD_TLS_MAX_VERSION"):
        context.maximum_version = version
    if (ciphers := settings.get("DOWNLOADER_CLIENT_TLS_CIPHERS")) not in (None, "", "DEFAULT"):
        context.set_ciphers(ciphers)
    return context


def _version(settings: BaseSettings, name: str) -> ssl.TLSVersion | None:
    value = settings.get(name)
    if value and value not in _VERSIONS:
        raise ConfigurationError(f"invalid {name}={value!r} (expected one of {', '.join(_VERSIONS)})")
    return _VERSIONS.get(value)
