import Domain
import FoundationEssentials
import Host
import Testing
import Transfer

@testable import Daemon

/// What people write about sources into `config.json`.
@Suite struct SourceSettingsTests {
    private func read(_ sources: String) throws -> Result<DaemonConfiguration, Failure> {
        let folder = try temporaryFolder(
            in: environmentVariable("TMPDIR") ?? "/tmp", prefix: "slipway-settings")
        defer {
            // Because a folder left behind among the temporary ones is no reason to fail.
            try? removeTree(folder)
        }
        let base = String(
            decoding: prettyJSON(DaemonConfiguration(repository: "x")), as: UTF8.self)
        let end = try #require(base.lastIndex(of: "}"))
        let text = "\(base[..<end]), \(sources)}"
        try writeFileAtomically("\(folder)/config.json", Array(text.utf8))
        do throws(Failure) {
            return .success(try DaemonConfiguration(stateFolder: folder))
        } catch {
            #expect(error.place == "\(folder)/config.json")
            return .failure(error)
        }
    }

    @Test func `sources are read, and the longest prefix counts`() throws {
        let configuration = try read(
            """
            "sources": [
              {"prefix": "s3://clicks/"},
              {"prefix": "s3://clicks/eu/", "endpoint": "http://127.0.0.1:9000/",
               "region": "eu-central-1", "accessKeyEnvironment": "A", "secretKeyFile": "/s"},
              {"prefix": "https://data.example.org/"}, {"prefix": "file:///srv/dvc"}
            ], "followSeconds": 5, "dataBytesMax": 1000
            """
        ).get()
        let sources = try configuration.dataSources(StateFolder("/state"))
        #expect(try sources.source(of: DataURL("s3://clicks/eu/a.csv")).region == "eu-central-1")
        let plain = try sources.source(of: DataURL("s3://clicks/europe/a.csv"))
        #expect(plain.endpoint == "https://s3.us-east-1.amazonaws.com" && plain.key == nil)
        #expect(throws: Failure.self) { try sources.source(of: DataURL("file:///srv/dvcs/a")) }
    }

    @Test(arguments: [
        (#""sources": [{"prefix": "ftp://a/"}]"#, "sources[0].prefix"),
        (#""sources": [{"prefix": "s3://a/"}, {"prefix": "https://u@h/"}]"#, "sources[1].prefix"),
        (#""sources": [{"prefix": "https://h/a?b"}]"#, "sources[0].prefix"),
        (#""sources": [{"prefix": "file:///"}]"#, "sources[0].prefix"),
        (#""sources": [{"prefix": "https://h/", "region": "x"}]"#, "sources[0].region"),
        (#""sources": [{"prefix": "s3://a/", "accessKeyFile": "x"}]"#, "sources[0].secretKeyFile"),
        (#""sources": [{"prefix": "s3://a/", "endpoint": "h/b"}]"#, "sources[0].endpoint"),
        (#""sources": [{"prefix": "s3://a/", "endpoint": "https://h/b"}]"#, "sources[0].endpoint"),
        (
            #""sources": [{"prefix": "s3://a/", "accessKeyFile": "x", "#
                + #""accessKeyEnvironment": "X"}]"#, "sources[0].accessKeyFile"
        ),
        (#""sources": [{"prefix": "s3://a/", "secretKey": "x"}]"#, "sources[0].secretKey"),
        (#""sources": [{}]"#, "sources[0].prefix"), (#""followSeconds": 0"#, "followSeconds"),
        (#""dataBytesMax": -1"#, "dataBytesMax"),
    ])
    func `a mistake is told with its key`(text: String, key: String) throws {
        guard case .failure(let failure) = try read(text) else {
            Issue.record("it was taken")
            return
        }
        #expect(failure.what.contains("`\(key)`"), "\(failure.what)")
    }
}
