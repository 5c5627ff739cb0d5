"""Signs requests as botocore does, for tests without it."""

import hashlib
import hmac
import time
from urllib.parse import quote


def signed(method: str, path: str, query: dict[str, str], body: bytes, key_id: str, secret: str, host: str) -> dict[str, str]:
    """The headers of a request to A2I, signed now."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {"host": host, "x-amz-date": stamp} | ({"content-type": "application/json"} if body else {})
    names = ";".join(sorted(headers))
    asked = "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join([method, path, asked, lines, names, hashlib.sha256(body).hexdigest()])
    scope = f"{stamp[:8]}/local/sagemaker/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    said = f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return headers | {"authorization": said}
