import Testing

@testable import Transfer

/// What an operator allows, and what a commit asks for, are compared part by part.
@Suite struct DataURLTests {
    @Test(arguments: [
        ("s3://clicks/", "s3://clicks/a/b.csv"), ("s3://clicks", "s3://clicks/a"),
        ("s3://clicks/a/", "s3://clicks/a/b"), ("s3://clicks/a", "s3://clicks/a"),
        ("s3://clicks/a b%/", "s3://clicks/a b%/c#?.csv"),
        ("https://data.example.org/", "https://DATA.example.org:443/x"),
        ("https://data.example.org/a%62/", "https://data.example.org/ab/c?x=..%2F"),
        ("http://[::1]:80/", "http://[::1]/x"), ("file:///srv/dvc/", "file:///srv/dvc/a %2e"),
    ])
    func `what lies below a prefix is allowed`(prefix: String, url: String) throws {
        #expect(try DataURL(url).isBelow(DataURL(prefix)))
    }

    @Test(arguments: [
        ("s3://clicks/", "s3://clicks2/a"), ("s3://clicks/a/", "s3://clicks/ab/c"),
        ("s3://clicks/a/", "s3://clicks/a%2Fb"), ("s3://clicks/a/", "s3://clicks/b"),
        ("https://data.example.org/", "http://data.example.org/x"),
        ("https://data.example.org/", "https://data.example.org:444/x"),
        ("https://data.example.org/", "https://data.example.org.evil.example/x"),
        ("https://data.example.org/a/", "https://data.example.org/ab"),
        ("https://data.example.org/", "https://data.example.org./x"),
        ("file:///srv/dvc/", "file:///srv/dvcx/a"), ("file:///srv/dvc/", "file:///srv"),
        ("file:///srv/", "s3://srv/"),
    ])
    func `what lies beside a prefix is not`(prefix: String, url: String) throws {
        #expect(try !DataURL(url).isBelow(DataURL(prefix)))
    }

    @Test(arguments: [
        "", "ftp://a/b", "S3://a/b", "s3:/a/b", "s3://", "s3:///a", "s3://Big/a", "s3://a@b/c",
        "s3://a/../b", "s3://a/./b", "s3://a/b\nc", "s3://-a/b",
        "https://user@host/a", "https://user:pass@host/a", "https://host/../a",
        "https://host/%2e%2E/a", "https://host/..;x/a", "https://host/a%2fb", "https://host/a%5cb",
        "https://host/a//b", "https://host/a%", "https://host/a%zz", "https://host/a%00",
        "https://host/%ff", "https://host/a#b", "https://ho st/a", "https://hosté/a",
        "https://host:0/a", "https:///a", "file://host/a", "file://a", "file:///a/../b",
        "file:///a//b", "file:///a/./b", "file:///a\u{7f}b",
    ])
    func `what could be read in two ways is refused`(url: String) {
        #expect(throws: TransferError.self) { try DataURL(url) }
    }

    @Test func `every piece of a prefix that is cut off a url is one that it lies below`() throws {
        let url = try DataURL("https://h:8443/a/b%20c/d")
        for prefix in ["https://h:8443", "https://h:8443/a", "https://h:8443/a/b%20c/"] {
            #expect(try url.isBelow(DataURL(prefix)))
            #expect(try !DataURL(prefix).isBelow(url))
        }
        #expect(url.path == "a/b c/d")
        #expect(try DataURL("https://h/x?key=1").shown == "https://h/x")
        #expect(try DataURL("file:///srv/").appending("a b/c").text == "file:///srv/a b/c")
        #expect(try DataURL("s3://b/k").appending("a b").text == "s3://b/k/a b")
        #expect(throws: TransferError.self) { try DataURL("s3://b/k").appending("../x") }
    }
}
