"""Scrapy's download errors in the place of aiohttp's, with a message that names the object, the cause and the setting.

Scrapy's retry middleware retries all of them.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)

from jiji.network.content_coding import Fault, IncompleteResponse

_SHOWN = 200
"""Characters of a server's own words in a message."""


@contextmanager
def scrapy_errors() -> Iterator[None]:
    """Raise Scrapy's exception for one of aiohttp's."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _scrapy_error(error) from error


async def without_silent_retry(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Middleware of aiohttp that hides a lost connection from it: it would repeat the request at once."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else "closed by the server"
        raise DownloadFailedError(
            f"the connection to {_origin(request)} was lost before a response: {cause}"
        ) from error


def _scrapy_error(error: aiohttp.ClientError | TimeoutError) -> Exception:
    match error:
        case TimeoutError():
            return DownloadTimeoutError("the connection took too long")
        case aiohttp.InvalidURL():
            return DownloadFailedError(f"invalid URL: {_line(str(error))}")
        case aiohttp.ClientConnectorDNSError():
            return CannotResolveHostError(f"no address is known for the host {error.host}: {_os_cause(error)}")
        case aiohttp.ClientConnectorCertificateError():
            return DownloadFailedError(_certificate_message(error))
        case aiohttp.ClientSSLError():
            return DownloadFailedError(f"no TLS connection to {_peer(error)}: {error.strerror or error.os_error}")
        case aiohttp.ClientHttpProxyError():
            return DownloadFailedError(_proxy_message(error))
        case aiohttp.ClientConnectorError():
            return _connection_error(error)
        case aiohttp.ClientResponseError():
            return IncompleteResponse(Fault.MALFORMED, f"what came is not HTTP: {_line(error.message)}")
        case aiohttp.ClientPayloadError():
            return IncompleteResponse(Fault.CUT, f"the body is cut or malformed: {_line(str(error))}")
    return DownloadFailedError(f"the connection was lost: {_line(str(error) or type(error).__name__)}")


def _connection_error(error: aiohttp.ClientConnectorError) -> Exception:
    through = "proxy " if isinstance(error, aiohttp.ClientProxyConnectionError) else ""
    advice = " (check http_proxy and https_proxy)" if through else ""
    if error.errno == errno.ECONNREFUSED:
        return DownloadConnectionRefusedError(f"the connection was refused by {through}{_peer(error)}{advice}")
    return DownloadFailedError(f"no connection to {through}{_peer(error)}{advice}: {_os_cause(error)}")


def _certificate_message(error: aiohttp.ClientConnectorCertificateError) -> str:
    cause = getattr(error.certificate_error, "verify_message", "") or str(error.certificate_error)
    return (
        f"the certificate of {_peer(error)} was refused: {cause.rstrip('.')}. Name its authority in SSL_CERT_FILE, or "
        "turn the check off with DOWNLOAD_VERIFY_CERTIFICATES=False"
    )


def _proxy_message(error: aiohttp.ClientHttpProxyError) -> str:
    proxy, target = error.request_info.real_url.authority, error.request_info.url.authority
    advice = "; give user and password in https_proxy" if error.status == 407 else ""
    return f"proxy {proxy} answered {error.status} {_line(error.message)} to CONNECT {target}{advice}"


def _origin(request: aiohttp.ClientRequest) -> str:
    proxy = f" (through proxy {request.proxy.authority})" if request.proxy else ""
    return f"{request.url.authority}{proxy}"


def _peer(error: aiohttp.ClientConnectorError) -> str:
    host = f"[{error.host}]" if ":" in error.host else error.host
    return f"{host}:{error.port}"


def _os_cause(error: aiohttp.ClientConnectorError) -> str:
    number = error.os_error.errno or 0
    return _line(os.strerror(number) if number > 0 else error.os_error.strerror or str(error.os_error))


def _line(text: str) -> str:
    """Return a server's or library's words in one printable line."""
    return ascii(" ".join(text.split())[:_SHOWN])[1:-1]
