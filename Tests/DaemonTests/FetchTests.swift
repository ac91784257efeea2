import Daemon
import Domain
import Host
import Journal
import Provenance
import Testing

/// Data that lies outside git is fetched from where the operator allows it, and checked.
@Suite struct FetchTests {
    private func files(_ yard: Yard, url: String, sha256: String) -> [String: String] {
        yard.model(
            dataset: """
                files:
                  - {path: data/test.csv, url: "\(url)", sha256: \(sha256)}
                format: csv
                """)
    }

    private func digest(_ text: String) -> String { sha256(Array(text.utf8)).hex }

    @Test(.timeLimit(.minutes(5)))
    func `an object of a store is fetched, once, and trained on`() async throws {
        try await playBesideStore { yard, bucket in
            try bucket.put("a b.csv", "x\n5\n")
            let manifest = files(yard, url: "s3://clicks/a b.csv", sha256: digest("x\n5\n"))
            _ = try await yard.evidence(try await yard.push(manifest, "first"))
            #expect(try yard.seen().hasSuffix("x\n5\n"))
            var again = manifest
            again["models/m/model.yaml"]?.replace("right: 8", with: "right: 9")
            try bucket.remove("a b.csv")
            _ = try await yard.evidence(try await yard.push(again, "second"))
            #expect(try bucket.asked("/clicks/a%20b.csv") == 1)
        }
    }

