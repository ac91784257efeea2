import Domain
import Testing

@testable import Transfer

@Suite struct RequestTests {
    @Test(arguments: [
        "", "ftp://host/hunter2", "file:///etc/hunter2", "http:///hunter2", "http://ho st/hunter2",
        "https://user:hunter2@host/", "http://host:99999/hunter2", "http://host:/hunter2",
        "http://host\r\nX-Evil: hunter2/", "http://höst/hunter2", "http://[::1/hunter2",
        "http://a\\@b/hunter2", "http://host:8x/hunter2", "//host/hunter2", "http://-o/hunter2",
        "https://host/" + String(repeating: "hunter2", count: 2000),
    ])
    func `a URL that cannot be sent to is permanent and not repeated`(url: String) async throws {
        let client = HTTPClient(userAgent: "t")
        let found = await error { () async throws(TransferError) in
            try await client.send(HTTPRequest(.get, url))
        }
        guard case .malformedURL = found else {
            Issue.record("\(url): \(String(describing: found))")
            return
        }
        #expect(found?.failure.disposition == .stalled)
        #expect(found.map { !$0.failure.description.contains("hunter2") } == true)
    }

    @Test func `the parts of a URL are read as they are meant`() throws {
        let plain = try WebAddress("HTTP://Example.COM?q=http://other/")
        #expect(plain.server == "http://example.com:80" && plain.pathAndQuery == "?q=http://other/")
        let six = try WebAddress("https://[2001:DB8::1]:8443/a/b?c#d")
        #expect(six.host == "2001:db8::1" && six.port == 8443 && six.pathAndQuery == "/a/b?c#d")
        #expect(six.server == "https://[2001:db8::1]:8443")
        let other = try WebAddress("https://[2001:db8::1]/")
        #expect(isLoopback("127.0.0.2") && !isLoopback("127.example.com"))
        #expect(!six.hasSameOrigin(as: other))
        #expect(other.hasSameOrigin(as: try WebAddress("https://[2001:db8::1]:443/x")))
    }

    @Test(arguments: [
        ("X-A", "hunter2\r\nX-B: c"), ("X-A", "hunter2\0"), ("X A", "hunter2"), ("", "hunter2"),
        ("X-A:", "hunter2"), ("Content-Length", "7"), ("transfer-encoding", "chunked"),
    ])
    func `a header that would break out of its line is refused`(
        name: String, value: String
    ) async throws {
        let client = HTTPClient(userAgent: "t")
        let found = await error { () async throws(TransferError) in
            try await client.send(
                HTTPRequest(.get, "http://127.0.0.1:1/", headers: [(name, value)]))
        }
        guard case .malformedRequest = found else {
            Issue.record("\(name): \(String(describing: found))")
            return
        }
        #expect(found.map { !$0.failure.description.contains("hunter2") } == true)
    }

    @Test func `a library that does not exist is said so, with what to install`() {
        guard case .failure(let found) = CurlLibrary.open(["libnosuchcurl.so.4", "libalso.so"])
        else {
            Issue.record("it was opened")
            return
        }
        #expect(found.description.contains("libnosuchcurl.so.4"))
        #expect(found.failure.hint == "apt-get install libcurl4")
        #expect(found.failure.disposition == .stalled)
        // libc exists everywhere and has none of the functions.
        guard case .failure(let other) = CurlLibrary.open(["libc.so.6"]) else {
            Issue.record("libc was taken for libcurl")
            return
        }
        #expect(other.description.contains("curl_global_init"))
    }

    @Test func `foreign words that repeat a secret are not passed on`() throws {
        let request = HTTPRequest(
            .post, "https://h/T0/B0",
            headers: [("Authorization", "Bearer abc"), ("Accept", "a/b")])
        let secrets = request.secrets(at: try WebAddress(request.url))
        for text in ["bad abc", "at /T0/B0", "Bearer abc!"] {
            #expect(secrets.cleaned(text, or: "plain") == "plain")
        }
        #expect(secrets.cleaned("no a/b\u{1b}[2J here.\r\n", or: "plain") == "no a/b [2J here")
        #expect(secrets.cleaned("", or: "plain") == "plain")
        #expect(!"\(request)".contains("abc") && !"\(request)".contains("T0"))
    }
}
