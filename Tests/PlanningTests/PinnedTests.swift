import Domain
import Testing

@testable import Planning

private let digest = String(repeating: "5f", count: 32)
private let source = "s3://bucket/rows/"
private let follows = "description: rows\nsource: \(source)\nfollow: true\n"

private func pins(_ byte: String = "5f", _ from: String = source) -> PinFile {
    let sha256 = Digest(checked: String(repeating: byte, count: 32))
    return PinFile(
        source: from,
        files: [
            .init(
                path: "data/rows/b.csv", url: "\(from)b.csv", sha256: sha256, bytes: 5,
                etag: "\"e\""),
            .init(path: "data/rows/a ä.csv", url: "\(from)a ä.csv", sha256: sha256, bytes: 0),
        ])
}

private func text(_ pins: PinFile) -> String { String(decoding: pins.encoded, as: UTF8.self) }

private func repository(_ more: Files) -> Files {
    var files: Files = [
        "slipway.yaml": "",
        "models/m/model.yaml": "datasets: {train: rows}\nevaluation: {task: regression}\n",
        "models/m/train.py": "", "models/m/evaluate.py": "",
    ]
    files.merge(more) { $1 }
    return files
}

private let name = DatasetName(checked: "rows")

struct PinnedTests {
    @Test func `pins are written one file a line and read again`() throws {
        let written = text(pins())
        #expect(
            written == """
                {"files":[
                {"bytes":0,"path":"data/rows/a ä.csv","sha256":"\(digest)",\
                "url":"s3://bucket/rows/a ä.csv"},
                {"bytes":5,"etag":"\\"e\\"","path":"data/rows/b.csv","sha256":"\(digest)",\
                "url":"s3://bucket/rows/b.csv"}
                ],"source":"s3://bucket/rows/"}

                """)
        #expect(try PinFile(decoding: Array(written.utf8)) == pins())
        let none = PinFile(source: source, files: [])
        #expect(text(none) == "{\"files\":[\n],\"source\":\"\(source)\"}\n")
        #expect(try PinFile(decoding: none.encoded) == none)
        #expect(PinFile.path(of: name) == "datasets/rows.pins.json")
    }

    @Test(arguments: [
        (
            "\"path\":\"data/rows/b.csv\"", "\"path\":\"../b.csv\"",
            "`../b.csv` is not inside the repository", 3
        ),
        (
            "\"path\":\"data/rows/b.csv\"", "\"path\":\"data//b.csv\"",
            "`data//b.csv` is not inside the repository", 3
        ),
        (
            "\"data/rows/b.csv\"", "\"data/rows/a ä.csv\"",
            "the file `data/rows/a ä.csv` is named twice", 3
        ),
        (
            "s3://bucket/rows/b.csv", "file:///etc/passwd",
            "`url: file:///etc/passwd` must begin with `s3://`, `https://` or `http://`", 3
        ),
        ("\"bytes\":0", "\"bytes\":-1", "`bytes` is below 0", 2),
        ("\"bytes\":0", "\"bytes\":\"0\"", "`files[0].bytes` has the wrong type", nil),
        ("\"bytes\":0,", "", "`files[0].bytes` is missing", nil),
        (",\"source\":\"s3://bucket/rows/\"", "", "`source` is missing", nil),
        ("rows/\"}\n", "rows\"}\n", "`source` must be written as `s3://<bucket>/<prefix>/`", nil),
        ("{\"files\"", "{files", "is not JSON", nil),
    ])
    func `a mistake in pins is named`(
        _ old: String, _ new: String, _ message: String, _ line: Int?
    ) async throws {
        let written = text(pins()).replacing(old, with: new)
        let fault = PinFileFault(message, line)
        #expect(throws: fault) { try PinFile(decoding: Array(written.utf8)) }
        let plan = try await planned(
            repository(["datasets/rows.yaml": follows, "datasets/rows.pins.json": written]))
        let place = "datasets/rows.pins.json" + (line.map { ":\($0)" } ?? "")
        #expect(plan.diagnostics.map(\.line) == ["\(place): the file \(message)"])
    }

    @Test func `the files of a followed prefix are what is pinned`() async throws {
        let files = repository([
            "datasets/rows.yaml": follows, "datasets/rows.pins.json": text(pins()),
        ])
        let plan = try await planned(files)
        #expect(plan.allDiagnostics.isEmpty)
        let found = try #require(plan.datasets[name])
        #expect(found.followed == source && found.format == .csv)
        #expect(found.files.map(\.path) == ["data/rows/a ä.csv", "data/rows/b.csv"])
        #expect(found.files.map(\.url) == ["\(source)a ä.csv", "\(source)b.csv"])
        #expect(
            found.files.map(\.digestPlace.description)
                == ["datasets/rows.pins.json:2", "datasets/rows.pins.json:3"])
    }

    @Test func `what is not pinned yet is a warning, and the dataset is empty`() async throws {
        let other = text(pins("5f", "s3://bucket/other/"))
        for written in [nil, other, text(PinFile(source: source, files: []))] {
            let plan = try await planned(
                repository(["datasets/rows.yaml": follows])
                    .setting("datasets/rows.pins.json", to: written))
            #expect(
                plan.allDiagnostics.map(\.line) == [
                    "datasets/rows.yaml:2:9: nothing is pinned yet; the daemon pins what it finds "
                        + "at `\(source)`"
                ])
            #expect(plan.allDiagnostics.map(\.severity) == [.warning])
            #expect(plan.datasets[name]?.files.isEmpty == true)
            #expect(plan.datasets[name]?.followed == source && plan.models.count == 1)
        }
    }

    @Test(arguments: [
        ("follow: true", "1:1: `follow` needs `source`"),
        ("follow: false", "1:9: `follow` can only be `true`"),
        ("source: \(source)", "1:9: `source` needs `follow: true`"),
        ("source: \(source)\nfollow: false", "2:9: `follow` can only be `true`"),
        (
            "source: s3://bucket/rows\nfollow: true",
            "1:9: `source: s3://bucket/rows` must be written as `s3://<bucket>/<prefix>/`"
        ),
        (
            "source: https://host/rows/\nfollow: true",
            "1:9: `source: https://host/rows/` must be written as `s3://<bucket>/<prefix>/`"
        ),
        ("source: s3:///rows/\nfollow: true", "1:9: `source: s3:///rows/` has no host or bucket"),
        ("source: [a]\nfollow: true", "1:9: `source` must be a text, found a list"),
        (
            "source: \(source)\nfollow: true\nfiles: [{path: a.csv, sha256: \(digest)}]",
            "3:1: `source` and `files` both tell the files"
        ),
        (
            "follow: true\nfiles: [{path: a.csv, sha256: \(digest)}]",
            "1:1: `follow` needs `source`"
        ),
        ("format: csv", "1:1: `files` is missing"),
        ("files:", "1:1: `files` is missing"),
    ])
    func `a mistake about a source is named with its place`(
        _ manifest: String, _ words: String
    ) async throws {
        let plan = try await planned(repository(["datasets/rows.yaml": manifest + "\n"]))
        #expect(plan.diagnostics.map(\.line) == ["datasets/rows.yaml:\(words)"])
        #expect(plan.datasets.isEmpty)
    }

    @Test(arguments: ["s3://bucket/key", "https://host/a?b=c", "http://host:80/a"])
    func `a file may be kept behind a URL`(_ url: String) async throws {
        let manifest = "files: [{path: data/a.csv, sha256: \(digest), url: \"\(url)\"}]\n"
        let plan = try await planned(repository(["datasets/rows.yaml": manifest]))
        #expect(plan.datasets[name]?.files.map(\.url) == [url], "\(plan.diagnostics)")
    }

    @Test(arguments: [
        ("gs://b/k", "must begin with `s3://`, `https://` or `http://`"),
        ("/etc/passwd", "must begin with `s3://`, `https://` or `http://`"),
        ("file:///etc/passwd", "must begin with `s3://`, `https://` or `http://`"),
        ("s3://bucket", "must name one object"), ("s3://bucket/a/", "must name one object"),
        ("https:///a", "has no host or bucket"),
        ("https://u:p@host/a", "must not hold a name or a password"),
    ])
    func `a URL that cannot be fetched is named`(_ url: String, _ words: String) async throws {
        let manifest = "files: [{path: data/a.csv, sha256: \(digest), url: \"\(url)\"}]\n"
        let plan = try await planned(repository(["datasets/rows.yaml": manifest]))
        #expect(
            plan.diagnostics.map(\.line) == ["datasets/rows.yaml:1:107: `url: \(url)` \(words)"])
    }

    @Test(arguments: [
        ("https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=5f", "X-Amz-Signature"),
        ("https://b.s3.amazonaws.com/k?x-amz-security-token=5f", "x-amz-security-token"),
        ("https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Signature=5f", "AWSAccessKeyId"),
        ("https://storage.googleapis.com/b/k?X-Goog-Signature=5f", "X-Goog-Signature"),
        ("https://storage.googleapis.com/b/k?X%2DGoog%2dSignature=5f", "X%2DGoog%2dSignature"),
        ("https://a.blob.core.windows.net/c/k?sv=2022&SIG=5f%3D", "SIG"),
        ("http://host/a?v=1;access_token=5f", "access_token"),
        ("https://host/a?private-token=5f", "private-token"), ("https://host?token=5f", "token"),
        ("https://host/a#token=5f", "token"), ("https://host/a?api_key=5f", "api_key"),
        ("https://host/a?key=Zz9-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "key"),
    ])
    func `a signed URL is refused, and its secret is not repeated`(
        _ url: String, _ name: String
    ) async throws {
        let manifest = "files: [{path: data/a.csv, sha256: \(digest), url: \"\(url)\"}]\n"
        let plan = try await planned(repository(["datasets/rows.yaml": manifest]))
        #expect(
            plan.diagnostics.map(\.line) == [
                "datasets/rows.yaml:1:107: `url` holds a secret, `\(name)`, which a commit would "
                    + "give away"
            ])
        #expect(plan.diagnostics[0].hint?.hasPrefix("write `s3://<bucket>/<key>`, or") == true)
        #expect(plan.datasets.isEmpty)
    }

    @Test(arguments: [
        "https://host/a?version=5f&signed=no", "https://host/token=5f/sig", "https://host/a?sig",
        "https://host/a?design=5f", "s3://bucket/a?sig=5f",
        "https://host/a?key=Train-2024.csv",
        "https://host/a?key=5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f",
    ])
    func `a query without a secret is kept`(_ url: String) async throws {
        let manifest = "files: [{path: data/a.csv, sha256: \(digest), url: \"\(url)\"}]\n"
        let plan = try await planned(repository(["datasets/rows.yaml": manifest]))
        #expect(plan.datasets[name]?.files.map(\.url) == [url], "\(plan.diagnostics)")
    }

    @Test(arguments: [
        ("data/a.csv", "the commit itself holds `data/a.csv`, which is said to be kept elsewhere"),
        ("data", "`data/a.csv` cannot lie below the file `data`"),
        ("data/a.csv/b", "`data/a.csv` is a folder of the commit"),
    ])
    func `what is laid into a checkout hides nothing of the commit`(
        _ held: String, _ words: String
    ) async throws {
        let manifest = "files: [{path: data/a.csv, sha256: \(digest), url: s3://b/k}]\n"
        let plan = try await planned(repository(["datasets/rows.yaml": manifest, held: ""]))
        #expect(plan.diagnostics.map(\.line) == ["datasets/rows.yaml:1:107: \(words)"])
    }

    @Test func `pins touch the model even before they are there`() async throws {
        let before = try await planned(repository(["datasets/rows.yaml": follows]))
        let path = ["datasets/rows.pins.json"]
        #expect(touchedModels(changedPaths: path, old: before, new: before).count == 1)
    }

    @Test func `only the content counts for the fingerprint`() async throws {
        func candidate(_ pins: PinFile) async throws -> Fingerprint? {
            let plan = try await planned(
                repository([
                    "datasets/rows.yaml": follows, "datasets/rows.pins.json": text(pins),
                ]))
            return plan.models[ModelName(checked: "m")]?.candidate.fingerprint
        }
        let first = try await candidate(pins())
        #expect(first != nil)
        let moved = pins().files.map { file in
            var file = file
            (file.url, file.etag) = ("s3://elsewhere/x", "new")
            return file
        }
        #expect(try await candidate(PinFile(source: source, files: moved)) == first)
        #expect(try await candidate(pins("a0")) != first)
    }

    /// The next commit's plan, made from the last one's, is that of a planner that knows nothing.
    @Test func `what changes between commits is seen`() async throws {
        let pin = "outs:\n- md5: \(String(repeating: "0", count: 32))\n  hash: md5\n  path: d.csv\n"
        let config = "[core]\nremote = r\n['remote \"r\"']\nurl = s3://b/d\n"
        let start = repository(["datasets/rows.yaml": "format: csv\n"])
        var files = start
        let planner = Planner()
        let history = History()
        let lock = """
            schema: '2.0'
            stages:
              a: {outs: [{path: ../d.csv, md5: \(String(repeating: "1", count: 32)), hash: md5}]}

            """
        let steps: [(String, String?)] = [
            ("datasets/rows.dvc", pin), (".dvc/config", config), ("datasets/d.csv", "x\n1\n"),
            ("datasets/d.csv", "x\n2\n"), ("datasets/d.csv", nil), (".dvc/config", nil),
            ("datasets/rows.yaml", "files: [{path: d.csv, dvc: out/dvc.lock}]\n"),
            ("out/dvc.lock", lock), ("out/.dvc/config", config), ("d.csv", "x\n"), ("d.csv", nil),
            ("datasets/rows.yaml", follows), ("datasets/rows.pins.json", text(pins())),
            ("data", "in the way"), ("data", nil), ("data/rows/b.csv", "x\n"),
            ("data/rows/b.csv", nil), ("datasets/rows.pins.json", text(pins("a0"))),
            ("datasets/rows.pins.json", nil),
        ]
        var seen: Set<String> = []
        _ = try await planner.plan(of: history.commit(files), from: history.source)
        for (path, written) in steps {
            files = files.setting(path, to: written)
            let next = try await planner.plan(of: history.commit(files), from: history.source)
            let fresh = try await planned(files)
            #expect(next.datasets == fresh.datasets, "\(path): \(written ?? "gone")")
            #expect(next.models == fresh.models, "\(path): \(written ?? "gone")")
            #expect(next.allDiagnostics == fresh.allDiagnostics, "\(path): \(written ?? "gone")")
            seen.insert("\(fresh.datasets) \(fresh.allDiagnostics) \(fresh.models)")
        }
        #expect(seen.count > 9)
    }
}