    /// What is read of other formats than tables, by what the file is called.
    private func formats() throws -> [(name: String, bytes: [UInt8], columns: String)] {
        let tests = parentFolder(parentFolder(#filePath)) + "/ValidationTests"
        func fixture(_ path: String) throws -> [UInt8] {
            try readFile("\(tests)/\(path)", limitBytes: 1 << 20)
        }
        return [
            ("rows.jsonl", Array("{\"a\": {\"b\": 1}}\n".utf8), "[{name: a.b, type: integer}]"),
            ("rows.parquet", try fixture("Parquet/fixtures/gzip.parquet"), "[]"),
            ("rows.arrow", try fixture("Arrow/fixtures/kinds.arrow"), "[]"),
            (
                "rows.csv.gz",
                [
                    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0xe0, 0x32,
                    0xe4, 0x32, 0xe2, 0x02, 0x00, 0xd3, 0x91, 0xa6, 0x54, 0x06, 0x00, 0x00, 0x00,
                ], "[{name: x, type: integer}]"
            ),
            (
                "rows.csv.zst",
                [
                    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x31, 0x00, 0x00, 0x78, 0x0a, 0x31, 0x0a,
                    0x32, 0x0a, 0xcd, 0x06, 0xb1, 0xd1,
                ], "[{name: x, type: integer}]"
            ),
        ]
    }

    private func everyFormat(_ yard: Yard, from prefix: String) throws -> [String: String] {
        var files = ShellModel(data: "x\n1\n").files
        var roles = ["test: test"]
        for (number, format) in try formats().enumerated() {
            roles.append("r\(number): d\(number)")
            let columns = format.columns == "[]" ? "" : "columns: \(format.columns)\n"
            files["datasets/d\(number).yaml"] =
                "files: [{path: far/\(format.name), url: \"\(prefix)\(format.name)\", "
                + "sha256: \(sha256(format.bytes).hex)}]\n" + columns
        }
        files["models/m/model.yaml"]?.replace(
            "{test: test}", with: "{\(roles.joined(separator: ", "))}")
        return files
    }

    @Test(.timeLimit(.minutes(5)))
    func `every format is read from a store as from the commit`() async throws {
        try await playBesideStore { yard, bucket in
            for format in try formats() {
                try makeFolder("\(bucket.folder)/clicks/in")
                try writeFileAtomically("\(bucket.folder)/clicks/in/\(format.name)", format.bytes)
            }
            let commit = try await yard.push(
                everyFormat(yard, from: "s3://clicks/in/"), "from a store")
            _ = try await yard.evidence(commit)
            #expect(try await yard.record("m").judgements[commit]?.evidence?.datasets.count == 6)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `every format is read from the web as from the commit`() async throws {
        let folder = try temporaryFolder(in: "/tmp", prefix: "slipway-web")
        for format in try formats() {
            try writeFileAtomically("\(folder)/\(format.name)", format.bytes)
        }
        let script = """
            import functools, http.server, sys
            handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            print(server.server_address[1], flush=True)
            server.serve_forever()
            """
        do {
            try await ReportingServer.with(script, [folder]) { server in
                try await play { yard in
                    await yard.stop()
                    yard.configure = { $0.sources = [SourceSettings(prefix: "\(server.url)/")] }
                    try await yard.start()
                    let commit = try await yard.push(
                        everyFormat(yard, from: "\(server.url)/"), "from the web")
                    _ = try await yard.evidence(commit)
                    let judged = try await yard.record("m").judgements[commit]
                    #expect(judged?.evidence?.datasets.count == 6)
                }
            }
        } catch {
            try removeTree(folder)
            throw error
        }
        try removeTree(folder)
    }

    @Test(.timeLimit(.minutes(5)))
    func `other bytes than the manifest's are a failure at its line`() async throws {
        try await playBesideStore { yard, bucket in
            try bucket.put("a.csv", "x\n6\n")
            let commit = try await yard.push(
                files(yard, url: "s3://clicks/a.csv", sha256: digest("x\n5\n")), "first")
            let failure = try await yard.failure(of: commit)
            #expect(failure.what.contains(digest("x\n6\n")))
            #expect(failure.place?.hasPrefix("datasets/test.yaml:2:") == true)
            #expect(!exists("\(yard.folder)/seen"), "nothing was trained")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `an object that is not there yet is waited for, and told of`() async throws {
        try await playBesideStore { yard, bucket in
            let commit = try await yard.push(
                files(yard, url: "s3://clicks/late.csv", sha256: digest("x\n5\n")), "first")
            try await eventually("it is told") {
                try await yard.problem("run:m/1")?.what.contains("404 NoSuchKey") ?? false
            }
            #expect(try await yard.record("m").outcomes[commit]?.isFinal == false)
        }
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            "s3://other/a.csv", "https://clicks/a.csv", "http://169.254.169.254/a.csv",
        ])
    func `what the operator has not named is not asked for`(url: String) async throws {
        try await playBesideStore { yard, bucket in
            let commit = try await yard.push(
                files(yard, url: url, sha256: digest("x\n5\n")), "first")
            let failure = try await yard.failure(of: commit)
            #expect(failure.what.contains("`\(url)` is not below any of the sources"))
            #expect(failure.place?.hasPrefix("datasets/test.yaml:2:") == true)
            #expect(failure.hint?.contains("`sources`") == true)
            #expect(try bucket.asked("") == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a redirect is not followed, and the bytes of a plain server are taken`() async throws {
        try await play { yard in
            await yard.stop()
            try await ReportingServer.with(webScript, []) { server in
                yard.configure = { $0.sources = [SourceSettings(prefix: "\(server.url)/data/")] }
                try await yard.start()
                let good = files(
                    yard, url: "\(server.url)/data/a.csv", sha256: digest("x\n5\n"))
                _ = try await yard.evidence(try await yard.push(good, "first"))
                let away = files(
                    yard, url: "\(server.url)/data/away", sha256: digest("x\n6\n"))
                _ = try await yard.push(away, "second")
                try await eventually("it is told") {
                    try await yard.problem("run:m/2")?.what.contains("sends elsewhere") ?? false
                }
                await yard.stop()
            }
        }
    }
}

/// Data that DVC keeps, in a remote that is a folder.
@Suite struct DVCFetchTests {
    private func md5(_ yard: Yard, _ text: String) async throws -> String {
        try writeFileAtomically("\(yard.folder)/sum", Array(text.utf8))
        return String(try await yard.run("md5sum", "\(yard.folder)/sum").prefix(32))
    }

    /// Puts an object where DVC would, and returns its MD5.
    private func keep(
        _ yard: Yard, _ text: String, layout: String, ending: String = ""
    ) async throws -> String {
        let md5 = try await md5(yard, text)
        let folder = "\(yard.folder)/remote/\(layout)\(md5.prefix(2))"
        try makeFolder(folder)
        try writeFileAtomically("\(folder)/\(md5.dropFirst(2))\(ending)", Array(text.utf8))
        return md5
    }

    private func playDVC(_ story: (Yard) async throws -> Void) async throws {
        try await play { yard in
            await yard.stop()
            try makeFolder("\(yard.folder)/remote")
            yard.configure = {
                $0.sources = [SourceSettings(prefix: "file://\(yard.folder)/remote/")]
            }
            try await yard.start()
            try await story(yard)
        }
    }

    private func config(_ yard: Yard) -> String {
        "[core]\n    remote = store\n['remote \"store\"']\n    url = \(yard.folder)/remote\n"
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["files/md5/", ""])
    func `a file is found in both layouts of a remote`(layout: String) async throws {
        try await playDVC { yard in
            let md5 = try await keep(yard, "x\n8\n", layout: layout)
            var files = yard.model(
                dataset: "files:\n  - {path: data/test.csv, dvc: data/test.csv.dvc}\nformat: csv")
            files[".dvc/config"] = config(yard)
            files["data/test.csv.dvc"] =
                "outs:\n- md5: \(md5)\n  size: 4\n  hash: md5\n  path: test.csv\n"
            _ = try await yard.evidence(try await yard.push(files, "first"))
            #expect(try yard.seen().hasSuffix("x\n8\n"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a folder is laid out with its files`() async throws {
        try await playDVC { yard in
            let a = try await keep(yard, "x\n1\n", layout: "files/md5/")
            let b = try await keep(yard, "x\n2\n", layout: "files/md5/")
            let list = """
                [{"md5": "\(a)", "relpath": "a.csv"}, {"md5": "\(b)", "relpath": "in/b.csv"}]
                """
            let folder = try await keep(yard, list, layout: "files/md5/", ending: ".dir")
            var files = yard.model(
                dataset: "files:\n  - {path: data/days, dvc: data/days.dvc}\nformat: csv")
            files[".dvc/config"] = config(yard)
            files["data/days.dvc"] =
                "outs:\n- md5: \(folder).dir\n  size: 8\n  nfiles: 2\n  hash: md5\n  path: days\n"
            _ = try await yard.evidence(try await yard.push(files, "first"))
            let seen = try yard.seen()
            #expect(seen.contains("in/b.csv") && seen.hasSuffix("x\n1\nx\n2\n"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a list that leads out of its folder, or bytes of another digest, fail`() async throws {
        try await playDVC { yard in
            let list = "[{\"md5\": \"\(try await md5(yard, ""))\", \"relpath\": \"../../a.csv\"}]"
            let folder = try await keep(yard, list, layout: "files/md5/", ending: ".dir")
            var files = yard.model(
                dataset: "files:\n  - {path: data/days, dvc: data/days.dvc}\nformat: csv")
            files[".dvc/config"] = config(yard)
            files["data/days.dvc"] = "outs:\n- md5: \(folder).dir\n  hash: md5\n  path: days\n"
            let first = try await yard.push(files, "first")
            let failure = try await yard.failure(of: first)
            #expect(failure.what.contains("`../../a.csv` is no path in it"))
            #expect(failure.place?.hasPrefix("data/days.dvc:2:") == true)

            let md5 = try await keep(yard, "x\n8\n", layout: "files/md5/")
            try writeFileAtomically(
                "\(yard.folder)/remote/files/md5/\(md5.prefix(2))/\(md5.dropFirst(2))",
                Array("x\n9\n".utf8))
            files["datasets/test.yaml"]?.replace(
                "data/days, dvc: data/days.dvc", with: "data/t.csv, dvc: data/t.csv.dvc")
            files["data/t.csv.dvc"] = "outs:\n- md5: \(md5)\n  hash: md5\n  path: t.csv\n"
            let second = try await yard.failure(of: try await yard.push(files, "second"))
            #expect(second.what.contains("MD5 \(md5) is expected"))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a link that leads out of the remote is not followed`() async throws {
        try await playDVC { yard in
            try writeFileAtomically("\(yard.folder)/private", Array("x\n1\n".utf8))
            let md5 = try await md5(yard, "x\n1\n")
            try makeFolder("\(yard.folder)/remote/files/md5/\(md5.prefix(2))")
            try makeLink(
                at: "\(yard.folder)/remote/files/md5/\(md5.prefix(2))/\(md5.dropFirst(2))",
                to: "\(yard.folder)/private")
            var files = yard.model(
                dataset: "files:\n  - {path: data/t.csv, dvc: data/t.csv.dvc}\nformat: csv")
            files[".dvc/config"] = config(yard)
            files["data/t.csv.dvc"] = "outs:\n- md5: \(md5)\n  hash: md5\n  path: t.csv\n"
            let failure = try await yard.failure(of: try await yard.push(files, "first"))
            #expect(failure.what.contains("is a link that leads out of"))
        }
    }
}

private let webScript = #"""
    import http.server, socketserver

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            if self.path == "/data/away":
                self.send_response(302)
                self.send_header("Location", "/private")
                self.end_headers()
                return
            body = b"x\n5\n" if self.path == "/data/a.csv" else b"x\n6\n"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """#
