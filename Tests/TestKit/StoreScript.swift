/// An object store in Python that checks every signature, over a folder.
///
///     python3 -c SCRIPT FOLDER KEY_ID SECRET
///
/// `FOLDER/<bucket>/<key>` are the objects; a test changes them on the disk. `FOLDER/.page` is
/// how many objects a page has, `FOLDER/.fault` a status that every answer has, and
/// `FOLDER/.swap` an object whose bytes are other ones than those listed when it is read.
/// `FOLDER/.asked` gets a line for each request. It prints its port first. The signature is
/// computed after the Amazon S3 API Reference, "Signature Calculations for the Authorization
/// Header", by nothing but Python's own library.
package let storeScript = #"""
    import hashlib, hmac, http.server, os, socketserver, sys, urllib.parse
    from xml.sax.saxutils import escape
    root, key_id, secret = sys.argv[1:4]

    def setting(name):
        try:
            with open(os.path.join(root, name)) as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""

    def quoted(text, safe=""):
        return urllib.parse.quote(text, safe=safe + "-_.~")

    def etag(path):
        with open(path, "rb") as file:
            return hashlib.md5(file.read()).hexdigest()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, status, body=b"", headers=()):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def refuse(self, status, code):
            self.answer(status, f"<?xml version='1.0'?><Error><Code>{code}</Code>"
                        f"<Message>no &amp; never</Message></Error>".encode())

        def is_signed(self, url):
            text = self.headers.get("Authorization", "")
            if not text.startswith("AWS4-HMAC-SHA256 "):
                return False
            parts = dict(part.strip().split("=", 1) for part in text[17:].split(","))
            given, day, region, service, end = parts["Credential"].split("/")
            names = parts["SignedHeaders"].split(";")
            query = urllib.parse.parse_qsl(url.query, keep_blank_values=True)
            canonical = "\n".join([
                self.command,
                quoted(urllib.parse.unquote(url.path), "/"),
                "&".join(sorted(f"{quoted(name)}={quoted(value)}" for name, value in query)),
                *(f"{name}:{' '.join(self.headers.get(name, '').split())}" for name in names),
                "", parts["SignedHeaders"], self.headers["x-amz-content-sha256"]])
            when = self.headers["x-amz-date"]
            to_sign = "\n".join(["AWS4-HMAC-SHA256", when, f"{day}/{region}/{service}/{end}",
                                 hashlib.sha256(canonical.encode()).hexdigest()])
            key = f"AWS4{secret}".encode()
            for part in (day, region, service, end, to_sign):
                key = hmac.new(key, part.encode(), hashlib.sha256).digest()
            return (given == key_id and service == "s3" and when.startswith(day)
                    and {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names)
                    and self.headers["x-amz-content-sha256"] == hashlib.sha256(b"").hexdigest()
                    and hmac.compare_digest(key.hex(), parts["Signature"]))

        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            with open(os.path.join(root, ".asked"), "a") as file:
                file.write(f"{self.path}\n")
            fault = setting(".fault")
            if fault:
                return self.refuse(int(fault), "SlowDown" if fault == "503" else "InternalError")
            if not self.is_signed(url):
                return self.refuse(403, "SignatureDoesNotMatch")
            names = urllib.parse.unquote(url.path).lstrip("/").split("/", 1)
            bucket = os.path.join(root, names[0])
            if not os.path.isdir(bucket):
                return self.refuse(404, "NoSuchBucket")
            if len(names) > 1 and names[1]:
                return self.read(bucket, names[1])
            self.list(bucket, dict(urllib.parse.parse_qsl(url.query)))

        def read(self, bucket, key):
            path = os.path.join(bucket, key)
            if not os.path.isfile(path):
                return self.refuse(404, "NoSuchKey")
            with open(path, "rb") as file:
                body = file.read()
            if setting(".swap") == key:
                body += b"\n"
            self.answer(200, body, [("ETag", f'"{hashlib.md5(body).hexdigest()}"')])

        def list(self, bucket, ask):
            if ask.get("list-type") != "2":
                return self.refuse(400, "InvalidArgument")
            keys = []
            for folder, _, files in os.walk(bucket):
                for name in files:
                    keys.append(os.path.relpath(os.path.join(folder, name), bucket))
            keys = sorted(key for key in keys if key.startswith(ask.get("prefix", "")))
            size = int(setting(".page") or ask.get("max-keys", "1000"))
            token = ask.get("continuation-token", "")
            # Because a token is opaque, and may hold what has to be encoded.
            start = int(token[4:]) if token.startswith("a+/=") else 0
            page, more = keys[start:start + size], start + size < len(keys)
            lines = ["<?xml version='1.0' encoding='UTF-8'?>",
                     '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
                     f"<IsTruncated>{str(more).lower()}</IsTruncated>"]
            if more:
                lines.append(f"<NextContinuationToken>a+/={start + size}</NextContinuationToken>")
            for key in page:
                path = os.path.join(bucket, key)
                lines.append(
                    f"<Contents><Key>{escape(key)}</Key><ETag>&quot;{etag(path)}&quot;</ETag>"
                    f"<Size>{os.path.getsize(path)}</Size></Contents>")
            self.answer(200, "\n".join(lines + ["</ListBucketResult>"]).encode())

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
