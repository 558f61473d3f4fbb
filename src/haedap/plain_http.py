"""Plain HTTP to processes of this machine.

Unless it is told otherwise httpx reads all certificates of the machine for every client that it makes, 40 ms of
processor each time, also where nothing is encrypted.
"""

import ssl

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For httpx's `verify` where addresses begin with http: it trusts nobody, so an encrypted connection would fail."""
